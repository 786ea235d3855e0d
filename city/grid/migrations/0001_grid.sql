-- What was reported: where, of what kind, and how many met with it too. Who reported it lies sealed with the case.
create table grid_report (
  district {int} not null,
  case_id {uuid} not null,
  number {text} not null,
  path {text} not null,
  compound {int},
  x {int},
  y {int},
  kind {text} not null,
  condition {text} not null,
  public {int} not null,
  open {int} not null,
  met {int} not null,
  reported_at {int} not null,
  primary key (district, case_id)
) {strict};
create index grid_report_kind on grid_report (district, kind, reported_at);
create index grid_report_path on grid_report (path, reported_at);
