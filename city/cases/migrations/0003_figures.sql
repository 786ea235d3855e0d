create table cases_month (
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
  primary key (district, place, department, month)
) {strict};
create index cases_month_month on cases_month (month, place);
create table cases_open (
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
create index cases_open_place on cases_open (side, place);
