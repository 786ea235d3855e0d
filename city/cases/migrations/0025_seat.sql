-- What waits at one office in one state is read in the order of its list from this index alone.
create index cases_case_seat on cases_case (office_department, state, office_path, rank, sort_at, id, district)
where open = 1;
