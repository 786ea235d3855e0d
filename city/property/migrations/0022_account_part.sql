-- An account of the maintenance fund of one building beside that of the whole compound, and from which of them a use is
-- paid. What was entered before stays with the account of the compound, from which it was paid.
alter table property_account add column part {text} not null default '';
drop index property_account_compound;
create unique index property_account_part on property_account (district, path, compound, part);
alter table property_use add column account_part {text} not null default '';
drop index property_use_compound;
create index property_use_account on property_use (path, compound, account_part);
