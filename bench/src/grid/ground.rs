//! This file lays an invented ground under all communities of the city, with grids of some three hundred households.

use std::sync::Arc;

use kernel::place::{Level, PlaceId};
use lianglin::City;
use places::geography::invent;

use crate::counter::text;

/// Is the seed of the ground, the same in every run.
const SEED: u64 = 1;
/// Says how many households a grid has.
const HOUSEHOLDS: u64 = 300;
/// Limits the grids of a community.
const MOST_GRIDS: u64 = 50;

/// Lays compounds, buildings and ways, and opens the grids.
pub fn lay(city: &Arc<City>) -> Result<(), String> {
    let tree = city.places.tree();
    let root = tree.root().ok_or("there are no places")?.path.clone();
    let (new, now, today) = (invent(&tree, &[root], SEED), (city.clock)(), city.hall.day((city.clock)()));
    city.store.write_blocking(move |tx| places::lay_geography(tx, &new, now)).map_err(text)?;
    let ground = city.places.geography_blocking().map_err(text)?.ok_or("no geography was laid")?;
    let mut strips: Vec<(PlaceId, Vec<i64>, u32)> = Vec::new();
    for community in tree.of_level(Level::Community) {
        let inside = ground.inside(&tree, &community.path);
        let count = (ground.households(&inside) / HOUSEHOLDS).clamp(1, MOST_GRIDS);
        let mut buildings: Vec<_> =
            inside.buildings.iter().filter_map(|at| ground.buildings.get(*at as usize)).collect();
        buildings.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.id.cmp(&b.id)));
        let buildings = buildings.iter().map(|building| building.id).collect();
        strips.push((community.id, buildings, u32::try_from(count).unwrap_or(1)));
    }
    let opened = city.store.write_blocking(move |tx| {
        for (community, buildings, count) in &strips {
            let grids = places::open_grids(tx, *community, *count, today)?;
            let each = buildings.len().div_ceil(grids.len().max(1)).max(1);
            let member = |(at, building): (usize, &i64)| Some((*building, *grids.get(at / each)?));
            let members: Vec<(i64, PlaceId)> = buildings.iter().enumerate().filter_map(member).collect();
            places::put_into_grids(tx, &members, today)?;
        }
        Ok::<_, places::DecideError>(())
    });
    opened.map_err(text)?;
    city.places.reload_blocking().map_err(text)
}
