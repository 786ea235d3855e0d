insert into grid_alarm (district, case_id, dangers, at, cleared_at, seen_by, seen) values (4, {uuid:018f0000-0000-7000-8000-000000000034}, 'fire', 1795572000000000, 1795575600000000, '王敏', '');
