insert into places_geography (id, revision, source, invented, laid_at, origin) values (2, 1, 'survey', 1, 1795572000000000, '41.8057000,123.4315000');
