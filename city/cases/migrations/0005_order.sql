-- Lists go by rank, time and identity: with the identity in the index many cases of one day need no sorting.
drop index cases_case_desk;
drop index cases_case_office;
drop index cases_case_order;
create index cases_case_desk on cases_case (open, desk_path, rank, sort_at, id);
create index cases_case_office on cases_case (open, office_path, rank, sort_at, id);
create index cases_case_order on cases_case (open, rank, sort_at, id);
