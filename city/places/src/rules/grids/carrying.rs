//! This file decides which of today's grids lives on in which proposed grid.

use std::collections::{BTreeMap, BTreeSet};

use super::given::{Calls, Drawn, Wish};
use super::ground::{Ground, Today};

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

/// Returns the grid of today that each grid of a drawn division is: the one that the person names, or, for a new one
/// that she calls nothing, the one whose buildings it has. So the same division given again changes nothing, whatever
/// its grids are numbered by. A grid of today that she names is no other one.
pub fn kept(drawn: &Drawn, ground: &Ground, today: &Today, calls: &Calls) -> BTreeMap<u32, i64> {
    let mut kept = drawn.kept.clone();
    let named: BTreeSet<i64> = kept.values().copied().collect();
    let is_open = |label: &u32| {
        let word = drawn.words.get(label);
        word.is_some_and(|word| calls.new.get(word).is_none_or(|wish| *wish == Wish::default()))
    };
    let from = ground.from(today).into_iter().map(|grid| grid.map(|grid| grid.0));
    let buildings: Vec<Place> = from
        .zip(&drawn.grids.grid)
        .zip(&ground.buildings)
        .filter(|((_, label), _)| is_open(label))
        .map(|((from, label), building)| (from.filter(|grid| !named.contains(grid)), *label, building.households))
        .collect();
    kept.extend(carried_on(&buildings));
    kept
}
