insert into grid_board (district, month, depth, origin, kind, path, filed, closed) values (4, '2027-01', 4, '1.4.40.400.', 'event/0102', '1.4.40.400.', 2, 1);
insert into grid_open_area (district, origin, scale, east, north, path, reports, x, y) values (4, '1.4.', 1, 9000, 9000, '1.4.', 2, 72000000, 72000000);
