-- The income of shared parts of a compound, and what falls to each unit by its area. A unit is a number on a door.
create table property_income (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  title {text} not null,
  from_on {text} not null,
  to_on {text} not null,
  income_fen {int} not null,
  cost_fen {int} not null,
  published_name {text} not null,
  published_at {int} not null,
  primary key (district, id)
) {strict};
create index property_income_path on property_income (path, to_on);
create table property_portion (
  district {int} not null,
  income_id {uuid} not null,
  place {int} not null,
  unit {text} not null,
  area_cm2 {int} not null,
  share_fen {int} not null,
  primary key (district, income_id, place)
) {strict};
