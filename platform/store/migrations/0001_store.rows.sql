insert into store_once (scope, key, digest, answer, at) values ('counter.apply', 'k1', 'd1', '210102-2026-0000001-1', 1795572000000000);
insert into store_once (scope, key, digest, answer, at) values ('counter.apply', 'k2', 'd2', null, 1795572000000000);
insert into store_outbox (id, district, topic, payload, at, done_at) values ({uuid:018f0000-0000-7000-8000-000000000001}, 4, 'cases.moved', '{"number":"1"}', 1795572000000000, null);
insert into store_outbox (id, district, topic, payload, at, done_at) values ({uuid:018f0000-0000-7000-8000-000000000002}, 4, 'cases.moved', '{"number":"2"}', 1795572000000000, 1795572000000001);
insert into store_event (district, stream, sequence, at, kind, payload, previous, hash) values (4, {uuid:018f0000-0000-7000-8000-000000000003}, 1, 1795572000000000, 'opened', '{}', {bytes:00}, {bytes:01});
insert into store_event (district, stream, sequence, at, kind, payload, previous, hash) values (4, {uuid:018f0000-0000-7000-8000-000000000003}, 2, 1795572000000001, 'accepted', '{}', {bytes:01}, {bytes:02});
insert into store_audit_seal (district, stream, day, sequence, hash) values (4, {uuid:018f0000-0000-7000-8000-000000000003}, '2026-11-23', 2, {bytes:02});
insert into store_audit_head (number, day, streams, digest, previous, sealed_at, signature) values (1, '2026-11-23', 1, {bytes:03}, {bytes:00}, 1795572000000000, {bytes:04});
