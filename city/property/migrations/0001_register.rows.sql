insert into property_compound (district, id, path, name, changed_name, changed_at) values (4, 7, '1.4.40.400.', '华炉小区', '王晓梅', 1795572000000000);
insert into property_building (district, id, compound, name, stated_cm2) values (4, 70, 7, '1号楼', 1790000);
insert into property_unit (district, id, compound, building, stair, label, purpose, area_cm2, head) values (4, {uuid:018f0000-0000-7000-8000-000000000001}, 7, 70, '1', '101', 'dwelling', 895000, {uuid:018f0000-0000-7000-8000-000000000003});
insert into property_unit (district, id, compound, building, stair, label, purpose, area_cm2, head) values (4, {uuid:018f0000-0000-7000-8000-000000000002}, 7, 70, '1', '102', 'dwelling', 895000, {uuid:018f0000-0000-7000-8000-000000000004});
insert into property_owner (district, id, compound, mark) values (4, {uuid:018f0000-0000-7000-8000-000000000005}, 7, 'a1');
insert into property_share (district, unit, owner, part, whole) values (4, {uuid:018f0000-0000-7000-8000-000000000001}, {uuid:018f0000-0000-7000-8000-000000000005}, 1, 1);
insert into property_head (district, id, compound, kind, code, account, linked_at) values (4, {uuid:018f0000-0000-7000-8000-000000000003}, 7, 'owners', 'c1', null, null);
insert into property_head (district, id, compound, kind, code, account, linked_at) values (4, {uuid:018f0000-0000-7000-8000-000000000004}, 7, 'developer', 'c2', null, null);
