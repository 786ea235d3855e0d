-- The fold of a case stands by itself: lists and searches read narrow rows.
create table cases_fold (
  district {int} not null,
  id {uuid} not null,
  folded {text} not null,
  primary key (district, id)
) {strict};
insert into cases_fold (district, id, folded) select district, id, folded from cases_case;
alter table cases_case drop column folded;
-- Open cases in the order of the queue; whom a row concerns is answered by the index alone.
drop index cases_case_desk;
drop index cases_case_office;
drop index cases_case_order;
create index cases_case_desk on cases_case (desk_path, rank, sort_at, id, desk_department, confidential, state) where open = 1;
create index cases_case_office on cases_case (office_path, rank, sort_at, id, office_department, confidential, state) where open = 1;
create index cases_case_desk_department on cases_case (desk_department, rank, sort_at, id, desk_path, confidential, state) where open = 1;
create index cases_case_office_department on cases_case (office_department, rank, sort_at, id, office_path, confidential, state) where open = 1;
create index cases_case_order on cases_case (rank, sort_at, id, desk_path, office_path, confidential, state) where open = 1;
create index cases_case_ended on cases_case (changed_at, id, office_path, office_department, confidential) where open = 0;
-- A search begins at the rarest of its words, newest first, and every other word is answered by the same index.
drop index cases_case_item;
drop index cases_case_residence;
drop index cases_case_opened;
create index cases_case_item on cases_case (item, opened_at, id, residence_path, office_path, counter_path, office_department, confidential);
create index cases_case_item_residence on cases_case (item, residence_path, opened_at, id, office_path, counter_path, office_department, confidential);
create index cases_case_residence on cases_case (residence_path, opened_at, id, item, office_path, counter_path, office_department, confidential);
create index cases_case_opened on cases_case (opened_at, id, item, residence_path, office_path, counter_path, office_department, confidential);
create index cases_case_state on cases_case (procedure, state, opened_at, id, item, residence_path, office_path, counter_path, office_department, confidential);
