//! Checks an answer from the definition, without the search: each set of places and each window is counted by itself.

use std::collections::{BTreeMap, BTreeSet};

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
    /// The window of a cluster is longer than windows are, or has no day.
    #[error("cluster {cluster} has a window of {days} days, and windows have 1 to {most}")]
    Window {
        /// The cluster, counted from 0.
        cluster: usize,
        /// The days of its window.
        days: usize,
        /// The days of the longest window.
        most: usize,
    },
    /// A cluster has fewer reports than count.
    #[error("cluster {cluster} has {count} reports, and fewer than {least} do not count")]
    Few {
        /// The cluster, counted from 0.
        cluster: usize,
        /// How many reports it has.
        count: u32,
        /// How many it must have.
        least: u32,
    },
    /// There are more clusters than were asked for.
    #[error("there are {found} clusters, and {most} were asked for at most")]
    Many {
        /// How many there are.
        found: usize,
        /// How many were asked for.
        most: usize,
    },
    /// A cluster stands behind a less striking one.
    #[error("cluster {0} is more striking than the one before it")]
    Order(usize),
    /// The number of reports is another one.
    #[error("{said} reports are told of, and there are {found}")]
    Reports {
        /// How many the answer tells of.
        said: u64,
        /// How many there are.
        found: u64,
    },
    /// More replicates are told of than were asked for.
    #[error("{said} replicates are told of, and {most} were asked for at most")]
    Replicates {
        /// How many the answer tells of.
        said: u32,
        /// How many were asked for.
        most: u32,
    },
    /// A zone is more striking than the clusters with which it shares a place, and is no cluster itself.
    #[error("zone {places:?} has the ratio {ratio} over {days} days, and is missing")]
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
    /// The chance of a cluster does not follow from the replicates that reached it.
    #[error("cluster {cluster} has the chance {chance}, and {reached} of {replicates} replicates reached it")]
    Chance {
        /// The cluster, counted from 0.
        cluster: usize,
        /// Its chance.
        chance: f64,
        /// How many replicates are said to have reached it.
        reached: u32,
        /// How many were dealt.
        replicates: u32,
    },
}

/// How far figures may lie apart.
const NEARLY: f64 = 1e-6;

/// Checks an answer. It takes as long as there are zones, windows and cells together, multiplied.
///
/// The replicates are not dealt again, so this proves neither how many reached a cluster nor what the tail says beyond
/// them. It refuses a chance that does not follow from that number, and one that passes it where nobody reached.
pub fn check(zones: &Zones, stream: &Stream<'_>, settings: &Settings, scan: &Scan) -> Result<(), Wrong> {
    let found: u64 = stream.cells.iter().map(|cell| u64::from(cell.count)).sum();
    if scan.reports != found {
        return Err(Wrong::Reports { said: scan.reports, found });
    }
    if scan.replicates > settings.replicates {
        return Err(Wrong::Replicates { said: scan.replicates, most: settings.replicates });
    }
    if scan.clusters.len() > settings.most {
        return Err(Wrong::Many { found: scan.clusters.len(), most: settings.most });
    }
    let sets: Vec<&[u32]> = zones.sets().collect();
    let mut seen = BTreeSet::new();
    for (at, cluster) in scan.clusters.iter().enumerate() {
        shaped(at, cluster, settings, stream)?;
        one(at, cluster, &sets, stream)?;
        chance(at, cluster, scan)?;
        if let Some(shared) = cluster.places.iter().find(|place| !seen.insert(**place)) {
            return Err(Wrong::Shared(*shared));
        }
        if at > 0 && scan.clusters[at - 1].statistic + NEARLY < cluster.statistic {
            return Err(Wrong::Order(at));
        }
    }
    let alike = alike(&sets, stream);
    for set in sets {
        for days in 1..=settings.window.min(stream.kinds.len()) {
            let (count, expected) = counted(set, days, stream);
            let ratio = if count < settings.least.max(1) { 0.0 } else { of(count, expected, total(stream)) };
            let told = || alike.get(&reporting(set, stream)).is_some_and(|all| is_told(all, ratio, settings, scan));
            if ratio > NEARLY && !told() {
                return Err(Wrong::Higher { places: set.to_vec(), days, ratio });
            }
        }
    }
    Ok(())
}

/// Returns the places of a zone that have reports.
fn reporting(set: &[u32], stream: &Stream<'_>) -> Vec<u32> {
    let has = |place: &u32| stream.cells.iter().any(|cell| cell.place == *place && cell.count > 0);
    set.iter().copied().filter(has).collect()
}

/// Returns the places of all zones that have reports in the same places: to a scan these zones are one.
fn alike(sets: &[&[u32]], stream: &Stream<'_>) -> BTreeMap<Vec<u32>, BTreeSet<u32>> {
    let mut alike: BTreeMap<Vec<u32>, BTreeSet<u32>> = BTreeMap::new();
    for set in sets {
        alike.entry(reporting(set, stream)).or_default().extend(set.iter().copied());
    }
    alike
}

/// Says whether a zone of this ratio stands behind a cluster: one that is as striking and shares a place with it, or as
/// many as were asked for.
fn is_told(places: &BTreeSet<u32>, ratio: f64, settings: &Settings, scan: &Scan) -> bool {
    let mut before = scan.clusters.iter().filter(|cluster| cluster.statistic + NEARLY >= ratio);
    let full = scan.clusters.len() >= settings.most
        && scan.clusters.last().is_none_or(|last| last.statistic + NEARLY >= ratio);
    full || before.any(|cluster| cluster.places.iter().any(|place| places.contains(place)))
}

/// Checks that a cluster is as long and as large as clusters are.
fn shaped(at: usize, cluster: &Cluster, settings: &Settings, stream: &Stream<'_>) -> Result<(), Wrong> {
    let most = settings.window.min(stream.kinds.len());
    if !(1..=most).contains(&cluster.days) {
        return Err(Wrong::Window { cluster: at, days: cluster.days, most });
    }
    if cluster.count < settings.least {
        return Err(Wrong::Few { cluster: at, count: cluster.count, least: settings.least });
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
    Ok(())
}

/// Checks that a chance is one, that it is the share of the replicates where some reached the cluster, and no greater
/// where none did.
fn chance(at: usize, cluster: &Cluster, scan: &Scan) -> Result<(), Wrong> {
    let Cluster { chance, reached, .. } = *cluster;
    let share = (f64::from(reached) + 1.0) / (f64::from(scan.replicates) + 1.0);
    let follows = if reached == 0 { chance <= share + 1e-12 } else { (chance - share).abs() <= 1e-12 };
    if chance > 0.0 && chance <= 1.0 && reached <= scan.replicates && follows {
        return Ok(());
    }
    Err(Wrong::Chance { cluster: at, chance, reached, replicates: scan.replicates })
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
