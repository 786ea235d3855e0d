//! This file decides about grids that a person draws herself: which building is to lie in which grid. It is pure.
//!
//! What she draws becomes a proposal like the planner's, so that it is looked at beside today's grids and adopted from
//! a day on by the same decision.

use std::collections::{BTreeMap, BTreeSet};

use kernel::place::PlaceId;
use planning::partition::{Bounds, Effort, Grids, divide};
use serde::{Deserialize, Serialize};

use super::ground::{Ground, Limits, Today};
use super::numbering::Called;

/// Seeds the planner's chance when a grid is split, so that the same grid is split in the same way.
const SEED: u64 = 1;
/// Says into how many grids a grid is split.
const HALVES: u64 = 2;
/// Says which share of a grid a half has at least, as a divisor: a quarter.
const LEAST_SHARE: u64 = 4;

/// Names the grid in which a building is to lie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A grid of today.
    Living(i64),
    /// A new grid of the building's community. Buildings with the same word lie in the same new grid.
    New(String),
}

/// Holds what is given: a grid for each building that is named. The others stay where they are.
pub type Given = BTreeMap<i64, Target>;

/// Says what a new grid is to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Its name; otherwise it is named by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its code; otherwise it gets the next one of its community.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Whether it is an exclusive grid.
    #[serde(default)]
    pub exclusive: bool,
}

/// Holds what grids are to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Grids of today, by their identity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub living: BTreeMap<i64, Called>,
    /// New grids, by the word that stands for each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub new: BTreeMap<String, Wish>,
}

impl Calls {
    /// Says whether nothing is to be called otherwise.
    pub fn is_empty(&self) -> bool {
        self.living.is_empty() && self.new.is_empty()
    }
}

/// Holds the division that is given, in the planner's form.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The grid of each building.
    pub grids: Grids,
    /// The grid of today that each of them is.
    pub kept: BTreeMap<u32, i64>,
    /// The word that stands for each of the new ones.
    pub words: BTreeMap<u32, String>,
}

/// Says why grids cannot be drawn so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Buildings that would lie in no grid.
    Without(Vec<i64>),
    /// A building that would lie in a grid of another community, or in one that no longer lives.
    Elsewhere(i64),
    /// A grid that has fewer than two buildings, or that cannot be split so that both halves hang together.
    Whole,
}

/// Makes the division. Every building of the ground lies in exactly one grid of its own community.
///
/// # Errors
/// Names the buildings that would lie in no grid, or one that would lie in a grid of somewhere else.
pub fn drawn(ground: &Ground, today: &Today, given: &Given) -> Result<Drawn, Fault> {
    let from = ground.from(today);
    let mut numbers: BTreeMap<(PlaceId, Target), u32> = BTreeMap::new();
    let (mut grid, mut without) = (Vec::with_capacity(ground.ids.len()), Vec::new());
    for ((at, id), from) in ground.ids.iter().enumerate().zip(from) {
        let stays = || from.map(|grid| Target::Living(grid.0));
        let Some(target) = given.get(id).cloned().or_else(stays) else {
            without.push(*id);
            continue;
        };
        let community = ground.community(at).ok_or(Fault::Elsewhere(*id))?;
        if let Target::Living(grid) = target
            && today.living.get(&PlaceId(grid)) != Some(&community)
        {
            return Err(Fault::Elsewhere(*id));
        }
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        grid.push(*numbers.entry((community, target)).or_insert(next));
    }
    if !without.is_empty() {
        return Err(Fault::Without(without));
    }
    let living = |((_, target), number): (&(PlaceId, Target), &u32)| match target {
        Target::Living(grid) => Some((*number, *grid)),
        Target::New(_) => None,
    };
    let word = |((_, target), number): (&(PlaceId, Target), &u32)| match target {
        Target::Living(_) => None,
        Target::New(word) => Some((*number, word.clone())),
    };
    let kept = numbers.iter().filter_map(living).collect();
    let words = numbers.iter().filter_map(word).collect();
    Ok(Drawn { grids: Grids { grid, pieces: Vec::new() }, kept, words })
}

/// Gives the buildings of one grid to another.
pub fn merged(ground: &Ground, today: &Today, from: i64, into: i64) -> Given {
    let lies = ground.ids.iter().zip(ground.from(today)).filter(|(_, grid)| *grid == Some(PlaceId(from)));
    lies.map(|(id, _)| (*id, Target::Living(into))).collect()
}

/// Splits a grid into two that hang together and have about as many households. The half with more households stays the
/// grid; the other is new.
///
/// # Errors
/// The grid has fewer than two buildings, or no such halves were found.
pub fn split(ground: &Ground, today: &Today, grid: i64, limits: &Limits) -> Result<Given, Fault> {
    let inside: BTreeSet<i64> = ground
        .ids
        .iter()
        .zip(ground.from(today))
        .filter(|(_, lies)| *lies == Some(PlaceId(grid)))
        .map(|(id, _)| *id)
        .collect();
    let (part, at) = ground.part_at(|id| inside.contains(&id));
    let households: u64 = part.buildings.iter().map(|one| u64::from(one.households)).sum();
    let whole = |households: u64| u32::try_from(households).map_err(|_| Fault::Whole);
    let bounds = Bounds {
        least: whole(households / LEAST_SHARE)?,
        most: whole(households - households / LEAST_SHARE)?,
        target: whole(households.div_ceil(HALVES))?.max(1),
        deviation: limits.bounds().deviation,
    };
    let drawn = divide(&part.buildings, &part.borders, &bounds, Effort::default(), SEED, &|| true);
    let halves = drawn.ok().flatten().map(|drawn| drawn.grid).unwrap_or_default();
    let mut sums: BTreeMap<u32, u64> = BTreeMap::new();
    for (building, half) in part.buildings.iter().zip(&halves) {
        *sums.entry(*half).or_default() += u64::from(building.households);
    }
    let stays = sums.iter().max_by_key(|(half, sum)| (**sum, std::cmp::Reverse(**half))).map(|(half, _)| *half);
    let stays = stays.filter(|_| sums.len() > 1).ok_or(Fault::Whole)?;
    let moved = at.iter().zip(&halves).filter(|(_, half)| **half != stays);
    let moved = moved.filter_map(|(at, half)| Some((*ground.ids.get(*at)?, Target::New(half.to_string()))));
    Ok(moved.collect())
}
