//! Reckons what a division is worth from the buildings and borders alone. It shares nothing with the search.

use std::collections::{BTreeMap, BTreeSet};

use super::{Border, Bounds, Building, distinct};

/// What was found in a division.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// How many grids there are.
    pub grids: usize,
    /// The grids whose buildings do not all reach one another.
    pub disconnected: usize,
    /// The grids with buildings of several communities.
    pub crossing: usize,
    /// The grids with more households than the most.
    pub above: usize,
    /// The grids with fewer households than the least, without those that are excused.
    pub below: usize,
    /// The grids with fewer households than the least that are a whole piece.
    pub excused: usize,
    /// The grids above the most that hold a building that alone is above it.
    pub unavoidable: usize,
    /// The weight of the borders cut, metres.
    pub cut: u64,
    /// The households by which grids differ from the mean of their piece, added up.
    pub deviation: f64,
    /// The number that the search makes small: cut and deviation together.
    pub objective: f64,
    /// The number of cuts through compounds: for each compound, the grids that touch it less one.
    pub compound_splits: usize,
}

impl Report {
    /// Returns how many grids are wrong, without those that are excused or hold a building that alone is too large.
    /// Whether they could be right, a proof says.
    pub fn violations(&self) -> usize {
        self.disconnected + self.crossing + self.above + self.below
    }
}

/// Checks a division. `grid` has one entry for each building; any numbers may be used.
pub fn check(buildings: &[Building], borders: &[Border], bounds: &Bounds, grid: &[u32]) -> Report {
    let borders: &[Border] = &distinct(borders);
    let piece = groups(buildings, borders, |a, b| buildings[a].community == buildings[b].community);
    let hangs =
        groups(buildings, borders, |a, b| buildings[a].community == buildings[b].community && grid[a] == grid[b]);
    let mut grids: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    // The households and the buildings of each piece.
    let mut pieces: BTreeMap<usize, (u64, usize)> = BTreeMap::new();
    for (at, &own) in grid.iter().enumerate() {
        grids.entry(own).or_default().push(at);
        let (households, count) = pieces.entry(piece[at]).or_default();
        *households += u64::from(buildings[at].households);
        *count += 1;
    }
    let mut report = Report { grids: grids.len(), ..Report::default() };
    for members in grids.values() {
        let total: u64 = members.iter().map(|&at| u64::from(buildings[at].households)).sum();
        let communities: BTreeSet<u32> = members.iter().map(|&at| buildings[at].community).collect();
        let parts: BTreeSet<usize> = members.iter().map(|&at| hangs[at]).collect();
        report.crossing += usize::from(communities.len() > 1);
        report.disconnected += usize::from(communities.len() == 1 && parts.len() > 1);
        let (whole, count) = members.first().map_or((0, 0), |&at| pieces[&piece[at]]);
        let large = members.iter().any(|&at| buildings[at].households > bounds.most);
        if total > u64::from(bounds.most) {
            if large { report.unavoidable += 1 } else { report.above += 1 }
        } else if total < u64::from(bounds.least) {
            if members.len() == count { report.excused += 1 } else { report.below += 1 }
        }
        let mean = whole as f64 / bounds.grids(whole) as f64;
        report.deviation += (total as f64 - mean).abs();
    }
    for border in borders {
        let (a, b) = (border.a as usize, border.b as usize);
        if buildings[a].community == buildings[b].community && grid[a] != grid[b] {
            let weight = if buildings[a].compound == buildings[b].compound { 2 } else { 1 };
            report.cut += weight * u64::from(border.metres);
        }
    }
    let touched: BTreeSet<(u32, u32)> = buildings.iter().zip(grid).map(|(one, &own)| (one.compound, own)).collect();
    let compounds: BTreeSet<u32> = buildings.iter().map(|one| one.compound).collect();
    report.compound_splits = touched.len() - compounds.len();
    report.objective = report.cut as f64 + bounds.deviation * report.deviation;
    report
}

/// Returns for each building the first building of its group. Borders that join hold a group together.
fn groups(buildings: &[Building], borders: &[Border], joins: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut root: Vec<usize> = (0..buildings.len()).collect();
    for border in borders {
        let (a, b) = (border.a as usize, border.b as usize);
        if joins(a, b) {
            let (a, b) = (find(&mut root, a), find(&mut root, b));
            root[a.max(b)] = a.min(b);
        }
    }
    (0..buildings.len()).map(|at| find(&mut root, at)).collect()
}

fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}
