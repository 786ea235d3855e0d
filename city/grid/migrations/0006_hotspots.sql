-- How each report went, as far as places are compared by it: whether a worker found it before anybody said it, how often
-- it was sent back, by which day it was to be handled, and on which day it was. Nothing of it is about a person.
create table grid_course (
  district {int} not null,
  case_id {uuid} not null,
  path {text} not null,
  kind {text} not null,
  found {int} not null,
  returned {int} not null,
  due_on {text},
  handled_on {text},
  reported_at {int} not null,
  primary key (district, case_id)
) {strict};
create index grid_course_path on grid_course (path, reported_at);
insert into grid_course (district, case_id, path, kind, found, returned, due_on, handled_on, reported_at)
select district, case_id, path, kind, 0, 0, null, null, reported_at from grid_report;
-- The scan of a night over the whole city: the day up to which it looked, and what it looked at.
create table grid_night (
  night {text} not null,
  scanned_at {int} not null,
  days {int} not null,
  sorts {int} not null,
  reports {int} not null,
  left_out {int} not null,
  communities {int} not null,
  unplaced {int} not null,
  primary key (night)
) {strict};
-- What rises: of which sort, in the last how many days, how many reports where how many were to be expected (in
-- thousandths), and in how many nights that happens once by chance.
create table grid_rise (
  night {text} not null,
  ordinal {int} not null,
  sort {text} not null,
  days {int} not null,
  reports {int} not null,
  expected {int} not null,
  once_in {int} not null,
  primary key (night, ordinal)
) {strict};
create table grid_rise_place (
  night {text} not null,
  ordinal {int} not null,
  path {text} not null,
  primary key (night, ordinal, path)
) {strict};
