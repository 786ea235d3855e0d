-- Rooms of a hearing point, with their seats and whether they are reached without a step.
create table hearings_room (
  district {int} not null,
  id {uuid} not null,
  point_id {uuid} not null,
  name {text} not null,
  seats {int} not null,
  step_free {int} not null,
  ended {int} not null,
  primary key (district, id)
) {strict};
create index hearings_room_point on hearings_room (district, point_id);

-- Who hosts at a hearing point: a post of a body, or a mediator of the roster. Never a name.
create table hearings_host (
  district {int} not null,
  point_id {uuid} not null,
  kind {text} not null,
  id {uuid} not null,
  primary key (district, point_id, kind, id)
) {strict};

-- Who has which room when: booked talks and sessions of mediations. No two of one room overlap.
create table hearings_use (
  district {int} not null,
  id {uuid} not null,
  room {uuid} not null,
  day {text} not null,
  begins_at {int} not null,
  ends_at {int} not null,
  case_id {uuid},
  booked_name {text} not null,
  booked_at {int} not null,
  primary key (district, id)
) {strict};
create index hearings_use_room on hearings_use (district, room, day);
create index hearings_use_case on hearings_use (district, case_id);

-- Where a mediation was, office after office, from which of its events on, and which papers came along from the office before.
create table hearings_stay (
  district {int} not null,
  case_id {uuid} not null,
  number {int} not null,
  office {text} not null,
  along {text} not null,
  since {int} not null,
  primary key (district, case_id, number)
) {strict};
create index hearings_stay_office on hearings_stay (office);

-- Which papers a side lets go along, as long as the consent holds with which it was said.
create table hearings_along (
  district {int} not null,
  case_id {uuid} not null,
  side {text} not null,
  papers {text} not null,
  primary key (district, case_id, side)
) {strict};

-- Parts of a file that lie there on paper, as a mediator noted, and during which stay.
create table hearings_part (
  district {int} not null,
  case_id {uuid} not null,
  part {text} not null,
  stay {int} not null,
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, case_id, part, stay)
) {strict};

-- During which stay something was written.
alter table hearings_file add column stay {int} not null default 0;
alter table hearings_clause add column stay {int} not null default 0;
alter table hearings_session add column stay {int} not null default 0;
alter table hearings_proposal add column stay {int} not null default 0;

-- The kind of authority that transferred a dispute; empty where none did.
alter table hearings_matter add column authority {text} not null default '';
