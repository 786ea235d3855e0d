-- Which things are for posts of their own department alone: what was counted of them is left out for everybody else.
alter table hall_counted add column confidential {int} not null default 0;
create index hall_counted_confidential on hall_counted (publisher, month, place) where confidential = 1;
