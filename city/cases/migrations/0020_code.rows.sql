insert into cases_code (district, record, digest, given_at) values (4, {uuid:018f0000-0000-7000-8000-000000000091}, {bytes:00ff10}, 1795572000000000);
