-- Where a report is, in decimetres on the plane of the city: other programs are told its degrees.
alter table grid_open311 add column x {int};
alter table grid_open311 add column y {int};
update grid_open311 set
  x = (select r.x from grid_report r where r.district = grid_open311.district and r.case_id = grid_open311.case_id),
  y = (select r.y from grid_report r where r.district = grid_open311.district and r.case_id = grid_open311.case_id)
