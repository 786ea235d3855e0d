//! Remembers reports that other platforms put right.

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, all, args, one, scalar};
use uuid::Uuid;

use crate::words::forward::Forward;

const COLUMNS: &str = "district, id, case_id, number, path, peer, service, kind, at, attempts, first_attempted_at, \
                       attempted_at, failure, failed_at, sent_at, foreign_id, foreign_status, asked, left_at";

/// Adds a message, and says whether it was not there yet.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, forward: &Forward) -> Result<bool, StoreError> {
    let sql = "insert into grid_forward (district, id, case_id, number, path, peer, service, kind, at, attempts, \
               asked) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0) on conflict (district, id) do nothing";
    let Forward { district, id, case_id, number, path, peer, service, kind, at, .. } = forward;
    let values = args![*district, *id, *case_id, number, path, peer, service, kind, *at];
    Ok(tx.exec(sql, &values)? > 0)
}

/// A message.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Forward>, StoreError> {
    let sql = format!("select {COLUMNS} from grid_forward where district = $1 and id = $2");
    one(tx, &sql, &args![district, id])
}

/// Notes an attempt that failed, and whether it was the last.
///
/// # Errors
/// The store failed.
pub fn failed(tx: &mut dyn Tx, forward: &Forward, why: &str, last: bool, now: Instant) -> Result<(), StoreError> {
    let sql = "update grid_forward set attempts = attempts + 1, attempted_at = $1, \
               first_attempted_at = coalesce(first_attempted_at, $1), failure = $2, failed_at = $3 \
               where district = $4 and id = $5";
    let failed_at = last.then_some(now);
    tx.exec(sql, &args![now, why, failed_at, forward.district, forward.id]).map(|_| ())
}

/// Notes that a message was taken, and its number there.
///
/// # Errors
/// The store failed.
pub fn sent(tx: &mut dyn Tx, forward: &Forward, foreign: &str, now: Instant) -> Result<(), StoreError> {
    let sql = "update grid_forward set attempts = attempts + 1, attempted_at = $1, failure = null, failed_at = null, \
               sent_at = $1, foreign_id = $2 where district = $3 and id = $4 and sent_at is null";
    tx.exec(sql, &args![now, foreign, forward.district, forward.id]).map(|_| ())
}

/// Notes how a report stands there.
///
/// # Errors
/// The store failed.
pub fn heard(tx: &mut dyn Tx, forward: &Forward, status: &str) -> Result<(), StoreError> {
    let sql = "update grid_forward set foreign_status = $1, asked = asked + 1 where district = $2 and id = $3";
    tx.exec(sql, &args![status, forward.district, forward.id]).map(|_| ())
}

/// Notes that a report was asked for, and that there was no answer.
///
/// # Errors
/// The store failed.
pub fn unheard(tx: &mut dyn Tx, forward: &Forward) -> Result<(), StoreError> {
    let sql = "update grid_forward set asked = asked + 1 where district = $1 and id = $2";
    tx.exec(sql, &args![forward.district, forward.id]).map(|_| ())
}

/// Notes that a report no longer lies there. What was noted before stays.
///
/// # Errors
/// The store failed.
pub fn left(tx: &mut dyn Tx, forward: &Forward, now: Instant) -> Result<(), StoreError> {
    let sql = "update grid_forward set left_at = $1, failed_at = null \
               where district = $2 and id = $3 and left_at is null";
    tx.exec(sql, &args![now, forward.district, forward.id]).map(|_| ())
}

/// The messages with which a report went to other platforms, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, limit: i64) -> Result<Vec<Forward>, StoreError> {
    let sql =
        format!("select {COLUMNS} from grid_forward where district = $1 and case_id = $2 order by at, id limit $3");
    all(tx, &sql, &args![district, case_id, limit])
}

/// Puts a message that was given up on its way again, and says whether it was given up.
///
/// # Errors
/// The store failed.
pub fn again(tx: &mut dyn Tx, forward: &Forward) -> Result<bool, StoreError> {
    let sql = "update grid_forward set failed_at = null, first_attempted_at = null \
               where district = $1 and id = $2 and failed_at is not null and sent_at is null and left_at is null";
    Ok(tx.exec(sql, &args![forward.district, forward.id])? > 0)
}

/// The messages about places of some scopes, those given up first and then the newest, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn listed(tx: &mut dyn Tx, scopes: &[Scope], limit: i64) -> Result<Vec<Forward>, StoreError> {
    let Some((places, mut values)) = within(scopes) else { return Ok(Vec::new()) };
    values.push(Val::from(limit));
    // asks all districts: whoever looks after a place looks after what lies in it
    let sql = format!(
        "select {COLUMNS} from grid_forward where {places} \
         order by case when failed_at is null then 1 else 0 end, at desc, id limit ${}",
        values.len()
    );
    all(tx, &sql, &values)
}

/// How many messages about places of some scopes were given up.
///
/// # Errors
/// The store failed.
pub fn count_failed(tx: &mut dyn Tx, scopes: &[Scope]) -> Result<i64, StoreError> {
    let Some((places, values)) = within(scopes) else { return Ok(0) };
    // asks all districts: whoever looks after a place looks after what lies in it
    let sql = format!("select count(*) from grid_forward where ({places}) and failed_at is not null");
    Ok(scalar::<i64>(tx, &sql, &values)?.unwrap_or_default())
}

pub(super) fn within(scopes: &[Scope]) -> Option<(String, Vec<Val>)> {
    let (mut parts, mut values) = (Vec::new(), Vec::new());
    for scope in scopes {
        let (low, high) = scope.place.range();
        values.extend([Val::from(low.as_str()), Val::from(high.as_str())]);
        parts.push(format!("(path >= ${} and path < ${})", values.len() - 1, values.len()));
    }
    (!parts.is_empty()).then(|| (format!("({})", parts.join(" or ")), values))
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "grid_forward", "path", from, to)?;
    store::follow_places(tx, "grid_forward_note", "path", from, to)
}
