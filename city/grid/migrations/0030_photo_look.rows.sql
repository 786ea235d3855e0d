insert into grid_photo_look (district, photo, account) values (4, {uuid:018f0000-0000-7000-8000-0000000000b3}, {uuid:018f0000-0000-7000-8000-000000000002});
