-- What a hearing point says of each of its nine things beside whether it is there.
create table hearings_thing (
  district {int} not null,
  point_id {uuid} not null,
  thing {text} not null,
  remark {text} not null,
  primary key (district, point_id, thing)
) {strict};

-- Talks on talk days: booked ones, whose name and telephone are sealed under the record of the same identity, and walk-ins, of whom nothing is kept.
create table hearings_talk (
  district {int} not null,
  id {uuid} not null,
  number {text} not null,
  path {text} not null,
  day {text} not null,
  turn {int} not null,
  state {text} not null,
  walk_in {int} not null,
  booked_at {int} not null,
  primary key (district, id)
) {strict};
create unique index hearings_talk_number on hearings_talk (district, number);
create index hearings_talk_day on hearings_talk (path, day, turn);
