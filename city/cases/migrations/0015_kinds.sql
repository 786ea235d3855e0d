-- The desk keeps cases of every kind. What only the counter's have, an item and an applicant's sealed record, may be
-- missing.
-- `promised_due` is the day by which a case is due: of the counter's its promise, of others the first of their clocks
-- that runs.
create table cases_case_kinds (
  district {int} not null,
  id {uuid} not null,
  number {text} not null,
  item {text},
  procedure {text} not null,
  state {text} not null,
  waits_for {text} not null,
  clock {text} not null,
  outcome {text},
  office_path {text} not null,
  office_department {text} not null,
  desk_path {text} not null,
  desk_department {text} not null,
  counter_path {text},
  residence_path {text} not null,
  person {uuid},
  applicant {uuid},
  confidential {int} not null,
  open {int} not null,
  rank {int} not null,
  sort_at {int} not null,
  opened_at {int} not null,
  changed_at {int} not null,
  closed_at {int},
  promised_due {text},
  legal_due {text},
  provisional {int} not null,
  sequence {int} not null,
  rating {int},
  handler {uuid},
  handler_name {text},
  follow_up_by {text},
  late_reason {text},
  late_told_on {text},
  kind {text} not null default 'service',
  latest_at {int},
  primary key (district, id)
) {strict};
insert into cases_case_kinds (
  district, id, number, item, procedure, state, waits_for, clock, outcome, office_path, office_department, desk_path,
  desk_department, counter_path, residence_path, person, applicant, confidential, open, rank, sort_at, opened_at,
  changed_at, closed_at, promised_due, legal_due, provisional, sequence, rating, handler, handler_name, follow_up_by,
  late_reason, late_told_on
)
select
  district, id, number, item, procedure, state, waits_for, clock, outcome, office_path, office_department, desk_path,
  desk_department, counter_path, residence_path, person, applicant, confidential, open, rank, sort_at, opened_at,
  changed_at, closed_at, promised_due, legal_due, provisional, sequence, rating, handler, handler_name, follow_up_by,
  late_reason, late_told_on
from cases_case;
drop table cases_case;
alter table cases_case_kinds rename to cases_case;
create unique index cases_case_number on cases_case (district, number);
create index cases_case_person on cases_case (district, person) where person is not null;
create index cases_case_applicant on cases_case (applicant, opened_at) where applicant is not null;
create index cases_case_closed on cases_case (closed_at) where closed_at is not null;
create index cases_case_desk on cases_case (desk_path, rank, sort_at, id, desk_department, confidential, state) where open = 1;
create index cases_case_office on cases_case (office_path, rank, sort_at, id, office_department, confidential, state) where open = 1;
create index cases_case_desk_department on cases_case (desk_department, rank, sort_at, id, desk_path, confidential, state) where open = 1;
create index cases_case_office_department on cases_case (office_department, rank, sort_at, id, office_path, confidential, state) where open = 1;
create index cases_case_order on cases_case (rank, sort_at, id, desk_path, office_path, confidential, state) where open = 1;
create index cases_case_ended on cases_case (changed_at, id, office_path, office_department, confidential) where open = 0;
create index cases_case_item on cases_case (item, opened_at, id, residence_path, office_path, counter_path, office_department, confidential);
create index cases_case_item_residence on cases_case (item, residence_path, opened_at, id, office_path, counter_path, office_department, confidential);
create index cases_case_residence on cases_case (residence_path, opened_at, id, item, office_path, counter_path, office_department, confidential);
create index cases_case_opened on cases_case (opened_at, id, item, residence_path, office_path, counter_path, office_department, confidential);
create index cases_case_state on cases_case (procedure, state, opened_at, id, item, residence_path, office_path, counter_path, office_department, confidential);
create index cases_case_provisional on cases_case (id) where provisional = 1 and open = 1;
create index cases_case_late on cases_case (late_told_on, office_path, office_department, confidential, late_reason, open) where late_reason is not null;
create index cases_case_late_open on cases_case (promised_due, clock, office_path, office_department, confidential) where late_reason is not null and open = 1;
-- States that have lasted as long as they may: the platform takes the step that their procedure names.
create index cases_case_latest on cases_case (latest_at, id, district, procedure, state) where open = 1 and latest_at is not null;
-- Who takes part, but for the one whose sealed record the case's own row names: of the counter's cases nobody.
create table cases_party (
  district {int} not null,
  case_id {uuid} not null,
  role {text} not null,
  ordinal {int} not null,
  kind {text} not null,
  record {uuid},
  account {uuid},
  place_path {text},
  department {text},
  organisation {text},
  primary key (district, case_id, role, ordinal)
) {strict};
create index cases_party_record on cases_party (district, record) where record is not null;
create index cases_party_account on cases_party (account) where account is not null;
create index cases_party_place on cases_party (place_path) where place_path is not null;
