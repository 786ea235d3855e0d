create table stations_station (
  id {int} not null primary key,
  path {text} not null,
  compound {int},
  name_zh {text} not null,
  name_en {text} not null,
  address {text} not null,
  telephone {text} not null,
  hours {text} not null,
  services {text} not null,
  rooms {text} not null,
  open {int} not null,
  changed_name {text} not null,
  changed_at {int} not null
) {strict};
create index stations_station_path on stations_station (path);
create table stations_sequence (
  name {text} not null primary key,
  last {int} not null
) {strict};
