//! Which of today's grids lives on in which proposed one.

use std::collections::BTreeMap;

/// A building in a division: its grid of today, its proposed grid, its households.
pub type Place = (Option<i64>, u32, u32);

/// Of each proposed grid that carries on one of today's, that one: the one with which it shares most households. Each of today's is carried on once at
/// most.
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
