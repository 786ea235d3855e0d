-- At which step a report stands, by the name of its state, so that the lists of a desk are counted without its case.
alter table grid_report add column stage {text};
create index grid_report_stage on grid_report (stage, path, reported_at);
create index grid_report_number on grid_report (district, number);
-- Reports that were joined to another one: whoever reported them hears of that one.
create table grid_merge (
  district {int} not null,
  case_id {uuid} not null,
  number {text} not null,
  into_case {uuid} not null,
  into_number {text} not null,
  at {int} not null,
  primary key (district, case_id)
) {strict};
create index grid_merge_into on grid_merge (district, into_case);
-- Whose duty a kind is in a place, as a consultation decided: from a day, with the document that it rests on. The city's own decisions lie under the city.
create table grid_duty (
  district {int} not null,
  id {uuid} not null,
  kind {text} not null,
  path {text} not null,
  unit {text} not null,
  from_on {text} not null,
  until_on {text},
  basis {text} not null,
  number {text},
  made_at {int} not null,
  primary key (district, id)
) {strict};
create index grid_duty_kind on grid_duty (district, kind);
-- Appeals against being late: one for each report.
create table grid_appeal (
  district {int} not null,
  case_id {uuid} not null,
  appeal_id {uuid} not null,
  appeal_number {text} not null,
  state {text} not null,
  primary key (district, case_id)
) {strict};
create index grid_appeal_of on grid_appeal (district, appeal_id);
