-- What was heard is forgotten after a while, without going through all that is kept.
create index store_outbox_done on store_outbox (done_at) where done_at is not null;
