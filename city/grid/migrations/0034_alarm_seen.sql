-- Whoever went there and found no danger says so. From then on the report is no longer among those that come first,
-- until danger is heard again.
alter table grid_alarm add column cleared_at {int};
alter table grid_alarm add column cleared_by {text} not null default '';
