-- Figures lie in the order in which they are read: a month or a side of the desk, then place by place.
create table cases_month_ordered (
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
  primary key (month, place, department, district)
) {strict};
insert into cases_month_ordered select * from cases_month;
drop table cases_month;
alter table cases_month_ordered rename to cases_month;
create table cases_open_ordered (
  district {int} not null,
  side {text} not null,
  place {text} not null,
  department {text} not null,
  confidential {int} not null,
  bucket {text} not null,
  due {text} not null,
  cases {int} not null,
  primary key (side, place, department, confidential, bucket, due, district)
) {strict};
insert into cases_open_ordered select * from cases_open;
drop table cases_open;
alter table cases_open_ordered rename to cases_open;
