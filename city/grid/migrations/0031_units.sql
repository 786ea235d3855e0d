-- With which unit each report lies: its department of the city, as the desk of cases knew it.
alter table grid_report add column unit {text};
update grid_report set unit = (
  select office_department from cases_case
  where cases_case.district = grid_report.district and cases_case.id = grid_report.case_id
);
drop index grid_report_open_strip;
create index grid_report_open_strip on grid_report (strip, y, x, path, kind, number, case_id, district, unit) where open = 1;
create index grid_report_open_unit on grid_report (unit, path) where open = 1;
-- The open reports of each unit by squares of the ground, for whoever sees those of her unit alone. `scale` says how
-- many squares of grid_open_square are one of these on each side: with 1 they are counted where they are, also those of
-- which only the community is known (known is 0), with 8 in the district. `origin` is the path under which a row was
-- counted first; its path follows the place.
create table grid_open_unit (
  district {int} not null,
  unit {text} not null,
  origin {text} not null,
  known {int} not null,
  scale {int} not null,
  east {int} not null,
  north {int} not null,
  path {text} not null,
  reports {int} not null,
  x {int} not null,
  y {int} not null,
  primary key (district, unit, origin, known, scale, east, north)
) {strict};
create index grid_open_unit_path on grid_open_unit (unit, scale, path, known, reports, x, y);
create index grid_open_unit_at on grid_open_unit (unit, scale, known, east, north, path, reports, x, y);
insert into grid_open_unit (district, unit, origin, known, scale, east, north, path, reports, x, y)
select district, unit, path, case when x is null then 0 else 1 end, 1,
  coalesce((x - ((x % 4000) + 4000) % 4000) / 4000, 0), coalesce((y - ((y % 4000) + 4000) % 4000) / 4000, 0), path,
  count(*), coalesce(sum(x), 0), coalesce(sum(y), 0)
from grid_report where open = 1 and unit <> '' group by 1, 2, 3, 4, 6, 7;
-- The path of a district ends behind the second point.
insert into grid_open_unit (district, unit, origin, known, scale, east, north, path, reports, x, y)
select district, unit, above, 1, 8, (east - ((east % 8) + 8) % 8) / 8, (north - ((north % 8) + 8) % 8) / 8, above,
  sum(reports), sum(x), sum(y)
from (
  select district, unit, east, north, reports, x, y, substr(path, 1, k) as above,
    length(substr(path, 1, k)) - length(replace(substr(path, 1, k), '.', '')) as level
  from grid_open_unit
  join (
    select ones.d + 10 * tens.d + 1 as k
    from (
      select 0 as d union all select 1 union all select 2 union all select 3 union all select 4
      union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
    ) as ones
    cross join (
      select 0 as d union all select 1 union all select 2 union all select 3 union all select 4
      union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
    ) as tens
  ) as steps on substr(path, k, 1) = '.'
  where known = 1
) as squares
where level = 2
group by 1, 2, 3, 6, 7;
