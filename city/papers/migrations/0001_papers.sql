create table papers_file (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  person {uuid} not null,
  material {text} not null,
  kind {text} not null,
  bytes {int} not null,
  width {int},
  height {int},
  digest {text} not null,
  by_role {text} not null,
  by_name {text} not null,
  at {int} not null,
  seen_at {int},
  removed_at {int},
  primary key (district, id)
) {strict};
create index papers_file_case on papers_file (district, case_id, at);
create index papers_file_person on papers_file (district, person);
create index papers_file_digest on papers_file (digest);
create table papers_check (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  person {uuid} not null,
  material {text} not null,
  outcome {text} not null,
  adapter {text} not null,
  by_name {text} not null,
  at {int} not null,
  reply {bytes},
  objected_at {int},
  primary key (district, id)
) {strict};
create index papers_check_case on papers_check (district, case_id, at);
create index papers_check_person on papers_check (district, person);
create table papers_promise (
  district {int} not null,
  case_id {uuid} not null,
  material {text} not null,
  number {text} not null,
  item {text} not null,
  until {text} not null,
  made_by {text} not null,
  made_at {int} not null,
  place_path {text} not null,
  department {text} not null,
  confidential {int} not null,
  kept_at {int},
  ended_at {int},
  primary key (district, case_id, material)
) {strict};
create index papers_promise_until on papers_promise (until, district, case_id);
create index papers_promise_place on papers_promise (place_path, until);
create table papers_original (
  district {int} not null,
  case_id {uuid} not null,
  material {text} not null,
  number {text} not null,
  item {text} not null,
  state {text} not null,
  holder_path {text} not null,
  holder_department {text} not null,
  home_path {text} not null,
  home_department {text} not null,
  since {int} not null,
  back_by {text} not null,
  sheet {text},
  confidential {int} not null,
  primary key (district, case_id, material)
) {strict};
create index papers_original_holder on papers_original (state, holder_path, since);
create index papers_original_home on papers_original (state, home_path, back_by);
create table papers_move (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  material {text} not null,
  at {int} not null,
  deed {text} not null,
  by_name {text} not null,
  by_role {text} not null,
  from_path {text},
  from_department {text},
  to_path {text},
  to_department {text},
  sheet {text},
  primary key (district, id)
) {strict};
create index papers_move_case on papers_move (district, case_id, at);
create table papers_sheet (
  district {int} not null,
  number {text} not null,
  from_path {text} not null,
  from_department {text} not null,
  to_path {text} not null,
  to_department {text} not null,
  made_by {text} not null,
  made_at {int} not null,
  confirmed_by {text},
  confirmed_at {int},
  note {text},
  primary key (district, number)
) {strict};
create index papers_sheet_from on papers_sheet (from_path, made_at);
create index papers_sheet_to on papers_sheet (to_path, made_at);
create table papers_sheet_line (
  district {int} not null,
  number {text} not null,
  case_district {int} not null,
  case_id {uuid} not null,
  material {text} not null,
  case_number {text} not null,
  item {text} not null,
  arrived {int},
  primary key (district, number, case_id, material)
) {strict};
create table papers_sequence (
  district {int} not null,
  year {int} not null,
  last {int} not null,
  primary key (district, year)
) {strict};
