-- Property: what is entered for a community.
create table property_entry (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  name {text} not null,
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, id)
) {strict};
create unique index property_entry_name on property_entry (district, path, name);
create index property_entry_path on property_entry (path, name);
