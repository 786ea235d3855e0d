-- Running numbers, by district, series and year.
create table store_series (
  district {int} not null,
  series {text} not null,
  year {int} not null,
  last {int} not null,
  primary key (district, series, year)
) {strict};
