-- What a desk is to act on is counted in one row of that desk, without the days: the head of every page reads it.
insert into cases_open (district, side, place, department, confidential, bucket, due, cases)
select district, 'waits', place, department, confidential, '', '', sum(cases) from cases_open
where side = 'desk' and bucket <> 'stopped' group by district, place, department, confidential;
-- What lies at the desks of a district is counted by the unit that decides it. Days begin at midnight of China's time,
-- eight hours ahead.
insert into cases_open (district, side, place, department, confidential, bucket, due, cases)
select desks.district, 'unit', dated.office_path, dated.office_department, dated.confidential, dated.bucket,
  case
    when dated.clock = 'running' then coalesce(dated.promised_due, '')
    when dated.bucket = 'not_started' then cast(dated.y as text) || case when dated.m < 10 then '-0' else '-' end
      || cast(dated.m as text) || case when dated.d < 10 then '-0' else '-' end || cast(dated.d as text)
    else ''
  end, count(*)
from (
  select desk_path, office_path, office_department, confidential, bucket, clock, promised_due,
    yoe + era * 400 + case when mp >= 10 then 1 else 0 end as y, case when mp < 10 then mp + 3 else mp - 9 end as m,
    doy - (153 * mp + 2) / 5 + 1 as d
  from (
    select desk_path, office_path, office_department, confidential, bucket, clock, promised_due, era, yoe, doy,
      (5 * doy + 2) / 153 as mp
    from (
      select desk_path, office_path, office_department, confidential, bucket, clock, promised_due, era, yoe,
        doe - (365 * yoe + yoe / 4 - yoe / 100) as doy
      from (
        select desk_path, office_path, office_department, confidential, bucket, clock, promised_due, era, doe,
          (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 as yoe
        from (
          select desk_path, office_path, office_department, confidential, bucket, clock, promised_due,
            day / 146097 as era, day % 146097 as doe
          from (
            select desk_path, office_path, office_department, confidential, clock, promised_due,
              (sort_at + 28800000000) / 86400000000 + 719468 as day,
              case
                when clock = 'running' then 'running'
                when clock = 'not_started' and rank = 0 then 'not_started'
                when clock = 'stopped' and act_by is not null then 'not_started'
                when clock = 'stopped' then 'stopped'
                else 'other'
              end as bucket
            from cases_case where open = 1
          ) as waiting
        ) as eras
      ) as years
    ) as days
  ) as months
) as dated
join (select distinct place, district from cases_open where side = 'desk') as desks on desks.place = dated.desk_path
group by 1, 3, 4, 5, 6, 7;
