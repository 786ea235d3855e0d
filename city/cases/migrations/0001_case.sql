create table cases_case (
  district {int} not null,
  id {uuid} not null,
  number {text} not null,
  item {text} not null,
  procedure {text} not null,
  state {text} not null,
  waits_for {text} not null,
  clock {text} not null,
  outcome {text},
  office_path {text} not null,
  office_department {text} not null,
  desk_path {text} not null,
  desk_department {text} not null,
  counter_path {text},
  residence_path {text} not null,
  person {uuid} not null,
  applicant {uuid},
  confidential {int} not null,
  open {int} not null,
  rank {int} not null,
  sort_at {int} not null,
  opened_at {int} not null,
  changed_at {int} not null,
  closed_at {int},
  promised_due {text},
  legal_due {text},
  provisional {int} not null,
  sequence {int} not null,
  rating {int},
  folded {text} not null,
  primary key (district, id)
) {strict};
create unique index cases_case_number on cases_case (district, number);
create index cases_case_desk on cases_case (open, desk_path, rank, sort_at);
create index cases_case_office on cases_case (open, office_path, rank, sort_at);
create index cases_case_person on cases_case (district, person);
create index cases_case_changed on cases_case (district, changed_at);
create index cases_case_applicant on cases_case (applicant);
create table cases_sequence (
  district {int} not null,
  year {int} not null,
  last {int} not null,
  primary key (district, year)
) {strict};
