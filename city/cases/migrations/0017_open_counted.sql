-- Open cases are counted by this index alone: the key of the table begins with the district, which a count of the whole city leaves open.
drop index cases_open_order;
create index cases_open_order on cases_open (side, place, department, confidential, bucket, due, cases);
