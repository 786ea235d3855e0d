//! Counts what was filed and closed in each month, by kind and by the places above, in the transaction of the step
//! itself: a board of a whole city reads these few rows and no report.

use kernel::place::{Level, PlaceId, PlacePath};
use store::{StoreError, Tx, all, args, one, record};

use crate::rules::board::Pair;

/// Says for which places a kind is counted.
const LEVELS: [Level; 3] = [Level::District, Level::Street, Level::Community];
/// Is the depth under which all kinds are counted where the reports are.
const ALL_KINDS: i64 = 0;

record! {
    /// How many reports of a kind were filed in a place and a month.
    pub struct KindCount {
        /// The kind: `event/0102`.
        pub kind: String,
        /// How many were filed.
        pub filed: i64,
        /// How many of these are closed.
        pub closed: i64,
    }
}

record! {
    /// How many reports were filed in a place in a month.
    pub struct PlaceCount {
        /// The place.
        pub path: PlacePath,
        /// How many were filed.
        pub filed: i64,
        /// How many of these are closed.
        pub closed: i64,
    }
}

record! {
    /// How many reports there are.
    struct Counted {
        filed: i64,
        closed: i64,
    }
}

record! {
    /// What was counted of a kind in a community.
    struct Cell {
        district: PlaceId,
        month: String,
        path: PlacePath,
        kind: String,
        filed: i64,
        closed: i64,
    }
}

/// Which reports are counted: where they are, of which kind, and in which month they were reported.
pub struct Where<'a> {
    /// The district that keeps them.
    pub district: PlaceId,
    /// The month: `2026-11`.
    pub month: &'a str,
    /// The community.
    pub path: &'a PlacePath,
    /// The kind: `event/0102`.
    pub kind: &'a str,
}

/// Counts reports that are filed or closed now, or with less than nothing those that are not any more.
///
/// # Errors
/// The store failed.
pub fn shift(tx: &mut dyn Tx, at: &Where<'_>, by: Pair) -> Result<(), StoreError> {
    if by == Pair::default() {
        return Ok(());
    }
    let Where { district, month, path, kind } = *at;
    for level in LEVELS {
        let above = path.at(level).unwrap_or_else(|| path.clone());
        shift_row(tx, &Where { district, month, path: &above, kind }, depth(level), by)?;
    }
    shift_row(tx, &Where { district, month, path, kind: "" }, ALL_KINDS, by)
}

fn depth(level: Level) -> i64 {
    i64::try_from(level.depth()).unwrap_or(i64::MAX)
}

fn shift_row(tx: &mut dyn Tx, at: &Where<'_>, depth: i64, by: Pair) -> Result<(), StoreError> {
    let sql = "insert into grid_board (district, month, depth, origin, kind, path, filed, closed) \
               values ($1, $2, $3, $4, $5, $4, $6, $7) on conflict (district, month, depth, origin, kind) \
               do update set filed = grid_board.filed + excluded.filed, closed = grid_board.closed + excluded.closed";
    tx.put(sql, &args![at.district, at.month, depth, at.path, at.kind, by.filed, by.closed])
}

/// The reports of each kind that were filed inside a place in a month, the most first, at most `limit` kinds. A
/// district and a street have one row for each kind; those of the city are the sums of its districts.
///
/// # Errors
/// The store failed.
pub fn by_kind(tx: &mut dyn Tx, place: &PlacePath, month: &str, limit: i64) -> Result<Vec<KindCount>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select kind, sum(filed), sum(closed) from grid_board \
               where month = $1 and depth = $2 and path >= $3 and path < $4 \
               group by kind having sum(filed) > 0 order by 2 desc, kind limit $5";
    let own = depth(place.level().clamp(Level::District, Level::Community));
    all(tx, sql, &args![month, own, low, high, limit])
}

/// The reports that were filed in each place directly inside a place in a month, at most `limit` places.
///
/// # Errors
/// The store failed.
pub fn by_place(tx: &mut dyn Tx, place: &PlacePath, month: &str, limit: i64) -> Result<Vec<PlaceCount>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select path, sum(filed), sum(closed) from grid_board \
               where month = $1 and depth = $2 and path >= $3 and path < $4 \
               group by path having sum(filed) > 0 order by path limit $5";
    all(tx, sql, &args![month, below(place), low, high, limit])
}

/// How many reports were filed inside a place in a month, counted apart from kinds and places.
///
/// # Errors
/// The store failed.
pub fn total(tx: &mut dyn Tx, place: &PlacePath, month: &str) -> Result<Pair, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select coalesce(sum(filed), 0), coalesce(sum(closed), 0) from grid_board \
               where month = $1 and depth = $2 and path >= $3 and path < $4";
    let found: Option<Counted> = one(tx, sql, &args![month, ALL_KINDS, low, high])?;
    Ok(found.map(|found| Pair { filed: found.filed, closed: found.closed }).unwrap_or_default())
}

/// The depth of what lies directly inside a place.
fn below(place: &PlacePath) -> i64 {
    i64::try_from(place.depth().saturating_add(1)).unwrap_or(i64::MAX)
}

/// Follows places that lie elsewhere now: what was counted inside leaves the places above and comes to those above now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = from.range();
    let sql = "select district, month, path, kind, filed, closed from grid_board \
               where depth = $1 and path >= $2 and path < $3";
    let inside: Vec<Cell> = all(tx, sql, &args![depth(Level::Community), low, high])?;
    for cell in inside {
        let Some(path) = cell.path.moved(from, to) else { continue };
        let by = Pair { filed: cell.filed, closed: cell.closed };
        let less = Pair { filed: -cell.filed, closed: -cell.closed };
        for level in LEVELS.into_iter().filter(|level| level.depth() < from.depth()) {
            let (Some(before), Some(now)) = (cell.path.at(level), path.at(level)) else { continue };
            if before == now {
                continue;
            }
            let at = |path| Where { district: cell.district, month: &cell.month, path, kind: &cell.kind };
            shift_row(tx, &at(&before), depth(level), less)?;
            shift_row(tx, &at(&now), depth(level), by)?;
        }
    }
    store::follow_places(tx, "grid_board", "path", from, to)
}
