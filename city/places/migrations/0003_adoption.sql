-- Decisions by which a proposal of grids holds from a day on: the proposal itself is kept with them, so that a coming day needs nothing else.
create table places_adoption (
  id {uuid} not null primary key,
  work {uuid} not null,
  place {int} not null,
  day {text} not null,
  note {text} not null,
  state {text} not null,
  moved {int} not null,
  plan {bytes} not null,
  adopted_name {text} not null,
  adopted_by {uuid},
  adopted_at {int} not null,
  ended_name {text},
  ended_at {int}
) {strict};
create index places_adoption_work on places_adoption (work);
create table places_adoption_community (
  community {int} not null,
  adoption {uuid} not null,
  primary key (community, adoption)
) {strict};
create index places_adoption_community_adoption on places_adoption_community (adoption);
