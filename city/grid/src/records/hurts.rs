//! What is remembered of where it hurts: how each report went, what the scan of a night found, and the questions that
//! are asked of both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{LISTED, StoreError, Tx, Val, all, args, listed, one, record, scalar};

use crate::words::{Compared, Course, Gone, Kinds, Night, Placed, Rise, Seen, Share, Since};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Rises of a night, and places of them, that are read.
const RISES: i64 = 200;
const PLACES: i64 = 4_000;

record! {
    /// The reports of a community on a day, which is counted from the beginning of 1970.
    pub struct Counted {
        /// The community.
        pub path: PlacePath,
        /// The day.
        pub day: i64,
        /// How many there were.
        pub count: i64,
    }
}

record! {
    /// How the reports of a kind in a place went.
    pub struct Went {
        /// The kind.
        pub kind: String,
        /// How many were found by workers.
        pub found: i64,
        /// How many were sent back.
        pub returned: i64,
        /// How many were late.
        pub overdue: i64,
        /// How many there were.
        pub of: i64,
    }
}

/// Remembers how a report went, in place of what was known before.
///
/// # Errors
/// The store failed.
pub fn keep(tx: &mut dyn Tx, course: &Course) -> Result<(), StoreError> {
    let sql = "insert into grid_course \
               (district, case_id, path, kind, found, returned, due_on, handled_on, reported_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (district, case_id) do update set \
               found = excluded.found, returned = excluded.returned, due_on = excluded.due_on, \
               handled_on = excluded.handled_on";
    let values = args![
        course.district,
        course.case_id,
        &course.path,
        &course.kind,
        course.found,
        course.returned,
        course.due_on,
        course.handled_on,
        course.reported_at
    ];
    tx.put(sql, &values)
}

/// Counts the reports of a kind in a district between two moments, by community and day. `offset` are the microseconds
/// by which the city's clock is ahead. At most `limit` rows.
///
/// # Errors
/// The store failed.
pub fn by_day(
    tx: &mut dyn Tx,
    district: PlaceId,
    kind: &str,
    between: (Instant, Instant),
    offset: i64,
    limit: i64,
) -> Result<Vec<Counted>, StoreError> {
    let sql = format!(
        "select path, (reported_at + $1) / {DAY}, count(*) from grid_report \
         where district = $2 and kind = $3 and reported_at >= $4 and reported_at < $5 \
         group by 1, 2 order by 1, 2 limit $6"
    );
    all(tx, &sql, &args![offset, district, kind, between.0, between.1, limit])
}

/// The kinds that were reported between two moments, whether today's catalogue has them or not, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn kinds(tx: &mut dyn Tx, district: PlaceId, since: Instant, limit: i64) -> Result<Vec<String>, StoreError> {
    let sql =
        "select kind from grid_report where district = $1 and reported_at >= $2 group by kind order by kind limit $3";
    let rows = tx.rows(sql, &args![district, since, limit])?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Keeps what the scan of a night found. A night that is kept already stays as it is.
///
/// # Errors
/// The store failed.
pub fn keep_night(tx: &mut dyn Tx, night: &Night, rises: &[Rise]) -> Result<(), StoreError> {
    let sql = "insert into grid_night (night, scanned_at, days, sorts, reports, left_out, communities, unplaced) \
               values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (night) do nothing";
    let values = args![
        night.night,
        night.scanned_at,
        night.days,
        night.sorts,
        night.reports,
        night.left_out,
        night.communities,
        night.unplaced
    ];
    if tx.exec(sql, &values)? == 0 {
        return Ok(());
    }
    for (rise, ordinal) in rises.iter().zip(0i64..) {
        let sql = "insert into grid_rise (night, ordinal, sort, days, reports, expected, once_in) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let Seen { sort, days, reports, expected, once_in, .. } = &rise.seen;
        tx.put(sql, &args![night.night, ordinal, sort, *days, *reports, *expected, *once_in])?;
        for path in &rise.places {
            let sql = "insert into grid_rise_place (night, ordinal, path) values ($1, $2, $3)";
            tx.put(sql, &args![night.night, ordinal, path])?;
        }
    }
    Ok(())
}

/// Whether the scan of a night is kept.
///
/// # Errors
/// The store failed.
pub fn is_kept(tx: &mut dyn Tx, night: Date) -> Result<bool, StoreError> {
    Ok(scalar::<i64>(tx, "select count(*) from grid_night where night = $1", &args![night])?.unwrap_or(0) > 0)
}

/// The last night that was scanned.
///
/// # Errors
/// The store failed.
pub fn last_night(tx: &mut dyn Tx) -> Result<Option<Night>, StoreError> {
    let sql = "select night, scanned_at, days, sorts, reports, left_out, communities, unplaced from grid_night \
               order by night desc limit 1";
    one(tx, sql, &[])
}

record! {
    /// Where something rose.
    struct RisePlace {
        ordinal: i64,
        path: PlacePath,
    }
}

/// What rose in a night somewhere inside some places, the most striking of each sort first; each with all of its
/// communities, also those elsewhere.
///
/// # Errors
/// The store failed.
pub fn rises(tx: &mut dyn Tx, night: Date, inside: &[PlacePath]) -> Result<Vec<Rise>, StoreError> {
    let mut touching: BTreeSet<i64> = BTreeSet::new();
    for place in inside {
        let (low, high) = place.range();
        let sql = "select distinct ordinal from grid_rise_place where night = $1 and path >= $2 and path < $3 \
                   order by ordinal limit $4";
        for row in tx.rows(sql, &args![night, low, high, RISES])? {
            touching.insert(row.get(0)?);
        }
    }
    let most = usize::try_from(RISES).unwrap_or(usize::MAX);
    let ordinals: Vec<Val> = touching.into_iter().take(most).map(Val::from).collect();
    let (mut seen, mut places): (Vec<Seen>, BTreeMap<i64, Vec<PlacePath>>) = (Vec::new(), BTreeMap::new());
    for part in ordinals.chunks(LISTED) {
        let (marks, part) = listed(2, part);
        let values: Vec<Val> = std::iter::once(Val::from(night)).chain(part).collect();
        let sql = format!(
            "select ordinal, sort, days, reports, expected, once_in from grid_rise \
             where night = $1 and ordinal in ({marks}) order by ordinal"
        );
        seen.append(&mut all(tx, &sql, &values)?);
        let sql = format!(
            "select ordinal, path from grid_rise_place where night = $1 and ordinal in ({marks}) \
             order by ordinal, path limit {PLACES}"
        );
        for RisePlace { ordinal, path } in all::<RisePlace>(tx, &sql, &values)? {
            places.entry(ordinal).or_default().push(path);
        }
    }
    let rise = |seen: Seen| Rise { places: places.remove(&seen.ordinal).unwrap_or_default(), seen };
    Ok(seen.into_iter().map(rise).collect())
}

/// Where and of which kind most came back, or most were late: only where any did, the most first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn most(tx: &mut dyn Tx, since: &Since, compared: Compared, limit: i64) -> Result<Vec<Share>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (counts, mut values) = counting(compared, since);
    let (low, high) = since.place.range();
    values.extend(args![low, high, since.from, limit]);
    let at = values.len();
    let sql = format!(
        "select path, kind, sum({counts}), count(*) from grid_course c \
         where path >= ${} and path < ${} and reported_at >= ${} group by path, kind \
         having sum({counts}) > 0 order by 3 desc, 4, path, kind limit ${at}",
        at - 3,
        at - 2,
        at - 1
    );
    all(tx, &sql, &values)
}

/// How many reports of each community were found by workers, of how many, at most `limit` communities.
///
/// # Errors
/// The store failed.
pub fn found(tx: &mut dyn Tx, since: &Since, limit: i64) -> Result<Vec<Share>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = since.place.range();
    let sql = "select path, '', sum(found), count(*) from grid_course \
               where path >= $1 and path < $2 and reported_at >= $3 group by path order by path limit $4";
    all(tx, sql, &args![low, high, since.from, limit])
}

/// How the reports of each kind in a community went, in one look, at most `limit` kinds. The index gives those of the
/// time that is meant and none from before.
///
/// # Errors
/// The store failed.
pub fn went(tx: &mut dyn Tx, since: &Since, limit: i64) -> Result<Vec<Went>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = "select kind, sum(found), sum(case when returned > 0 then 1 else 0 end), \
               sum(case when due_on < coalesce(handled_on, $1) then 1 else 0 end), count(*) from grid_course \
               where path = $2 and reported_at >= $3 group by kind order by kind limit $4";
    all(tx, sql, &args![since.today, &since.place, since.from, limit])
}

/// What an index holds of a report for its spot, so that no row is read.
const PLACED: &str = "district, case_id, kind, compound, x, y, reported_at";

/// The reports of a community since a moment, the newest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn latest(tx: &mut dyn Tx, community: &PlacePath, since: Instant, limit: i64) -> Result<Vec<Placed>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!(
        "select {PLACED} from grid_report where path = $1 and reported_at >= $2 \
         order by reported_at desc, case_id limit $3"
    );
    all(tx, &sql, &args![community, since, limit])
}

/// What is counted of a report: 1 or 0.
fn counting(compared: Compared, since: &Since) -> (&'static str, Vec<Val>) {
    match compared {
        Compared::Returned => ("case when c.returned > 0 then 1 else 0 end", Vec::new()),
        Compared::Overdue => {
            ("case when c.due_on < coalesce(c.handled_on, $1) then 1 else 0 end", args![since.today].to_vec())
        }
        Compared::Found => ("c.found", Vec::new()),
    }
}

/// The communities and kinds with at least so many reports, those with most first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn frequent(tx: &mut dyn Tx, since: &Since, times: i64, limit: i64) -> Result<Vec<Share>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = since.place.range();
    let sql = "select path, kind, count(*), count(*) from grid_report \
               where path >= $1 and path < $2 and reported_at >= $3 group by path, kind having count(*) >= $4 \
               order by 3 desc, path, kind limit $5";
    all(tx, sql, &args![low, high, since.from, times, limit])
}

/// The reports of a kind in a community since a moment, the newest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn at(
    tx: &mut dyn Tx,
    community: &PlacePath,
    kind: &str,
    since: Instant,
    limit: i64,
) -> Result<Vec<Placed>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!(
        "select {PLACED} from grid_report where path = $1 and kind = $2 and reported_at >= $3 \
         order by reported_at desc, case_id limit $4"
    );
    all(tx, &sql, &args![community, kind, since, limit])
}

/// The reports behind a figure and how each went, the newest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn gone(
    tx: &mut dyn Tx,
    since: &Since,
    kinds: &Kinds,
    only: Option<Compared>,
    limit: i64,
) -> Result<Vec<Gone>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (counts, mut values) = only.map_or(("1", Vec::new()), |only| counting(only, since));
    let (low, high) = since.place.range();
    values.extend(args![low, high, since.from, since.until, &kinds.from, &kinds.until, limit]);
    let at = values.len();
    let mut sql = "select r.district, r.case_id, r.number, r.path, r.kind, r.condition, r.open, r.reported_at, \
                   coalesce(c.found, 0), coalesce(c.returned, 0), c.due_on, c.handled_on \
                   from grid_report r left join grid_course c on c.district = r.district and c.case_id = r.case_id"
        .to_owned();
    let _ = write!(
        sql,
        " where r.path >= ${} and r.path < ${} and r.reported_at >= ${} and r.reported_at < ${} \
         and r.kind >= ${} and r.kind < ${} and {counts} > 0 order by r.reported_at desc, r.case_id limit ${at}",
        at - 6,
        at - 5,
        at - 4,
        at - 3,
        at - 2,
        at - 1
    );
    all(tx, &sql, &values)
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "grid_course", "path", from, to)?;
    store::follow_places(tx, "grid_rise_place", "path", from, to)
}
