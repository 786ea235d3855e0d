-- Companies that serve compounds. They work in several districts, so these tables are not divided by district.
create table property_company (
  id {uuid} not null primary key,
  path {text} not null,
  name {text} not null,
  credit_code {text} not null,
  hotline {text} not null,
  party {text} not null,
  party_since {text},
  changed_name {text} not null,
  changed_at {int} not null
) {strict};
create unique index property_company_code on property_company (credit_code);
create index property_company_path on property_company (path, name);

-- Contracts of companies with compounds.
create table property_contract (
  id {uuid} not null primary key,
  company_id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  paper {text} not null,
  kind {text} not null,
  starts_on {text} not null,
  ends_on {text} not null,
  noticed_by {text},
  noticed_on {text},
  leaves_on {text},
  changed_name {text} not null,
  changed_at {int} not null
) {strict};
create index property_contract_company on property_contract (company_id, starts_on);
create index property_contract_path on property_contract (path, compound);

-- Who is on duty: posts with a number of people, hours and a telephone of the company. No names of persons.
create table property_staff (
  id {uuid} not null primary key,
  company_id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  work {text} not null,
  number {int} not null,
  hours {text} not null,
  telephone {text} not null,
  changed_name {text} not null,
  changed_at {int} not null
) {strict};
create index property_staff_company on property_staff (company_id, path);
create index property_staff_path on property_staff (path);

-- What is on record of a company: the dated parts of its published sum, and its appeals.
create table property_record (
  id {uuid} not null primary key,
  company_id {uuid} not null,
  path {text} not null,
  kind {text} not null,
  tenths {int} not null,
  reason {text} not null,
  source {text} not null,
  given_on {text} not null,
  valid_to {text} not null,
  entered_by {uuid},
  entered_name {text} not null,
  entered_at {int} not null,
  appeal {text} not null,
  appealed_on {text},
  appeal_says {text} not null,
  answer {text} not null,
  answered_on {text},
  answered_name {text} not null
) {strict};
create index property_record_company on property_record (company_id, given_on);
create index property_record_path on property_record (path);
create index property_record_appeal on property_record (appeal, path);
