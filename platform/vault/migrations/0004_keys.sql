-- The wrapped key of a record stands in a small table of its own, apart from the sealed text, so that erasing takes it
-- away and the table can be rewritten. The records are copied as they are into a table without the key: a column that
-- is dropped would stay in the rows of PostgreSQL, and nobody could destroy it there.
create table vault_key (
  district {int} not null,
  record {uuid} not null,
  key_id {text} not null,
  wrapped {bytes} not null,
  primary key (district, record)
) {strict};
insert into vault_key (district, record, key_id, wrapped)
select district, id, key_id, wrapped_key from vault_record where wrapped_key is not null;
create index vault_key_key_id on vault_key (key_id, district, record);
create table vault_record_kept (
  district {int} not null,
  id {uuid} not null,
  purpose {text} not null,
  sealed_at {int} not null,
  changed_at {int} not null,
  retain_until {text},
  algorithm {text} not null,
  ciphertext {bytes},
  erased_at {int},
  primary key (district, id)
) {strict};
insert into vault_record_kept (district, id, purpose, sealed_at, changed_at, retain_until, algorithm, ciphertext, erased_at)
select district, id, purpose, sealed_at, changed_at, retain_until, algorithm, ciphertext, erased_at from vault_record;
drop table vault_record;
alter table vault_record_kept rename to vault_record;
create index vault_record_retain_until on vault_record (retain_until, district, id);
-- Records that were erased since the table of keys was rewritten.
create table vault_trace (
  district {int} not null,
  record {uuid} not null,
  erased_at {int} not null,
  primary key (district, record)
) {strict};
create index vault_trace_erased_at on vault_trace (erased_at, district, record);
