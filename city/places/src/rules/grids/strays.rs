//! This file checks that every building of a community with grids lies in exactly one grid of that community.

use std::collections::{BTreeMap, BTreeSet};

use kernel::place::PlaceId;

use crate::rules::geography::{Building, Geography};
use crate::rules::tree::Tree;

/// Counts buildings that do not lie as they should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strays {
    /// How many buildings lie in a grid.
    pub lie: usize,
    /// How many lie in two grids on the same day.
    pub twice: usize,
    /// How many lie in a grid of another community, or in one that ended.
    pub elsewhere: usize,
    /// How many lie in no grid, though others of their community do.
    pub without: usize,
}

impl Strays {
    /// Whether every building lies as it should.
    #[must_use]
    pub const fn none(&self) -> bool {
        self.twice == 0 && self.elsewhere == 0 && self.without == 0
    }
}

/// Counts the buildings that do not lie as they should, from the grid of each on a day. Those in two grids are not seen
/// here.
#[must_use]
pub fn strays(laid: &Geography, tree: &Tree, grids: &BTreeMap<i64, PlaceId>) -> Strays {
    let of = |building: &Building| tree.get(laid.community_of(building)?).map(|community| community.id);
    let divided: BTreeSet<PlaceId> =
        laid.buildings.iter().filter(|one| grids.contains_key(&one.id)).filter_map(of).collect();
    let mut strays = Strays::default();
    for building in &laid.buildings {
        let community = of(building);
        match grids.get(&building.id) {
            Some(grid) => {
                strays.lie += 1;
                let parent = tree.get(*grid).and_then(|grid| grid.parent);
                strays.elsewhere += usize::from(parent.is_none() || parent != community);
            }
            None => strays.without += usize::from(community.is_some_and(|one| divided.contains(&one))),
        }
    }
    strays
}
