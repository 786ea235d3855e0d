//! Remembers in which reports danger to life was heard, so that those that go on come first in the lists of staff.

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
        /// The names of the dangers with a blank between them; empty where its condition alone says whom to call.
        pub dangers: String,
        /// When danger was heard last.
        pub at: Instant,
    }
}

/// Notes that dangers were heard in a report, beside those that were heard before.
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
    let before = of_case(tx, district, case_id)?.map(|heard| heard.dangers).unwrap_or_default();
    let all: BTreeSet<&str> = before.split_whitespace().chain(dangers.iter().copied()).collect();
    let all = all.into_iter().collect::<Vec<_>>().join(" ");
    let sql = "insert into grid_alarm (district, case_id, dangers, at) values ($1, $2, $3, $4) \
               on conflict (district, case_id) do update set dangers = excluded.dangers, at = excluded.at";
    tx.exec(sql, &args![district, case_id, all, now]).map(drop)
}

/// Notes at a report what was heard in one that was joined to it.
///
/// # Errors
/// The store failed.
pub fn carry(tx: &mut dyn Tx, heard: Option<&Heard>, into: &Report, now: Instant) -> Result<(), StoreError> {
    let Some(heard) = heard else { return Ok(()) };
    let dangers: Vec<&str> = heard.dangers.split_whitespace().collect();
    note(tx, into.district, into.case_id, &dangers, now)
}

/// What was heard in a report; none where nothing was.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<Heard>, StoreError> {
    one(tx, "select dangers, at from grid_alarm where district = $1 and case_id = $2", &args![district, case_id])
}

/// In which of some reports danger was heard.
///
/// # Errors
/// The store failed.
pub fn of_cases(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<BTreeSet<Uuid>, StoreError> {
    let found = store::several::<Place>(tx, cases, |marks| {
        format!("select district, case_id from grid_alarm where district = $1 and case_id in ({marks})")
    })?;
    Ok(found.into_iter().map(|place| place.case_id).collect())
}

/// The open reports inside a scope in which danger was heard, the oldest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn within(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Place>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = scope.place.range();
    let unit = scope.department.as_deref().unwrap_or_default();
    // There are few of these: they are gone through, and not all reports of the place.
    let sql = "select a.district as district, a.case_id as case_id from grid_alarm a cross join grid_report r \
               where r.district = a.district and r.case_id = a.case_id and r.open = 1 and r.path >= $1 \
               and r.path < $2 and ($3 = '' or r.unit = $3) order by a.at, a.case_id limit $4";
    all(tx, sql, &args![low, high, unit, limit])
}

/// A report ended: it waits for nobody any more.
///
/// # Errors
/// The store failed.
pub fn end(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from grid_alarm where district = $1 and case_id = $2", &args![district, case_id]).map(drop)
}
