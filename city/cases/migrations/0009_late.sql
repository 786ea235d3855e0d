-- Why a case is late, as its office said last.
alter table cases_case add column late_reason {text};
alter table cases_case add column late_told_on {text};
create index cases_case_late on cases_case (late_told_on, office_path, office_department, confidential, late_reason, open) where late_reason is not null;
