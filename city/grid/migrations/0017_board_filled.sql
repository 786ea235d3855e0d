-- Counts the reports that are there. Months begin at midnight of China's time, eight hours ahead.
insert into grid_board (district, month, depth, origin, kind, path, filed, closed)
select district, cast(y as text) || case when m < 10 then '-0' else '-' end || cast(m as text), 4, path, kind, path,
  count(*), sum(case when stage = 'closed' then 1 else 0 end)
from (
  select district, path, kind, stage, yoe + era * 400 + case when mp >= 10 then 1 else 0 end as y,
    case when mp < 10 then mp + 3 else mp - 9 end as m
  from (
    select district, path, kind, stage, era, yoe, (5 * (doe - (365 * yoe + yoe / 4 - yoe / 100)) + 2) / 153 as mp
    from (
      select district, path, kind, stage, era, doe, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 as yoe
      from (
        select district, path, kind, stage, day / 146097 as era, day % 146097 as doe
        from (
          select district, path, kind, stage, (reported_at + 28800000000) / 86400000000 + 719468 as day
          from grid_report where stage not in ('reported', 'not_there', 'not_a_case', 'merged')
        ) as filed
      ) as eras
    ) as years
  ) as months
) as dates
group by 1, 2, 4, 5, 6;
insert into grid_board (district, month, depth, origin, kind, path, filed, closed)
select district, month, 0, path, '', path, sum(filed), sum(closed)
from grid_board where depth = 4 and kind <> '' group by district, month, path;
-- The paths of the places above end behind the second and the third point.
insert into grid_board (district, month, depth, origin, kind, path, filed, closed)
select district, month, level, above, kind, above, sum(filed), sum(closed)
from (
  select district, month, kind, filed, closed, substr(path, 1, k) as above,
    length(substr(path, 1, k)) - length(replace(substr(path, 1, k), '.', '')) as level
  from grid_board
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
  where depth = 4
) as parts
where level in (2, 3)
group by district, month, level, above, kind;
insert into grid_open_area (district, origin, scale, east, north, path, reports, x, y)
select district, above, scale, (east - ((east % scale) + scale) % scale) / scale,
  (north - ((north % scale) + scale) % scale) / scale, above, sum(reports), sum(x), sum(y)
from (
  select district, east, north, reports, x, y, substr(path, 1, k) as above,
    length(substr(path, 1, k)) - length(replace(substr(path, 1, k), '.', '')) as level
  from grid_open_square
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
cross join (select 1 as scale union all select 2 union all select 4 union all select 8) as scales
where level = 2
group by 1, 2, 3, 4, 5;
