create table places_place (
  id {int} not null primary key,
  level {text} not null,
  kind {text} not null,
  name {text} not null,
  code {text} not null,
  parent {int},
  path {text} not null,
  alive_from {text} not null,
  alive_to {text},
  same_as {int}
) {strict};
create index places_place_path on places_place (path);
create index places_place_parent on places_place (parent);
create table places_name (
  place {int} not null,
  valid_from {text} not null,
  valid_to {text},
  name {text} not null,
  primary key (place, valid_from)
) {strict};
create table places_code (
  system {text} not null,
  code {text} not null,
  valid_from {text} not null,
  valid_to {text},
  place {int} not null,
  kind {text} not null,
  primary key (system, code, valid_from)
) {strict};
create index places_code_place on places_code (place);
create table places_parent (
  place {int} not null,
  valid_from {text} not null,
  valid_to {text},
  parent {int} not null,
  primary key (place, valid_from)
) {strict};
create index places_parent_parent on places_parent (parent);
create table places_change (
  id {int} not null primary key,
  place {int} not null,
  on_date {text} not null,
  kind {text} not null,
  certainty {text} not null,
  other {int},
  before_text {text} not null,
  after_text {text} not null
) {strict};
create index places_change_place on places_change (place);
create index places_change_other on places_change (other);
create table places_review (
  id {int} not null primary key,
  on_date {text} not null,
  doubt {text} not null,
  before_place {int} not null,
  after_place {int} not null,
  before_text {text} not null,
  after_text {text} not null,
  same {int},
  decided_by {uuid},
  decided_name {text},
  decided_at {int}
) {strict};
create table places_edition (
  on_date {text} not null primary key,
  source {text} not null,
  listed {int} not null,
  summary {text} not null,
  imported_at {int} not null
) {strict};
create table places_unit (
  id {int} not null primary key,
  place {int} not null,
  department {text} not null,
  name_zh {text} not null,
  name_en {text} not null,
  address {text} not null,
  telephone {text} not null,
  hours {text} not null,
  unique (place, department)
) {strict};
create table places_counter (
  name {text} not null primary key,
  next {int} not null
) {strict};
