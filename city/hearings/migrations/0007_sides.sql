-- Whose name a side has given herself, or a mediator took from her paper, and when. The name lies sealed in the vault.
create table hearings_named (
  district {int} not null,
  case_id {uuid} not null,
  side {text} not null,
  by_herself {int} not null,
  named_name {text} not null,
  named_at {int} not null,
  primary key (district, case_id, side)
) {strict};

-- What a side says of how a clause was kept, before the mediator notes it. Her words are sealed under the file's record.
create table hearings_report (
  district {int} not null,
  case_id {uuid} not null,
  clause {uuid} not null,
  side {text} not null,
  stage {text} not null,
  sealed {bytes} not null,
  said_at {int} not null,
  primary key (district, case_id, clause, side)
) {strict};

-- A duty that lasts has no last day.
alter table hearings_clause add column lasting {int} not null default 0;

-- What a dispute is about more exactly than its class; empty where nobody said.
alter table hearings_matter add column detail {text} not null default '';
