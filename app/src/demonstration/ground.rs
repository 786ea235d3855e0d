//! This file makes the ground of the demonstration: an invented geography over the real communities of one district,
//! and the grids of today in one street.

use std::sync::Arc;

use kernel::language::Lang;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use places::Places;
use places::geography::{Geography, invent};

use super::story;
use crate::{AppError, City};

/// Is the seed of the invented ground, which is the same in every demonstration.
const SEED: u64 = 1;
/// Names the district that gets a ground.
pub const DISTRICT: &str = "和平区";

/// Lays the ground and opens today's grids. They are strips of buildings, as people draw them by hand if nobody counts
/// households.
pub fn lay(city: &Arc<City>, now: Instant) -> Result<(), AppError> {
    let tree = city.places.tree();
    let place = |level: Level, name: &str| -> Option<PlacePath> {
        tree.of_level(level).find(|place| place.named(Lang::Zh) == name).map(|place| place.path.clone())
    };
    let Some(district) = place(Level::District, DISTRICT) else { return Ok(()) };
    let new = invent(&tree, &[district], SEED);
    city.store.write_blocking(move |tx| places::lay_geography(tx, &new, now))?;
    let on = city.cases.hall.calendar().zone().date(now);
    if let Some(street) = place(Level::Street, story::NEAR_STREET) {
        let households = city.rulebook.get(places::GRID_HOUSEHOLDS, &street, on);
        let households = households.map_err(|fault| AppError::Said(fault.to_string()))?;
        grids(&city.places, &street, on, u64::from(households).max(1))?;
    }
    Ok(city.places.reload_blocking()?)
}

fn grids(places: &Places, street: &PlacePath, on: Date, households: u64) -> Result<(), AppError> {
    let Some(ground) = places.geography_blocking()? else { return Ok(()) };
    let tree = places.tree();
    let communities: Vec<PlacePath> = tree.children(street.id()).map(|place| place.path.clone()).collect();
    let strips: Vec<(PlaceId, Vec<i64>, u32)> =
        communities.iter().map(|one| strips(&ground, &tree, one, households)).collect();
    let opened = places.store().write_blocking(move |tx| {
        for (community, buildings, count) in &strips {
            let grids = places::open_grids(tx, *community, *count, on)?;
            let each = buildings.len().div_ceil(grids.len().max(1)).max(1);
            let member = |(at, building): (usize, &i64)| Some((*building, *grids.get(at / each)?));
            let members: Vec<(i64, PlaceId)> = buildings.iter().enumerate().filter_map(member).collect();
            places::put_into_grids(tx, &members, on)?;
        }
        Ok::<_, places::DecideError>(())
    });
    opened.map_err(|fault| AppError::Said(fault.to_string()))
}

/// Returns the buildings of a community from west to east, and the number of grids into which they go.
fn strips(ground: &Geography, tree: &places::Tree, community: &PlacePath, households: u64) -> (PlaceId, Vec<i64>, u32) {
    let inside = ground.inside(tree, community);
    let count = (ground.households(&inside) / households).clamp(1, 50);
    let mut buildings: Vec<_> = inside.buildings.iter().filter_map(|at| ground.buildings.get(*at as usize)).collect();
    buildings.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.id.cmp(&b.id)));
    (community.id(), buildings.iter().map(|building| building.id).collect(), u32::try_from(count).unwrap_or(1))
}
