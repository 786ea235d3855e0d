-- The key begins with the district, so that a distributed database finds the machine of a message.
create table store_outbox_divided (
  district {int} not null,
  id {uuid} not null,
  topic {text} not null,
  payload {text} not null,
  at {int} not null,
  done_at {int},
  primary key (district, id)
) {strict};
insert into store_outbox_divided (district, id, topic, payload, at, done_at) select district, id, topic, payload, at, done_at from store_outbox;
drop table store_outbox;
alter table store_outbox_divided rename to store_outbox;
create index store_outbox_pending on store_outbox (id) where done_at is null;
