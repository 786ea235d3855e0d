insert into grid_alarm (district, case_id, dangers, at) values (4, {uuid:018f0000-0000-7000-8000-000000000001}, 'fire', 1795572000000000);
