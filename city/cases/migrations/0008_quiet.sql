-- Applicants who look themselves and are not to be told through channels outside of the platform; a case without a row is told.
create table cases_quiet (
  district {int} not null,
  case_id {uuid} not null,
  since {int} not null,
  primary key (district, case_id)
) {strict};
-- Open cases whose dates run into a year that has no calendar yet: looked for at every start.
create index cases_case_provisional on cases_case (id) where provisional = 1 and open = 1;
