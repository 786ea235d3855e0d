-- The open reports as a table of PostGIS, and the function that gathers them by the cells of a square as our own tiles
-- do. Martin serves both: the table as it is, and the function.
create extension postgis;
create table given (longitude double precision, latitude double precision, name text, href text);
create table reports (geom geometry(Point, 3857) not null, count bigint not null, name text not null, href text not null);

-- A point lies in one square of each zoom, so the eastern and the southern edge belong to the next one. From zoom 17 on
-- only what is at the same spot stays together.
create function reports_in_cells(z integer, x integer, y integer) returns bytea
language plpgsql stable strict parallel safe as $$
declare
  square geometry := ST_TileEnvelope(z, x, y);
  west double precision := ST_XMin(square);
  north double precision := ST_YMax(square);
  east double precision := ST_XMax(square);
  south double precision := ST_YMin(square);
  side double precision := (east - west) / case when z < 13 then 8 else 16 end;
  tile bytea;
begin
  select ST_AsMVT(cell, 'reports', 4096, 'geom') into tile from (
    select
      ST_AsMVTGeom(ST_Point(avg(ST_X(geom)), avg(ST_Y(geom)), 3857), square, 4096, 0, true) as geom,
      sum(count)::bigint as count,
      case when count(*) = 1 then min(name) end as name,
      case when count(*) = 1 then min(href) end as href
    from reports
    where geom && square and ST_X(geom) >= west and ST_X(geom) < east and ST_Y(geom) <= north and ST_Y(geom) > south
    group by
      case when z < 17 then floor((ST_X(geom) - west) / side) else ST_X(geom) end,
      case when z < 17 then floor((north - ST_Y(geom)) / side) else ST_Y(geom) end
  ) as cell;
  return tile;
end
$$;
