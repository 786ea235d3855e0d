create table counter_saved (
  district {int} not null,
  id {uuid} not null,
  until_day {text} not null,
  primary key (district, id)
) {strict};
create index counter_saved_until on counter_saved (district, until_day)
