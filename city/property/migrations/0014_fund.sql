-- Which building or stair shares a use of the fund, as the register calls it, and how much of it the office allowed.
alter table property_use add column part {text} not null default '';
alter table property_use add column allowed_fen {int};
create index property_use_vote on property_use (vote);
