alter table cases_case add column handler {uuid};
alter table cases_case add column handler_name {text};
alter table cases_case add column follow_up_by {text};
create index cases_case_handler on cases_case (handler, open);
create index cases_case_order on cases_case (open, rank, sort_at);
create index cases_case_item on cases_case (item, opened_at);
create index cases_case_residence on cases_case (residence_path, opened_at);
create index cases_case_opened on cases_case (opened_at);
create table cases_asked (
  district {int} not null,
  case_id {uuid} not null,
  ordinal {int} not null,
  number {text} not null,
  item {text} not null,
  office_path {text} not null,
  office_department {text} not null,
  due {text} not null,
  joint {int} not null,
  confidential {int} not null,
  answered_at {int},
  primary key (district, case_id, ordinal)
) {strict};
create index cases_asked_open on cases_asked (office_path, due) where answered_at is null;
create table cases_talk (
  district {int} not null,
  case_id {uuid} not null,
  id {uuid} not null,
  kind {text} not null,
  at {int} not null,
  account {uuid},
  name {text} not null,
  sealed {bytes} not null,
  read_at {int},
  primary key (district, case_id, id)
) {strict};
