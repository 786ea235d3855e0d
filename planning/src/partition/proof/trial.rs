//! Tries every division of a small part: all connected sets of buildings within bounds are listed, and sets that cover
//! the part are looked for among them.

use std::collections::BTreeMap;

use super::Part;

/// The most connected sets that are listed.
const MOST_SETS: usize = 4_000_000;
/// The most steps of looking for a cover.
const MOST_STEPS: usize = 50_000_000;

/// What trying came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tried {
    /// A division was found.
    Found {
        /// The number of its grids.
        grids: usize,
        /// What it costs, metres.
        cost: f64,
    },
    /// There is none.
    None,
    /// It would take more than is allowed.
    TooMany,
}

/// A connected set of buildings, as bits.
#[derive(Debug, Clone, Copy)]
struct Set {
    bits: u64,
    households: i64,
    /// The weight of its border.
    cut: i64,
}

impl Part {
    /// Looks for a division into any number of grids within bounds.
    pub(super) fn any_within(&self) -> Tried {
        let Some(sets) = self.all_sets() else { return Tried::TooMany };
        let few = sets.into_iter().map(|set| (0.0, set.bits)).collect();
        Cover::new(self.buildings.len(), few, None, 1.0).tried(self.all())
    }

    /// Looks for a division into as many grids within bounds that costs less than `below`.
    ///
    /// Every set costs its size, half its border, and less the prices of its buildings. A division costs the prices of
    /// all buildings and what its sets cost, so none costs less than the prices and as many times the cheapest set. A
    /// set that is dearer than the cheapest one by all that is left up to `below` is in no cheaper division.
    pub(super) fn any_below(&self, below: f64, prices: &BTreeMap<u32, f64>) -> Tried {
        let Some(sets) = self.all_sets() else { return Tried::TooMany };
        let prices: Vec<f64> = self.buildings.iter().map(|one| prices.get(one).copied().unwrap_or(0.0)).collect();
        let cost = |set: &Set| {
            let paid: f64 = prices.iter().enumerate().filter(|(at, _)| set.bits >> at & 1 == 1).map(|one| one.1).sum();
            set.cut as f64 / 2.0 + self.off(set.households) - paid
        };
        let costs: Vec<(f64, u64)> = sets.iter().map(|set| (cost(set), set.bits)).collect();
        let Some(lowest) = costs.iter().map(|one| one.0).min_by(f64::total_cmp) else { return Tried::None };
        let grids = self.grids.len();
        let bound = prices.iter().sum::<f64>() + grids as f64 * lowest;
        let few = costs.into_iter().map(|(cost, bits)| (cost - lowest, bits));
        let few = few.filter(|one| one.0 < below - bound).collect();
        match Cover::new(self.buildings.len(), few, Some(grids), below - bound).tried(self.all()) {
            Tried::Found { grids, cost } => Tried::Found { grids, cost: bound + cost },
            other => other,
        }
    }

    /// Returns the bits of all buildings.
    fn all(&self) -> u64 {
        u64::MAX >> (64 - self.buildings.len().clamp(1, 64))
    }

    /// Returns all connected sets within bounds whose outside could be grids too, or `None` where they are too many.
    fn all_sets(&self) -> Option<Vec<Set>> {
        if self.buildings.len() > 64 {
            return None;
        }
        let bits = |near: &BTreeMap<usize, i64>| near.keys().fold(0u64, |bits, &other| bits | 1 << other);
        let near: Vec<u64> = self.near.iter().map(bits).collect();
        let mut growing = Growing { part: self, near, left: MOST_SETS, found: Vec::new() };
        for first in 0..self.buildings.len() {
            let set = Set { bits: 1 << first, households: self.each[first], cut: self.near[first].values().sum() };
            let barred = u64::MAX >> (63 - first);
            let rim = growing.near[first] & !barred;
            growing.grow(set, rim, barred)?;
        }
        Some(growing.found)
    }
}

/// Grows connected sets, each once: by its lowest building, and by the order in which others join.
struct Growing<'a> {
    part: &'a Part,
    near: Vec<u64>,
    left: usize,
    found: Vec<Set>,
}

impl Growing<'_> {
    /// Takes a set and all that grow from it by buildings of the rim, but never by barred ones.
    fn grow(&mut self, set: Set, mut rim: u64, mut barred: u64) -> Option<()> {
        let part = self.part;
        if set.households > i64::from(part.bounds.most) {
            return Some(());
        }
        self.left = self.left.checked_sub(1)?;
        if set.households >= i64::from(part.bounds.least) && self.rest_can_be_grids(set.bits) {
            self.found.push(set);
        }
        while rim != 0 {
            let at = rim.trailing_zeros() as usize;
            rim &= rim - 1;
            barred |= 1 << at;
            let mut next = Set { bits: set.bits | 1 << at, households: set.households + part.each[at], cut: set.cut };
            for (&other, &weight) in &part.near[at] {
                next.cut += if set.bits >> other & 1 == 1 { -weight } else { weight };
            }
            let joins = (rim | self.near[at]) & !(barred | next.bits);
            self.grow(next, joins, barred)?;
        }
        Some(())
    }

    /// Says whether each connected group of the rest has enough households for a grid.
    fn rest_can_be_grids(&self, set: u64) -> bool {
        let mut left = self.part.all() & !set;
        while left != 0 {
            let mut group = left & left.wrapping_neg();
            let mut new = group;
            let mut households = 0;
            while new != 0 {
                let at = new.trailing_zeros() as usize;
                new &= new - 1;
                households += self.part.each[at];
                let joins = self.near[at] & left & !group;
                group |= joins;
                new |= joins;
            }
            if households < i64::from(self.part.bounds.least) {
                return false;
            }
            left &= !group;
        }
        true
    }
}

/// A search for sets that cover all buildings, each once.
struct Cover {
    /// The sets that each building is in, cheapest first.
    of: Vec<Vec<(f64, u64)>>,
    /// The buildings, those that are in the fewest sets first.
    order: Vec<usize>,
    /// How many sets there must be, if that is asked.
    grids: Option<usize>,
    /// What they must cost less than together.
    below: f64,
    left: usize,
}

impl Cover {
    fn new(buildings: usize, mut sets: Vec<(f64, u64)>, grids: Option<usize>, below: f64) -> Self {
        sets.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let of: Vec<Vec<(f64, u64)>> =
            (0..buildings).map(|at| sets.iter().copied().filter(|one| one.1 >> at & 1 == 1).collect()).collect();
        let mut order: Vec<usize> = (0..buildings).collect();
        order.sort_by_key(|&at| of[at].len());
        Self { of, order, grids, below, left: MOST_STEPS }
    }

    fn tried(mut self, all: u64) -> Tried {
        self.go(all, 0, 0.0)
    }

    /// Covers the open buildings by further sets, where so many were chosen and cost so much.
    fn go(&mut self, open: u64, chosen: usize, spent: f64) -> Tried {
        let Some(at) = self.order.iter().copied().find(|&at| open >> at & 1 == 1) else {
            let fits = self.grids.is_none_or(|grids| grids == chosen) && spent < self.below;
            return if fits { Tried::Found { grids: chosen, cost: spent } } else { Tried::None };
        };
        if self.grids == Some(chosen) {
            return Tried::None;
        }
        for place in 0..self.of[at].len() {
            let (cost, set) = self.of[at][place];
            if spent + cost >= self.below {
                break;
            }
            let Some(left) = self.left.checked_sub(1) else { return Tried::TooMany };
            self.left = left;
            if set & !open != 0 {
                continue;
            }
            match self.go(open & !set, chosen + 1, spent + cost) {
                Tried::None => {}
                found => return found,
            }
        }
        Tried::None
    }
}
