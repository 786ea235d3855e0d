-- The number of a message among those about one case to one system: a receiver sees which one it did not get.
alter table exchange_delivery add column sequence {int} not null default 0;
create unique index exchange_delivery_sequence on exchange_delivery (system, number, sequence) where sequence > 0;
