//! 热点: this module finds where reports rise: the space-time permutation scan of Kulldorff and others (PLoS Medicine
//! 2, 2005), prospective, over walking neighbourhoods. It needs no count of inhabitants: each place and each day keeps
//! its own sum, and only their meeting is put to the test.
//!
//! A **zone** is a connected set of places ([`Zones`]), a **window** the last days up to today. Expected is what a zone
//! would have in a window if its reports fell on days as everybody's do, apart for each kind of day (working days,
//! working days in place of a holiday, days off), so that neither the week nor the calendar raises anything. The
//! statistic is the logarithm of the likelihood ratio. Its chance comes from replicates in which the days of all
//! reports are dealt anew within each kind of day: as many replicates as reach it, and beyond all the tail of a Gumbel
//! distribution (Abrams, Kulldorff, Kleinman, Statistics in Medicine 29, 2010), never more than one in all replicates.
//! For a scan that runs every night, one in that chance is how rarely it happens by itself, in nights.
//!
//! ```
//! use planning::scan::{Cell, Settings, Stream, Zones, scan};
//!
//! // Twelve places with a report a day each; in the last three days the first has nine a day.
//! let kinds = [0; 60];
//! let count = |place, day| if place == 0 && day >= 57 { 9 } else { 1 };
//! let day = |day: u32| (0..12).map(move |place| Cell { place, day, count: count(place, day) });
//! let cells: Vec<Cell> = (0..60).flat_map(day).collect();
//! let found = scan(&Zones::new(12), &Stream { kinds: &kinds, cells: &cells }, &Settings::default())?;
//! assert_eq!((found.clusters[0].places.as_slice(), found.clusters[0].days), ([0].as_slice(), 3));
//! assert!(found.clusters[0].once_in_nights() > 365);
//! # Ok::<(), planning::scan::Fault>(())
//! ```

mod check;
mod likelihood;
mod margins;
mod replicate;
mod tail;
mod thresholds;
mod zones;

pub use check::{Wrong, check};
pub use zones::{Walk, Zones, around, beside};

use std::collections::BTreeSet;

use likelihood::ratio;
use margins::Margins;
use rayon::prelude::*;
use replicate::Dealer;
use tail::Gumbel;
use thresholds::{Thresholds, add_up, room};

use crate::chance::Chance;

/// The most days that a window may have.
pub const WINDOW_MOST: usize = 16;

/// The most reports of a stream.
pub const REPORTS_MOST: u64 = 1 << 24;

/// The counts of a place or zone, one for each window: lane 0 is today, lane 1 today and yesterday, and so on.
pub(crate) type Lanes = [u32; WINDOW_MOST];

/// The reports of one place on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The place.
    pub place: u32,
    /// The day, counted from the first of the stream.
    pub day: u32,
    /// How many reports there were. Cells of the same place and day add up.
    pub count: u32,
}

/// The reports of one sort.
#[derive(Debug, Clone, Copy)]
pub struct Stream<'a> {
    /// The kind of each day, the oldest first. The last one is the day up to which windows go. Days of different kinds
    /// are never compared with one another.
    pub kinds: &'a [u8],
    /// The reports.
    pub cells: &'a [Cell],
}

/// How a stream is scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The days of the longest window.
    pub window: usize,
    /// How many reports a zone must have in a window to count.
    pub least: u32,
    /// How many replicates are dealt.
    pub replicates: u32,
    /// Dealing stops once this many replicates reach what was found (Besag and Clifford, Biometrika 78, 1991): it
    /// happens often enough. Zero deals all.
    pub enough: u32,
    /// The most clusters that are returned.
    pub most: usize,
    /// The same seed gives the same answer.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { window: 14, least: 3, replicates: 999, enough: 10, most: 5, seed: 1 }
    }
}

/// The reason why a stream is not scanned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A cell names a place that does not exist.
    #[error("cell {cell} names place {place}, and there are only {places}")]
    NoPlace {
        /// The cell, counted from 0.
        cell: usize,
        /// The place that it names.
        place: u32,
        /// How many places there are.
        places: usize,
    },
    /// A cell names a day that does not exist.
    #[error("cell {cell} names day {day}, and there are only {days}")]
    NoDay {
        /// The cell, counted from 0.
        cell: usize,
        /// The day that it names.
        day: u32,
        /// How many days there are.
        days: usize,
    },
    /// The window is longer than a scan can look at, or has no day.
    #[error("a window has 1 to {WINDOW_MOST} days, not {window}")]
    Window {
        /// The days that were asked for.
        window: usize,
    },
    /// There are more reports than a scan can look at.
    #[error("there are {reports} reports, more than the {REPORTS_MOST} that a scan looks at")]
    TooMany {
        /// How many there are.
        reports: u64,
    },
}

/// A zone that has more reports in a window than its share.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The places of the zone, in their order.
    pub places: Vec<u32>,
    /// The days of the window, today among them.
    pub days: usize,
    /// How many reports it had.
    pub count: u32,
    /// How many were to be expected.
    pub expected: f64,
    /// The logarithm of the likelihood ratio.
    pub statistic: f64,
    /// How many replicates reached it somewhere.
    pub reached: u32,
    /// The chance that a night has anything as striking anywhere, more than 0 and at most 1.
    pub chance: f64,
}

impl Cluster {
    /// Returns in how many nights something as striking happens once by chance.
    pub fn once_in_nights(&self) -> u32 {
        // Decimals that the division leaves are no night.
        (1.0 / self.chance + 1e-6).floor().min(f64::from(u32::MAX)) as u32
    }
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// The clusters that share no place, the most striking first. Most nights have some that happen often by chance.
    pub clusters: Vec<Cluster>,
    /// How many reports there were.
    pub reports: u64,
    /// How many replicates were dealt.
    pub replicates: u32,
}

/// The replicates that find the level from which a window is worth a closer look.
const FIRST: u32 = 16;
/// The replicates that are dealt before it is asked whether there are enough.
const BATCH: u32 = 64;
/// The replicates that one thread deals in a row.
const ROW: usize = 16;

/// Scans one stream.
pub fn scan(zones: &Zones, stream: &Stream<'_>, settings: &Settings) -> Result<Scan, Fault> {
    let margins = Margins::of(zones, stream, settings)?;
    let reports = margins.reports();
    let above = Thresholds::new(&margins, 0.0);
    let found = striking(zones, &margins, &above, settings);
    let Some(first) = found.first() else { return Ok(Scan { clusters: Vec::new(), reports, replicates: 0 }) };
    let best = first.statistic;
    let mut highest = Vec::new();
    deal(&margins, (&above, &above), settings, 0..FIRST.min(settings.replicates), &mut highest);
    let level = highest.iter().copied().fold(f64::INFINITY, f64::min);
    if level.is_finite() {
        let high = Thresholds::new(&margins, level);
        while (highest.len() as u32) < settings.replicates && !is_enough(&highest, best, settings) {
            let from = highest.len() as u32;
            let until = (from + BATCH).min(settings.replicates);
            deal(&margins, (&high, &above), settings, from..until, &mut highest);
        }
    }
    let gumbel = Gumbel::fit(&highest);
    let clusters = found.into_iter().map(|cluster| told(cluster, &highest, &gumbel)).collect();
    Ok(Scan { clusters, reports, replicates: highest.len() as u32 })
}

fn is_enough(highest: &[f64], best: f64, settings: &Settings) -> bool {
    settings.enough > 0 && reached(highest, best) >= settings.enough
}

/// How many replicates reach a statistic. Equal ones do, whatever the last digits of their logarithms.
fn reached(highest: &[f64], statistic: f64) -> u32 {
    let least = statistic - 1e-9 * statistic.abs().max(1.0);
    highest.iter().filter(|&&value| value >= least).count() as u32
}

/// Says how likely a cluster is: as many as reach it, and beyond all replicates what the tail says.
fn told(cluster: Cluster, highest: &[f64], gumbel: &Gumbel) -> Cluster {
    let reached = reached(highest, cluster.statistic);
    let counted = f64::from(reached + 1) / (highest.len() as f64 + 1.0);
    let beyond = gumbel.above(cluster.statistic).max(f64::MIN_POSITIVE);
    let chance = if reached == 0 { counted.min(beyond) } else { counted };
    Cluster { reached, chance, ..cluster }
}

/// Deals the replicates of these numbers and adds the highest statistic of each.
fn deal(
    margins: &Margins,
    levels: (&Thresholds, &Thresholds),
    settings: &Settings,
    numbers: std::ops::Range<u32>,
    highest: &mut Vec<f64>,
) {
    let one = |dealer: &mut Dealer<'_>, number: u32| {
        dealer.deal(&mut Chance::new(settings.seed, u64::from(number)));
        // Where nothing reaches the level, everything above its expectation is looked at.
        dealer.highest(levels.0).or_else(|| dealer.highest(levels.1)).unwrap_or(0.0)
    };
    let found: Vec<f64> = numbers.into_par_iter().with_min_len(ROW).map_init(|| Dealer::new(margins), one).collect();
    highest.extend(found);
}

/// Finds the most striking window of each zone, and of zones that share a place keeps the more striking one.
fn striking(zones: &Zones, margins: &Margins, above: &Thresholds, settings: &Settings) -> Vec<Cluster> {
    let mut found: Vec<(f64, u32, usize)> = Vec::new();
    let mut sums = room(margins);
    add_up(margins, margins.observed(), &mut sums, above, |node, lanes| {
        let statistic = |lane: usize| {
            let count = f64::from(lanes[lane]);
            if lanes[lane] < settings.least { 0.0 } else { ratio(count, margins.expected(node, lane), margins.all()) }
        };
        // Of equal windows the shortest one, which is the first.
        let best =
            (0..margins.window()).map(|lane| (statistic(lane), lane)).reduce(|a, b| if b.0 > a.0 { b } else { a });
        found.extend(best.filter(|best| best.0 > 0.0).map(|(statistic, lane)| (statistic, node, lane)));
    });
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (mut taken, mut clusters) = (BTreeSet::new(), Vec::new());
    for (statistic, node, lane) in found {
        if clusters.len() >= settings.most {
            break;
        }
        let places = zones.members(margins.nodes()[node as usize].zone);
        if places.iter().any(|place| taken.contains(place)) {
            continue;
        }
        taken.extend(places.iter().copied());
        let (count, expected) = (margins.observed_in(&places, lane), margins.expected(node, lane));
        clusters.push(Cluster { places, days: lane + 1, count, expected, statistic, reached: 0, chance: 1.0 });
    }
    clusters
}

#[cfg(test)]
mod tests;
