insert into property_entry (district, id, path, name, noted_name, noted_at) values (4, {uuid:018f0000-0000-7000-8000-000000000001}, '1.4.40.400.', '一号', '王晓梅', 1795572000000000);
