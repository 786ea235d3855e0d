-- The months move to the hall, which counts for all departments. Their columns keep their order.
insert into hall_figure (
  district, publisher, month, place, department,
  n01, n02, n03, n04, n05, n06, n07, n08, n09, n10, n11, n12,
  n13, n14, n15, n16, n17, n18, n19, n20, n21, n22, n23, n24
)
select
  district, 'cases', month, place, department,
  applied, online, taken, cross_community, cross_district, papers_asked, papers_waived, decided, granted, instant, on_time, over_law,
  corrections, trips_saved, minutes_office, minutes_counter, minutes_applicant, rated, rated_good, rated_sum, adjusted, adjusted_good,
  followed_up, supervised
from cases_month;
drop table cases_month;
