//! Where it hurts (热点、痛点、堵点), decided with pure functions: over which zones and of which sorts the reports of a
//! city are scanned, which reports lie at one spot, and how a report went.
//!
//! Nothing here knows a person: reports are counted by place, kind and day.

mod course;
mod spots;
mod zoning;

use std::collections::BTreeMap;

use kernel::calendar::{Calendar, DayKind};
use kernel::place::PlacePath;
use kernel::time::{Date, date_plus_days};
use planning::scan::{Cell, Cluster};

pub use course::course;
pub use spots::{SpotOf, spots};
pub use zoning::{Zoned, zoned};

/// The sort that holds reports of every kind.
pub const EVERY: &str = "all";

/// The sort of a kind: its system of codes and its big class, as `event/01` of `event/0102`. Small classes have too few
/// reports each, and chance would raise something among so many of them every night.
#[must_use]
pub fn sort_of(kind: &str) -> String {
    let (system, code) = kind.split_once('/').unwrap_or((kind, ""));
    format!("{system}/{}", code.chars().take(2).collect::<String>())
}

/// The first key of a sort's kinds, and the first one behind them.
#[must_use]
pub fn kinds_of(sort: &str) -> (String, String) {
    // A colon stands behind the digits, a tilde behind all letters.
    if sort == EVERY { (String::new(), "~".to_owned()) } else { (sort.to_owned(), format!("{sort}:")) }
}

/// The reports of a kind in a community on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The community.
    pub path: PlacePath,
    /// The kind: `event/0102`.
    pub kind: String,
    /// The day, counted from the first one that is looked at.
    pub day: u32,
    /// How many there were.
    pub count: u32,
}

/// The reports of a city by sort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorted {
    /// The reports of each sort by place and day; all of them under [`EVERY`].
    pub sorts: BTreeMap<String, Vec<Cell>>,
    /// How many reports there are.
    pub reports: u64,
    /// How many of them lie in no community of today.
    pub left_out: u64,
}

/// Puts reports together by sort. `communities` are the places, in their order.
#[must_use]
pub fn sorted(counts: &[DayCount], communities: &[PlacePath]) -> Sorted {
    let places: BTreeMap<&PlacePath, u32> = communities.iter().zip(0..).collect();
    let mut sorted = Sorted::default();
    for one in counts {
        sorted.reports += u64::from(one.count);
        let Some(&place) = places.get(&one.path) else {
            sorted.left_out += u64::from(one.count);
            continue;
        };
        let cell = Cell { place, day: one.day, count: one.count };
        for sort in [sort_of(&one.kind), EVERY.to_owned()] {
            sorted.sorts.entry(sort).or_default().push(cell);
        }
    }
    sorted
}

/// The kind of each of so many days up to a last one, the oldest first: a working day, one that is worked in place of a
/// holiday, or a day off.
#[must_use]
pub fn kinds_of_days(calendar: &Calendar, last: Date, days: u32) -> Vec<u8> {
    let on = |ago: u32| date_plus_days(last, -i64::from(ago)).map_or(DayKind::Working, |date| calendar.day(date).kind);
    let kind = |kind: &DayKind| match kind {
        DayKind::Working => 0,
        DayKind::MakeUp { .. } => 1,
        DayKind::Holiday { .. } | DayKind::Weekend => 2,
    };
    (0..days).rev().map(|ago| kind(&on(ago))).collect()
}

/// What is told of a night: clusters that chance brings less often than once in so many nights. Reports of one sort and
/// all reports may rise at the same place; then the sort alone is told.
#[must_use]
pub fn told(found: Vec<(String, Cluster)>, once_in: u32) -> Vec<(String, Cluster)> {
    let mut told: Vec<(String, Cluster)> =
        found.into_iter().filter(|(_, cluster)| cluster.once_in_nights() > once_in).collect();
    told.sort_by(|(sort, one), (other_sort, other)| {
        (sort == EVERY).cmp(&(other_sort == EVERY)).then(other.statistic.total_cmp(&one.statistic))
    });
    let mut kept: Vec<(String, Cluster)> = Vec::new();
    for (sort, cluster) in told {
        let shares = |other: &Cluster| other.places.iter().any(|place| cluster.places.contains(place));
        if sort != EVERY || !kept.iter().any(|(_, other)| shares(other)) {
            kept.push((sort, cluster));
        }
    }
    kept
}

#[cfg(test)]
mod tests;
