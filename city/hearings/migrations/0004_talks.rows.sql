insert into hearings_thing (district, point_id, thing, remark) values (4, {uuid:018f0000-0000-7000-8000-000000000001}, 'group', '群名：华炉说事');
insert into hearings_talk (district, id, number, path, day, turn, state, walk_in, booked_at) values (4, {uuid:018f0000-0000-7000-8000-000000000008}, '210104-2026-X000001-2', '1.4.40.400.', '2026-11-26', 1, 'booked', 0, 1795572000000000);
