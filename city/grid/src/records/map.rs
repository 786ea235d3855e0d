//! Remembers where reports are, for the map.

use kernel::place::{PlaceId, PlacePath};
use store::{LISTED, StoreError, Tx, Val, all, args, listed, record};
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

/// Which open reports are meant: those of a place and of everything inside it, of all units or of one.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The place.
    pub place: &'a PlacePath,
    /// The unit with which they lie, as a department of the city; none for those of all.
    pub unit: Option<&'a str>,
}

/// The side of a square of the ground and the width of a strip from south to north, in decimetres.
pub const SIDE: i64 = 4_000;

/// A part of the ground, in decimetres east and north; the edges belong to it.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// From west to east.
    pub x: (i64, i64),
    /// From south to north.
    pub y: (i64, i64),
    /// The places for which what is known only to be in them is wanted; all of them if none are named.
    pub places: Option<&'a [PlacePath]>,
}

/// Up to how many decimetres of width a part is narrow: its reports are then found by where they are and not by whose
/// they are.
const NARROW: i64 = 100_000;

impl Part<'_> {
    const fn is_narrow(&self) -> bool {
        self.x.1.saturating_sub(self.x.0) <= NARROW
    }
}

/// What the map reads of a report: an index of open reports holds all of it.
const SPOTTED: &str = "district, case_id, number, path, x, y, kind";

/// In which strip of the ground a point lies, by how far east it is.
#[must_use]
pub const fn strip(x: i64) -> i64 {
    x.div_euclid(SIDE)
}

/// The open reports of a place and of everything inside it that are in a part of the ground, and those of which only
/// the community is known, in no order, at most `limit` of each.
///
/// # Errors
/// The store failed.
pub fn open_in(tx: &mut dyn Tx, whose: Whose<'_>, part: Part<'_>, limit: i64) -> Result<Vec<Spotted>, StoreError> {
    let mut found = if part.is_narrow() { in_strips(tx, whose, part, limit)? } else { across(tx, whose, part, limit)? };
    found.append(&mut nowhere(tx, whose, part.places, limit)?);
    Ok(found)
}

/// Those in a narrow part, strip by strip: the index goes in each from the southern to the northern edge, no further.
fn in_strips(tx: &mut dyn Tx, whose: Whose<'_>, part: Part<'_>, limit: i64) -> Result<Vec<Spotted>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = whose.place.range();
    let strips: Vec<Val> = (strip(part.x.0)..=strip(part.x.1)).map(Val::from).collect();
    let mut asked = args![part.y.0, part.y.1, part.x.0, part.x.1, low, high, limit].to_vec();
    // With something added, path and unit lead no engine to look through the whole place for a narrow part of it.
    let of_unit = of_unit("coalesce(unit, '')", whose.unit, &mut asked);
    let mut found = Vec::new();
    for strips in strips.chunks(LISTED) {
        let (marks, strips) = listed(asked.len() + 1, strips);
        let sql = format!(
            "select {SPOTTED} from grid_report where open = 1 and strip in ({marks}) and y >= $1 and y <= $2 \
             and x >= $3 and x <= $4 and path || '' >= $5 and path || '' < $6{of_unit} limit $7"
        );
        let values: Vec<Val> = asked.iter().cloned().chain(strips).collect();
        found.append(&mut all(tx, &sql, &values)?);
    }
    Ok(found)
}

/// Those in a wide part.
fn across(tx: &mut dyn Tx, whose: Whose<'_>, part: Part<'_>, limit: i64) -> Result<Vec<Spotted>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = whose.place.range();
    let mut values = args![part.x.0, part.x.1, part.y.0, part.y.1, low, high, limit].to_vec();
    let of_unit = of_unit("unit", whose.unit, &mut values);
    let sql = format!(
        "select {SPOTTED} from grid_report where open = 1 and x >= $1 and x <= $2 and y >= $3 and y <= $4 \
         and path >= $5 and path < $6{of_unit} limit $7"
    );
    all(tx, &sql, &values)
}

/// Those of which only the community is known: of some places, or of all inside a place.
fn nowhere(
    tx: &mut dyn Tx,
    whose: Whose<'_>,
    places: Option<&[PlacePath]>,
    limit: i64,
) -> Result<Vec<Spotted>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let Some(places) = places else {
        let (low, high) = whose.place.range();
        let mut values = args![low, high, limit].to_vec();
        let of_unit = of_unit("unit", whose.unit, &mut values);
        let sql = format!(
            "select {SPOTTED} from grid_report where open = 1 and x is null and path >= $1 and path < $2{of_unit} \
             limit $3"
        );
        return all(tx, &sql, &values);
    };
    let inside: Vec<Val> = places.iter().filter(|at| whose.place.contains(at)).map(Val::from).collect();
    let mut asked = args![limit].to_vec();
    let of_unit = of_unit("coalesce(unit, '')", whose.unit, &mut asked);
    let mut found = Vec::new();
    for part in inside.chunks(LISTED) {
        let (marks, part) = listed(asked.len() + 1, part);
        let sql = format!(
            "select {SPOTTED} from grid_report where open = 1 and x is null and path in ({marks}){of_unit} limit $1"
        );
        let values: Vec<Val> = asked.iter().cloned().chain(part).collect();
        found.append(&mut all(tx, &sql, &values)?);
    }
    Ok(found)
}

/// The condition that a column names one unit, whose mark follows on those that are there; nothing for all units.
pub(super) fn of_unit(column: &str, unit: Option<&str>, values: &mut Vec<Val>) -> String {
    let Some(unit) = unit else { return String::new() };
    values.push(Val::from(unit));
    format!(" and {column} = ${}", values.len())
}

/// The open reports of the city that others may see, the newest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn public_open(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Spotted>, StoreError> {
    // asks all districts: the city publishes what is open everywhere
    let sql = format!(
        "select {SPOTTED} from grid_report where open = 1 and public = 1 order by reported_at desc, case_id limit $1"
    );
    all(tx, &sql, &args![limit])
}
