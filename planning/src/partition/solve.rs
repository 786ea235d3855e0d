//! Solving a piece: what is certain at once, the search in several attempts, other numbers of grids, and the proof.

use super::anneal::Annealer;
use super::cover::Tried;
use super::piece::{Division, Piece, Solved};
use super::tree::Fewest;
use super::{Effort, Verdict};
use crate::chance::Chance;

/// Attempts on a piece whose grids will not keep the bounds.
const ATTEMPTS: usize = 12;
/// Small pieces cost little and have fewer ways out of a bad start: they get attempts until so many buildings were gone
/// through, at most so many.
const SMALL_BUILDINGS: usize = 160;
const SMALL_ATTEMPTS: usize = 8;
/// The spanning trees along which a piece is divided that keeps no bounds.
const SPANNING: usize = 12;
/// A small piece whose grids do not keep the bounds is tried in full up to this many connected sets, also where nobody
/// asked for proofs: there are few such pieces, and a reader must know why.
const STUCK_SETS: usize = 500_000;

impl Piece {
    /// The best division found, what is known of it, and what none is better than.
    pub fn solve(&self, effort: Effort, chance: &mut Chance) -> Solved {
        if self.total < i64::from(self.bounds.least) {
            return Solved::new(self.one(), Verdict::Small);
        }
        if self.has_large() {
            return Solved::new(self.one(), Verdict::Large);
        }
        if self.grids == 1 {
            let one = self.one();
            if self.out(&one) > 0 {
                // Two grids need more households than there are, and one is above the most.
                return Solved::new(one, Verdict::Fewest);
            }
            let cost = self.cost(&one);
            return Solved::best(one, cost, Vec::new());
        }
        if self.is_tree() {
            return self.solve_tree(effort, chance);
        }
        let found = self.search(effort, chance);
        if self.out(&found) > 0 {
            return self.other_counts(found, effort, chance);
        }
        match self.prove(&found, effort) {
            Some(proof) => Solved::best(proof.best, proof.bound, proof.prices),
            None => Solved::new(found, Verdict::Kept),
        }
    }

    /// The best of some attempts, more of them for small pieces and while a grid is out of bounds.
    pub fn search(&self, effort: Effort, chance: &mut Chance) -> Division {
        let mut annealer = Annealer::new(self);
        let mut best: Option<(f64, Division)> = None;
        let wanted = (SMALL_BUILDINGS / self.len().max(1)).clamp(1, SMALL_ATTEMPTS);
        for attempt in 1..=ATTEMPTS {
            let mut found = self.division(self.cut_trees(chance), self.grids);
            annealer.run(self, &mut found, effort.moves * self.len(), chance);
            if effort.pair_states > 0 {
                self.divide_pairs_again(&mut found, effort.pair_states);
            }
            let cost = self.cost(&found);
            if best.as_ref().is_none_or(|(known, _)| cost < *known) {
                best = Some((cost, found));
            }
            if attempt >= wanted && best.as_ref().is_some_and(|(_, best)| self.out(best) == 0) {
                break;
            }
        }
        best.map_or_else(|| self.one(), |(_, best)| best)
    }

    /// Tries one grid more and one fewer where the usual number keeps no bounds.
    fn other_counts(&self, found: Division, effort: Effort, chance: &mut Chance) -> Solved {
        let (least, most) = (i64::from(self.bounds.least.max(1)), i64::from(self.bounds.most));
        let mut best = (self.out(&found), found);
        for grids in [self.grids + 1, self.grids - 1] {
            let possible = (self.total + most - 1) / most <= grids as i64 && grids as i64 <= self.total / least;
            if !possible || grids > self.len() || grids == 0 {
                continue;
            }
            let other = self.with_grids(grids);
            let found = other.search(effort, chance);
            let out = other.out(&found);
            if out < best.0 {
                best = (out, found);
            }
        }
        if best.0 == 0 {
            return Solved::new(best.1, Verdict::Kept);
        }
        let all = Effort { exact_sets: effort.exact_sets.max(STUCK_SETS), ..effort };
        let tried = if self.never_keeps() { Tried::None } else { self.any_that_keeps(all) };
        if let Tried::Found(kept) = tried {
            return self.better_than(kept, effort);
        }
        let (out, fewer) = self.fewer_out(best, chance);
        let verdict = match tried {
            Tried::None if out == 1 => Verdict::Fewest,
            Tried::None => Verdict::None,
            Tried::Found(_) | Tried::TooMany => Verdict::NotFound,
        };
        Solved::new(fewer, verdict)
    }

    /// Says whether it is certain without trying that no division keeps the bounds.
    pub(super) fn never_keeps(&self) -> bool {
        let (least, most) = (i64::from(self.bounds.least.max(1)), i64::from(self.bounds.most));
        (self.total + most - 1) / most > self.total / least || self.overhung()
    }

    /// Looks for a division with fewer grids out of bounds than a known one, along random spanning trees: each division
    /// of such a tree is one of the piece.
    fn fewer_out(&self, mut best: (usize, Division), chance: &mut Chance) -> (usize, Division) {
        for _ in 0..SPANNING {
            if best.0 <= 1 {
                break;
            }
            if let Fewest::Proven(found) = self.spanning_tree(chance).fewest_out(best.0) {
                let found = self.division(found.part, found.count.len());
                best = (self.out(&found), found);
            }
        }
        best
    }

    /// The best division with as many grids as one that keeps the bounds.
    fn better_than(&self, kept: Division, effort: Effort) -> Solved {
        let same = kept.count.len() == self.grids;
        match self.with_grids(kept.count.len()).prove(&kept, effort) {
            Some(proof) if same => Solved::best(proof.best, proof.bound, proof.prices),
            Some(proof) => Solved::new(proof.best, Verdict::Kept),
            None => Solved::new(kept, Verdict::Kept),
        }
    }
}
