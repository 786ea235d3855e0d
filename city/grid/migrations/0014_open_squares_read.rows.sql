insert into grid_open_square (district, origin, known, east, north, path, reports, x, y) values (4, '1.4.40.400.', 0, 0, 0, '1.4.40.400.', 1, 0, 0);
