//! Counts the open reports of each square of the ground, so that the map of a whole city is drawn without a look at
//! each of them.

use kernel::place::PlacePath;
use store::{StoreError, Tx, all, args, record};

use super::map::Part;
use crate::words::Report;

/// The side of a square, in decimetres.
pub const SIDE: i64 = 4_000;

record! {
    /// Open reports in a square, or in a community of which no more is known.
    pub struct Heap {
        /// Their community, or one of them.
        pub path: PlacePath,
        /// Whether it is known where they are; if not, they are somewhere in the community.
        pub known: bool,
        /// The square, counted to the east.
        pub east: i64,
        /// The square, counted to the north.
        pub north: i64,
        /// How many there are.
        pub reports: i64,
        /// The sum of how far east they are, in decimetres.
        pub x: i64,
        /// The sum of how far north they are, in decimetres.
        pub y: i64,
    }
}

/// Counts a report that is open now, or is not any more.
///
/// # Errors
/// The store failed.
pub fn shift(tx: &mut dyn Tx, report: &Report, opened: bool) -> Result<(), StoreError> {
    let by = if opened { 1 } else { -1 };
    let at = report.x.zip(report.y);
    let (x, y) = at.unwrap_or_default();
    let sql = "insert into grid_open_square (district, origin, known, east, north, path, reports, x, y) \
               values ($1, $2, $3, $4, $5, $2, $6, $7, $8) on conflict (district, origin, known, east, north) \
               do update set reports = grid_open_square.reports + excluded.reports, \
               x = grid_open_square.x + excluded.x, y = grid_open_square.y + excluded.y";
    let (east, north) = (x.div_euclid(SIDE), y.div_euclid(SIDE));
    tx.put(sql, &args![report.district, &report.path, at.is_some(), east, north, by, x * by, y * by])
}

/// How many open reports there are in a place and everything inside it.
///
/// # Errors
/// The store failed.
pub fn total(tx: &mut dyn Tx, place: &PlacePath) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select coalesce(sum(reports), 0) from grid_open_square where path >= $1 and path < $2";
    Ok(store::scalar(tx, sql, &args![low, high])?.unwrap_or(0))
}

/// The open reports of a place and everything inside it by larger squares of `times` squares on each side, of those
/// that touch a part of the ground, and by community those of which no more is known; at most `limit` of each.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, part: Part, times: i64, limit: i64) -> Result<Vec<Heap>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let larger = |decimetres: i64| decimetres.div_euclid(SIDE).div_euclid(times);
    let edges = |(from, to): (i64, i64)| (larger(from) * times, larger(to) * times + times - 1);
    let ((west, east), (south, north)) = (edges(part.x), edges(part.y));
    let group = |column: &str| format!("({column} - (({column} % {times}) + {times}) % {times}) / {times}");
    let sql = format!(
        "select min(path), 1, {}, {}, sum(reports), sum(x), sum(y) from grid_open_square \
         where path >= $1 and path < $2 and known = 1 \
         and east >= $3 and east <= $4 and north >= $5 and north <= $6 \
         group by 3, 4 having sum(reports) > 0 order by 3, 4 limit $7",
        group("east"),
        group("north")
    );
    let mut found: Vec<Heap> = all(tx, &sql, &args![&low, &high, west, east, south, north, limit])?;
    let sql = "select path, 0, 0, 0, sum(reports), sum(x), sum(y) from grid_open_square \
               where path >= $1 and path < $2 and known = 0 \
               group by path having sum(reports) > 0 order by path limit $3";
    found.extend(all::<Heap>(tx, sql, &args![low, high, limit])?);
    Ok(found)
}
