insert into store_series (district, series, year, last) values (1, 'visits', 2026, 7);
