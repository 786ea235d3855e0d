insert into grid_open_square (district, origin, known, east, north, path, reports, x, y) values (4, '1.4.40.400.', 1, 3, 0, '1.4.40.400.', 2, 26000, 1200);
