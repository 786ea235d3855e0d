insert into stations_station (id, path, compound, name_zh, name_en, address, telephone, hours, services, rooms, open, changed_name, changed_at) values (1, '1.4.40.400.', 1, '北苑驿站', 'Beiyuan station', '北苑 1 号', '024-12345', '08:00-20:00', 'rest,water', '[]', 1, '王晓梅', 1795572000000000);
insert into stations_sequence (name, last) values ('station', 1);
