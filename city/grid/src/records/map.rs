//! Remembers where reports are, for the map.

use kernel::place::{PlaceId, PlacePath};
use store::{StoreError, Tx, all, args, record};
use uuid::Uuid;

record! {
    /// An open report as the map needs it.
    pub struct Spotted {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The number of its case.
        pub number: String,
        /// The community where it is.
        pub path: PlacePath,
        /// East, in decimetres.
        pub x: Option<i64>,
        /// North, in decimetres.
        pub y: Option<i64>,
        /// The kind: `event/0102`.
        pub kind: String,
    }
}

/// A part of the ground, in decimetres east and north; the edges belong to it.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// From west to east.
    pub x: (i64, i64),
    /// From south to north.
    pub y: (i64, i64),
}

/// Up to how many decimetres of width a part is narrow: its reports are then found by where they are and not by whose
/// they are.
const NARROW: i64 = 100_000;

impl Part {
    const fn is_narrow(&self) -> bool {
        self.x.1.saturating_sub(self.x.0) <= NARROW
    }
}

/// The open reports of a place and of everything inside it that are in a part of the ground, and those of which only
/// the community is known, in no order, at most `limit` of each.
///
/// # Errors
/// The store failed.
pub fn open_in(tx: &mut dyn Tx, place: &PlacePath, part: Part, limit: i64) -> Result<Vec<Spotted>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    // With something added, the path leads no engine to look through the whole place for a narrow part of it.
    let path = if part.is_narrow() { "path || ''" } else { "path" };
    let sql = format!(
        "select district, case_id, number, path, x, y, kind from grid_report \
         where open = 1 and x >= $1 and x <= $2 and y >= $3 and y <= $4 and {path} >= $5 and {path} < $6 limit $7"
    );
    let mut found: Vec<Spotted> = all(tx, &sql, &args![part.x.0, part.x.1, part.y.0, part.y.1, &low, &high, limit])?;
    let sql = "select district, case_id, number, path, x, y, kind from grid_report \
               where open = 1 and x is null and path >= $1 and path < $2 limit $3";
    found.extend(all::<Spotted>(tx, sql, &args![low, high, limit])?);
    Ok(found)
}

/// The open reports of the city that others may see, the newest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn public_open(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Spotted>, StoreError> {
    // asks all districts: the city publishes what is open everywhere
    let sql = "select district, case_id, number, path, x, y, kind from grid_report \
               where open = 1 and public = 1 order by reported_at desc, case_id limit $1";
    all(tx, sql, &args![limit])
}
