update places_geography set origin = '41.8057000,123.4315000' where id = 1;
