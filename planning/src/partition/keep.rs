//! Divides again after a change: what still meets the bounds stays, and what is broken is mended so that few households
//! move.

use std::collections::BTreeMap;

use super::anneal::{Annealer, Cooling, Keep};
use super::piece::{Division, Piece, Solved};
use super::{Effort, Verdict};
use crate::chance::Chance;

/// How many buildings may move one after the other to mend what is broken, before annealing is used.
const DEPTH: usize = 4;
/// How many states that search looks at.
const STATES: usize = 4_000;
/// What a household that moves costs while annealing, metres. The highest of these prices that mends everything is
/// taken.
const DEAR: [f64; 3] = [8.0, 3.0, 1.0];

impl Piece {
    /// Returns the division nearest to the old one that keeps the bounds. `old` is the grid of every building of the
    /// city before.
    pub(super) fn solve_again(&self, effort: Effort, chance: &mut Chance, old: &[u32]) -> Solved {
        if self.total < i64::from(self.bounds.least) || self.has_large() || self.grids == 1 {
            return self.solve(effort, chance);
        }
        let before = self.as_before(old);
        if self.out(&before) == 0 {
            return Solved::new(before, Verdict::Kept);
        }
        let mut best: Option<(i64, Division)> = None;
        let variants = self.variants(&before, chance);
        for variant in &variants {
            if let Some(mended) = self.mend(variant) {
                self.keep_nearer(&mut best, &before, mended);
            }
        }
        if best.is_none() {
            for dear in DEAR {
                for variant in &variants {
                    let mut found = variant.clone();
                    let keep = Keep { part: &variant.part, household: dear, building: 30.0 };
                    let moves = effort.moves.max(100) * self.len();
                    let cooling = Cooling { moves, hot: 20.0, cold: 2.0 };
                    Annealer::new(self).run_from(self, &mut found, cooling, chance, Some(&keep));
                    if self.out(&found) == 0 {
                        self.keep_nearer(&mut best, &before, found);
                    }
                }
                if best.is_some() {
                    break;
                }
            }
        }
        match best {
            Some((_, best)) => Solved::new(best, Verdict::Kept),
            None => self.solve(effort, chance),
        }
    }

    fn keep_nearer(&self, best: &mut Option<(i64, Division)>, before: &Division, found: Division) {
        let moved = i64::try_from(moved_between(&before.part, &found.part, &self.households)).unwrap_or(i64::MAX);
        if best.as_ref().is_none_or(|(least, _)| moved < *least) {
            *best = Some((moved, found));
        }
    }

    /// Returns the old grids of this piece. A grid that is no longer connected becomes one grid for each of its parts.
    fn as_before(&self, old: &[u32]) -> Division {
        let mut part = vec![u32::MAX; self.len()];
        let mut grids = 0u32;
        for start in 0..self.len() {
            if part[start] != u32::MAX {
                continue;
            }
            let label = old[self.ids[start] as usize];
            part[start] = grids;
            let mut open = vec![start as u32];
            while let Some(at) = open.pop() {
                for &(other, _) in self.near(at) {
                    if part[other as usize] == u32::MAX && old[self.ids[other as usize] as usize] == label {
                        part[other as usize] = grids;
                        open.push(other);
                    }
                }
            }
            grids += 1;
        }
        self.division(part, grids as usize)
    }

    /// Returns the old division, and variants of it where a grid that is too small joins a neighbour or a grid that is
    /// too large is cut in two.
    fn variants(&self, before: &Division, chance: &mut Chance) -> Vec<Division> {
        let mut variants = vec![before.clone()];
        let (least, most) = (i64::from(self.bounds.least), i64::from(self.bounds.most));
        for (grid, &households) in before.households.iter().enumerate() {
            let grid = grid as u32;
            if households < least {
                let mut beside: Vec<u32> = (0..self.len() as u32)
                    .filter(|&at| before.part[at as usize] == grid)
                    .flat_map(|at| self.near(at).iter().map(|&(other, _)| before.part[other as usize]))
                    .filter(|&other| other != grid)
                    .collect();
                beside.sort_unstable();
                beside.dedup();
                variants.extend(beside.into_iter().map(|other| self.joined(before, grid, other)));
            } else if households > most {
                let cut = self.cut_grid(before, grid, chance);
                variants.extend(cut);
            }
        }
        variants
    }

    fn joined(&self, before: &Division, from: u32, to: u32) -> Division {
        let last = before.households.len() as u32 - 1;
        let renumbered = |part: u32| match part {
            part if part == from => to,
            part => part,
        };
        // The last grid takes the number that became free.
        let filled = |part: u32| if part == last { from } else { part };
        let part = before.part.iter().map(|&part| filled(renumbered(part))).collect();
        self.division(part, last as usize)
    }

    fn cut_grid(&self, before: &Division, grid: u32, chance: &mut Chance) -> Option<Division> {
        let mut part = self.part(&before.part, grid);
        part.grids = 2;
        if part.len() < 2 {
            return None;
        }
        let halves = part.cut_trees(chance);
        let mut whole = before.part.clone();
        let members = (0..self.len()).filter(|&at| before.part[at] == grid);
        for (at, half) in members.zip(halves) {
            if half == 1 {
                whole[at] = before.households.len() as u32;
            }
        }
        Some(self.division(whole, before.households.len() + 1))
    }

    /// Moves single buildings until every grid is within bounds. As few households move as a short search finds.
    fn mend(&self, division: &Division) -> Option<Division> {
        let mut mending = Mending {
            piece: self,
            now: division.clone(),
            annealer: Annealer::new(self),
            moved: vec![false; self.len()],
            best: None,
            left: STATES,
        };
        mending.go(0, 0);
        mending.best.map(|(_, best)| best)
    }
}

struct Mending<'a> {
    piece: &'a Piece,
    now: Division,
    annealer: Annealer,
    moved: Vec<bool>,
    best: Option<(i64, Division)>,
    left: usize,
}

impl Mending<'_> {
    fn go(&mut self, depth: usize, cost: i64) {
        let bounds = self.piece.bounds;
        let Some(broken) = self.now.households.iter().position(|&households| !bounds.holds(households)) else {
            if self.best.as_ref().is_none_or(|(least, _)| cost < *least) {
                self.best = Some((cost, self.now.clone()));
            }
            return;
        };
        if depth == DEPTH {
            return;
        }
        let small = self.now.households[broken] < i64::from(bounds.least);
        for (at, from, to) in self.moves(broken as u32, small) {
            let households = self.piece.households[at as usize];
            if self.best.as_ref().is_some_and(|(least, _)| cost + households >= *least) || self.left == 0 {
                return;
            }
            self.left -= 1;
            if !self.annealer.may_leave(self.piece, &self.now, at as usize) {
                continue;
            }
            self.shift(at, from, to);
            self.moved[at as usize] = true;
            self.go(depth + 1, cost + households);
            self.moved[at as usize] = false;
            self.shift(at, to, from);
        }
    }

    /// Returns the buildings that could join a grid that is too small, or leave one that is too large, fewest
    /// households first.
    fn moves(&self, broken: u32, small: bool) -> Vec<(u32, u32, u32)> {
        let mut moves = Vec::new();
        for at in 0..self.piece.len() as u32 {
            let own = self.now.part[at as usize];
            if self.moved[at as usize] || self.piece.households[at as usize] == 0 || (own == broken) == small {
                continue;
            }
            for &(other, _) in self.piece.near(at) {
                let beside = self.now.part[other as usize];
                if beside != own && (!small || beside == broken) {
                    moves.push((at, own, beside));
                }
            }
        }
        moves.sort_unstable_by_key(|&(at, _, to)| (self.piece.households[at as usize], at, to));
        moves.dedup();
        moves
    }

    fn shift(&mut self, at: u32, from: u32, to: u32) {
        let households = self.piece.households[at as usize];
        for &(other, weight) in self.piece.near(at) {
            let part = self.now.part[other as usize];
            if part == from {
                self.now.cut += i64::from(weight);
            } else if part == to {
                self.now.cut -= i64::from(weight);
            }
        }
        self.now.part[at as usize] = to;
        self.now.households[from as usize] -= households;
        self.now.households[to as usize] += households;
        self.now.count[from as usize] -= 1;
        self.now.count[to as usize] += 1;
    }
}

fn moved_between(old: &[u32], new: &[u32], households: &[i64]) -> u64 {
    let households: Vec<u32> = households.iter().map(|&one| one as u32).collect();
    moved_households(old, new, &households)
}

/// Says which old grid each new grid carries on, by the number of the new one: the old grid with which it shares most
/// households. Each old grid is carried on at most once, so a new grid may carry on none.
pub fn carried_on(old: &[u32], new: &[u32], households: &[u32]) -> BTreeMap<u32, u32> {
    let mut shared: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for ((&old, &new), &count) in old.iter().zip(new).zip(households) {
        *shared.entry((new, old)).or_default() += u64::from(count);
    }
    let mut largest: Vec<((u32, u32), u64)> = shared.into_iter().collect();
    largest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut carried, mut olds) = (BTreeMap::new(), std::collections::BTreeSet::new());
    for ((new, old), _) in largest {
        if !carried.contains_key(&new) && olds.insert(old) {
            carried.insert(new, old);
        }
    }
    carried
}

/// Returns how many households are in another grid than before, where new grids carry on old ones as [`carried_on`]
/// says.
pub fn moved_households(old: &[u32], new: &[u32], households: &[u32]) -> u64 {
    let carried = carried_on(old, new, households);
    let moved = |(before, after): (&u32, &u32)| carried.get(after) != Some(before);
    let each = old.iter().zip(new).zip(households);
    each.filter(|(pair, _)| moved(*pair)).map(|(_, &count)| u64::from(count)).sum()
}
