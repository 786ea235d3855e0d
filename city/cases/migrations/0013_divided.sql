-- Every key begins with the district, so that a distributed database finds the machine. One district's figures lie in the order in which they
-- are read; those of the whole city are found in that order by an index.
create table cases_month_divided (
  district {int} not null,
  place {text} not null,
  department {text} not null,
  month {text} not null,
  applied {int} not null,
  online {int} not null,
  taken {int} not null,
  cross_community {int} not null,
  cross_district {int} not null,
  papers_asked {int} not null,
  papers_waived {int} not null,
  decided {int} not null,
  granted {int} not null,
  instant {int} not null,
  on_time {int} not null,
  over_law {int} not null,
  corrections {int} not null,
  trips_saved {int} not null,
  minutes_office {int} not null,
  minutes_counter {int} not null,
  minutes_applicant {int} not null,
  rated {int} not null,
  rated_good {int} not null,
  rated_sum {int} not null,
  adjusted {int} not null,
  adjusted_good {int} not null,
  followed_up {int} not null,
  supervised {int} not null,
  primary key (district, month, place, department)
) {strict};
insert into cases_month_divided select * from cases_month;
drop table cases_month;
alter table cases_month_divided rename to cases_month;
create index cases_month_order on cases_month (month, place, department);
create table cases_open_divided (
  district {int} not null,
  side {text} not null,
  place {text} not null,
  department {text} not null,
  confidential {int} not null,
  bucket {text} not null,
  due {text} not null,
  cases {int} not null,
  primary key (district, side, place, department, confidential, bucket, due)
) {strict};
insert into cases_open_divided select * from cases_open;
drop table cases_open;
alter table cases_open_divided rename to cases_open;
create index cases_open_order on cases_open (side, place, department);
