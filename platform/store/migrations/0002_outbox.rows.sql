insert into store_outbox (district, id, topic, payload, at, done_at) values (5, {uuid:018f0000-0000-7000-8000-000000000001}, 'places.moved', '{}', 1795572000000000, null);
