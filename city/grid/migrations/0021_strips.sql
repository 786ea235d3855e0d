-- In which strip of the ground an open report lies: strips are 400 metres wide and go from south to north. The map asks
-- for some strips from one latitude to another, and the index holds all that it draws.
alter table grid_report add column strip {int};
update grid_report set strip = (x - ((x % 4000) + 4000) % 4000) / 4000 where x is not null;
drop index grid_report_open_spot;
create index grid_report_open_strip on grid_report (strip, y, x, path, kind, number, case_id, district) where open = 1;
-- What comes back to the same spot is found by this index alone.
drop index grid_report_path;
create index grid_report_path on grid_report (path, reported_at, kind, stage, compound, x, y, case_id, district);
-- What rose in a place is found without a look at what rose elsewhere.
create index grid_rise_place_path on grid_rise_place (night, path, ordinal);
