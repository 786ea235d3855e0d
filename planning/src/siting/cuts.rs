//! Finds cuts: what every choice keeps and a choice of parts of sites does not.
//!
//! Each set wants one of its sites, or is left uncovered. Adding up an odd number of such sets and halving the sum
//! gives factors that are whole where sites stand in an even number of them; rounded up, every choice of whole sites
//! keeps the sum (cuts of halves: Caprara and Fischetti, {0, 1/2}-Chvátal-Gomory cuts, 1996). Parts of sites miss it
//! where little of them stands in an odd number of the sets. Such sets are found by adding one after the other, the one
//! that leaves least. A cut is made of whole numbers and holds whatever the parts are.

use std::collections::{BTreeMap, BTreeSet};

use super::cover::{Cover, Cut};
use super::simplex::Simplex;

/// A part below this is none.
const SLIGHT: f64 = 1e-4;
/// A set may leave at most so much uncovered, or cover so much twice.
const LOOSE: f64 = 0.6;
/// With how many others each set begins, and how many sets a cut has at most.
const SECONDS: usize = 6;
const MOST_SETS: usize = 9;
/// How much of a choice must be missed, at least.
const MISSED: f64 = 0.02;
/// How much alike two new cuts may be.
const ALIKE: f64 = 0.7;

/// A set as the choice in parts sees it.
struct Row {
    set: u32,
    /// Its sites that open in part.
    sites: Vec<u32>,
    /// What is left uncovered, and what is covered twice.
    loose: f64,
}

struct Search<'a> {
    worth: &'a [f64],
    rows: Vec<Row>,
    /// The rows of each site.
    of_site: Vec<Vec<u32>>,
    /// Whether a site stands in an odd number of the chosen rows, and whether a row is chosen.
    odd: Vec<bool>,
    chosen: Vec<bool>,
    found: BTreeMap<Vec<u32>, f64>,
}

/// Returns cuts that the prices of a program do not yet keep, at most so many.
pub(super) fn find(cover: &Cover, simplex: &Simplex, most: usize) -> Vec<Cut> {
    let mut search = Search::of(cover, simplex);
    for row in 0..search.rows.len() as u32 {
        search.from(row);
    }
    let mut cuts: Vec<(Cut, f64)> = Vec::new();
    for (rows, left) in &search.found {
        let cut = halved(cover, rows.iter().map(|&row| search.rows[row as usize].set));
        let score = (1.0 - left) / length(&cut);
        cuts.push((cut, score));
    }
    let known: BTreeSet<&Cut> = simplex.cuts.iter().collect();
    cuts.retain(|one| !known.contains(&one.0));
    chosen(cuts, most)
}

impl<'a> Search<'a> {
    fn of(cover: &Cover, simplex: &'a Simplex) -> Self {
        let worth = &simplex.worth[..cover.sites.len()];
        // Of sets with the same parts, the one that weighs most is dearest to leave uncovered.
        let mut heaviest: BTreeMap<Vec<u32>, (i64, u32, f64)> = BTreeMap::new();
        for (set, at) in cover.sets.iter().zip(0u32..) {
            let sum: f64 = set.sites.iter().map(|&site| worth[site as usize]).sum();
            let bare = simplex.row_of(at).map_or((1.0 - sum).max(0.0), |row| simplex.worth[row].max(0.0));
            let loose = bare + (sum + bare - 1.0).max(0.0);
            if loose > LOOSE || set.sites.iter().any(|&site| worth[site as usize] > 1.0 - SLIGHT) {
                continue;
            }
            let parts = set.sites.iter().copied().filter(|&site| worth[site as usize] > SLIGHT).collect();
            let one = heaviest.entry(parts).or_insert((set.weight, at, loose));
            if set.weight > one.0 {
                *one = (set.weight, at, loose);
            }
        }
        let row = |(sites, (_, set, loose))| Row { set, sites, loose };
        let rows: Vec<Row> = heaviest.into_iter().map(row).collect();
        let mut of_site = vec![Vec::new(); worth.len()];
        for (row, at) in rows.iter().zip(0u32..) {
            for &site in &row.sites {
                of_site[site as usize].push(at);
            }
        }
        let (odd, chosen) = (vec![false; worth.len()], vec![false; rows.len()]);
        Self { worth, rows, of_site, odd, chosen, found: BTreeMap::new() }
    }

    /// Turns a row: what it has even becomes odd. Returns what becomes odd more.
    fn turn(&mut self, row: u32) -> f64 {
        let more = self.more(row);
        self.chosen[row as usize] = !self.chosen[row as usize];
        for &site in &self.rows[row as usize].sites {
            self.odd[site as usize] = !self.odd[site as usize];
        }
        more
    }

    /// Returns what would become odd more if a row that is not chosen were.
    fn more(&self, row: u32) -> f64 {
        let row = &self.rows[row as usize];
        let sign = |&site: &u32| {
            let part = self.worth[site as usize];
            if self.odd[site as usize] { -part } else { part }
        };
        row.loose + row.sites.iter().map(sign).sum::<f64>()
    }

    /// Returns rows that share an odd site with those chosen, the best first, and what becomes odd more with them.
    fn next(&self, rows: &[u32], most: usize) -> Vec<(f64, u32)> {
        let sites = rows.iter().flat_map(|&row| &self.rows[row as usize].sites);
        let near = sites.filter(|&&site| self.odd[site as usize]).flat_map(|&site| &self.of_site[site as usize]);
        let mut near: Vec<u32> = near.copied().filter(|&row| !self.chosen[row as usize]).collect();
        near.sort_unstable();
        near.dedup();
        let mut next: Vec<(f64, u32)> = near.into_iter().map(|row| (self.more(row), row)).collect();
        next.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        next.truncate(most);
        next
    }

    /// Looks for cuts that begin with a row.
    fn from(&mut self, first: u32) {
        let alone = self.turn(first);
        for (more, second) in self.next(&[first], SECONDS) {
            let mut rows = vec![first, second];
            self.turn(second);
            let mut left = alone + more;
            while rows.len() < MOST_SETS {
                let Some(&(more, row)) = self.next(&rows, 1).first() else { break };
                self.turn(row);
                rows.push(row);
                left += more;
                if rows.len() % 2 == 1 && left < 1.0 - 2.0 * MISSED {
                    let mut key = rows.clone();
                    key.sort_unstable();
                    self.found.insert(key, left);
                }
            }
            for &row in &rows[1..] {
                self.turn(row);
            }
        }
        self.turn(first);
    }
}

/// Adds up sets, halves the sum and rounds it up.
fn halved(cover: &Cover, sets: impl Iterator<Item = u32>) -> Cut {
    let mut sets: Vec<u32> = sets.collect();
    sets.sort_unstable();
    let mut sites: BTreeMap<u32, i64> = BTreeMap::new();
    for &set in &sets {
        for &site in &cover.sets[set as usize].sites {
            *sites.entry(site).or_default() += 1;
        }
    }
    let sites = sites.into_iter().map(|(site, count)| (site, (count + 1) / 2)).collect();
    let least = (sets.len() as i64 + 1) / 2;
    Cut { sites, sets: sets.into_iter().map(|set| (set, 1)).collect(), least }
}

/// Takes the cuts that are missed most and that are not too much alike.
fn chosen(mut found: Vec<(Cut, f64)>, most: usize) -> Vec<Cut> {
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut chosen: Vec<Cut> = Vec::new();
    for (cut, _) in found {
        if chosen.len() == most {
            break;
        }
        if chosen.iter().all(|other| product(&cut.sites, &other.sites) < ALIKE * length(&cut) * length(other)) {
            chosen.push(cut);
        }
    }
    chosen
}

fn length(cut: &Cut) -> f64 {
    let squares = cut.sites.iter().chain(&cut.sets).map(|one| (one.1 * one.1) as f64);
    squares.sum::<f64>().sqrt().max(1.0)
}

fn product(one: &[(u32, i64)], other: &[(u32, i64)]) -> f64 {
    let (mut at, mut sum) = (0, 0);
    for &(site, factor) in one {
        while other.get(at).is_some_and(|next| next.0 < site) {
            at += 1;
        }
        if let Some(next) = other.get(at).filter(|next| next.0 == site) {
            sum += factor * next.1;
        }
    }
    sum as f64
}
