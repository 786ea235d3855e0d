-- Every step of a case writes into every index of its row: those that nothing asks go, and those of rare columns hold only the rows that have them.
drop index cases_case_handler;
drop index cases_case_changed;
drop index cases_case_applicant;
drop index cases_case_closed;
create index cases_case_applicant on cases_case (applicant, opened_at) where applicant is not null;
create index cases_case_closed on cases_case (closed_at) where closed_at is not null;
