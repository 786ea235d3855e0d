-- Work in the field: what phones sent, in pieces that resume; dwellings to come back to; which grid was walked on which
-- day. Days alone are kept, no hours and no positions: what somebody did between two places is nobody's business.
create table grid_field_entry (
  district {int} not null,
  id {uuid} not null,
  account {uuid} not null,
  name {text} not null,
  kind {text} not null,
  about {uuid},
  path {text} not null,
  record {uuid} not null,
  body {bytes} not null,
  mark {text} not null,
  before {uuid},
  place {int} not null,
  state {text} not null,
  forced {int} not null,
  said {text} not null,
  number {text} not null,
  arrived_on {text} not null,
  primary key (district, id)
) {strict};
create index grid_field_entry_account on grid_field_entry (account, state, arrived_on);
create index grid_field_entry_path on grid_field_entry (path, state, arrived_on);
create index grid_field_entry_about on grid_field_entry (district, about, place);
create index grid_field_entry_record on grid_field_entry (district, record);
create table grid_field_step (
  district {int} not null,
  entry {uuid} not null,
  step {int} not null,
  deed {text} not null,
  name {text} not null,
  day {text} not null,
  primary key (district, entry, step)
) {strict};
create table grid_field_photo (
  district {int} not null,
  entry {uuid} not null,
  id {uuid} not null,
  place {int} not null,
  bytes {int} not null,
  there {int} not null,
  digest {text} not null,
  whole {int} not null,
  primary key (district, entry, id)
) {strict};
create table grid_field_piece (
  district {int} not null,
  entry {uuid} not null,
  photo {uuid} not null,
  start {int} not null,
  bytes {int} not null,
  sealed {bytes} not null,
  primary key (district, entry, photo, start)
) {strict};
create table grid_dwelling (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  building {int} not null,
  house {text} not null,
  entrance {int} not null,
  floor {int} not null,
  door {text} not null,
  version {int} not null,
  record {uuid} not null,
  fields {bytes} not null,
  come_on {text},
  primary key (district, id)
) {strict};
create index grid_dwelling_path on grid_dwelling (path, building, entrance, floor);
create index grid_dwelling_record on grid_dwelling (district, record);
create table grid_patrol (
  district {int} not null,
  grid {int} not null,
  day {text} not null,
  name {text} not null,
  primary key (district, grid, day)
) {strict};
