insert into counter_saved (district, id, until_day) values (1, {uuid:018f0000-0000-7000-8000-000000000011}, '2026-12-23');
