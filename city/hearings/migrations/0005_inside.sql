-- The inside of a mediation. What people said or agreed is sealed under a record of the file's own and erased with it.
create table hearings_file (
  district {int} not null,
  case_id {uuid} not null,
  record {uuid} not null,
  sealed {bytes} not null,
  changed_name {text} not null,
  changed_at {int} not null,
  primary key (district, case_id)
) {strict};
create index hearings_file_record on hearings_file (district, record);

-- The clauses of an agreement: who owes something, how much and by which day; the words are sealed.
create table hearings_clause (
  district {int} not null,
  case_id {uuid} not null,
  id {uuid} not null,
  owes {text} not null,
  fen {int} not null,
  due {text} not null,
  sealed {bytes} not null,
  stage {text} not null,
  noted {bytes} not null,
  noted_at {int},
  is_active {int} not null,
  primary key (district, case_id, id)
) {strict};
create index hearings_clause_due on hearings_clause (is_active, due);

-- Sessions: when, in which way, who came, who wrote it down; place and words are sealed.
create table hearings_session (
  district {int} not null,
  case_id {uuid} not null,
  id {uuid} not null,
  held_on {text} not null,
  begins_at {int} not null,
  way {text} not null,
  came {text} not null,
  sealed {bytes} not null,
  written_by {uuid} not null,
  written_name {text} not null,
  written_at {int} not null,
  primary key (district, case_id, id)
) {strict};

-- Proposals and what came of each.
create table hearings_proposal (
  district {int} not null,
  case_id {uuid} not null,
  id {uuid} not null,
  made_on {text} not null,
  made_by {text} not null,
  sealed {bytes} not null,
  answer {text} not null,
  primary key (district, case_id, id)
) {strict};

-- The days of the court that was asked to confirm an agreement.
create table hearings_court (
  district {int} not null,
  case_id {uuid} not null,
  sent_on {text} not null,
  accepts_by {text} not null,
  accepted_on {text},
  decides_by {text},
  is_prolonged {int} not null,
  ended_at {int},
  primary key (district, case_id)
) {strict};
create index hearings_court_open on hearings_court (ended_at, accepts_by);

-- The level whose committee mediates: community, street or district.
alter table hearings_matter add column body {text} not null default 'community';
