//! Annealing moves single buildings to a neighbouring grid. While the temperature is high it also accepts worse moves.
//! No grid ever falls apart.

use super::piece::{Division, Piece};
use crate::chance::Chance;

/// The first and the last temperature, in metres.
const HOT: f64 = 120.0;
const COLD: f64 = 4.0;

/// The memory that attempts on one piece share.
pub(super) struct Annealer {
    seen: Vec<u32>,
    stamp: u32,
    queue: Vec<u32>,
}

/// The price of leaving an old division, in metres: for each household that is not where it was, and for each building.
pub(super) struct Keep<'a> {
    pub part: &'a [u32],
    pub household: f64,
    pub building: f64,
}

impl Keep<'_> {
    fn cost(&self, piece: &Piece, at: usize) -> f64 {
        self.household * piece.households[at] as f64 + self.building
    }
}

/// How an annealing goes: so many moves, while the temperature falls from the first to the last, in metres.
#[derive(Clone, Copy)]
pub(super) struct Cooling {
    pub moves: usize,
    pub hot: f64,
    pub cold: f64,
}

/// A building that would go from its grid to a neighbouring one.
#[derive(Clone, Copy)]
struct Move {
    at: usize,
    from: u32,
    to: u32,
}

impl Annealer {
    pub fn new(piece: &Piece) -> Self {
        Self { seen: vec![0; piece.len()], stamp: 0, queue: Vec::new() }
    }

    /// Tries so many moves and leaves the best division that was seen.
    pub fn run(&mut self, piece: &Piece, division: &mut Division, moves: usize, chance: &mut Chance) {
        self.run_from(piece, division, Cooling { moves, hot: HOT, cold: COLD }, chance, None);
    }

    pub fn run_from(
        &mut self,
        piece: &Piece,
        division: &mut Division,
        cooling: Cooling,
        chance: &mut Chance,
        keep: Option<&Keep<'_>>,
    ) {
        let Cooling { moves, hot, cold } = cooling;
        let mut best = division.clone();
        let (mut cost, mut best_cost) = (0.0, 0.0);
        let cool = (cold / hot).powf(1.0 / moves.max(1) as f64);
        let mut heat = hot;
        let mut better = false;
        for _ in 0..moves {
            heat *= cool;
            let at = chance.below(piece.len());
            let near = piece.near(at as u32);
            if near.is_empty() {
                continue;
            }
            let from = division.part[at];
            let to = division.part[near[chance.below(near.len())].0 as usize];
            if to == from {
                continue;
            }
            let tried = Move { at, from, to };
            let cut = cut_change(piece, division, tried);
            let worse =
                cut as f64 + size_change(piece, division, tried) + keep.map_or(0.0, |keep| kept(piece, keep, tried));
            if worse > 0.0 && chance.unit() >= (-worse / heat).exp() {
                continue;
            }
            if !self.may_leave(piece, division, at) {
                continue;
            }
            if better && worse > 0.0 {
                best.clone_from(division);
                better = false;
            }
            division.part[at] = to;
            division.households[from as usize] -= piece.households[at];
            division.households[to as usize] += piece.households[at];
            division.count[from as usize] -= 1;
            division.count[to as usize] += 1;
            division.cut += cut;
            cost += worse;
            // The best division is copied only when it is left, not at each step on the way to it.
            if cost < best_cost - 1e-9 {
                best_cost = cost;
                better = true;
            }
        }
        if better && cost <= best_cost + 1e-9 {
            return;
        }
        division.clone_from(&best);
    }

    /// Says whether a building can leave its grid without splitting it: its neighbours in the grid reach one another
    /// without it.
    pub fn may_leave(&mut self, piece: &Piece, division: &Division, at: usize) -> bool {
        let own = division.part[at];
        if division.count[own as usize] == 1 {
            return false;
        }
        self.stamp += 1;
        self.queue.clear();
        let mut wanted = 0;
        let near = piece.near(at as u32);
        for &(other, _) in near {
            if division.part[other as usize] == own {
                wanted += 1;
                if self.queue.is_empty() {
                    self.queue.push(other);
                    self.seen[other as usize] = self.stamp;
                }
            }
        }
        if wanted <= 1 {
            return wanted == 1;
        }
        self.seen[at] = self.stamp;
        let mut found = 1;
        let mut next = 0;
        while let Some(&one) = self.queue.get(next) {
            next += 1;
            for &(other, _) in piece.near(one) {
                if division.part[other as usize] != own || self.seen[other as usize] == self.stamp {
                    continue;
                }
                self.seen[other as usize] = self.stamp;
                if near.iter().any(|&(beside, _)| beside == other) {
                    found += 1;
                    if found == wanted {
                        return true;
                    }
                }
                self.queue.push(other);
            }
        }
        false
    }
}

fn cut_change(piece: &Piece, division: &Division, tried: Move) -> i64 {
    let Move { at, from, to } = tried;
    let mut change = 0;
    for &(other, weight) in piece.near(at as u32) {
        let part = division.part[other as usize];
        if part == from {
            change += i64::from(weight);
        } else if part == to {
            change -= i64::from(weight);
        }
    }
    change
}

fn size_change(piece: &Piece, division: &Division, tried: Move) -> f64 {
    let Move { at, from, to } = tried;
    let moved = piece.households[at];
    if moved == 0 {
        return 0.0;
    }
    let (left, joined) = (division.households[from as usize], division.households[to as usize]);
    piece.size_cost(left - moved) + piece.size_cost(joined + moved) - piece.size_cost(left) - piece.size_cost(joined)
}

fn kept(piece: &Piece, keep: &Keep<'_>, tried: Move) -> f64 {
    let Move { at, from, to } = tried;
    let cost = keep.cost(piece, at);
    if keep.part[at] == from {
        cost
    } else if keep.part[at] == to {
        -cost
    } else {
        0.0
    }
}
