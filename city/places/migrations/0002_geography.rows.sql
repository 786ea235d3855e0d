insert into places_geography (id, revision, source, invented, laid_at) values (1, 1, 'survey', 1, 1795572000000000);
insert into places_network (part, content) values (0, {bytes:00ff10});
insert into places_compound (id, community, name, x, y, gates) values (1, 400, '北苑', 10, 20, '[]');
insert into places_building (id, compound, name, x, y, node, access, households) values (1, 1, '1 号楼', 11, 21, 0, 5, 60);
insert into places_building (id, compound, name, x, y, node, access, households) values (2, 1, '2 号楼', 12, 22, 0, 5, 60);
insert into places_border (a, b, metres) values (1, 2, 12);
insert into places_building_grid (building, valid_from, valid_to, grid) values (1, '2026-01-01', null, 500);
