-- A city's own sheets of the catalogue, each a system of codes as a file of the catalogue, from the day on which it
-- holds. None is ever changed or taken away: cases keep the condition under which they were opened.
create table grid_release (
  number {int} not null,
  system {text} not null,
  entries {text} not null,
  from_day {text} not null,
  document {text} not null,
  released_by {uuid} not null,
  released_name {text} not null,
  released_at {int} not null,
  primary key (number)
) {strict};
-- Reports that another system handled, as it tells them: history, beside the cases of this platform. A report is known
-- by its source and the number it has there; the source has no districts, so the key has none either.
create table grid_history (
  source {text} not null,
  number {text} not null,
  path {text} not null,
  kind {text} not null,
  opened_at {int} not null,
  due_at {int},
  closed_at {int},
  open {int} not null,
  department {text} not null,
  channel {text} not null,
  taken_at {int} not null,
  primary key (source, number)
) {strict};
create index grid_history_path on grid_history (path, opened_at);
create index grid_history_kind on grid_history (kind, opened_at);
