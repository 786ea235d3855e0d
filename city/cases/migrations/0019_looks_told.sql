-- Applicants who want to be told when somebody looked at their data, and until when they were; a case without a row is not.
create table cases_looks_told (
  district {int} not null,
  case_id {uuid} not null,
  told_until {int} not null,
  primary key (district, case_id)
) {strict};
