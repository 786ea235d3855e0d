-- Reports that other platforms put right: one message each, tried again until it is taken or given up, and what was
-- heard of it there.
create table grid_forward (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  number {text} not null,
  path {text} not null,
  peer {text} not null,
  service {text} not null,
  kind {text} not null,
  at {int} not null,
  attempts {int} not null,
  first_attempted_at {int},
  attempted_at {int},
  failure {text},
  failed_at {int},
  sent_at {int},
  foreign_id {text},
  foreign_status {text},
  asked {int} not null,
  primary key (district, id)
) {strict};
create index grid_forward_path on grid_forward (path, at);
