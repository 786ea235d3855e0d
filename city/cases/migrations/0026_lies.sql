-- The open cases of a district are those that wait at desks there, and no more those that its offices decide.
delete from cases_open where side = 'district';
insert into cases_open (district, side, place, department, confidential, bucket, due, cases)
select district, 'district', '', '', confidential, bucket, due, sum(cases) from cases_open where side = 'desk'
group by district, confidential, bucket, due;
