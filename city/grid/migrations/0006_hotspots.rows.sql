insert into grid_course (district, case_id, path, kind, found, returned, due_on, handled_on, reported_at) values (4, {uuid:018f0000-0000-7000-8000-000000000006}, '1.4.40.400.', 'event/0102', 0, 1, '2026-11-25', null, 1795572000000000);
insert into grid_night (night, scanned_at, days, sorts, reports, left_out, communities, unplaced) values ('2026-11-22', 1795572000000000, 365, 12, 1500, 0, 931, 0);
insert into grid_rise (night, ordinal, sort, days, reports, expected, once_in) values ('2026-11-22', 0, 'event/01', 3, 12, 2500, 900);
insert into grid_rise_place (night, ordinal, path) values ('2026-11-22', 0, '1.4.40.400.');
