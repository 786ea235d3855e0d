-- Bodies of a place: what they are called, how they are reached, and by when the next election and its papers are due.
create table bodies_body (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  kind {text} not null,
  name {text} not null,
  purpose {text} not null,
  telephone {text} not null,
  address {text} not null,
  hours {text} not null,
  elected_on {text},
  term_ends {text},
  file_by {text},
  ended_on {text},
  changed_name {text} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create unique index bodies_body_name on bodies_body (district, path, name);
create index bodies_body_path on bodies_body (path, name);
create index bodies_body_id on bodies_body (id);

-- Posts of a body. A post is there whoever holds it.
create table bodies_post (
  district {int} not null,
  id {uuid} not null,
  body {uuid} not null,
  title_zh {text} not null,
  title_en {text} not null,
  rank {int} not null,
  ended_on {text},
  primary key (district, id)
) {strict};
create index bodies_post_body on bodies_post (district, body, rank);

-- Who holds a post from which day on. The name lies sealed under a record of its own in the vault, and is deleted with it.
create table bodies_holding (
  district {int} not null,
  id {uuid} not null,
  body {uuid} not null,
  post {uuid} not null,
  name {bytes},
  from_on {text} not null,
  until_on {text},
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, id)
) {strict};
create index bodies_holding_body on bodies_holding (district, body, from_on);

-- Elections of a body: how many were elected and how many of them are women, never who.
create table bodies_election (
  district {int} not null,
  id {uuid} not null,
  body {uuid} not null,
  held_on {text} not null,
  members {int} not null,
  women {int} not null,
  term_ends {text},
  file_by {text},
  filed_on {text},
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, id)
) {strict};
create unique index bodies_election_day on bodies_election (district, body, held_on);

-- Questions of a place: open, or agreed on a day.
create table bodies_question (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  title {text} not null,
  raised_on {text} not null,
  agreed_on {text},
  outcome {text} not null,
  link {text} not null,
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, id)
) {strict};
create index bodies_question_path on bodies_question (path, raised_on);

-- Meetings of the bodies of a place.
create table bodies_meeting (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  title {text} not null,
  room {text} not null,
  starts_at {int} not null,
  ends_at {int} not null,
  cancelled {int} not null,
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, id)
) {strict};
create index bodies_meeting_path on bodies_meeting (path, starts_at);

-- Mediators of a committee or centre. Name and address lie sealed under a record of their own in the vault.
create table bodies_mediator (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  account {uuid},
  name {bytes},
  address {bytes},
  employer {text} not null,
  specialities {text} not null,
  engaged {int} not null,
  from_on {text} not null,
  until_on {text},
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, id)
) {strict};
create index bodies_mediator_path on bodies_mediator (path, from_on);
create index bodies_mediator_account on bodies_mediator (account);

-- Disputes that are being mediated: at which office, and with which mediator.
create table bodies_matter (
  district {int} not null,
  case_id {uuid} not null,
  path {text} not null,
  office {text} not null,
  mediator {uuid},
  open {int} not null,
  primary key (district, case_id)
) {strict};
create index bodies_matter_office on bodies_matter (office, open);
create index bodies_matter_path on bodies_matter (path);
