-- What passed its moment today is counted from this index alone: it holds the open cases whose moment to act is known,
-- in the order of these moments, and none of the many that are due on a day.
create index cases_case_passed on cases_case (rank, sort_at, clock, desk_path, desk_department, office_path, office_department, confidential, open, act_by)
where open = 1 and act_by is not null;
