-- The account of the maintenance fund of a compound, one line for everything that comes in and goes out, in whole fen; and
-- what was settled of a use, which goes out when it is paid.
create table property_account (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  opened_name {text} not null,
  opened_at {int} not null,
  primary key (district, id)
) {strict};
create unique index property_account_compound on property_account (district, path, compound);
create index property_account_path on property_account (path, compound);
create table property_entry (
  district {int} not null,
  id {uuid} not null,
  account {uuid} not null,
  kind {text} not null,
  entry_on {text} not null,
  amount_fen {int} not null,
  number {text} not null,
  note {text} not null,
  entered_name {text} not null,
  entered_at {int} not null,
  primary key (district, id)
) {strict};
create index property_entry_account on property_entry (district, account, entry_on, entered_at);
alter table property_use add column settled_fen {int};
create index property_use_compound on property_use (path, compound);
