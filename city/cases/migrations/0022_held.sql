-- Steps that somebody decided and that have not left yet: for some seconds they can be undone. The events hold the identities of sealed words alone.
create table cases_held (
  district {int} not null,
  case_id {uuid} not null,
  account {uuid},
  action {text} not null,
  held_at {int} not null,
  leaves_at {int} not null,
  events {text} not null,
  primary key (district, case_id)
) {strict};
