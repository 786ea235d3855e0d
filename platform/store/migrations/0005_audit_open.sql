-- Streams with events that no head covers yet, each with its last event. They are found by that and not by their time:
-- a clock may have been ahead and was put right.
create table store_audit_open (
  district {int} not null,
  stream {uuid} not null,
  sequence {int} not null,
  primary key (district, stream)
) {strict};
insert into store_audit_open (district, stream, sequence)
select e.district, e.stream, max(e.sequence) from store_event as e group by e.district, e.stream
having max(e.sequence) > coalesce((
  select max(s.sequence) from store_audit_seal as s where s.district = e.district and s.stream = e.stream
), 0);
-- What happened first is heard first: the identities of messages say nothing about that.
drop index store_outbox_pending;
create index store_outbox_pending on store_outbox (at, id) where done_at is null;
