//! For small pieces, finds the cheapest way to choose `k` of all possible grids so that each building is in one of
//! them, with a bound that proves it.
//!
//! The simplex method solves the relaxation that may choose fractions of grids. Grids join it when their price is good.
//! The prices give each grid a reduced cost: by how much any division with that grid costs more than the bound. A grid
//! is left out when its reduced cost is above the distance between the bound and the best division known. Every
//! division of the remaining grids is tried.

use super::Effort;
use super::enumerate::{Candidate, candidates};
use super::pair::Small;
use super::piece::{Division, Piece};

/// How many grids join the relaxation at a time.
const JOIN: usize = 120;
/// The greatest number of pivots; a piece that needs more has no proof.
const PIVOTS: usize = 20_000;
/// The greatest number of divisions begun.
const BRANCHES: usize = 2_000_000;
const EPSILON: f64 = 1e-7;

/// The result of trying every division.
#[derive(Debug)]
pub(super) enum Tried {
    Found(Division),
    /// It is proven that there is none.
    None,
    /// It would take more than the effort allows.
    TooMany,
}

/// The best division, what it costs, and the prices of the buildings from which that follows.
#[derive(Debug)]
pub(super) struct Proof {
    pub best: Division,
    pub bound: f64,
    pub prices: Vec<f64>,
}

impl Piece {
    /// Returns the best division of a small piece and its cost, which no division undercuts. Returns `None` when the
    /// piece is too large for the effort, or when no proof was found. `known` is a division within bounds.
    pub(super) fn prove(&self, known: &Division, effort: Effort) -> Option<Proof> {
        let (small, all) = self.all_grids(effort)?;
        let known_cost = self.cost(known);
        let (prices, bound) = relax(&all, self.len(), self.grids, known_cost)?;
        let slack = known_cost - bound;
        let mut few: Vec<(f64, Candidate)> = all
            .into_iter()
            .map(|one| (one.cost - prices.of(one.set), one))
            .filter(|&(reduced, _)| reduced - prices.lowest <= slack + 1e-6)
            .map(|(reduced, one)| (reduced - prices.lowest, one))
            .collect();
        few.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.set.cmp(&b.1.set)));
        let mut search = Exact {
            by_building: (0..self.len())
                .map(|at| few.iter().copied().filter(|(_, one)| one.set >> at & 1 == 1).collect())
                .collect(),
            grids: self.grids,
            best: slack,
            found: None,
            chosen: Vec::new(),
            left: BRANCHES,
        };
        search.choose(small.all, 0.0)?;
        let best = match search.found {
            None => known.clone(),
            Some(sets) => self.of_sets(&sets),
        };
        let bound = self.cost(&best);
        Some(Proof { best, bound, prices: prices.each })
    }

    /// Looks for any division of a small piece into grids within bounds, with any number of grids.
    pub(super) fn any_that_keeps(&self, effort: Effort) -> Tried {
        let Some((small, all)) = self.all_grids(effort) else {
            return Tried::TooMany;
        };
        let by_building: Vec<Vec<u64>> = (0..self.len())
            .map(|at| all.iter().map(|one| one.set).filter(|set| set >> at & 1 == 1).collect())
            .collect();
        let (mut left, mut sets) = (BRANCHES, Vec::new());
        match exists(&by_building, small.all, &mut left, &mut sets) {
            Some(true) => Tried::Found(self.of_sets(&sets)),
            Some(false) => Tried::None,
            None => Tried::TooMany,
        }
    }

    fn of_sets(&self, sets: &[u64]) -> Division {
        let part = (0..self.len()).map(|at| sets.iter().position(|set| set >> at & 1 == 1).unwrap_or(0) as u32);
        self.division(part.collect(), sets.len())
    }

    fn all_grids(&self, effort: Effort) -> Option<(Small, Vec<Candidate>)> {
        if self.len() > 64 || effort.exact_sets == 0 {
            return None;
        }
        let members: Vec<u32> = (0..self.len() as u32).collect();
        let small = Small::new(self, &members);
        let all = candidates(self, &small, effort.exact_sets)?;
        Some((small, all))
    }
}

/// Says whether the buildings that are left can be divided into candidates, and into which. Returns `None` when that
/// took too long.
fn exists(by_building: &[Vec<u64>], left: u64, branches: &mut usize, chosen: &mut Vec<u64>) -> Option<bool> {
    if left == 0 {
        return Some(true);
    }
    let at = left.trailing_zeros() as usize;
    for &set in &by_building[at] {
        *branches = branches.checked_sub(1)?;
        if set & !left != 0 {
            continue;
        }
        chosen.push(set);
        if exists(by_building, left & !set, branches, chosen)? {
            return Some(true);
        }
        chosen.pop();
    }
    Some(false)
}

/// Tries every choice among the grids that are left, cheapest first. A choice is given up when its reduced costs pass
/// the best.
struct Exact {
    by_building: Vec<Vec<(f64, Candidate)>>,
    grids: usize,
    best: f64,
    found: Option<Vec<u64>>,
    chosen: Vec<u64>,
    left: usize,
}

impl Exact {
    fn choose(&mut self, open: u64, cost: f64) -> Option<()> {
        if open == 0 {
            if self.chosen.len() == self.grids && cost < self.best - 1e-6 {
                self.best = cost;
                self.found = Some(self.chosen.clone());
            }
            return Some(());
        }
        if self.chosen.len() == self.grids {
            return Some(());
        }
        let at = self.narrowest(open, cost);
        for place in 0..self.by_building[at].len() {
            let (reduced, one) = self.by_building[at][place];
            if cost + reduced >= self.best - 1e-6 {
                break;
            }
            if one.set & !open != 0 {
                continue;
            }
            self.left = self.left.checked_sub(1)?;
            self.chosen.push(one.set);
            self.choose(open & !one.set, cost + reduced)?;
            self.chosen.pop();
        }
        Some(())
    }

    /// Returns the open building that the fewest grids could take.
    fn narrowest(&self, open: u64, cost: f64) -> usize {
        let mut best = (usize::MAX, open.trailing_zeros() as usize);
        let mut rest = open;
        while rest != 0 {
            let at = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let fits = |&&(reduced, one): &&(f64, Candidate)| cost + reduced < self.best - 1e-6 && one.set & !open == 0;
            let count = self.by_building[at].iter().take(200).filter(fits).count();
            if count < best.0 {
                best = (count, at);
            }
        }
        best.1
    }
}

/// What each building is worth, and the lowest reduced cost of all grids.
struct Prices {
    each: Vec<f64>,
    /// The sums over the buildings of each byte of a set.
    sums: Vec<[f64; 256]>,
    lowest: f64,
}

impl Prices {
    fn new(prices: &[f64]) -> Self {
        let byte = |prices: &[f64]| {
            let mut sums = [0.0; 256];
            for (bits, sum) in sums.iter_mut().enumerate() {
                *sum = prices.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, price)| price).sum();
            }
            sums
        };
        Self { each: prices.to_vec(), sums: prices.chunks(8).map(byte).collect(), lowest: 0.0 }
    }

    fn of(&self, set: u64) -> f64 {
        let bytes = set.to_le_bytes();
        self.sums.iter().zip(bytes).map(|(sums, byte)| sums[byte as usize]).sum()
    }
}

/// Solves the relaxation. Returns the prices, and a number that every division into `grids` grids costs at least.
/// `known` is the cost of one division.
fn relax(all: &[Candidate], buildings: usize, grids: usize, known: f64) -> Option<(Prices, f64)> {
    let mut simplex = Simplex::new(buildings, grids, known);
    let mut best: Option<(Prices, f64)> = None;
    let mut joined: Vec<usize> = Vec::new();
    loop {
        simplex.optimise(all, &joined)?;
        let worth = simplex.prices(all);
        let mut prices = Prices::new(&worth[..buildings]);
        let mut reduced: Vec<(f64, usize)> =
            all.iter().enumerate().map(|(at, one)| (one.cost - prices.of(one.set), at)).collect();
        prices.lowest = reduced.iter().map(|one| one.0).fold(f64::MAX, f64::min);
        let bound = worth[..buildings].iter().sum::<f64>() + grids as f64 * prices.lowest;
        let done = prices.lowest >= worth[buildings] - EPSILON;
        if best.as_ref().is_none_or(|(_, known)| bound > *known) {
            best = Some((prices, bound));
        }
        if done {
            return best;
        }
        reduced.retain(|one| one.0 < worth[buildings] - EPSILON);
        let join = JOIN.min(reduced.len());
        if join < reduced.len() {
            reduced.select_nth_unstable_by(join, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        joined.extend(reduced[..join].iter().map(|one| one.1));
        joined.sort_unstable();
        joined.dedup();
    }
}

/// The simplex method with one row for each building and one row for the number of grids.
struct Simplex {
    rows: usize,
    /// The column that stands for each row: a grid, or [`SLACK`] for what is not covered yet.
    basis: Vec<usize>,
    inverse: Vec<f64>,
    value: Vec<f64>,
    /// What it costs to leave a building uncovered: more than any division.
    missing: f64,
    pivots: usize,
}

const SLACK: usize = usize::MAX;

impl Simplex {
    fn new(buildings: usize, grids: usize, known: f64) -> Self {
        let rows = buildings + 1;
        let mut inverse = vec![0.0; rows * rows];
        for row in 0..rows {
            inverse[row * rows + row] = 1.0;
        }
        // Each row starts a little above one, and all rows differ, so that no step has length 0.
        let value = (0..buildings).map(|row| 1.0 + 1e-7 * (row as f64 * 0.618_034).fract()).chain([grids as f64]);
        Self {
            rows,
            basis: vec![SLACK; rows],
            inverse,
            value: value.collect(),
            missing: 10.0 * known.max(1.0),
            pivots: 0,
        }
    }

    fn prices(&self, all: &[Candidate]) -> Vec<f64> {
        let mut prices = vec![0.0; self.rows];
        for (row, &column) in self.basis.iter().enumerate() {
            let cost = if column == SLACK { self.missing } else { all[column].cost };
            for (price, factor) in prices.iter_mut().zip(&self.inverse[row * self.rows..(row + 1) * self.rows]) {
                *price += cost * factor;
            }
        }
        prices
    }

    fn optimise(&mut self, all: &[Candidate], joined: &[usize]) -> Option<()> {
        loop {
            let worth = self.prices(all);
            let prices = Prices::new(&worth[..self.rows - 1]);
            let reduced = |at: usize| all[at].cost - prices.of(all[at].set) - worth[self.rows - 1];
            let enter = joined
                .iter()
                .map(|&at| (reduced(at), at))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
                .filter(|one| one.0 < -EPSILON);
            let Some((_, enter)) = enter else {
                return Some(());
            };
            self.pivots += 1;
            if self.pivots > PIVOTS {
                return None;
            }
            let column = self.column(all[enter].set);
            let leave = (0..self.rows)
                .filter(|&row| column[row] > 1e-9)
                .map(|row| (self.value[row] / column[row], row))
                .min_by(|a, b| a.0.total_cmp(&b.0))?;
            self.pivot(enter, leave.1, &column);
        }
    }

    /// Writes a grid's column in terms of the basis.
    fn column(&self, set: u64) -> Vec<f64> {
        let mut column = vec![0.0; self.rows];
        for (row, value) in column.iter_mut().enumerate() {
            let inverse = &self.inverse[row * self.rows..(row + 1) * self.rows];
            let mut sum = inverse[self.rows - 1];
            let mut rest = set;
            while rest != 0 {
                sum += inverse[rest.trailing_zeros() as usize];
                rest &= rest - 1;
            }
            *value = sum;
        }
        column
    }

    fn pivot(&mut self, enter: usize, row: usize, column: &[f64]) {
        let rows = self.rows;
        let by = column[row];
        self.value[row] /= by;
        for at in 0..rows {
            self.inverse[row * rows + at] /= by;
        }
        let (value, own) = (self.value[row], self.inverse[row * rows..(row + 1) * rows].to_vec());
        for other in (0..rows).filter(|&other| other != row) {
            let factor = column[other];
            if factor.abs() < 1e-12 {
                continue;
            }
            self.value[other] = (self.value[other] - factor * value).max(0.0);
            for (target, source) in self.inverse[other * rows..(other + 1) * rows].iter_mut().zip(&own) {
                *target -= factor * source;
            }
        }
        self.basis[row] = enter;
    }
}
