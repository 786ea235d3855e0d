insert into grid_joined (district, case_id, mark, at) values (4, {uuid:018f0000-0000-7000-8000-000000000001}, '5f2d', 1795572300000000);
