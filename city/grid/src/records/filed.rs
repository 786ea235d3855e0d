//! Reads the reports that a cell of the board of a month counts. The counts of the board say in which communities they
//! are; of these only as many are looked at as fill the list.

use std::fmt::Write as _;

use kernel::place::{Level, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, all, args, record};

use crate::rules::board::{CLOSED, NOT_FILED};
use crate::words::Gone;
use crate::words::figures::After;

/// Communities that are read at a time.
const TOGETHER: i64 = 100;

/// A cell of the board.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The place, with everything inside.
    pub place: PlacePath,
    /// The month: `2026-11`.
    pub month: String,
    /// Its first moment.
    pub from: Instant,
    /// The first moment behind it.
    pub until: Instant,
    /// One kind alone: `event/0102`.
    pub kind: Option<String>,
    /// Of those that were filed, those that are closed.
    pub closed: bool,
}

record! {
    /// A community in which something is counted.
    struct Community {
        path: PlacePath,
    }
}

/// The reports that a cell counts, community by community and in each the newest first, behind the last one of the
/// list before, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn behind(tx: &mut dyn Tx, cell: &Cell, after: Option<&After>, limit: i64) -> Result<Vec<Gone>, StoreError> {
    let (first, high) = cell.place.range();
    // The place itself sorts before everything inside it.
    let mut low = after.map_or(first, |after| after.path.to_string().max(cell.place.to_string()));
    let mut found: Vec<Gone> = Vec::new();
    loop {
        let communities = communities(tx, cell, (low.as_str(), high.as_str()))?;
        for community in &communities {
            let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(i64::MAX));
            if left <= 0 {
                return Ok(found);
            }
            let here = after.filter(|after| after.path == *community);
            found.append(&mut inside(tx, cell, community, here, left)?);
        }
        let full = i64::try_from(communities.len()).is_ok_and(|read| read >= TOGETHER);
        let Some(last) = communities.last().filter(|_| full) else { return Ok(found) };
        // The mark sorts before every digit: this lies behind the community.
        low = format!("{last}!");
    }
}

/// The next communities in which a cell counts something, by their paths.
fn communities(tx: &mut dyn Tx, cell: &Cell, between: (&str, &str)) -> Result<Vec<PlacePath>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let counted = if cell.closed { "closed" } else { "filed" };
    let sql = format!(
        "select path from grid_board where month = $1 and depth = $2 and kind = $3 and path >= $4 and path < $5 \
         group by path having sum({counted}) > 0 order by path limit $6"
    );
    // All kinds together are counted with depth 0.
    let depth = if cell.kind.is_some() { Level::Community.depth() } else { 0 };
    let depth = i64::try_from(depth).unwrap_or(i64::MAX);
    let kind = cell.kind.as_deref().unwrap_or_default();
    let values = args![cell.month.as_str(), depth, kind, between.0, between.1, TOGETHER];
    Ok(all::<Community>(tx, &sql, &values)?.into_iter().map(|one| one.path).collect())
}

/// The reports of a community that a cell counts, the newest first, behind one of them, at most `limit`.
fn inside(
    tx: &mut dyn Tx,
    cell: &Cell,
    community: &PlacePath,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Gone>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let mut values = args![community, cell.from, cell.until, limit].to_vec();
    let mut mark = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut narrowed = if cell.closed {
        format!(" and r.stage = {}", mark(Val::from(CLOSED)))
    } else {
        let marks: Vec<String> = NOT_FILED.iter().map(|stage| mark(Val::from(*stage))).collect();
        format!(" and r.stage is not null and r.stage not in ({})", marks.join(", "))
    };
    if let Some(kind) = &cell.kind {
        let _ = write!(narrowed, " and r.kind = {}", mark(Val::from(kind)));
    }
    if let Some(After { reported_at, case_id, .. }) = after {
        let (at, case) = (mark(Val::from(*reported_at)), mark(Val::from(*case_id)));
        let _ = write!(narrowed, " and (r.reported_at < {at} or (r.reported_at = {at} and r.case_id > {case}))");
    }
    let sql = format!(
        "select r.district, r.case_id, r.number, r.path, r.kind, r.condition, r.open, r.reported_at, \
         coalesce(c.found, 0), coalesce(c.returned, 0), c.due_on, c.handled_on \
         from grid_report r left join grid_course c on c.district = r.district and c.case_id = r.case_id \
         where r.path = $1 and r.reported_at >= $2 and r.reported_at < $3{narrowed} \
         order by r.reported_at desc, r.case_id limit $4"
    );
    all(tx, &sql, &values)
}
