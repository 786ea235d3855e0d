-- When a report no longer lay with the platform to which it had been sent.
alter table grid_forward add column left_at {int};
create index grid_forward_case on grid_forward (district, case_id);
-- What a platform is told of a report after it was sent there, one row each, tried again until it is taken or given up;
-- and what it says of a report that is no longer with it, sealed under a record of its own.
create table grid_forward_note (
  district {int} not null,
  id {uuid} not null,
  forward {uuid} not null,
  case_id {uuid} not null,
  number {text} not null,
  path {text} not null,
  peer {text} not null,
  says {text} not null,
  at {int} not null,
  record {uuid},
  words {bytes},
  attempts {int} not null,
  first_attempted_at {int},
  attempted_at {int},
  failure {text},
  failed_at {int},
  sent_at {int},
  primary key (district, id)
) {strict};
create index grid_forward_note_path on grid_forward_note (path, at);
create index grid_forward_note_case on grid_forward_note (district, case_id, at);
