-- Whether it was checked, when a power was written down, that the agent is nobody of the same name who mediates or belongs to the other side.
alter table hearings_power add column told_apart {int} not null default 0;
