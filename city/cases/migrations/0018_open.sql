-- Who goes through all open cases finds the next ones without sorting them all; an entry changes only when a case is opened or ends.
create index cases_case_open on cases_case (id) where open = 1;
