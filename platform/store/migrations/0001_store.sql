-- What the store remembers for itself.
create table store_once (
  scope {text} not null,
  key {text} not null,
  digest {text} not null,
  answer {text},
  at {int} not null,
  primary key (scope, key)
) {strict};
create index store_once_at on store_once (at);
create table store_outbox (
  id {uuid} not null primary key,
  district {int} not null,
  topic {text} not null,
  payload {text} not null,
  at {int} not null,
  done_at {int}
) {strict};
create index store_outbox_pending on store_outbox (id) where done_at is null;
create table store_event (
  district {int} not null,
  stream {uuid} not null,
  sequence {int} not null,
  at {int} not null,
  kind {text} not null,
  payload {text} not null,
  previous {bytes} not null,
  hash {bytes} not null,
  primary key (district, stream, sequence)
) {strict};
create index store_event_at on store_event (at);
create table store_audit_seal (
  district {int} not null,
  stream {uuid} not null,
  day {text} not null,
  sequence {int} not null,
  hash {bytes} not null,
  primary key (district, stream, day)
) {strict};
create index store_audit_seal_day on store_audit_seal (day, district, stream);
create table store_audit_head (
  number {int} not null primary key,
  day {text} not null,
  streams {int} not null,
  digest {bytes} not null,
  previous {bytes} not null,
  sealed_at {int} not null,
  signature {bytes} not null
) {strict};
create unique index store_audit_head_day on store_audit_head (day);
