//! This file reads the open reports of the measured city and lays them into a database of PostGIS, in the place where
//! our own map shows each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use grid::Grid;
use kernel::earth::{Plane, degrees, world};
use kernel::place::{PlaceId, PlacePath};
use lianglin::City;
use postgres::{Client, NoTls};

use crate::counter::text;

/// Makes the table and the function.
const TABLE: &str = include_str!("reports.sql");
/// Fills the table from what was given, in the projection of the tiles, so that Martin need not project.
const FILL: &str = "insert into reports (geom, count, name, href) \
     select ST_Transform(ST_SetSRID(ST_MakePoint(longitude, latitude), 4326), 3857), 1, name, href from given; \
     drop table given; create index reports_geom on reports using gist (geom); cluster reports using reports_geom";
/// Asks for every open report: whoever is asked for reads the whole city.
const OPEN: &str = "select number, path, x, y, kind from grid_report where open = 1";

/// Holds what the map knows of the city. It is read while the database is open in this process.
pub struct Known {
    names: BTreeMap<String, String>,
    plane: Plane,
    /// Degrees north and east of the middle of each community's buildings.
    middles: BTreeMap<PlaceId, (f64, f64)>,
}

impl Known {
    /// Reads it.
    pub fn of(city: &Arc<City>) -> Result<Self, String> {
        let (tree, ground) = (city.places.tree(), city.places.geography_blocking().map_err(text)?);
        let ground = ground.ok_or("no geography is laid")?;
        let plane = ground.plane().ok_or("the geography does not stand on the globe")?;
        let mut sums: BTreeMap<PlaceId, (f64, f64, f64)> = BTreeMap::new();
        for building in &ground.buildings {
            let community = ground.community_of(building).and_then(|id| tree.get(id));
            let Some((community, at)) = community.zip(plane.to_degrees((building.at.x, building.at.y))) else {
                continue;
            };
            let (at, sum) = (world(at.0, at.1), sums.entry(community.id).or_default());
            *sum = (sum.0 + at.0, sum.1 + at.1, sum.2 + 1.0);
        }
        let middle =
            |(id, (right, down, count)): (PlaceId, (f64, f64, f64))| (id, degrees((right / count, down / count)));
        let middles = sums.into_iter().map(middle).collect();
        let desk = city.house.get::<Grid>().map_err(text)?;
        let names = desk.catalogue().kinds().iter().map(|kind| (kind.key(), kind.name.zh.clone())).collect();
        Ok(Self { names, plane, middles })
    }

    /// Returns degrees north and east of where the map shows a report; none in a community without buildings.
    fn spot(&self, path: &str, at: Option<(i64, i64)>) -> Result<Option<(f64, f64)>, String> {
        if let Some(at) = at.and_then(|at| self.plane.to_degrees(metres(at))) {
            return Ok(Some(at));
        }
        let path = PlacePath::parse(path).map_err(text)?;
        Ok(self.middles.get(&path.id()).copied())
    }
}

#[expect(clippy::cast_precision_loss, reason = "decimetres of a city lie far below 2^53")]
fn metres(at: (i64, i64)) -> (f64, f64) {
    (at.0 as f64 / 10.0, at.1 as f64 / 10.0)
}

/// Lays the open reports of the city at the first address into the empty database at the second one, in the order of
/// their index, and lets PostgreSQL learn about them. Returns how many there are and the version of PostGIS.
pub fn lay(known: &Known, city: &str, into: &str) -> Result<(i64, String), String> {
    let mut from = Client::connect(city, NoTls).map_err(text)?;
    let mut rows = String::new();
    for row in from.query(OPEN, &[]).map_err(text)? {
        let number: String = row.try_get(0).map_err(text)?;
        let path: String = row.try_get(1).map_err(text)?;
        let (x, y): (Option<i64>, Option<i64>) = (row.try_get(2).map_err(text)?, row.try_get(3).map_err(text)?);
        let kind: String = row.try_get(4).map_err(text)?;
        let Some((north, east)) = known.spot(&path, x.zip(y))? else { continue };
        let name = known.names.get(&kind).unwrap_or(&kind);
        writeln!(rows, "{east}\t{north}\t{name}\t/cases/{number}").map_err(text)?;
    }
    let mut client = Client::connect(into, NoTls).map_err(text)?;
    client.batch_execute(TABLE).map_err(text)?;
    let mut copy = client.copy_in("copy given from stdin").map_err(text)?;
    copy.write_all(rows.as_bytes()).map_err(text)?;
    copy.finish().map_err(text)?;
    client.batch_execute(FILL).map_err(text)?;
    client.batch_execute("vacuum analyze reports").map_err(text)?;
    let told = client.query_one("select count(*), postgis_lib_version() from reports", &[]).map_err(text)?;
    Ok((told.try_get(0).map_err(text)?, told.try_get(1).map_err(text)?))
}

/// Says why PostGIS is missing where the server of an empty database does not offer it; none if it is there.
pub fn missing(database: &str) -> Result<Option<String>, String> {
    let mut client = Client::connect(database, NoTls).map_err(text)?;
    let sql = "select count(*) from pg_available_extensions where name = 'postgis'";
    let found: i64 = client.query_one(sql, &[]).and_then(|row| row.try_get(0)).map_err(text)?;
    let told = "the PostgreSQL server has no PostGIS (Debian: postgresql-15-postgis-3)";
    Ok((found == 0).then(|| told.to_owned()))
}
