-- Outlines of places as somebody drew them, an area in each row: its outer ring, then its holes, divided by `;`. A corner
-- is `latitude,longitude`, corners are divided by spaces. Where a place has none, pages draw a line around buildings.
create table places_outline (
  place {int} not null,
  part {int} not null,
  rings {text} not null,
  primary key (place, part)
) {strict};
alter table places_geography add column outlined {int} not null default 0
