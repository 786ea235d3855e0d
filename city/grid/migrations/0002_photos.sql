-- Pictures that were chosen before a report is sent. Whoever chose them carries the key; they are cleared away after a while.
create table grid_tray (
  slip {text} not null,
  id {uuid} not null,
  digest {text} not null,
  width {int} not null,
  height {int} not null,
  bytes {int} not null,
  at {int} not null,
  primary key (slip, id)
) {strict};
create index grid_tray_digest on grid_tray (digest);
-- The photos of reports. Their key is sealed under the reporter's record; the public sees one after a worker released it.
create table grid_photo (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  record {uuid} not null,
  slip {bytes} not null,
  digest {text} not null,
  width {int} not null,
  height {int} not null,
  bytes {int} not null,
  at {int} not null,
  released_at {int},
  released_by {text},
  primary key (district, id)
) {strict};
create index grid_photo_case on grid_photo (district, case_id, at);
create index grid_photo_digest on grid_photo (digest);
create index grid_photo_record on grid_photo (district, record);
-- What the public may see of a report beside its kind: how it stands, and her words once a worker released them.
create table grid_shown (
  district {int} not null,
  case_id {uuid} not null,
  record {uuid},
  stage {text} not null,
  words {text},
  released_at {int},
  released_by {text},
  primary key (district, case_id)
) {strict};
create index grid_shown_record on grid_shown (district, record);
-- Those who met with the same thing and hear the news. Each lies sealed under a record of her own.
create table grid_follower (
  district {int} not null,
  case_id {uuid} not null,
  record {uuid} not null,
  keeper {int} not null,
  digest {bytes},
  at {int} not null,
  primary key (district, case_id, record)
) {strict};
create index grid_follower_record on grid_follower (keeper, record);
