insert into hearings_room (district, id, point_id, name, seats, step_free, ended) values (4, {uuid:018f0000-0000-7000-8000-000000000009}, {uuid:018f0000-0000-7000-8000-000000000001}, '评理室', 8, 1, 0);
insert into hearings_host (district, point_id, kind, id) values (4, {uuid:018f0000-0000-7000-8000-000000000001}, 'post', {uuid:018f0000-0000-7000-8000-00000000000a});
insert into hearings_use (district, id, room, day, begins_at, ends_at, case_id, booked_name, booked_at) values (4, {uuid:018f0000-0000-7000-8000-00000000000b}, {uuid:018f0000-0000-7000-8000-000000000009}, '2026-11-26', 540, 600, {uuid:018f0000-0000-7000-8000-000000000002}, '王晓梅', 1795572000000000);
insert into hearings_stay (district, case_id, number, office, along, since) values (4, {uuid:018f0000-0000-7000-8000-000000000002}, 0, '1.4.40.400.', '', 0);
insert into hearings_along (district, case_id, side, papers) values (4, {uuid:018f0000-0000-7000-8000-000000000002}, 'first', 'application record');
insert into hearings_part (district, case_id, part, stay, noted_name, noted_at) values (4, {uuid:018f0000-0000-7000-8000-000000000002}, 'evidence', 0, '王晓梅', 1795572000000000);
