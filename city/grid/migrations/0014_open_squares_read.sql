-- The squares of a place are read from their index alone.
drop index grid_open_square_path;
create index grid_open_square_path on grid_open_square (path, known, east, north, reports, x, y);
