//! Finds the open reports that may be of the same thing: of one kind, near a spot, in a time. They are asked for by
//! where they are, so that a snowfall with thousands of reports of one kind hides none that is near.

use std::ops::Range;

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, Val, all, args, listed};

use super::COLUMNS;
use super::map::strip;
use crate::rules::{DECIMETRES, is_near};
use crate::words::{Report, Spot};

/// What a report may be like.
#[derive(Clone, Debug)]
pub struct Like {
    /// The district in which it is. What is near in metres may lie in the next one.
    pub district: PlaceId,
    /// The kind: `event/0102`.
    pub kind: String,
    /// Near which spot.
    pub spot: Spot,
    /// Within how many metres, where both spots are known.
    pub metres: i64,
    /// In which time it was reported.
    pub during: Range<Instant>,
    /// Only what others may see is wanted.
    pub public: bool,
}

impl Like {
    const fn visible(&self) -> &'static str {
        if self.public { " and public = 1" } else { "" }
    }
}

/// The open reports that are like something, the newest first, at most `limit` of those whose spot is known and as many
/// of the others.
///
/// # Errors
/// The store failed.
pub fn open_like(tx: &mut dyn Tx, like: &Like, limit: i64) -> Result<Vec<Report>, StoreError> {
    let mut found = in_compound(tx, like, limit)?;
    if let Some(at) = like.spot.at {
        found.append(&mut around(tx, like, at, limit)?);
    }
    found.retain(|report| is_near(report, &like.spot, like.metres));
    found.sort_by_key(|report| (std::cmp::Reverse(report.reported_at), report.case_id));
    Ok(found)
}

/// The open reports of the kind of a report in its community, whenever they were reported, the newest first.
///
/// # Errors
/// The store failed.
pub fn open_here(tx: &mut dyn Tx, own: &Report, limit: i64) -> Result<Vec<Report>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from grid_report where open = 1 and district = $1 and path = $2 and kind || '' = $3 \
         order by reported_at desc, case_id limit $4"
    );
    all(tx, &sql, &args![own.district, &own.path, &own.kind, limit])
}

/// Those in the square around a spot, strip by strip, also beyond the border of a district.
fn around(tx: &mut dyn Tx, like: &Like, at: (i64, i64), limit: i64) -> Result<Vec<Report>, StoreError> {
    // asks all districts: near a border the same thing lies in the next one
    let far = like.metres.saturating_mul(DECIMETRES);
    let edges = |middle: i64| (middle.saturating_sub(far), middle.saturating_add(far));
    let ((west, east), (south, north)) = (edges(at.0), edges(at.1));
    let strips: Vec<Val> = (strip(west)..=strip(east)).map(Val::from).collect();
    let (marks, strips) = listed(9, &strips);
    // With something added, the kind leads no engine to look through all reports of it in the district.
    let sql = format!(
        "select {COLUMNS} from grid_report where open = 1 and strip in ({marks}) and y >= $1 and y <= $2 \
         and x >= $3 and x <= $4 and kind || '' = $5 and reported_at >= $6 and reported_at < $7{} \
         order by reported_at desc, case_id limit $8",
        like.visible()
    );
    let Range { start, end } = like.during;
    let asked = args![south, north, west, east, &like.kind, start, end, limit];
    let values: Vec<Val> = asked.into_iter().chain(strips).collect();
    all(tx, &sql, &values)
}

/// Those of the same compound, or of the same community where no compound is known: those of unknown spot, or all where
/// the spot looked for is not known.
fn in_compound(tx: &mut dyn Tx, like: &Like, limit: i64) -> Result<Vec<Report>, StoreError> {
    let own = if like.spot.compound.is_some() { "compound = $7" } else { "compound is null" };
    let nowhere = if like.spot.at.is_some() { " and x is null" } else { "" };
    let sql = format!(
        "select {COLUMNS} from grid_report where open = 1 and district = $1 and path = $2 and kind || '' = $3 \
         and reported_at >= $4 and reported_at < $5 and {own}{nowhere}{} \
         order by reported_at desc, case_id limit $6",
        like.visible()
    );
    let Range { start, end } = like.during;
    let asked = args![like.district, &like.spot.community, &like.kind, start, end, limit];
    let values: Vec<Val> = asked.into_iter().chain(like.spot.compound.map(Val::from)).collect();
    all(tx, &sql, &values)
}
