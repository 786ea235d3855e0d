-- The codes that people hold of their receipts, each as a keyed digest alone. A code belongs to the sealed record of the one who holds it.
create table cases_code (
  district {int} not null,
  record {uuid} not null,
  digest {bytes} not null,
  given_at {int} not null,
  primary key (district, record)
) {strict};
