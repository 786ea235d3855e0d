insert into cases_looks_told (district, case_id, told_until) values (4, {uuid:018f0000-0000-7000-8000-000000000006}, 1795572000000000);
