//! What the grid looks for every night: where more is reported than by chance.
//!
//! The scan goes over the whole city, because what rises does not end at a district's border. Who may see what it found
//! is decided when it is shown.

use std::sync::Arc;

use hall::Fault;
use jobs::{Job, JobError};
use kernel::place::Level;
use kernel::time::{Date, Instant, date_plus_days, days_between};
use planning::scan::{Cluster, Settings, Stream, scan};
use store::Store;

use crate::hurts::{self, DayCount, Sorted, Zoned};
use crate::words::{
    GRID_RISE_HISTORY, GRID_RISE_LEAST, GRID_RISE_ONCE_IN, GRID_RISE_PLACES, GRID_RISE_REPLICATES, GRID_RISE_WALK,
    GRID_RISE_WINDOW, Night, Rise, Seen,
};
use crate::{Grid, records};

/// The job of the scan.
pub const RISING: &str = "grid.rising";
/// Minutes after midnight at which it is done: the day before is complete.
pub const RISING_AT: u32 = 200;

/// Most rows that are read of one kind in one district.
const ROWS: i64 = 200_000;
/// Most kinds of a district.
const KINDS: i64 = 1_000;
/// Most rises of one sort in one night.
const RISES: usize = 5;
/// Deciseconds of a minute.
const DECISECONDS: i64 = 600;
/// A replicate that reaches what was found as often as this ends the dealing.
const ENOUGH: u32 = 10;
const MICROS_OF_A_MINUTE: i64 = 60_000_000;
const MINUTES_OF_A_DAY: u32 = 1_440;
/// The day from which the store's days are counted.
const FIRST_DAY: Date = Date::constant(1970, 1, 1);

/// The figures of a scan.
struct Figures {
    history: u32,
    walk: u32,
    places: usize,
    once_in: u32,
    settings: Settings,
}

/// Scans the days up to yesterday and keeps what rises. A night that was scanned already is left as it is.
///
/// # Errors
/// The rulebook has no such figure, the ground makes no network, or the store failed.
pub fn rising(grid: &Arc<Grid>, store: &Store, _job: &Job, now: Instant) -> Result<(), JobError> {
    let calendar = grid.hall.calendar();
    let Some(night) = date_plus_days(calendar.zone().date(now), -1) else { return Ok(()) };
    if store.read_blocking(move |tx| records::hurts::is_kept(tx, night))? {
        return Ok(());
    }
    let figures = figures(grid, night, now)?;
    let (tree, ground) = (grid.hall.places.tree(), grid.hall.places.geography_blocking()?);
    let zoned = hurts::zoned(&tree, ground.as_deref(), figures.walk, figures.places)
        .map_err(|fault| JobError::Never(fault.to_string()))?;
    let counts = counted(grid, store, night, figures.history)?;
    let sorted = hurts::sorted(&counts, &zoned.communities);
    let kinds = hurts::kinds_of_days(&calendar, night, figures.history);
    let mut found: Vec<(String, Cluster)> = Vec::new();
    for (sort, cells) in &sorted.sorts {
        let scanned = scan(&zoned.zones, &Stream { kinds: &kinds, cells }, &figures.settings);
        let scanned = scanned.map_err(|fault| JobError::Never(format!("{sort}: {fault}")))?;
        found.extend(scanned.clusters.into_iter().map(|cluster| (sort.clone(), cluster)));
    }
    let rises = rises(hurts::told(found, figures.once_in), &zoned);
    let kept = kept(night, &figures, &sorted, &zoned, now);
    Ok(store.write_blocking(move |tx| records::hurts::keep_night(tx, &kept, &rises))?)
}

fn figures(grid: &Grid, night: Date, now: Instant) -> Result<Figures, Fault> {
    let hall = &grid.hall;
    let whole = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let settings = Settings {
        window: usize::try_from(hall.figure(GRID_RISE_WINDOW, now)?).unwrap_or_default(),
        least: hall.figure(GRID_RISE_LEAST, now)?,
        replicates: hall.figure(GRID_RISE_REPLICATES, now)?,
        enough: ENOUGH,
        most: RISES,
        // The same night deals the same way, on whatever machine it is scanned.
        seed: days_between(FIRST_DAY, night).unsigned_abs(),
    };
    Ok(Figures {
        history: whole(hall.figure(GRID_RISE_HISTORY, now)?),
        walk: whole(hall.figure(GRID_RISE_WALK, now)?.saturating_mul(DECISECONDS)),
        places: usize::try_from(hall.figure(GRID_RISE_PLACES, now)?).unwrap_or(usize::MAX),
        once_in: whole(hall.figure(GRID_RISE_ONCE_IN, now)?),
        settings,
    })
}

/// Reads the reports of the days up to the night, district by district and kind by kind.
fn counted(grid: &Grid, store: &Store, night: Date, history: u32) -> Result<Vec<DayCount>, JobError> {
    let (tree, zone) = (grid.hall.places.tree(), grid.hall.zone());
    let first = date_plus_days(night, 1 - i64::from(history)).unwrap_or(night);
    let between = (zone.instant(first, 0), zone.instant(night, MINUTES_OF_A_DAY));
    let offset = i64::from(zone.utc_offset_minutes) * MICROS_OF_A_MINUTE;
    let since = days_between(FIRST_DAY, first);
    let mut counts = Vec::new();
    for district in tree.of_level(Level::District).map(|place| place.id) {
        let kinds = store.read_blocking(move |tx| records::hurts::kinds(tx, district, between.0, KINDS))?;
        for kind in kinds {
            let asked = kind.clone();
            let rows =
                store.read_blocking(move |tx| records::hurts::by_day(tx, district, &asked, between, offset, ROWS))?;
            counts.extend(rows.into_iter().filter_map(|row| {
                let day = u32::try_from(row.day - since).ok().filter(|day| *day < history)?;
                let count = u32::try_from(row.count).ok()?;
                Some(DayCount { path: row.path, kind: kind.clone(), day, count })
            }));
        }
    }
    Ok(counts)
}

fn rises(told: Vec<(String, Cluster)>, zoned: &Zoned) -> Vec<Rise> {
    let rise = |(sort, cluster): (String, Cluster)| {
        let place = |number: &u32| zoned.communities.get(*number as usize).cloned();
        let seen = Seen {
            ordinal: 0,
            sort,
            days: i64::try_from(cluster.days).unwrap_or(i64::MAX),
            reports: i64::from(cluster.count),
            expected: thousandths(cluster.expected),
            once_in: i64::from(cluster.once_in_nights()),
        };
        Rise { places: cluster.places.iter().filter_map(place).collect(), seen }
    };
    told.into_iter().map(rise).collect()
}

fn thousandths(number: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a scan looks at fewer reports than this holds")]
    let whole = (number * 1_000.0).round() as i64;
    whole
}

fn kept(night: Date, figures: &Figures, sorted: &Sorted, zoned: &Zoned, now: Instant) -> Night {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Night {
        night,
        scanned_at: now,
        days: i64::from(figures.history),
        sorts: whole(sorted.sorts.len() as u64),
        reports: whole(sorted.reports),
        left_out: whole(sorted.left_out),
        communities: whole(zoned.communities.len() as u64),
        unplaced: whole(zoned.unplaced as u64),
    }
}
