//! 网格划分: this module divides communities into grids of about 300 households. Each grid is connected, lies inside
//! one community and never cuts a building.
//!
//! **Problem.** Buildings touch along borders. Every connected piece of a community with `H` households is divided into
//! `k = clamp(round(H / target), ceil(H / most), floor(H / least))` connected grids of `least` to `most` households.
//! The division makes as small as possible: the length of border cut (in metres, twice that inside a compound) plus
//! [`Bounds::deviation`] metres for each household by which a grid differs from `H / k`.
//!
//! **What cannot be avoided** is said and never hidden: a piece below the least is one grid ([`Verdict::Small`]); a
//! building above the most is a grid of its own ([`Verdict::Large`]); where no division keeps the bounds, or none was
//! found, the verdict says which of the two it is.
//!
//! The weight of a building may be anything else that should be balanced (old people living alone, floors without a
//! lift): pass it as the households, with bounds that fit it.
//!
//! Method: random spanning trees are cut (as DeFord, Duchin and Solomon do for districts, HDSR 2021), single buildings
//! are moved by annealing, and every two neighbouring grids are divided again exactly. Pieces that are trees and small
//! pieces are solved to the proven optimum.
//!
//! ```
//! use planning::partition::{Border, Bounds, Building, Effort, Verdict, check, divide};
//!
//! // A street of six buildings with a hundred households each.
//! let building = Building { community: 0, compound: 0, households: 100 };
//! let buildings = [building; 6];
//! let borders: Vec<Border> = (0..5).map(|a| Border { a, b: a + 1, metres: 20 }).collect();
//! let bounds = Bounds::default();
//! let grids = divide(&buildings, &borders, &bounds, Effort::default(), 1, &|| true)?.expect("not stopped");
//! assert_eq!(grids.pieces[0].verdict, Verdict::Best);
//! assert_eq!(check(&buildings, &borders, &bounds, &grids.grid).violations(), 0);
//! # Ok::<(), planning::partition::Fault>(())
//! ```

mod anneal;
mod check;
mod cover;
mod enumerate;
mod hang;
mod keep;
mod pair;
mod piece;
mod proof;
mod seed;
mod small;
mod solve;
mod tree;

pub use check::{Report, check};
pub use keep::{carried_on, moved_households};
pub use proof::{Avoiding, Better, Known, Part, Why, Wrong, known, parts};
pub use small::{Cause, SmallPiece, causes};

use std::borrow::Cow;
use std::cmp::Reverse;

use rayon::prelude::*;

use crate::chance::Chance;
use piece::{Piece, Solved};

/// A building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Building {
    /// The community of the building.
    pub community: u32,
    /// The compound of the building.
    pub compound: u32,
    /// How many households live in it; 0 for a school or a shed.
    pub households: u32,
}

/// Two buildings that touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Border {
    /// One building.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// The length along which they touch, metres.
    pub metres: u32,
}

/// Returns each pair of buildings once, where a table has both directions or a border twice: with its longest border.
pub(crate) fn distinct(borders: &[Border]) -> Cow<'_, [Border]> {
    let key = |border: &Border| (border.a.min(border.b), border.a.max(border.b), Reverse(border.metres));
    let mut sorted: Vec<Border> = borders.to_vec();
    sorted.sort_unstable_by_key(key);
    let same = |one: &Border, other: &Border| (key(one).0, key(one).1) == (key(other).0, key(other).1);
    if !sorted.array_windows().any(|[one, other]| same(one, other)) {
        return Cow::Borrowed(borders);
    }
    sorted.dedup_by(|one, other| same(one, other));
    Cow::Owned(sorted)
}

/// What a grid should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The least number of households.
    pub least: u32,
    /// The greatest number of households.
    pub most: u32,
    /// The number of households that a grid should have.
    pub target: u32,
    /// The metres of border that count as much as one household of difference from the mean.
    pub deviation: f64,
}

impl Default for Bounds {
    /// A grid has 200 to 400 households, about 300; a household of difference from the mean counts as two metres of
    /// border.
    fn default() -> Self {
        Self { least: 200, most: 400, target: 300, deviation: 2.0 }
    }
}

impl Bounds {
    /// Returns how many grids a piece with so many households is divided into.
    pub fn grids(&self, households: u64) -> u64 {
        let (least, most) = (u64::from(self.least.max(1)), u64::from(self.most.max(1)));
        let fewest = households.div_ceil(most).max(1);
        let greatest = (households / least).max(1);
        let wanted = (households as f64 / f64::from(self.target.max(1))).round_ties_even() as u64;
        wanted.clamp(fewest.min(greatest), greatest)
    }

    /// Says why no grids can be made with these bounds, if none can.
    pub fn fault(&self) -> Option<Fault> {
        if self.least > self.most || self.most == 0 {
            return Some(Fault::Bounds { least: self.least, most: self.most });
        }
        let is_price = self.deviation.is_finite() && self.deviation >= 0.0;
        (!is_price).then_some(Fault::Deviation(self.deviation))
    }

    fn holds(&self, households: i64) -> bool {
        (i64::from(self.least)..=i64::from(self.most)).contains(&households)
    }
}

/// The reason why buildings cannot be divided as they stand.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A border names a building that does not exist.
    #[error("border {border} names building {building}, and there are only {buildings}")]
    NoBuilding {
        /// The border, counted from 0.
        border: usize,
        /// The building that the border names.
        building: u32,
        /// How many buildings there are.
        buildings: usize,
    },
    /// A building touches itself.
    #[error("border {border} is one of building {building} with itself")]
    Itself {
        /// The border, counted from 0.
        border: usize,
        /// The building.
        building: u32,
    },
    /// No number keeps the bounds.
    #[error("grids of {least} to {most} households: the least must not be above the most, nor the most be 0")]
    Bounds {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// The deviation is not a price.
    #[error("a household off the mean counts {0} metres: the deviation must be a number from 0 on")]
    Deviation(f64),
    /// The old grids are not one for each building.
    #[error("{found} old grids for {buildings} buildings")]
    Old {
        /// How many old grids were given.
        found: usize,
        /// How many buildings there are.
        buildings: usize,
    },
}

/// How much work is put into the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// The annealed moves for each building and attempt. 300 gives a good result; 3,000 makes it better by two
    /// hundredths.
    pub moves: usize,
    /// The states looked at for the best division of two neighbouring grids; 0 leaves this step out.
    pub pair_states: usize,
    /// A small piece with at most this many connected sets is solved to the proven optimum; 0 leaves this step out.
    pub exact_sets: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { moves: 300, pair_states: 1_000, exact_sets: 500_000 }
    }
}

/// What is known of a piece's division.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// All grids are within bounds.
    Kept,
    /// All grids are within bounds, and no division into as many grids has a smaller objective.
    Best,
    /// The piece has fewer households than a grid needs. It is one grid and is excused.
    Small,
    /// A building has more households than a grid may have. It is a grid of its own, together with the buildings that
    /// only it joins to the rest.
    Large,
    /// It is proven that no division into connected grids keeps the bounds, and that none of a possible number of grids
    /// has fewer grids out of them.
    Fewest,
    /// It is proven that no division into connected grids keeps the bounds.
    None,
    /// No division that keeps the bounds was found. It is not proven that there is none.
    NotFound,
}

/// The report on one connected piece of a community.
#[derive(Debug, Clone, PartialEq)]
pub struct PieceReport {
    /// The community of the piece.
    pub community: u32,
    /// The first building of the piece.
    pub building: u32,
    /// How many buildings the piece has.
    pub buildings: u32,
    /// How many households the piece has.
    pub households: u64,
    /// How many grids the piece has.
    pub grids: u32,
    /// What the division costs, metres: the border cut, and how far the grids are from their mean.
    pub objective: f64,
    /// What is known of the division.
    pub verdict: Verdict,
    /// Every division into as many grids within bounds has at least this objective; `None` where that was not asked.
    pub bound: Option<f64>,
    /// The prices of the buildings that prove the bound: see [`Part::no_better`]. There are none where it needs none.
    pub prices: Vec<(u32, f64)>,
}

/// A division of all buildings.
#[derive(Debug, Clone, PartialEq)]
pub struct Grids {
    /// The grid of each building, dense from 0.
    pub grid: Vec<u32>,
    /// The pieces, in the order of their first buildings.
    pub pieces: Vec<PieceReport>,
}

/// Divides all buildings into grids. `progress` is told of each piece that is done, from any thread. When it returns
/// `false`, the rest is not divided and the answer is `None`.
pub fn divide(
    buildings: &[Building],
    borders: &[Border],
    bounds: &Bounds,
    effort: Effort,
    seed: u64,
    progress: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Grids>, Fault> {
    each_piece(buildings, borders, bounds, progress, |piece, number| {
        piece.solve(effort, &mut Chance::new(seed, number))
    })
}

/// Divides anew after a change and keeps what still meets the bounds. `old` is each building's grid before the change.
/// Broken grids are mended so that few households move.
pub fn divide_again(
    buildings: &[Building],
    borders: &[Border],
    bounds: &Bounds,
    effort: Effort,
    seed: u64,
    old: &[u32],
    progress: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Grids>, Fault> {
    if old.len() != buildings.len() {
        return Err(Fault::Old { found: old.len(), buildings: buildings.len() });
    }
    each_piece(buildings, borders, bounds, progress, |piece, number| {
        piece.solve_again(effort, &mut Chance::new(seed, number), old)
    })
}

fn each_piece(
    buildings: &[Building],
    borders: &[Border],
    bounds: &Bounds,
    progress: &(dyn Fn() -> bool + Sync),
    solve: impl Fn(&Piece, u64) -> Solved + Sync,
) -> Result<Option<Grids>, Fault> {
    if let Some(fault) = bounds.fault() {
        return Err(fault);
    }
    let pieces = piece::pieces(buildings, &distinct(borders), bounds)?;
    let parts = |piece: &Piece| -> Vec<(Vec<u32>, Solved)> {
        let mut done = Vec::new();
        for (part, number) in piece.parts().into_iter().zip(0u64..) {
            let seed = u64::from(piece.ids[0]) << 20 | number;
            let solved = solve(&part, seed);
            done.push((part.ids, solved));
        }
        done
    };
    let solved: Option<Vec<_>> = pieces
        .par_iter()
        .map(|piece| {
            let done = parts(piece);
            progress().then_some(done)
        })
        .collect();
    let Some(solved) = solved else {
        return Ok(None);
    };
    let mut answer = Grids { grid: vec![0; buildings.len()], pieces: Vec::with_capacity(pieces.len()) };
    let mut base = 0;
    for (ids, Solved { division, verdict, bound, prices }) in solved.into_iter().flatten() {
        for (&id, &part) in ids.iter().zip(&division.part) {
            answer.grid[id as usize] = base + part;
        }
        let grids = division.households.len() as u32;
        let households: u64 = ids.iter().map(|&id| u64::from(buildings[id as usize].households)).sum();
        let mean = households as f64 / f64::from(grids);
        let off = |&one: &i64| bounds.deviation * (one as f64 - mean).abs();
        let objective = division.cut as f64 + division.households.iter().map(off).sum::<f64>();
        base += grids;
        answer.pieces.push(PieceReport {
            community: buildings[ids[0] as usize].community,
            building: ids.iter().copied().min().unwrap_or_default(),
            buildings: ids.len() as u32,
            households,
            grids,
            objective,
            verdict,
            bound,
            prices: ids.iter().copied().zip(prices).collect(),
        });
    }
    Ok(Some(answer))
}

#[cfg(test)]
mod tests;
