create table cases_request (
  district {int} not null,
  case_id {uuid} not null,
  id {uuid} not null,
  number {text} not null,
  kind {text} not null,
  at {int} not null,
  due {text} not null,
  office_path {text} not null,
  office_department {text} not null,
  confidential {int} not null,
  sealed {bytes} not null,
  outcome {text},
  answer {bytes},
  answered_at {int},
  answered_by {text},
  primary key (district, case_id, id)
) {strict};
create index cases_request_open on cases_request (office_path, due) where answered_at is null;
create index cases_case_closed on cases_case (closed_at);
