-- How many open reports there are in each square of the ground, and the sum of where they are: a map of the whole city
-- is drawn from these. A report of which only the community is known lies in no square (known is 0). `origin` is the
-- path under which a square was counted first; its path follows the place.
create table grid_open_square (
  district {int} not null,
  origin {text} not null,
  known {int} not null,
  east {int} not null,
  north {int} not null,
  path {text} not null,
  reports {int} not null,
  x {int} not null,
  y {int} not null,
  primary key (district, origin, known, east, north)
) {strict};
-- The squares of a place are read from their index alone.
create index grid_open_square_path on grid_open_square (path, known, east, north, reports, x, y);
insert into grid_open_square (district, origin, known, east, north, path, reports, x, y)
select district, path, case when x is null then 0 else 1 end, coalesce((x - ((x % 4000) + 4000) % 4000) / 4000, 0),
  coalesce((y - ((y % 4000) + 4000) % 4000) / 4000, 0), path, count(*), coalesce(sum(x), 0), coalesce(sum(y), 0)
from grid_report where open = 1 group by 1, 2, 3, 4, 5;
-- What lists and sums of a place read, in the order in which they read it, so that they look at no whole row.
drop index grid_report_path;
create index grid_report_path on grid_report (path, reported_at, kind, stage);
create index grid_report_open_at on grid_report (path, reported_at) where open = 1;
drop index grid_course_path;
create index grid_course_path on grid_course (path, reported_at, kind, found, returned, due_on, handled_on);
