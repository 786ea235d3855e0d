insert into places_outline (place, part, rings) values (4, 1, '41.8000000,123.4000000 41.8000000,123.5000000 41.9000000,123.5000000');
