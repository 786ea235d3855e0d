-- The last day in a post is that of an election of the body: it changes with that day.
alter table bodies_holding add column until_elected {int} not null default 0;
