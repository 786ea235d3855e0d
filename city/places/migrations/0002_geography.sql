-- Compounds, buildings and the ways between them: how many households live where, never who.
create table places_geography (
  id {int} not null primary key,
  revision {int} not null,
  source {text} not null,
  invented {int} not null,
  laid_at {int} not null
) {strict};
create table places_network (
  part {int} not null primary key,
  content {bytes} not null
) {strict};
create table places_compound (
  id {int} not null primary key,
  community {int} not null,
  name {text} not null,
  x {int} not null,
  y {int} not null,
  gates {text} not null,
  unique (community, name)
) {strict};
create table places_building (
  id {int} not null primary key,
  compound {int} not null,
  name {text} not null,
  x {int} not null,
  y {int} not null,
  node {int} not null,
  access {int} not null,
  households {int} not null,
  unique (compound, name)
) {strict};
create table places_border (
  a {int} not null,
  b {int} not null,
  metres {int} not null,
  primary key (a, b)
) {strict};
create table places_building_grid (
  building {int} not null,
  valid_from {text} not null,
  valid_to {text},
  grid {int} not null,
  primary key (building, valid_from)
) {strict};
create index places_building_grid_grid on places_building_grid (grid);
