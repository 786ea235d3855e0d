-- How many reports of a month were filed and closed, by kind, in each district, street and community (depth 2, 3, 4): a
-- board of figures is read from these. With depth 0 the reports of all kinds are counted where they are, so that the
-- total is counted apart from its parts. `origin` is the path under which a row was counted first; its path follows the
-- place.
create table grid_board (
  district {int} not null,
  month {text} not null,
  depth {int} not null,
  origin {text} not null,
  kind {text} not null,
  path {text} not null,
  filed {int} not null,
  closed {int} not null,
  primary key (district, month, depth, origin, kind)
) {strict};
-- A board is read from its index alone.
create index grid_board_order on grid_board (month, depth, path, kind, filed, closed);
create index grid_board_path on grid_board (path);
-- The open reports of each district by larger squares of the ground: `scale` says how many squares of grid_open_square
-- are one of these on each side. A square of the map of a city is drawn from as few as it shows.
create table grid_open_area (
  district {int} not null,
  origin {text} not null,
  scale {int} not null,
  east {int} not null,
  north {int} not null,
  path {text} not null,
  reports {int} not null,
  x {int} not null,
  y {int} not null,
  primary key (district, origin, scale, east, north)
) {strict};
create index grid_open_area_at on grid_open_area (scale, east, north, path, reports, x, y);
create index grid_open_square_nowhere on grid_open_square (path, reports, x, y, known) where known = 0;
