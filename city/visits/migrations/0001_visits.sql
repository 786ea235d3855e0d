create table visits_visit (
  district {int} not null,
  id {uuid} not null,
  number {text} not null,
  kind {text} not null,
  state {text} not null,
  community {int} not null,
  path {text} not null,
  item {text} not null,
  day {text} not null,
  minute {int} not null,
  seat {int},
  person {uuid} not null,
  booked_at {int} not null,
  changed_at {int} not null,
  note {bytes},
  primary key (district, id)
) {strict};
create unique index visits_visit_number on visits_visit (district, number);
create unique index visits_visit_seat on visits_visit (district, community, kind, day, minute, seat);
create index visits_visit_person on visits_visit (district, person);
create index visits_visit_path on visits_visit (path, kind, day, minute);
create index visits_visit_day on visits_visit (day, district, id);
create table visits_sequence (
  district {int} not null,
  last {int} not null,
  primary key (district)
) {strict};
create table visits_desk (
  district {int} not null,
  community {int} not null,
  day {text} not null,
  numbers {int} not null,
  turns {int} not null,
  primary key (district, community, day)
) {strict};
create table visits_ticket (
  district {int} not null,
  id {uuid} not null,
  community {int} not null,
  day {text} not null,
  running {int} not null,
  item {text} not null,
  visit {uuid},
  due {int},
  state {text} not null,
  turn {int} not null,
  absences {int} not null,
  worker {uuid},
  issued_at {int} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create unique index visits_ticket_running on visits_ticket (district, community, day, running);
create index visits_ticket_turn on visits_ticket (district, community, day, state, turn);
