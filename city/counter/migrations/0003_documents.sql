-- Documents of the city on which releases of the catalogue rest, as editors enter them; each row is one clause.
create table counter_document (
  id {uuid} not null,
  number {text} not null,
  title {text} not null,
  issuer {text} not null,
  issued_on {text} not null,
  clause {text} not null,
  words {text} not null,
  added_by {uuid},
  added_name {text} not null,
  added_at {int} not null,
  primary key (id)
) {strict};
