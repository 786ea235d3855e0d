-- The paper of a power of attorney as a file: a photo or a document that lies sealed on the shelf, under the record of the mediation's file, and is erased with it. One for each power.
create table hearings_power_file (
  district {int} not null,
  case_id {uuid} not null,
  power {uuid} not null,
  digest {text} not null,
  kind {text} not null,
  bytes {int} not null,
  added_name {text} not null,
  added_at {int} not null,
  primary key (district, case_id, power)
) {strict};

create index hearings_power_file_digest on hearings_power_file (digest);
