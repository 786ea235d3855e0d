-- Where a dispute lies now, since when it is in its state and its nearest deadline: what its list is ordered by.
alter table hearings_matter add column office {text} not null default '';
alter table hearings_matter add column entered_at {int} not null default 0;
alter table hearings_matter add column due_on {text};
alter table hearings_matter add column open {int} not null default 1;
update hearings_matter set office = path, entered_at = brought_at;
update hearings_matter set open = 0 where stage in ('closed', 'refused', 'failed', 'not_taken');
create index hearings_matter_office on hearings_matter (office, open);

-- What is said of a dispute that decides how soon it is taken up: facts of the matter, never of a person.
create table hearings_triage (
  district {int} not null,
  case_id {uuid} not null,
  danger {int} not null,
  people {int} not null,
  times_back {int} not null,
  vulnerable {int} not null,
  chosen {text} not null,
  primary key (district, case_id)
) {strict};
insert into hearings_triage (district, case_id, danger, people, times_back, vulnerable, chosen)
  select district, case_id, 0, 0, 0, 0, '' from hearings_matter;

-- How soon a person wanted a dispute taken up, and why; her words are sealed with it.
create table hearings_priority (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  priority {text} not null,
  record {uuid} not null,
  words {bytes} not null,
  changed_name {text} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create index hearings_priority_case on hearings_priority (district, case_id);
create index hearings_priority_record on hearings_priority (district, record);
