-- What another platform gives before it has a number for a report, the more exact state that it names, and since when
-- it has not said how the report stands.
alter table grid_forward add column token {text};
alter table grid_forward add column foreign_detail {text};
alter table grid_forward add column unheard_since {int};
alter table grid_forward add column unheard {int} not null default 0;
-- Who let a message go that was given up, when and why.
alter table grid_forward add column let_go_at {int};
alter table grid_forward add column let_go_by {text};
alter table grid_forward add column let_go_why {text};
alter table grid_forward_note add column let_go_at {int};
alter table grid_forward_note add column let_go_by {text};
alter table grid_forward_note add column let_go_why {text};
