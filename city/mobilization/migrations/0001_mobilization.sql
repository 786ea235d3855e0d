-- Who offers help: a community or grid, what she can do and when; name and telephone lie sealed.
create table mobilization_responder (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  roles {text} not null,
  parts {text} not null,
  ready {int} not null,
  person {uuid} not null,
  since {int} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create index mobilization_responder_path on mobilization_responder (path);
create index mobilization_responder_id on mobilization_responder (id);
create index mobilization_responder_person on mobilization_responder (district, person);
create table mobilization_call (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  title {text} not null,
  note {text} not null,
  opened_by {uuid},
  opened_name {text} not null,
  opened_at {int} not null,
  ended_at {int},
  primary key (district, id)
) {strict};
create index mobilization_call_path on mobilization_call (path, opened_at);
create index mobilization_call_id on mobilization_call (id);
create table mobilization_shift (
  district {int} not null,
  call {uuid} not null,
  number {int} not null,
  starts {int} not null,
  ends {int} not null,
  primary key (district, call, number)
) {strict};
create table mobilization_need (
  district {int} not null,
  call {uuid} not null,
  compound {int} not null,
  shift {int} not null,
  role {text} not null,
  path {text} not null,
  least {int} not null,
  most {int} not null,
  meet {text} not null,
  contact {text} not null,
  primary key (district, call, compound, shift, role)
) {strict};
create index mobilization_need_path on mobilization_need (path);
create table mobilization_post (
  district {int} not null,
  id {uuid} not null,
  call {uuid} not null,
  compound {int} not null,
  shift {int} not null,
  role {text} not null,
  path {text} not null,
  home {int} not null,
  responder {uuid},
  state {text} not null,
  starts {int} not null,
  ends {int} not null,
  walk {int} not null,
  checked_at {int},
  left_at {int},
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create index mobilization_post_call on mobilization_post (district, call, compound, shift);
create index mobilization_post_path on mobilization_post (path);
create index mobilization_post_responder on mobilization_post (responder, starts);
create index mobilization_post_id on mobilization_post (id);
