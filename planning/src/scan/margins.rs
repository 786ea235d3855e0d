//! What every replicate keeps: how many reports each place has and each day has, apart for each kind of day. From these
//! sums alone follows what is expected.

use std::collections::BTreeMap;

use super::zones::NONE;
use super::{Cell, Fault, Lanes, REPORTS_MOST, Settings, Stream, WINDOW_MOST, Zones};

/// The reports of one kind of day.
pub struct Stratum {
    /// The place of each report.
    pub places: Vec<u32>,
    /// For each report of the last days, how many days ago it was.
    pub ages: Vec<u8>,
}

/// A zone as this stream sees it: another zone and one place more that has reports. Zones that differ only in places
/// without reports are one.
pub struct Node {
    /// The node of the other zone, counted from 1; 0 for none.
    pub before: u32,
    /// The place.
    pub added: u32,
    /// The zone itself, with places that have no reports.
    pub zone: u32,
}

/// The sums.
pub struct Margins {
    strata: Vec<Stratum>,
    nodes: Vec<Node>,
    /// The reports of each node and stratum.
    own: Vec<u32>,
    /// For each stratum and window, the share of its reports that lies in the window.
    shares: Vec<[f64; WINDOW_MOST]>,
    observed: Vec<Lanes>,
    reports: u64,
    window: usize,
    least: u32,
}

impl Margins {
    /// Counts a stream, and says what is wrong with it.
    pub fn of(zones: &Zones, stream: &Stream<'_>, settings: &Settings) -> Result<Self, Fault> {
        let reports = checked(zones, stream, settings)?;
        let window = settings.window.min(stream.kinds.len());
        let mut strata: BTreeMap<u8, Stratum> = BTreeMap::new();
        let mut observed = vec![[0; WINDOW_MOST]; zones.places()];
        for cell in stream.cells.iter().filter(|cell| cell.count > 0) {
            let age = stream.kinds.len() - 1 - cell.day as usize;
            let kind = stream.kinds[cell.day as usize];
            let stratum = strata.entry(kind).or_insert_with(|| Stratum { places: Vec::new(), ages: Vec::new() });
            let repeated = std::iter::repeat_n(cell.place, cell.count as usize);
            stratum.places.extend(repeated);
            if age < window {
                stratum.ages.extend(std::iter::repeat_n(age as u8, cell.count as usize));
                put(&mut observed[cell.place as usize], age, cell.count);
            }
        }
        // The answer is the same whatever the order of the cells.
        for stratum in strata.values_mut() {
            stratum.places.sort_unstable();
            stratum.ages.sort_unstable();
        }
        let strata: Vec<Stratum> = strata.into_values().collect();
        let by_place = by_place(zones.places(), &strata);
        let (nodes, own) = nodes(zones, &by_place, strata.len());
        let shares = strata.iter().map(shares).collect();
        Ok(Self { strata, nodes, own, shares, observed, reports, window, least: settings.least.max(1) })
    }

    /// Returns the sums of each kind of day.
    pub fn strata(&self) -> &[Stratum] {
        &self.strata
    }

    /// Returns the zones that differ in this stream, each behind the one that it adds a place to.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns how many reports there are.
    pub fn reports(&self) -> u64 {
        self.reports
    }

    /// Returns how many reports there are.
    pub fn all(&self) -> f64 {
        self.reports as f64
    }

    /// Returns the days of the longest window.
    pub fn window(&self) -> usize {
        self.window
    }

    /// Returns how many reports a zone must have in a window to count.
    pub fn least(&self) -> u32 {
        self.least
    }

    /// Returns what was counted in each place.
    pub fn observed(&self) -> &[Lanes] {
        &self.observed
    }

    /// Returns what was counted in some places in a window.
    pub fn observed_in(&self, places: &[u32], lane: usize) -> u32 {
        places.iter().map(|&place| self.observed[place as usize][lane]).sum()
    }

    /// Returns what is expected of a node in a window.
    #[inline]
    pub fn expected(&self, node: u32, lane: usize) -> f64 {
        let strata = self.shares.len();
        let own = &self.own[node as usize * strata..][..strata];
        own.iter().zip(&self.shares).map(|(&own, shares)| f64::from(own) * shares[lane]).sum()
    }

    /// Returns the most that is expected of any node in any window.
    pub fn highest_expected(&self) -> f64 {
        let Some(last) = self.window.checked_sub(1) else { return 0.0 };
        (0..self.nodes.len() as u32).map(|node| self.expected(node, last)).fold(0.0, f64::max)
    }
}

/// Counts reports of a day in every window that holds it.
#[inline]
pub fn put(lanes: &mut Lanes, age: usize, count: u32) {
    for (lane, sum) in lanes.iter_mut().enumerate() {
        *sum += if lane >= age { count } else { 0 };
    }
}

fn checked(zones: &Zones, stream: &Stream<'_>, settings: &Settings) -> Result<u64, Fault> {
    let (places, days) = (zones.places(), stream.kinds.len());
    if !(1..=WINDOW_MOST).contains(&settings.window) {
        return Err(Fault::Window { window: settings.window });
    }
    for (at, &Cell { place, day, .. }) in stream.cells.iter().enumerate() {
        if place as usize >= places {
            return Err(Fault::NoPlace { cell: at, place, places });
        }
        if day as usize >= days {
            return Err(Fault::NoDay { cell: at, day, days });
        }
    }
    let reports = stream.cells.iter().map(|cell| u64::from(cell.count)).sum();
    if reports > REPORTS_MOST { Err(Fault::TooMany { reports }) } else { Ok(reports) }
}

/// The reports of each place and stratum.
fn by_place(places: usize, strata: &[Stratum]) -> Vec<u32> {
    let mut counts = vec![0; places * strata.len()];
    for (at, stratum) in strata.iter().enumerate() {
        for &place in &stratum.places {
            counts[place as usize * strata.len() + at] += 1;
        }
    }
    counts
}

/// The zones that differ in this stream, each behind the one that it adds a place to, and their reports.
fn nodes(zones: &Zones, by_place: &[u32], strata: usize) -> (Vec<Node>, Vec<u32>) {
    let (mut nodes, mut own): (Vec<Node>, Vec<u32>) = (Vec::new(), Vec::new());
    let mut known: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut of_zone: Vec<u32> = Vec::with_capacity(zones.len());
    for (zone, number) in zones.steps().iter().zip(0u32..) {
        let before = if zone.before == NONE { 0 } else { of_zone[zone.before as usize] };
        let added = &by_place[zone.added as usize * strata..][..strata];
        let node = if added.iter().all(|&count| count == 0) {
            before
        } else {
            *known.entry((before, zone.added)).or_insert_with(|| {
                for (at, &count) in added.iter().enumerate() {
                    let below = before.checked_sub(1).map_or(0, |node| own[node as usize * strata + at]);
                    own.push(below + count);
                }
                nodes.push(Node { before, added: zone.added, zone: number });
                nodes.len() as u32
            })
        };
        of_zone.push(node);
    }
    (nodes, own)
}

fn shares(stratum: &Stratum) -> [f64; WINDOW_MOST] {
    let mut counts = [0; WINDOW_MOST];
    for &age in &stratum.ages {
        put(&mut counts, usize::from(age), 1);
    }
    counts.map(|count| f64::from(count) / stratum.places.len().max(1) as f64)
}
