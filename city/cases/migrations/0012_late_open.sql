-- Late cases that are explained and still open: counted without going through what is on time.
create index cases_case_late_open on cases_case (promised_due, clock, office_path, office_department, confidential) where late_reason is not null and open = 1;
