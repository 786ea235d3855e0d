-- How often a second person confirmed that somebody sees more people's data on a day than the measure lets her.
create table hall_more_looks (
  account {uuid} not null,
  day {text} not null,
  times {int} not null,
  by_account {uuid} not null,
  by_name {text} not null,
  at {int} not null,
  primary key (account, day)
) {strict};
