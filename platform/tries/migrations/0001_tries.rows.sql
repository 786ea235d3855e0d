insert into tries_count (digest, wrong, since, free_at) values ({bytes:0d}, 2, 1795572000000000, 1795572000000000);
insert into tries_count (digest, wrong, since, free_at) values ({bytes:0e}, 9, 1795572000000000, 1795572060000000);
