//! This file decides which of today's grids lives on in which proposed grid.

use std::collections::BTreeMap;

/// Describes a building in a division: its grid of today, its proposed grid and its households.
pub type Place = (Option<i64>, u32, u32);

/// Returns, for each proposed grid that carries on one of today's grids, that grid. It is the grid with which the
/// proposed one shares most households. Each of today's grids is carried on at most once.
pub fn carried_on(buildings: &[Place]) -> BTreeMap<u32, i64> {
    let known: Vec<(i64, u32, u32)> =
        buildings.iter().filter_map(|(from, to, households)| Some(((*from)?, *to, *households))).collect();
    let mut grids: Vec<i64> = known.iter().map(|(from, ..)| *from).collect();
    grids.sort_unstable();
    grids.dedup();
    let number = |grid: &i64| grids.binary_search(grid).ok().and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX);
    let old: Vec<u32> = known.iter().map(|(from, ..)| number(from)).collect();
    let new: Vec<u32> = known.iter().map(|(_, to, _)| *to).collect();
    let households: Vec<u32> = known.iter().map(|(.., households)| *households).collect();
    let carried = planning::partition::carried_on(&old, &new, &households);
    carried.into_iter().filter_map(|(new, old)| Some((new, *grids.get(old as usize)?))).collect()
}
