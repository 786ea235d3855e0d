-- What other programs are told of a report (Open311): what it is, where and how it stands; never who said it or in which
-- words. The system that sent it speaks for whoever reported.
create table grid_open311 (
  district {int} not null,
  case_id {uuid} not null,
  number {text} not null,
  path {text} not null,
  kind {text} not null,
  condition {text} not null,
  department {text} not null,
  state {text} not null,
  open {int} not null,
  public {int} not null,
  requested_at {int} not null,
  updated_at {int} not null,
  expected_at {int},
  system {uuid},
  sequence {int} not null,
  primary key (district, case_id)
) {strict};
create index grid_open311_requested on grid_open311 (requested_at, case_id);
create index grid_open311_updated on grid_open311 (updated_at, case_id);
create index grid_open311_number on grid_open311 (number);
create index grid_open311_path on grid_open311 (path);
-- How reports went on, one row a step.
create table grid_open311_update (
  district {int} not null,
  case_id {uuid} not null,
  sequence {int} not null,
  number {text} not null,
  state {text} not null,
  open {int} not null,
  public {int} not null,
  at {int} not null,
  primary key (district, case_id, sequence)
) {strict};
create index grid_open311_update_at on grid_open311_update (at, case_id, sequence);
create index grid_open311_update_number on grid_open311_update (number, sequence);
