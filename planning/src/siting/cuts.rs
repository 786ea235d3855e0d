//! Finds cuts: what every choice keeps and a choice of parts of sites does not.
//!
//! A site that opens in part is made of rows that are met exactly, each with a factor. The fractions of these factors,
//! as parts of a small whole number, make one row of them; its factors and its least are whole numbers in every
//! choice, so that they may be rounded up (Chvátal and Gomory). All is reckoned in whole numbers: whatever the program
//! says, a cut holds.

use std::collections::{BTreeMap, BTreeSet};

use super::cover::{Cover, Cut};
use super::simplex::{Kind, Simplex};

/// The greatest whole number of which factors are parts.
const PARTS: i64 = 24;
/// The greatest for which the multiples of the factors are tried too.
const TURNS: i64 = 7;
/// How much a choice in parts must miss a cut, against the length of the cut.
const MISSED: f64 = 0.02;
/// How much alike two new cuts may be.
const ALIKE: f64 = 0.6;
/// The longest cut.
const LONGEST: usize = 200;

/// Returns cuts that the prices of a program do not yet keep, at most so many.
pub(super) fn find(cover: &Cover, simplex: &Simplex, most: usize) -> Vec<Cut> {
    let sites = cover.sites.len();
    let opened = |set: usize| cover.sets[set].sites.iter().map(|&site| simplex.worth[site as usize]).sum::<f64>();
    let bare: Vec<f64> = (0..cover.sets.len())
        .map(|set| match simplex.row_of(set as u32) {
            Some(row) => simplex.worth[row].max(0.0),
            None => (1.0 - opened(set)).max(0.0),
        })
        .collect();
    let known: BTreeSet<&Cut> = simplex.cuts.iter().collect();
    let mut found: BTreeMap<Cut, f64> = BTreeMap::new();
    for row in 0..simplex.rows() {
        let part = simplex.worth[row];
        if (part - part.round()).abs() < 1e-4 {
            continue;
        }
        let Some((parts, factors)) = whole(simplex, row) else { continue };
        let turns = if parts <= TURNS { parts - 1 } else { 1 };
        for turn in 1..=turns {
            let turned = factors.iter().map(|&(kind, factor)| (kind, factor * turn % parts));
            let Some(cut) = rounded(cover, simplex, turned, parts) else { continue };
            let missed = cut.least as f64
                - cut.sites.iter().map(|&(site, factor)| factor as f64 * simplex.worth[site as usize]).sum::<f64>()
                - cut.sets.iter().map(|&(set, factor)| factor as f64 * bare[set as usize]).sum::<f64>();
            let score = missed / length(&cut);
            if score > MISSED && cut.sites.len() <= LONGEST.min(sites) && !known.contains(&cut) {
                found.insert(cut, score);
            }
        }
    }
    chosen(found, most)
}

/// Takes the cuts that are missed most and that are not too much alike.
fn chosen(found: BTreeMap<Cut, f64>, most: usize) -> Vec<Cut> {
    let mut found: Vec<(Cut, f64)> = found.into_iter().collect();
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

/// Returns the fractions of the factors that make up a row, as parts of the smallest whole number that does it.
fn whole(simplex: &Simplex, row: usize) -> Option<(i64, Vec<(Kind, i64)>)> {
    let fraction = |(kind, factor): (Kind, f64)| (kind, factor - factor.floor());
    let some = |one: &(Kind, f64)| one.1 > 1e-6 && one.1 < 1.0 - 1e-6;
    let fractions: Vec<(Kind, f64)> = simplex.made_of(row).map(fraction).filter(some).collect();
    if fractions.is_empty() {
        return None;
    }
    let fits = |parts: &i64| {
        fractions.iter().all(|&(_, fraction)| {
            let part = fraction * *parts as f64;
            (part - part.round()).abs() < 1e-4
        })
    };
    let parts = (2..=PARTS).find(fits)?;
    let factors = fractions.into_iter().map(|(kind, fraction)| (kind, (fraction * parts as f64).round() as i64));
    Some((parts, factors.collect()))
}

/// Adds up rows with factors, and rounds up.
fn rounded(
    cover: &Cover,
    simplex: &Simplex,
    factors: impl Iterator<Item = (Kind, i64)>,
    parts: i64,
) -> Option<Cut> {
    let mut sites = vec![0i64; cover.sites.len()];
    let mut sets: BTreeMap<u32, i64> = BTreeMap::new();
    let mut least = 0;
    for (kind, factor) in factors {
        match kind {
            Kind::Below(site) => sites[site as usize] += factor,
            Kind::Above(site) => {
                sites[site as usize] -= factor;
                least -= factor;
            }
            Kind::Each => {
                sites.iter_mut().for_each(|sum| *sum -= factor);
                least -= factor * cover.k as i64;
            }
            Kind::Set(set) => {
                for &site in &cover.sets[set as usize].sites {
                    sites[site as usize] += factor;
                }
                *sets.entry(set).or_default() += factor;
                least += factor;
            }
            Kind::Room(set) => *sets.entry(set).or_default() += factor,
            Kind::Cut(cut) => {
                let cut = simplex.cuts.get(cut as usize)?;
                for &(site, by) in &cut.sites {
                    sites[site as usize] += factor * by;
                }
                for &(set, by) in &cut.sets {
                    *sets.entry(set).or_default() += factor * by;
                }
                least += factor * cut.least;
            }
        }
    }
    let up = |sum: i64| (sum + parts - 1).div_euclid(parts);
    let sites = sites.into_iter().zip(0u32..).map(|(sum, site)| (site, up(sum))).filter(|one| one.1 != 0).collect();
    let sets = sets.into_iter().map(|(set, sum)| (set, up(sum))).filter(|one| one.1 != 0).collect();
    Some(Cut { sites, sets, least: up(least) })
}
