//! This file holds what the planner is given: the buildings of a place, which of them touch, and the grids that they
//! lie in today.

use std::collections::{BTreeMap, BTreeSet};

use kernel::place::{PlaceId, PlacePath};
use planning::partition::{Border, Bounds, Building};
use serde::{Deserialize, Serialize};

use super::numbering::{Called, Lies};
use crate::rules::geography::{self, Geography};
use crate::rules::tree::Tree;

/// Says how many households a grid may have (户数), by the rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The smallest number of households.
    pub least: u32,
    /// The largest number of households.
    pub most: u32,
    /// The number of households to aim at.
    pub target: u32,
    /// How many metres of border are worth one household off the mean.
    pub deviation: u32,
}

/// Says whether a grid keeps the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Fewer households than a grid should have.
    Below,
    /// The grid has a number of households within the limits.
    Within,
    /// More households than a grid should have.
    Above,
}

impl Limits {
    /// Returns the limits in the planner's form.
    pub fn bounds(&self) -> Bounds {
        Bounds { least: self.least, most: self.most, target: self.target, deviation: f64::from(self.deviation) }
    }

    /// Says whether a grid with so many households keeps the limits.
    pub fn standing(&self, households: u64) -> Standing {
        if households < u64::from(self.least) {
            Standing::Below
        } else if households > u64::from(self.most) {
            Standing::Above
        } else {
            Standing::Within
        }
    }
}

/// Holds the grids of today: where each building lies, and which grids live.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Today {
    /// The grid of each building.
    pub grid: BTreeMap<i64, PlaceId>,
    /// The community of each living grid.
    pub living: BTreeMap<PlaceId, PlaceId>,
    /// What each living grid is called.
    pub called: BTreeMap<PlaceId, Called>,
}

impl Today {
    /// Returns the grid of a building, if that grid lives and belongs to the building's own community.
    pub fn of(&self, building: i64, community: PlaceId) -> Option<PlaceId> {
        self.grid.get(&building).copied().filter(|grid| self.living.get(grid) == Some(&community))
    }

    /// Returns the living grids of a community.
    pub fn of_community(&self, community: PlaceId) -> BTreeSet<PlaceId> {
        self.living.iter().filter(|(_, lies)| **lies == community).map(|(grid, _)| *grid).collect()
    }
}

/// Holds the buildings of a place in the planner's form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// The communities, in the order of the tree.
    pub communities: Vec<PlaceId>,
    /// The identity of each building.
    pub ids: Vec<i64>,
    /// Each building. Its community is a position in the list above, and its compound is a position in the geography.
    pub buildings: Vec<Building>,
    /// Which of them touch, as positions in the list.
    pub borders: Vec<Border>,
}

impl Ground {
    /// Makes the ground of a place. Communities without buildings are left out.
    pub fn of(ground: &Geography, tree: &Tree, place: &PlacePath) -> Self {
        let inside = ground.inside(tree, place);
        let found: Vec<(u32, PlaceId, &geography::Building)> = inside
            .buildings
            .iter()
            .filter_map(|at| {
                let building = ground.buildings.get(*at as usize)?;
                // A community that turned out to be another one leads to that one.
                Some((*at, tree.get(ground.community_of(building)?)?.id, building))
            })
            .collect();
        let with: BTreeSet<PlaceId> = found.iter().map(|(_, community, _)| *community).collect();
        let communities: Vec<PlaceId> =
            tree.inside(place.id()).iter().map(|one| one.id).filter(|id| with.contains(id)).collect();
        let number: BTreeMap<PlaceId, u32> = communities.iter().copied().zip(0..).collect();
        let known: BTreeMap<u32, u32> = found.iter().map(|(at, ..)| *at).zip(0..).collect();
        let building = |(_, community, one): &(u32, PlaceId, &geography::Building)| Building {
            community: number.get(community).copied().unwrap_or_default(),
            compound: one.compound,
            households: one.households,
        };
        let border = |one: &Border| {
            let (a, b) = (known.get(&one.a).copied()?, known.get(&one.b).copied()?);
            Some(Border { a, b, metres: one.metres })
        };
        Self {
            ids: found.iter().map(|(_, _, building)| building.id).collect(),
            buildings: found.iter().map(building).collect(),
            borders: ground.borders.iter().filter_map(border).collect(),
            communities,
        }
    }

    /// Returns the community of a building.
    pub fn community(&self, at: usize) -> Option<PlaceId> {
        self.communities.get(self.buildings.get(at)?.community as usize).copied()
    }

    /// Returns today's grid of each building.
    pub fn from(&self, today: &Today) -> Vec<Option<PlaceId>> {
        let of = |(at, id): (usize, &i64)| today.of(*id, self.community(at)?);
        self.ids.iter().enumerate().map(of).collect()
    }

    /// Returns the living grids of a community that have buildings, with the places of these.
    pub fn lying(&self, laid: &Geography, today: &Today, community: PlaceId) -> Vec<Lies> {
        let mut lying: BTreeMap<PlaceId, Lies> = BTreeMap::new();
        for (at, (id, grid)) in self.ids.iter().zip(self.from(today)).enumerate() {
            let Some(grid) = grid.filter(|_| self.community(at) == Some(community)) else { continue };
            let found = laid.buildings.binary_search_by_key(id, |building| building.id).ok();
            let Some(building) = found.and_then(|at| laid.buildings.get(at)) else { continue };
            let called = || today.called.get(&grid).cloned().unwrap_or_default();
            let own =
                lying.entry(grid).or_insert_with(|| Lies { grid: grid.0, called: called(), buildings: Vec::new() });
            own.buildings.push(building.at);
        }
        lying.into_values().collect()
    }

    /// Returns some of the buildings with the borders among them, and the position that each had.
    pub fn part(&self, keeps: impl Fn(&Building) -> bool) -> (Self, Vec<usize>) {
        self.part_of((0..self.ids.len()).filter(|at| self.buildings.get(*at).is_some_and(&keeps)).collect())
    }

    /// Returns the buildings of some identities, in the same way.
    pub fn part_at(&self, keeps: impl Fn(i64) -> bool) -> (Self, Vec<usize>) {
        self.part_of((0..self.ids.len()).filter(|at| self.ids.get(*at).is_some_and(|id| keeps(*id))).collect())
    }

    fn part_of(&self, at: Vec<usize>) -> (Self, Vec<usize>) {
        let number: BTreeMap<usize, u32> = at.iter().copied().zip(0..).collect();
        let of = |building: u32| number.get(&usize::try_from(building).ok()?).copied();
        let border = |one: &Border| Some(Border { a: of(one.a)?, b: of(one.b)?, metres: one.metres });
        let part = Self {
            communities: self.communities.clone(),
            ids: at.iter().filter_map(|at| self.ids.get(*at).copied()).collect(),
            buildings: at.iter().filter_map(|at| self.buildings.get(*at).copied()).collect(),
            borders: self.borders.iter().filter_map(border).collect(),
        };
        (part, at)
    }

    /// Returns today's grids in the planner's form: one number for each grid, and in each community one number for the
    /// buildings that lie in no grid.
    pub fn numbered(&self, from: &[Option<PlaceId>]) -> Vec<u32> {
        let mut numbers: BTreeMap<(u32, Option<PlaceId>), u32> = BTreeMap::new();
        let mut number = |(building, grid): (&Building, &Option<PlaceId>)| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry((building.community, *grid)).or_insert(next)
        };
        self.buildings.iter().zip(from).map(&mut number).collect()
    }

    /// Counts the pieces whose buildings hang together. The planner reports progress that many times.
    pub fn pieces(&self) -> u64 {
        let mut root: Vec<usize> = (0..self.ids.len()).collect();
        let mut pieces = u64::try_from(root.len()).unwrap_or(u64::MAX);
        for border in &self.borders {
            let (a, b) = (border.a as usize, border.b as usize);
            if self.buildings.get(a).map(|one| one.community) != self.buildings.get(b).map(|one| one.community) {
                continue;
            }
            let (a, b) = (root_of(&mut root, a), root_of(&mut root, b));
            if a != b {
                pieces -= 1;
                if let Some(above) = root.get_mut(a.max(b)) {
                    *above = a.min(b);
                }
            }
        }
        pieces
    }
}

fn root_of(root: &mut [usize], mut at: usize) -> usize {
    while let Some(above) = root.get(at).copied().filter(|above| *above != at) {
        let further = root.get(above).copied().unwrap_or(above);
        if let Some(own) = root.get_mut(at) {
            *own = further;
        }
        at = above;
    }
    at
}
