-- Whoever went there and found no danger says so. From then on the report is no longer among those that come first,
-- until danger is heard again. Whoever knows of danger by other ways says that too. `seen` is the handle of the sealed
-- words of whoever spoke last, `seen_by` her name.
alter table grid_alarm add column cleared_at {int};
alter table grid_alarm add column seen_by {text} not null default '';
alter table grid_alarm add column seen {text} not null default '';
