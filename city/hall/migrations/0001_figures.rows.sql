insert into hall_figure (district, publisher, month, place, department, n01, n02) values (4, 'visits', '2026-11', '1.4.57.570.', '', 3, 1);
insert into hall_figure (district, publisher, month, place, department, n01) values (1, 'exchange', '2026-11', '1.', '', 12);
insert into hall_counted (district, publisher, month, place, day, department, subject_district, subject, n01, n02) values (4, 'visits', '2026-11', '1.4.57.570.', '2026-11-23', '', 4, {uuid:01940000-0000-7000-8000-000000000901}, 1, null);
