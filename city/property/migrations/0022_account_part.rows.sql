insert into property_account (district, id, path, compound, opened_name, opened_at, part) values (4, {uuid:018f0000-0000-7000-8000-0000000000b1}, '1.4.40.400.', '北苑', '王晓梅', 1795572000000000, '2号楼');
