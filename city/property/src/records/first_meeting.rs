//! Remembers how far compounds are on the way to their first owners' meeting.

use kernel::place::PlacePath;
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one};
use uuid::Uuid;

use crate::words::first_meeting::First;

const FIRST: &str = "district, id, path, compound, total_cm2, delivered_cm2, first_on, applied, reached_on, told_on, \
                     group_on, group_owners, drafts_on, meeting_on, changed_name, changed_at, vote";

/// Writes how far a compound is, in place of what was known before. Which vote holds the meeting stays as it is.
///
/// # Errors
/// The store failed.
pub fn put(tx: &mut dyn Tx, first: &First) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_first ({FIRST}) values \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
         on conflict (district, id) do update set total_cm2 = excluded.total_cm2, \
         delivered_cm2 = excluded.delivered_cm2, first_on = excluded.first_on, applied = excluded.applied, \
         reached_on = excluded.reached_on, told_on = excluded.told_on, group_on = excluded.group_on, \
         group_owners = excluded.group_owners, drafts_on = excluded.drafts_on, meeting_on = excluded.meeting_on, \
         changed_name = excluded.changed_name, changed_at = excluded.changed_at"
    );
    let values = args![
        first.district,
        first.id,
        &first.path,
        &first.compound,
        first.total,
        first.delivered,
        first.first_on,
        first.applied,
        first.reached_on,
        first.told_on,
        first.group_on,
        first.group_owners,
        first.drafts_on,
        first.meeting_on,
        &first.changed_name,
        first.changed_at,
        first.vote
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Keeps which vote holds the meeting.
///
/// # Errors
/// The store failed.
pub fn set_vote(tx: &mut dyn Tx, first: &First, vote: Uuid) -> Result<(), StoreError> {
    let sql = "update property_first set vote = $1 where district = $2 and id = $3";
    tx.exec(sql, &args![vote, first.district, first.id]).map(drop)
}

/// Enters that the meeting was held with a vote on a day, where nobody entered it before.
///
/// # Errors
/// The store failed.
pub fn set_held(tx: &mut dyn Tx, vote: Uuid, on: Date) -> Result<(), StoreError> {
    // asks all districts: a vote does not say which district keeps the meeting that it held
    let sql = "update property_first set meeting_on = $1 where vote = $2 and meeting_on is null";
    tx.exec(sql, &args![on, vote]).map(drop)
}

/// Returns how far a compound is, held for a change.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<First>, StoreError> {
    // asks all districts: the identity does not say which district keeps it
    let sql = format!("select {FIRST} from property_first where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns whether a compound is entered, by its community and its name.
///
/// # Errors
/// The store failed.
pub fn is_known(tx: &mut dyn Tx, path: &PlacePath, compound: &str) -> Result<bool, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = "select count(*) from property_first where path = $1 and compound = $2";
    Ok(store::scalar::<i64>(tx, sql, &args![path, compound])?.unwrap_or_default() > 0)
}

/// Returns how far the compounds of a place and everything inside it are, by place and name; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<First>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {FIRST} from property_first where path >= $1 and path < $2 order by path, compound, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "property_first", "path", from, to)
}
