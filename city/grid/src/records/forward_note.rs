//! Remembers what other platforms are told of reports that were sent to them, and what they say of those that they no
//! longer have.

use kernel::permission::Scope;
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, scalar};
use uuid::Uuid;

use super::forward::{ordered, within};
use crate::words::forward::{After, LettingGo, Note};

const COLUMNS: &str = "district, id, forward, case_id, number, path, peer, says, at, record, words, attempts, \
                       first_attempted_at, attempted_at, failure, failed_at, sent_at, let_go_at, let_go_by, let_go_why";

/// Adds a message, and says whether it was not there yet.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, note: &Note) -> Result<bool, StoreError> {
    let sql = "insert into grid_forward_note (district, id, forward, case_id, number, path, peer, says, at, record, \
               words, attempts) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0) \
               on conflict (district, id) do nothing";
    let Note { district, id, forward, case_id, number, path, peer, says, at, record, words, .. } = note;
    let values = args![*district, *id, *forward, *case_id, number, path, peer, says, *at, *record, words.clone()];
    Ok(tx.exec(sql, &values)? > 0)
}

/// A message.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Note>, StoreError> {
    let sql = format!("select {COLUMNS} from grid_forward_note where district = $1 and id = $2");
    one(tx, &sql, &args![district, id])
}

/// Notes an attempt that failed, and whether it was the last.
///
/// # Errors
/// The store failed.
pub fn failed(tx: &mut dyn Tx, note: &Note, why: &str, last: bool, now: Instant) -> Result<(), StoreError> {
    let sql = "update grid_forward_note set attempts = attempts + 1, attempted_at = $1, \
               first_attempted_at = coalesce(first_attempted_at, $1), failure = $2, failed_at = $3 \
               where district = $4 and id = $5";
    tx.exec(sql, &args![now, why, last.then_some(now), note.district, note.id]).map(|_| ())
}

/// Notes that a message was taken.
///
/// # Errors
/// The store failed.
pub fn sent(tx: &mut dyn Tx, note: &Note, now: Instant) -> Result<(), StoreError> {
    let sql = "update grid_forward_note set attempts = attempts + 1, attempted_at = $1, failure = null, \
               failed_at = null, sent_at = $1 where district = $2 and id = $3 and sent_at is null";
    tx.exec(sql, &args![now, note.district, note.id]).map(|_| ())
}

/// Puts a message that was given up on its way again, and says whether it was given up.
///
/// # Errors
/// The store failed.
pub fn again(tx: &mut dyn Tx, note: &Note) -> Result<bool, StoreError> {
    let sql = "update grid_forward_note set failed_at = null, first_attempted_at = null \
               where district = $1 and id = $2 and failed_at is not null and sent_at is null";
    Ok(tx.exec(sql, &args![note.district, note.id])? > 0)
}

/// The messages of a report, the oldest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, limit: i64) -> Result<Vec<Note>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from grid_forward_note where district = $1 and case_id = $2 order by at, id limit $3"
    );
    all(tx, &sql, &args![district, case_id, limit])
}

/// Lets a message go that was given up, and says whether it was given up.
///
/// # Errors
/// The store failed.
pub fn let_go(tx: &mut dyn Tx, note: &Note, letting: &LettingGo) -> Result<bool, StoreError> {
    let sql = "update grid_forward_note set failed_at = null, let_go_at = $1, let_go_by = $2, let_go_why = $3 \
               where district = $4 and id = $5 and failed_at is not null";
    Ok(tx.exec(sql, &args![letting.at, &letting.by, &letting.why, note.district, note.id])? > 0)
}

/// The messages about places of some scopes, those given up first and then the newest, at most `limit`, after one of
/// them or from the beginning.
///
/// # Errors
/// The store failed.
pub fn listed(tx: &mut dyn Tx, scopes: &[Scope], after: Option<&After>, limit: i64) -> Result<Vec<Note>, StoreError> {
    let Some((places, values)) = within(scopes) else { return Ok(Vec::new()) };
    let (order, values) = ordered(values, after, limit);
    // asks all districts: whoever looks after a place looks after what lies in it
    let sql = format!("select {COLUMNS} from grid_forward_note where {places} {order}");
    all(tx, &sql, &values)
}

/// How many messages about places of some scopes were given up.
///
/// # Errors
/// The store failed.
pub fn count_failed(tx: &mut dyn Tx, scopes: &[Scope]) -> Result<i64, StoreError> {
    let Some((places, values)) = within(scopes) else { return Ok(0) };
    // asks all districts: whoever looks after a place looks after what lies in it
    let sql = format!("select count(*) from grid_forward_note where ({places}) and failed_at is not null");
    Ok(scalar::<i64>(tx, &sql, &values)?.unwrap_or_default())
}

/// Forgets the words that were sealed under an erased record. That something was said stays.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    let sql = "update grid_forward_note set words = null where district = $1 and record = $2";
    tx.exec(sql, &args![district, record]).map(drop)
}
