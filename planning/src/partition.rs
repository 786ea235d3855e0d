//! 网格划分: grids of about 300 households, each connected, inside one community, never cutting a building.
//!
//! **Problem.** Buildings touch along borders. Of each community, every connected piece with `H` households is divided into
//! `k = clamp(round(H / target), ceil(H / most), floor(H / least))` connected grids of `least` to `most` households, so that
//! the border cut (in metres, twice that inside a compound) plus [`Bounds::deviation`] metres for each household that a grid
//! is off `H / k` is as small as may be.
//!
//! **What cannot be helped** is said, never hidden: a piece below the least is one grid ([`Verdict::Small`]); a building
//! above the most is a grid of its own ([`Verdict::Large`]); where no division keeps the bounds, or none was found, the
//! verdict tells which of the two.
//!
//! The weight of a building may be anything else that is to be balanced (old people living alone, floors without a lift):
//! give that as its households, with its own bounds.
//!
//! Method: cuts of random spanning trees (as DeFord, Duchin and Solomon do for districts, HDSR 2021), annealed moves of
//! single buildings, exact division again of every two neighbouring grids; pieces that are trees and small pieces are
//! solved to the proven optimum.
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
mod seed;
mod solve;
mod tree;

pub use check::{Report, check};
pub use keep::{carried_on, moved_households};

use rayon::prelude::*;

use crate::chance::Chance;
use piece::{Division, Piece};

/// A building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Building {
    /// Its community.
    pub community: u32,
    /// Its compound.
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
    /// How long they touch, metres.
    pub metres: u32,
}

/// What a grid should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Households at least.
    pub least: u32,
    /// Households at most.
    pub most: u32,
    /// Households a grid should have.
    pub target: u32,
    /// Metres of border that one household off the mean is worth.
    pub deviation: f64,
}

impl Default for Bounds {
    /// 200 to 400 households, about 300; a household off the mean is worth two metres of border.
    fn default() -> Self {
        Self { least: 200, most: 400, target: 300, deviation: 2.0 }
    }
}

impl Bounds {
    /// How many grids a piece with so many households is divided into.
    pub fn grids(&self, households: u64) -> u64 {
        let (least, most) = (u64::from(self.least.max(1)), u64::from(self.most.max(1)));
        let fewest = households.div_ceil(most).max(1);
        let greatest = (households / least).max(1);
        let wanted = (households as f64 / f64::from(self.target.max(1))).round_ties_even() as u64;
        wanted.clamp(fewest.min(greatest), greatest)
    }

    fn holds(&self, households: i64) -> bool {
        (i64::from(self.least)..=i64::from(self.most)).contains(&households)
    }
}

/// Why buildings cannot be divided as they stand.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A border of a building that does not exist.
    #[error("border {border} names building {building}, and there are only {buildings}")]
    NoBuilding {
        /// Which border, from 0.
        border: usize,
        /// The building it names.
        building: u32,
        /// How many there are.
        buildings: usize,
    },
    /// A building that touches itself.
    #[error("border {border} is one of building {building} with itself")]
    Itself {
        /// Which border, from 0.
        border: usize,
        /// The building.
        building: u32,
    },
    /// Bounds that no number keeps.
    #[error("grids of {least} to {most} households: the least must not be above the most, nor the most be 0")]
    Bounds {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// A deviation that is no price.
    #[error("a household off the mean counts {0} metres: the deviation must be a number from 0 on")]
    Deviation(f64),
    /// Old grids that are not one for each building.
    #[error("{found} old grids for {buildings} buildings")]
    Old {
        /// How many were given.
        found: usize,
        /// How many buildings there are.
        buildings: usize,
    },
}

/// How much work to put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Annealed moves for each building and attempt. 300 is good, 3,000 better by two hundredths.
    pub moves: usize,
    /// States of the search for the best division of two neighbouring grids; 0 leaves it out.
    pub pair_states: usize,
    /// Connected sets up to which a small piece is solved to the proven optimum; 0 leaves it out.
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
    /// All grids within bounds.
    Kept,
    /// All grids within bounds, and none with as many grids has a smaller objective.
    Best,
    /// The piece has fewer households than a grid needs: one grid, excused.
    Small,
    /// A building has more households than a grid may: a grid of its own, with what hangs on it alone.
    Large,
    /// No division into connected grids keeps the bounds; proven.
    None,
    /// None was found that keeps the bounds; not proven that there is none.
    NotFound,
}

/// One connected piece of a community and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PieceReport {
    /// Its community.
    pub community: u32,
    /// One of its buildings, the first.
    pub building: u32,
    /// How many buildings it has.
    pub buildings: u32,
    /// Its households.
    pub households: u64,
    /// How many grids it has.
    pub grids: u32,
    /// What its division costs, metres: the border cut, and how far its grids are off their mean.
    pub objective: f64,
    /// What is known.
    pub verdict: Verdict,
    /// No division with as many grids within bounds has a smaller objective than this; `None` where that was not asked.
    pub bound: Option<f64>,
}

/// A division of all buildings.
#[derive(Debug, Clone, PartialEq)]
pub struct Grids {
    /// Of each building its grid, dense from 0.
    pub grid: Vec<u32>,
    /// Each piece, by its first building.
    pub pieces: Vec<PieceReport>,
}

/// Divides all buildings into grids. `progress` is told of each piece that is done, from any thread; when it says `false`, what
/// remains is not divided and `None` comes back.
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

/// Divides anew after a change and keeps what still meets the bounds: `old` is each building's grid before. Grids that are
/// broken are mended with few households moving.
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
    solve: impl Fn(&Piece, u64) -> (Division, Verdict, Option<f64>) + Sync,
) -> Result<Option<Grids>, Fault> {
    if bounds.least > bounds.most || bounds.most == 0 {
        return Err(Fault::Bounds { least: bounds.least, most: bounds.most });
    }
    if !(bounds.deviation.is_finite() && bounds.deviation >= 0.0) {
        return Err(Fault::Deviation(bounds.deviation));
    }
    let pieces = piece::pieces(buildings, borders, bounds)?;
    let parts = |piece: &Piece| -> Vec<(Vec<u32>, Division, Verdict, Option<f64>)> {
        let mut done = Vec::new();
        for (part, number) in piece.parts().into_iter().zip(0u64..) {
            let seed = u64::from(piece.ids[0]) << 20 | number;
            let (division, verdict, bound) = solve(&part, seed);
            done.push((part.ids, division, verdict, bound));
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
    for (ids, division, verdict, bound) in solved.into_iter().flatten() {
        for (&id, &part) in ids.iter().zip(&division.part) {
            answer.grid[id as usize] = base + u32::from(part);
        }
        let grids = division.households.len() as u32;
        let households: u64 = ids.iter().map(|&id| u64::from(buildings[id as usize].households)).sum();
        let mean = households as f64 / f64::from(grids);
        let off = |&one: &i64| bounds.deviation * (one as f64 - mean).abs();
        let objective = division.cut as f64 + division.households.iter().map(off).sum::<f64>();
        base += grids;
        answer.pieces.push(PieceReport {
            community: buildings[ids[0] as usize].community,
            building: ids[0],
            buildings: ids.len() as u32,
            households,
            grids,
            objective,
            verdict,
            bound,
        });
    }
    Ok(Some(answer))
}

#[cfg(test)]
mod tests;
