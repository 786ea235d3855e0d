-- Grid: what is entered for a community.
create table grid_entry (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  name {text} not null,
  noted_name {text} not null,
  noted_at {int} not null,
  primary key (district, id)
) {strict};
create unique index grid_entry_name on grid_entry (district, path, name);
create index grid_entry_path on grid_entry (path, name);
