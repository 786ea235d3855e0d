-- A report near a border may be the same as one in the next district: which district keeps the one that it was joined to.
alter table grid_merge add column into_district {int};
update grid_merge set into_district = district;
drop index grid_merge_into;
create index grid_merge_into on grid_merge (into_district, into_case);
