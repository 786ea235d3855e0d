//! Remembers in which reports danger to life was heard, so that those that go on come first in the lists of staff, and
//! who went there and found none.

use std::collections::BTreeSet;

use kernel::permission::Scope;
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use super::handling::Place;
use crate::words::Report;

record! {
    /// What was heard in a report.
    pub struct Heard {
        /// The names of the dangers with a blank between them; empty where its condition alone says whom to call, or
        /// where staff said that there may be danger.
        pub dangers: String,
        /// When danger was heard last.
        pub at: Instant,
        /// When somebody found since that there is none.
        pub cleared_at: Option<Instant>,
        /// Who of the staff said last whether there is danger; empty where nobody did.
        pub seen_by: String,
        /// The handle of what she saw.
        pub seen: String,
    }
}

const HEARD: &str = "dangers, at, cleared_at, seen_by, seen";

impl Heard {
    /// Whether nobody found since that there is no danger.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.cleared_at.is_none()
    }
}

/// Notes that dangers were heard in a report, beside those that were heard before and were not cleared since.
///
/// # Errors
/// The store failed.
pub fn note(
    tx: &mut dyn Tx,
    district: PlaceId,
    case_id: Uuid,
    dangers: &[&str],
    now: Instant,
) -> Result<(), StoreError> {
    // The row is there before it is read, so that of two who write at once neither loses what the other one heard.
    let sql = "insert into grid_alarm (district, case_id, dangers, at) values ($1, $2, '', $3) \
               on conflict (district, case_id) do nothing";
    tx.exec(sql, &args![district, case_id, now])?;
    let locked = tx.lock_rows();
    let sql = format!("select {HEARD} from grid_alarm where district = $1 and case_id = $2{locked}");
    let before = one::<Heard>(tx, &sql, &args![district, case_id])?.filter(Heard::is_open);
    let before = before.map(|heard| heard.dangers).unwrap_or_default();
    let all: BTreeSet<&str> = before.split_whitespace().chain(dangers.iter().copied()).collect();
    let all = all.into_iter().collect::<Vec<_>>().join(" ");
    // That there was none is no longer so; what staff say of danger stands beside what is heard.
    let sql = "update grid_alarm set dangers = $1, at = $2, \
               seen_by = case when cleared_at is null then seen_by else '' end, \
               seen = case when cleared_at is null then seen else '' end, cleared_at = null \
               where district = $3 and case_id = $4";
    tx.exec(sql, &args![all, now, district, case_id]).map(drop)
}

/// What somebody of the staff says of the danger in a report.
pub struct Seen<'s> {
    /// Who says it.
    pub by: &'s str,
    /// The handle of what she saw.
    pub words: &'s str,
    /// When.
    pub at: Instant,
}

/// Notes that somebody found no danger, unless danger was heard since she looked at the report at `heard_at`. Gives
/// whether it is noted.
///
/// # Errors
/// The store failed.
pub fn clear(
    tx: &mut dyn Tx,
    district: PlaceId,
    case_id: Uuid,
    heard_at: Instant,
    seen: &Seen<'_>,
) -> Result<bool, StoreError> {
    let sql = "update grid_alarm set cleared_at = $1, seen_by = $2, seen = $3 where district = $4 and case_id = $5 \
               and at = $6 and cleared_at is null";
    Ok(tx.exec(sql, &args![seen.at, seen.by, seen.words, district, case_id, heard_at])? > 0)
}

/// Notes that somebody knows of danger by other ways than what was written of a report.
///
/// # Errors
/// The store failed.
pub fn mark(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, seen: &Seen<'_>) -> Result<(), StoreError> {
    note(tx, district, case_id, &[], seen.at)?;
    let sql = "update grid_alarm set seen_by = $1, seen = $2 where district = $3 and case_id = $4";
    tx.exec(sql, &args![seen.by, seen.words, district, case_id]).map(drop)
}

/// Notes at a report what was heard in one that was joined to it.
///
/// # Errors
/// The store failed.
pub fn carry(tx: &mut dyn Tx, heard: Option<&Heard>, into: &Report, now: Instant) -> Result<(), StoreError> {
    let Some(heard) = heard.filter(|heard| heard.is_open()) else { return Ok(()) };
    let dangers: Vec<&str> = heard.dangers.split_whitespace().collect();
    note(tx, into.district, into.case_id, &dangers, now)
}

/// What was heard in a report; none where nothing was.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<Heard>, StoreError> {
    let sql = format!("select {HEARD} from grid_alarm where district = $1 and case_id = $2");
    one(tx, &sql, &args![district, case_id])
}

/// In which of some reports danger was heard that nobody cleared.
///
/// # Errors
/// The store failed.
pub fn of_cases(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<BTreeSet<Uuid>, StoreError> {
    let found = store::several::<Place>(tx, cases, |marks| {
        format!(
            "select district, case_id from grid_alarm where district = $1 and cleared_at is null and case_id in ({marks})"
        )
    })?;
    Ok(found.into_iter().map(|place| place.case_id).collect())
}

/// The open reports inside a scope in which danger was heard that nobody cleared, the oldest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn within(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Place>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = scope.place.range();
    let unit = scope.department.as_deref().unwrap_or_default();
    // There are few of these: they are gone through, and not all reports of the place.
    let sql = "select a.district as district, a.case_id as case_id from grid_alarm a cross join grid_report r \
               where a.cleared_at is null and r.district = a.district and r.case_id = a.case_id and r.open = 1 \
               and r.path >= $1 and r.path < $2 and ($3 = '' or r.unit = $3) order by a.at, a.case_id limit $4";
    all(tx, sql, &args![low, high, unit, limit])
}

/// A report ended: it waits for nobody any more.
///
/// # Errors
/// The store failed.
pub fn end(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from grid_alarm where district = $1 and case_id = $2", &args![district, case_id]).map(drop)
}
