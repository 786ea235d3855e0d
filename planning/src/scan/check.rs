//! Checks an answer from the definition, without the search: each set of places and each window is counted by itself.

use std::collections::BTreeMap;

use super::{Cell, Cluster, Scan, Settings, Stream, Zones};

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Wrong {
    /// The places of a cluster are no zone.
    #[error("cluster {0} is no zone")]
    NoZone(usize),
    /// The figures of a cluster are not those of its zone and window.
    #[error("cluster {cluster} has {count} reports, {expected} expected, ratio {ratio}")]
    Figures {
        /// The cluster, counted from 0.
        cluster: usize,
        /// What its zone had in the window.
        count: u32,
        /// What was to be expected.
        expected: f64,
        /// The logarithm of the ratio.
        ratio: f64,
    },
    /// Another zone is more striking than the first cluster, or there is one and no cluster.
    #[error("zone {places:?} has the ratio {ratio} over {days} days")]
    Higher {
        /// The places of the zone.
        places: Vec<u32>,
        /// The days of its window.
        days: usize,
        /// The logarithm of its ratio.
        ratio: f64,
    },
    /// Two clusters share a place.
    #[error("clusters share place {0}")]
    Shared(u32),
    /// The chance of a cluster is none.
    #[error("cluster {0} has a chance that is none")]
    Chance(usize),
}

/// How far figures may lie apart.
const NEARLY: f64 = 1e-6;

/// Checks an answer. It takes as long as there are zones, windows and cells together, multiplied.
pub fn check(zones: &Zones, stream: &Stream<'_>, settings: &Settings, scan: &Scan) -> Result<(), Wrong> {
    let sets: Vec<&[u32]> = zones.sets().collect();
    let mut seen = std::collections::BTreeSet::new();
    for (at, cluster) in scan.clusters.iter().enumerate() {
        one(at, cluster, &sets, stream)?;
        if let Some(shared) = cluster.places.iter().find(|place| !seen.insert(**place)) {
            return Err(Wrong::Shared(*shared));
        }
    }
    let best = scan.clusters.first().map_or(0.0, |cluster| cluster.statistic);
    for set in sets {
        for days in 1..=settings.window.min(stream.kinds.len()) {
            let (count, expected) = counted(set, days, stream);
            let ratio = if count < settings.least.max(1) { 0.0 } else { of(count, expected, total(stream)) };
            if ratio > best + NEARLY {
                return Err(Wrong::Higher { places: set.to_vec(), days, ratio });
            }
        }
    }
    Ok(())
}

fn one(at: usize, cluster: &Cluster, sets: &[&[u32]], stream: &Stream<'_>) -> Result<(), Wrong> {
    if !sets.contains(&cluster.places.as_slice()) {
        return Err(Wrong::NoZone(at));
    }
    let (count, expected) = counted(&cluster.places, cluster.days, stream);
    let ratio = of(count, expected, total(stream));
    let near = |a: f64, b: f64| (a - b).abs() <= NEARLY * a.abs().max(1.0);
    if count != cluster.count || !near(expected, cluster.expected) || !near(ratio, cluster.statistic) {
        return Err(Wrong::Figures { cluster: at, count, expected, ratio });
    }
    if cluster.chance > 0.0 && cluster.chance <= 1.0 { Ok(()) } else { Err(Wrong::Chance(at)) }
}

fn total(stream: &Stream<'_>) -> f64 {
    stream.cells.iter().map(|cell| f64::from(cell.count)).sum()
}

/// What some places had in the last days, and what was to be expected: of each kind of day, the reports of the places
/// multiplied by those of the days, divided by all.
fn counted(places: &[u32], days: usize, stream: &Stream<'_>) -> (u32, f64) {
    let first = stream.kinds.len() - days;
    let mut count = 0;
    let mut sums: BTreeMap<u8, [f64; 3]> = BTreeMap::new();
    for &Cell { place, day, count: reports } in stream.cells {
        let (inside, late) = (places.contains(&place), day as usize >= first);
        let sums = sums.entry(stream.kinds[day as usize]).or_default();
        let reported = f64::from(reports);
        sums[0] += reported;
        sums[1] += if inside { reported } else { 0.0 };
        sums[2] += if late { reported } else { 0.0 };
        count += if inside && late { reports } else { 0 };
    }
    (count, sums.values().filter(|sums| sums[0] > 0.0).map(|[all, own, late]| own * late / all).sum())
}

fn of(count: u32, expected: f64, all: f64) -> f64 {
    let count = f64::from(count);
    if count <= expected {
        return 0.0;
    }
    let power = |times: f64, of: f64| if times > 0.0 { times * of.ln() } else { 0.0 };
    power(count, count / expected) + power(all - count, (all - count) / (all - expected))
}
