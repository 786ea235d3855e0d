//! Remembers reports that other platforms put right.

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, all, args, one, scalar};
use uuid::Uuid;

use crate::words::forward::{After, Forward, LettingGo, Numbered};

const COLUMNS: &str = "district, id, case_id, number, path, peer, service, kind, at, attempts, first_attempted_at, \
                       attempted_at, failure, failed_at, sent_at, foreign_id, foreign_status, asked, left_at, token, \
                       foreign_detail, unheard_since, unheard, let_go_at, let_go_by, let_go_why";
/// Those given up stand first.
const GIVEN_UP_FIRST: &str = "case when failed_at is null then 1 else 0 end";

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

/// Notes that a message was taken, and its number there; or, where that platform has none yet, what it gives until it
/// has one.
///
/// # Errors
/// The store failed.
pub fn sent(tx: &mut dyn Tx, forward: &Forward, there: &Numbered, now: Instant) -> Result<(), StoreError> {
    let sql = "update grid_forward set attempts = attempts + 1, attempted_at = $1, failure = null, failed_at = null, \
               sent_at = $1, foreign_id = $2, token = $3 where district = $4 and id = $5 and sent_at is null";
    let (foreign, token) = match there {
        Numbered::Number(number) => (Some(number.clone()), None),
        Numbered::Token(token) => (None, Some(token.clone())),
    };
    tx.exec(sql, &args![now, foreign, token, forward.district, forward.id]).map(|_| ())
}

/// Notes the number there of a report for which that platform gave a token first.
///
/// # Errors
/// The store failed.
pub fn numbered(tx: &mut dyn Tx, forward: &Forward, foreign: &str) -> Result<(), StoreError> {
    let sql = "update grid_forward set foreign_id = $1 where district = $2 and id = $3 and foreign_id is null";
    tx.exec(sql, &args![foreign, forward.district, forward.id]).map(|_| ())
}

/// Notes how a report stands there.
///
/// # Errors
/// The store failed.
pub fn heard(tx: &mut dyn Tx, forward: &Forward, status: &str, detail: Option<&str>) -> Result<(), StoreError> {
    let sql = "update grid_forward set foreign_status = $1, foreign_detail = $2, asked = asked + 1, unheard = 0, \
               unheard_since = null, failure = null, failed_at = null where district = $3 and id = $4";
    tx.exec(sql, &args![status, detail.map(str::to_owned), forward.district, forward.id]).map(|_| ())
}

/// Notes that a report was asked for, and that nothing came of the answer.
///
/// # Errors
/// The store failed.
pub fn asked(tx: &mut dyn Tx, forward: &Forward) -> Result<(), StoreError> {
    let sql = "update grid_forward set asked = asked + 1, unheard = 0, unheard_since = null, failure = null \
               where district = $1 and id = $2";
    tx.exec(sql, &args![forward.district, forward.id]).map(|_| ())
}

/// Notes that a report was asked for in vain, why, and whether it is not asked for any more.
///
/// # Errors
/// The store failed.
pub fn unheard(tx: &mut dyn Tx, forward: &Forward, why: &str, last: bool, now: Instant) -> Result<(), StoreError> {
    let sql = "update grid_forward set asked = asked + 1, unheard = unheard + 1, \
               unheard_since = coalesce(unheard_since, $1), failure = $2, failed_at = $3 \
               where district = $4 and id = $5";
    tx.exec(sql, &args![now, why, last.then_some(now), forward.district, forward.id]).map(|_| ())
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

/// Puts a message that was given up on its way again, or asks again for a report of which nothing was heard. Says
/// whether it was given up.
///
/// # Errors
/// The store failed.
pub fn again(tx: &mut dyn Tx, forward: &Forward) -> Result<bool, StoreError> {
    let sql = "update grid_forward set failed_at = null, first_attempted_at = null, unheard_since = null, unheard = 0 \
               where district = $1 and id = $2 and failed_at is not null and left_at is null";
    Ok(tx.exec(sql, &args![forward.district, forward.id])? > 0)
}

/// Lets a message go that was given up, and says whether it was given up.
///
/// # Errors
/// The store failed.
pub fn let_go(tx: &mut dyn Tx, forward: &Forward, letting: &LettingGo) -> Result<bool, StoreError> {
    let sql = "update grid_forward set failed_at = null, let_go_at = $1, let_go_by = $2, let_go_why = $3 \
               where district = $4 and id = $5 and failed_at is not null";
    Ok(tx.exec(sql, &args![letting.at, &letting.by, &letting.why, forward.district, forward.id])? > 0)
}

/// The messages about places of some scopes, those given up first and then the newest, at most `limit`, after one of
/// them or from the beginning.
///
/// # Errors
/// The store failed.
pub fn listed(
    tx: &mut dyn Tx,
    scopes: &[Scope],
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Forward>, StoreError> {
    let Some((places, values)) = within(scopes) else { return Ok(Vec::new()) };
    let (order, values) = ordered(values, after, limit);
    // asks all districts: whoever looks after a place looks after what lies in it
    let sql = format!("select {COLUMNS} from grid_forward where {places} {order}");
    all(tx, &sql, &values)
}

/// What narrows a list of messages to those after one, orders it and bounds it.
pub(super) fn ordered(mut values: Vec<Val>, after: Option<&After>, limit: i64) -> (String, Vec<Val>) {
    let mut narrowed = String::new();
    if let Some(after) = after {
        let (at, id, place) = (values.len() + 1, values.len() + 2, i32::from(!after.given_up));
        values.extend([Val::from(after.at), Val::from(after.id)]);
        narrowed = format!(
            "and ({GIVEN_UP_FIRST} > {place} or ({GIVEN_UP_FIRST} = {place} \
             and (at < ${at} or (at = ${at} and id > ${id}))))"
        );
    }
    values.push(Val::from(limit));
    (format!("{narrowed} order by {GIVEN_UP_FIRST}, at desc, id limit ${}", values.len()), values)
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
