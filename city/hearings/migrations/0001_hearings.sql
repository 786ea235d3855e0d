-- Hearing points: where and when people are heard in a community, and what is there.
create table hearings_point (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  room {text} not null,
  hours {text} not null,
  telephone {text} not null,
  weekday {int} not null,
  opens_at {int} not null,
  closes_at {int} not null,
  things {text} not null,
  changed_name {text} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create unique index hearings_point_path on hearings_point (district, path);
create index hearings_point_place on hearings_point (path);

-- Disputes, for statistics without names: what of, from where, and how each stands.
create table hearings_matter (
  district {int} not null,
  case_id {uuid} not null,
  path {text} not null,
  number {text} not null,
  class {text} not null,
  source {text} not null,
  stage {text} not null,
  brought_at {int} not null,
  primary key (district, case_id)
) {strict};
create index hearings_matter_place on hearings_matter (path, brought_at);
