-- Open cases with a reason of lateness, by reason: what is owed and what was told are counted by this index alone.
drop index cases_case_late_open;
create index cases_case_late_open on cases_case (late_reason, clock, promised_due, late_told_on, office_path, office_department, confidential) where late_reason is not null and open = 1;
