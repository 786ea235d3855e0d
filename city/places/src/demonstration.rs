//! This file makes the ground of the demonstration: an invented geography over the real communities of one district,
//! and the grids of today in one street.

use std::sync::Arc;

use kernel::language::Lang;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::Date;

use crate::actions::worker::{HandingOver, hand_over};
use crate::geography::{Geography, invent};
use crate::words::Author;
use crate::{GRID_HOUSEHOLDS, Place, Places, Tree, lay_geography, open_grids, put_into_grids};
use house::{OpenFault, Stage};
use rulebook::Rulebook;
use uuid::Uuid;

/// Is the seed of the invented ground, which is the same in every demonstration.
const SEED: u64 = 1;
/// The name of the worker of the demonstration's community.
const WORKER: &str = "王晓燕";

/// Lays the ground and opens today's grids. They are strips of buildings, as people draw them by hand if nobody counts
/// households.
pub fn lay(places: &Arc<Places>, rulebook: &Rulebook, stage: &Stage) -> Result<(), OpenFault> {
    let (tree, now, on) = (places.tree(), stage.now, stage.today);
    let place = |level: Level, name: &str| -> Option<PlacePath> {
        tree.of_level(level).find(|place| place.named(Lang::Zh) == name).map(|place| place.path.clone())
    };
    let Some(district) = place(Level::District, stage.district) else { return Ok(()) };
    let new = invent(&tree, &[district], SEED);
    places.store().write_blocking(move |tx| lay_geography(tx, &new, now))?;
    if let Some(street) = place(Level::Street, stage.street) {
        let households = rulebook.get(GRID_HOUSEHOLDS, &street, on);
        let households = households.map_err(|fault| OpenFault::Said(fault.to_string()))?;
        grids(places, &street, on, u64::from(households).max(1))?;
    }
    places.reload_blocking()?;
    responsible(places, stage)
}

/// Puts the worker of the demonstration's community in charge of its grids.
fn responsible(places: &Places, stage: &Stage) -> Result<(), OpenFault> {
    let (tree, now, day) = (places.tree(), stage.now, stage.today);
    let community = tree.of_level(Level::Community).find(|place| place.named(Lang::Zh) == stage.community);
    let (Some(community), Some(account)) = (community, stage.worker) else { return Ok(()) };
    let handing = |grid: &Place| HandingOver {
        id: Uuid::now_v7(),
        grid: grid.id,
        district: grid.path.district(),
        day,
        begun: true,
        account,
        name: WORKER.to_owned(),
        note: String::new(),
        open_reports: 0,
        by: Author::default(),
        key: Uuid::now_v7().to_string(),
    };
    let all: Vec<HandingOver> = tree.children(community.id).map(handing).collect();
    let done = places.store().write_blocking(move |tx| all.iter().try_for_each(|new| hand_over(tx, new, now)));
    done.map_err(|fault| OpenFault::Said(fault.to_string()))
}

fn grids(places: &Places, street: &PlacePath, on: Date, households: u64) -> Result<(), OpenFault> {
    let Some(ground) = places.geography_blocking()? else { return Ok(()) };
    let tree = places.tree();
    let communities: Vec<PlacePath> = tree.children(street.id()).map(|place| place.path.clone()).collect();
    let strips: Vec<(PlaceId, Vec<i64>, u32)> =
        communities.iter().map(|one| strips(&ground, &tree, one, households)).collect();
    let opened = places.store().write_blocking(move |tx| {
        for (community, buildings, count) in &strips {
            let grids = open_grids(tx, *community, *count, on)?;
            let each = buildings.len().div_ceil(grids.len().max(1)).max(1);
            let member = |(at, building): (usize, &i64)| Some((*building, *grids.get(at / each)?));
            let members: Vec<(i64, PlaceId)> = buildings.iter().enumerate().filter_map(member).collect();
            put_into_grids(tx, &members, on)?;
        }
        Ok::<_, crate::DecideError>(())
    });
    opened.map_err(|fault| OpenFault::Said(fault.to_string()))
}

/// Returns the buildings of a community from west to east, and the number of grids into which they go.
fn strips(ground: &Geography, tree: &Tree, community: &PlacePath, households: u64) -> (PlaceId, Vec<i64>, u32) {
    let inside = ground.inside(tree, community);
    let count = (ground.households(&inside) / households).clamp(1, 50);
    let mut buildings: Vec<_> = inside.buildings.iter().filter_map(|at| ground.buildings.get(*at as usize)).collect();
    buildings.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.id.cmp(&b.id)));
    (community.id(), buildings.iter().map(|building| building.id).collect(), u32::try_from(count).unwrap_or(1))
}
