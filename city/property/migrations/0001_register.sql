-- The owners' register: which compounds are kept, their buildings with the area that the papers state, their units with
-- the private area, and who owns them. Persons are handles of sealed records. Areas are whole square centimetres.
create table property_compound (
  district {int} not null,
  id {int} not null,
  path {text} not null,
  name {text} not null,
  changed_name {text} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create index property_compound_path on property_compound (path, name);
create table property_building (
  district {int} not null,
  id {int} not null,
  compound {int} not null,
  name {text} not null,
  stated_cm2 {int} not null,
  primary key (district, id)
) {strict};
create index property_building_compound on property_building (district, compound, name);
create table property_unit (
  district {int} not null,
  id {uuid} not null,
  compound {int} not null,
  building {int} not null,
  stair {text} not null,
  label {text} not null,
  purpose {text} not null,
  area_cm2 {int} not null,
  head {uuid} not null,
  primary key (district, id)
) {strict};
create unique index property_unit_label on property_unit (district, building, stair, label);
create index property_unit_compound on property_unit (district, compound, head);
create table property_owner (
  district {int} not null,
  id {uuid} not null,
  compound {int} not null,
  mark {text} not null,
  primary key (district, id)
) {strict};
create unique index property_owner_mark on property_owner (district, compound, mark);
create table property_share (
  district {int} not null,
  unit {uuid} not null,
  owner {uuid} not null,
  part {int} not null,
  whole {int} not null,
  primary key (district, unit, owner)
) {strict};
create index property_share_owner on property_share (district, owner);
create table property_head (
  district {int} not null,
  id {uuid} not null,
  compound {int} not null,
  kind {text} not null,
  code {text} not null,
  account {uuid},
  linked_at {int},
  primary key (district, id)
) {strict};
create index property_head_compound on property_head (district, compound);
create index property_head_account on property_head (account);
create index property_head_code on property_head (code);
