-- What is open at the offices of a district, all departments together: the city's supervision adds up few rows however many cases there are.
insert into cases_open (district, side, place, department, confidential, bucket, due, cases)
select district, 'district', '', '', confidential, bucket, due, sum(cases) from cases_open where side = 'office'
group by district, confidential, bucket, due having sum(cases) <> 0;
