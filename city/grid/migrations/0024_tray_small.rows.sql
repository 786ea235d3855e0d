insert into grid_tray (slip, id, digest, width, height, bytes, at, picture, small) values ('61', {uuid:018f0000-0000-7000-8000-0000000000b4}, '6003', 4, 3, 700, 1795572000000000, '64', {bytes:00});
