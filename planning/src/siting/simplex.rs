//! The prices of a cover that prove the least bound there is, as a linear program, solved by the simplex method from
//! prices that are nearly right.
//!
//! There is a row for each site: what it earns is at most what any open site earns, or it costs. There is a row for
//! each set that a cut names: its price and those of the cuts are at most its weight. Columns are the prices. What is
//! known of a site, and cuts, only widen the choice of prices, so that the method goes on from where it was.

use std::rc::Rc;

use super::cover::{Cover, Cut, State};
use crate::chance::Chance;

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What a site earns less than the others.
    Below(u32),
    /// What a site earns more than the others.
    Above(u32),
    /// What every site earns.
    Each,
    /// The price of a set.
    Set(u32),
    /// What is left of a set's weight.
    Room(u32),
    /// The price of a cut.
    Cut(u32),
}

#[derive(Debug, Clone)]
struct Column {
    kind: Kind,
    /// Rows with factors.
    rows: Vec<(u32, f64)>,
    gain: f64,
    high: f64,
    /// The reduced gain counts by this.
    scale: f64,
}

const NONE: u32 = u32::MAX;
/// A reduced gain below this is none.
const FLAT: f64 = 1e-7;
/// A pivot below this is none.
const THIN: f64 = 1e-8;
/// A part below this is an error.
const NOTHING: f64 = 1e-12;
/// How many columns wait to enter after all were looked at.
const WAITING: usize = 32;
/// After so many pivots the inverse is made anew.
const FRESH: u32 = 300;

/// The linear program with a basis.
#[derive(Debug, Clone)]
pub(super) struct Simplex {
    columns: Rc<Vec<Column>>,
    right: Vec<f64>,
    low: Vec<f64>,
    value: Vec<f64>,
    /// The column of each place of the basis, and the place of each column.
    basis: Vec<u32>,
    place: Vec<u32>,
    /// The inverse of the basis: for each row, the factors by place.
    inverse: Vec<Vec<f64>>,
    /// What a unit of each row is worth: for the row of a site, how far it opens.
    pub worth: Vec<f64>,
    /// The row of a set that a cut names.
    set_rows: Vec<u32>,
    sites: usize,
    pub cuts: Rc<Vec<Cut>>,
    waiting: Vec<u32>,
    pivots: u32,
    /// How far a value may pass its limit.
    slight: f64,
    /// How many numbers were reckoned.
    pub work: u64,
}

impl Simplex {
    /// Starts from the prices of a cover.
    pub fn of(cover: &Cover) -> Self {
        let sites = cover.sites.len();
        let mut earned = vec![0.0; sites];
        let mut columns = Vec::with_capacity(2 * sites + 1 + cover.sets.len());
        let column = |kind, rows: Vec<(u32, f64)>, gain, high| {
            let scale = 1.0 / (1.0 + rows.len() as f64).sqrt();
            Column { kind, rows, gain, high, scale }
        };
        for site in 0..sites as u32 {
            columns.push(column(Kind::Below(site), vec![(site, 1.0)], 0.0, f64::INFINITY));
        }
        for site in 0..sites as u32 {
            columns.push(column(Kind::Above(site), vec![(site, -1.0)], -1.0, f64::INFINITY));
        }
        let each = (0..sites as u32).map(|site| (site, -1.0)).collect();
        columns.push(column(Kind::Each, each, -(cover.k as f64), f64::INFINITY));
        let mut value = vec![0.0; 2 * sites + 1];
        for ((set, &price), at) in cover.sets.iter().zip(&cover.prices).zip(0u32..) {
            let price = price.clamp(0.0, set.weight as f64);
            for &site in &set.sites {
                earned[site as usize] += price;
            }
            value.push(price);
            let rows = set.sites.iter().map(|&site| (site, 1.0)).collect();
            columns.push(column(Kind::Set(at), rows, 1.0, set.weight as f64));
        }
        let mut low = vec![0.0; columns.len()];
        low[2 * sites] = f64::NEG_INFINITY;
        let mean = cover.sets.iter().map(|set| set.weight as f64).sum::<f64>() / cover.sets.len().max(1) as f64;
        // Rows that differ a little from one another are never all met at once.
        let mut chance = Chance::new(1, sites as u64);
        let right: Vec<f64> = (0..sites).map(|_| mean * 1e-6 * (0.5 + chance.unit())).collect();
        let mut order = earned.clone();
        order.sort_unstable_by(|a, b| b.total_cmp(a));
        let last = order.get(cover.k.saturating_sub(1)).copied().unwrap_or(0.0);
        value[2 * sites] = f64::midpoint(last, order.get(cover.k).copied().unwrap_or(last));
        let mut simplex = Self {
            place: vec![NONE; columns.len()],
            basis: Vec::with_capacity(sites),
            inverse: vec![Vec::new(); sites],
            worth: vec![0.0; sites],
            set_rows: vec![NONE; cover.sets.len()],
            columns: Rc::new(columns),
            cuts: Rc::new(Vec::new()),
            waiting: Vec::new(),
            right,
            low,
            value,
            sites,
            pivots: 0,
            slight: mean * 1e-9,
            work: 0,
        };
        for (site, &earned) in earned.iter().enumerate() {
            let above = earned > simplex.value[2 * sites];
            let column = if above { sites + site } else { site };
            simplex.place[column] = site as u32;
            simplex.basis.push(column as u32);
        }
        simplex.refresh();
        simplex
    }

    /// Says what is known of a site.
    pub fn know(&mut self, site: usize, state: State) {
        match state {
            State::Free => {}
            State::Open => self.low[self.sites + site] = f64::NEG_INFINITY,
            State::Closed => self.low[site] = f64::NEG_INFINITY,
        }
        self.waiting.clear();
    }

    /// Returns the prices of the sets and of the cuts.
    pub fn prices(&self) -> (Vec<f64>, Vec<(Cut, f64)>) {
        let (mut sets, mut cuts) = (Vec::with_capacity(self.set_rows.len()), Vec::new());
        for (column, &value) in self.columns.iter().zip(&self.value) {
            match column.kind {
                Kind::Set(_) => sets.push(value.max(0.0)),
                Kind::Cut(cut) if value > 0.0 => cuts.push((self.cuts[cut as usize].clone(), value)),
                _ => {}
            }
        }
        (sets, cuts)
    }

    /// Returns the row of a set that a cut names.
    pub fn row_of(&self, set: u32) -> Option<usize> {
        let row = self.set_rows[set as usize];
        (row != NONE).then_some(row as usize)
    }

    /// Adds cuts.
    pub fn add(&mut self, cuts: Vec<Cut>, cover: &Cover) {
        let columns = Rc::make_mut(&mut self.columns);
        let first = columns.iter().position(|column| matches!(column.kind, Kind::Set(_))).unwrap_or(0);
        let mut known = self.cuts.to_vec();
        for cut in cuts {
            for &(set, _) in &cut.sets {
                if self.set_rows[set as usize] != NONE {
                    continue;
                }
                let row = self.right.len() as u32;
                self.set_rows[set as usize] = row;
                let weight = cover.sets[set as usize].weight as f64;
                let column = first + set as usize;
                columns[column].rows.push((row, 1.0));
                // Its own column of the basis is the room that is left.
                let own = self.place[column];
                let mut factors: Vec<f64> = vec![0.0; self.basis.len() + 1];
                factors[self.basis.len()] = 1.0;
                for by_place in &mut self.inverse {
                    let factor = if own == NONE { 0.0 } else { -by_place[own as usize] };
                    by_place.push(factor);
                }
                self.inverse.push(factors);
                self.right.push(weight);
                self.worth.push(0.0);
                self.place.push(self.basis.len() as u32);
                self.basis.push(columns.len() as u32);
                self.value.push(weight - self.value[column]);
                self.low.push(0.0);
                columns.push(Column {
                    kind: Kind::Room(set),
                    rows: vec![(row, 1.0)],
                    gain: 0.0,
                    high: f64::INFINITY,
                    scale: 0.7,
                });
            }
            let sites = cut.sites.iter().map(|&(site, factor)| (site, factor as f64));
            let sets = cut.sets.iter().map(|&(set, factor)| (self.set_rows[set as usize], factor as f64));
            let rows: Vec<(u32, f64)> = sites.chain(sets).collect();
            let norm: f64 = rows.iter().map(|row| row.1 * row.1).sum();
            self.place.push(NONE);
            self.value.push(0.0);
            self.low.push(0.0);
            columns.push(Column {
                kind: Kind::Cut(known.len() as u32),
                rows,
                gain: cut.least as f64,
                high: f64::INFINITY,
                scale: 1.0 / (1.0 + norm).sqrt(),
            });
            known.push(cut);
        }
        self.cuts = Rc::new(known);
        self.waiting.clear();
    }

    /// Moves the prices as long as the bound sinks, with at most so many pivots.
    pub fn solve(&mut self, pivots: usize) {
        for _ in 0..pivots {
            if self.pivots >= FRESH {
                self.refresh();
            }
            let Some((column, up)) = self.entering() else { return };
            if !self.step(column as usize, up) {
                return;
            }
        }
    }

    /// Returns how far a column draws the bound down where it may move, and whether upwards.
    fn pull(&self, column: u32) -> (f64, bool) {
        let at = column as usize;
        if self.place[at] != NONE {
            return (0.0, true);
        }
        let one = &self.columns[at];
        let reduced = one.gain - one.rows.iter().map(|&(row, factor)| factor * self.worth[row as usize]).sum::<f64>();
        if reduced > FLAT && self.value[at] < one.high {
            (reduced * one.scale, true)
        } else if reduced < -FLAT && self.value[at] > self.low[at] {
            (-reduced * one.scale, false)
        } else {
            (0.0, true)
        }
    }

    /// Finds the column that draws most among those that wait; when none does, all are looked at.
    fn entering(&mut self) -> Option<(u32, bool)> {
        for again in [false, true] {
            if again {
                let mut pulls: Vec<(f64, u32)> =
                    (0..self.columns.len() as u32).map(|at| (self.pull(at).0, at)).filter(|one| one.0 > 0.0).collect();
                self.work += 4 * self.columns.len() as u64;
                let stronger = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
                if pulls.len() > WAITING {
                    pulls.select_nth_unstable_by(WAITING - 1, stronger);
                    pulls.truncate(WAITING);
                }
                pulls.sort_unstable_by(stronger);
                self.waiting = pulls.into_iter().map(|one| one.1).collect();
            }
            let mut best = (0.0, None);
            for &column in &self.waiting {
                let (pull, up) = self.pull(column);
                if pull > best.0 {
                    best = (pull, Some((column, up)));
                }
            }
            if best.1.is_some() {
                return best.1;
            }
        }
        None
    }

    /// Returns what a column is made of in the basis, by place.
    fn made_of_basis(&self, column: usize) -> Vec<f64> {
        let mut sum = vec![0.0; self.basis.len()];
        for &(row, factor) in &self.columns[column].rows {
            for (sum, part) in sum.iter_mut().zip(&self.inverse[row as usize]) {
                *sum += factor * part;
            }
        }
        sum
    }

    /// Moves a column until another one is at its limit, which leaves the basis. Says `false` when nothing limits it.
    fn step(&mut self, column: usize, up: bool) -> bool {
        let made = self.made_of_basis(column);
        self.work += (made.len() * self.columns[column].rows.len()) as u64;
        let sign = if up { 1.0 } else { -1.0 };
        let own = if up { self.columns[column].high } else { self.low[column] };
        let own = if own.is_finite() { (own - self.value[column]).abs() } else { f64::INFINITY };
        let leaving = self.leaving(&made, sign);
        let way = leaving.map_or(f64::INFINITY, |(_, way)| way).min(own);
        if way.is_infinite() {
            return false;
        }
        for (&at, &part) in self.basis.iter().zip(&made) {
            self.value[at as usize] -= way * sign * part;
        }
        self.value[column] += sign * way;
        if let Some((place, _)) = leaving.filter(|one| one.1 <= own) {
            let leaves = self.basis[place] as usize;
            let sinks = sign * made[place] > 0.0;
            self.value[leaves] = if sinks { self.low[leaves] } else { self.columns[leaves].high };
            self.place[leaves] = NONE;
            let one = &self.columns[column];
            let paid: f64 = one.rows.iter().map(|&(row, factor)| factor * self.worth[row as usize]).sum();
            self.enter(column, place, &made, one.gain - paid);
        }
        true
    }

    /// Returns the place of the basis that first comes to its limit when a column moves, and how far that is. Among
    /// those that come to it at nearly the same point, it is the one that moves most.
    fn leaving(&self, made: &[f64], sign: f64) -> Option<(usize, f64)> {
        let room = |place: usize, by: f64| {
            let at = self.basis[place] as usize;
            let limit = if by > 0.0 { self.low[at] } else { self.columns[at].high };
            if limit.is_finite() { ((self.value[at] - limit) / by).max(0.0) } else { f64::INFINITY }
        };
        let moving = made.iter().map(|part| sign * part).enumerate().filter(|one| one.1.abs() > THIN);
        let near = moving.map(|(place, by)| (place, by.abs(), room(place, by))).filter(|one| one.2.is_finite());
        let near: Vec<(usize, f64, f64)> = near.collect();
        let loose = near.iter().map(|&(_, by, room)| room + self.slight / by).fold(f64::INFINITY, f64::min);
        let first = near.iter().filter(|one| one.2 <= loose);
        first.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|&(place, _, room)| (place, room))
    }

    /// Puts a column at a place of the basis.
    fn enter(&mut self, column: usize, place: usize, made: &[f64], reduced: f64) {
        let parts: Vec<(usize, f64)> = made.iter().copied().enumerate().filter(|one| one.1.abs() > NOTHING).collect();
        for (by_place, worth) in self.inverse.iter_mut().zip(&mut self.worth) {
            let factor = by_place[place] / made[place];
            if factor == 0.0 {
                continue;
            }
            self.work += parts.len() as u64;
            for &(at, part) in &parts {
                by_place[at] -= factor * part;
            }
            by_place[place] = factor;
            *worth += reduced * factor;
        }
        self.basis[place] = column as u32;
        self.place[column] = place as u32;
        self.pivots += 1;
    }

    /// Makes the inverse, the values and the worths anew, so that small errors do not add up.
    fn refresh(&mut self) {
        let rows = self.right.len();
        let mut columns = std::mem::take(&mut self.basis);
        columns.sort_unstable_by_key(|&at| (self.columns[at as usize].rows.len(), at));
        for (row, by_place) in self.inverse.iter_mut().enumerate() {
            by_place.clear();
            by_place.resize(rows, 0.0);
            by_place[row] = 1.0;
        }
        self.basis = vec![NONE; rows];
        for column in columns {
            let made = self.made_of_basis(column as usize);
            self.place[column as usize] = NONE;
            let free = (0..rows).filter(|&place| self.basis[place] == NONE);
            let best = free.max_by(|&a, &b| made[a].abs().total_cmp(&made[b].abs()).then(b.cmp(&a)));
            if let Some(place) = best.filter(|&place| made[place].abs() > THIN) {
                self.enter(column as usize, place, &made, 0.0);
            }
        }
        // A column that depends on others stays outside at its value; the row's own column takes its place.
        for place in 0..rows {
            if self.basis[place] == NONE {
                let own = |column: &Column| {
                    matches!(column.kind, Kind::Below(_) | Kind::Room(_)) && column.rows[0].0 as usize == place
                };
                let own = self.columns.iter().position(own).unwrap_or(place);
                self.basis[place] = own as u32;
                self.place[own] = place as u32;
            }
        }
        self.pivots = 0;
        let mut left = self.right.clone();
        for ((column, &value), &place) in self.columns.iter().zip(&self.value).zip(&self.place) {
            if place == NONE && value != 0.0 {
                for &(row, factor) in &column.rows {
                    left[row as usize] -= factor * value;
                }
            }
        }
        let gains: Vec<f64> = self.basis.iter().map(|&at| self.columns[at as usize].gain).collect();
        let mut values = vec![0.0; rows];
        for ((by_place, left), worth) in self.inverse.iter().zip(left).zip(&mut self.worth) {
            for (value, part) in values.iter_mut().zip(by_place) {
                *value += part * left;
            }
            *worth = by_place.iter().zip(&gains).map(|(part, gain)| part * gain).sum();
        }
        for (&at, value) in self.basis.iter().zip(values) {
            self.value[at as usize] = value;
        }
    }
}
