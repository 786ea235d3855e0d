-- The three-party table of a compound: when it met, who was there by side, what was minuted.
create table property_table (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  held_on {text} not null,
  room {text} not null,
  state {text} not null,
  attended {text} not null,
  envoy {text} not null,
  minutes {text} not null,
  changed_name {text} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create index property_table_path on property_table (path, compound, held_on);

-- What is on the agenda, with the position of each side.
create table property_issue (
  district {int} not null,
  id {uuid} not null,
  table_id {uuid} not null,
  title {text} not null,
  committee {text} not null,
  owners {text} not null,
  company {text} not null,
  street {text} not null,
  entered_at {int} not null,
  primary key (district, id)
) {strict};
create index property_issue_table on property_issue (district, table_id, entered_at);

-- What a side promised by a day, and what became of it.
create table property_commitment (
  district {int} not null,
  id {uuid} not null,
  table_id {uuid} not null,
  issue_id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  company_id {uuid},
  side {text} not null,
  text {text} not null,
  promised_on {text} not null,
  due_on {text} not null,
  state {text} not null,
  reason {text} not null,
  times_put_off {int} not null,
  settled_on {text},
  primary key (district, id)
) {strict};
create index property_commitment_path on property_commitment (path, compound, due_on);
create index property_commitment_table on property_commitment (district, table_id, due_on);
create index property_commitment_company on property_commitment (company_id, state);
