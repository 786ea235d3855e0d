//! Remembers uses of the maintenance fund beside their cases.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one};
use uuid::Uuid;

use super::account::whole;
use crate::words::account::Account;
use crate::words::fund::{FundCase, Vote};

const USE: &str = "district, case_id, path, compound, ground, number, asker, works, budget_fen, range_code, \
                   emergency, posted_on, vote, vote_from, vote_to, entitled_heads, entitled_cm2, taking_heads, \
                   taking_cm2, agreeing_heads, agreeing_cm2, visited_on, works_on, stage, opened_at, part, \
                   allowed_fen, settled_fen, account_part";

/// Adds a use.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, row: &FundCase) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_use ({USE}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)"
    );
    let values = args![
        row.district,
        row.case_id,
        &row.path,
        &row.compound,
        row.ground,
        &row.number,
        row.asker.code(),
        &row.works,
        row.budget_fen,
        row.range.code(),
        &row.emergency,
        row.posted_on,
        row.vote,
        row.vote_from,
        row.vote_to,
        row.entitled_heads,
        row.entitled_area,
        row.taking_heads,
        row.taking_area,
        row.agreeing_heads,
        row.agreeing_area,
        row.visited_on,
        row.works_on,
        &row.stage,
        row.opened_at,
        &row.part,
        row.allowed_fen,
        row.settled_fen,
        &row.account_part
    ];
    tx.exec(&sql, &values).map(drop)
}

/// The use of a case, held for a change.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<FundCase>, StoreError> {
    let sql = format!("select {USE} from property_use where district = $1 and case_id = $2{}", tx.lock_rows());
    one(tx, &sql, &args![district, case_id])
}

/// The uses of a place and of everything inside it, the latest first; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<FundCase>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {USE} from property_use where path >= $1 and path < $2 order by opened_at desc, case_id desc limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Notes the state of a case. Where the use is not there yet, nothing happens.
///
/// # Errors
/// The store failed.
pub fn set_stage(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, stage: &str) -> Result<(), StoreError> {
    let sql = "update property_use set stage = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![stage, district, case_id]).map(drop)
}

/// Notes when the plan was posted.
///
/// # Errors
/// The store failed.
pub fn set_posted(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, on: Option<Date>) -> Result<(), StoreError> {
    let sql = "update property_use set posted_on = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![on, district, case_id]).map(drop)
}

/// Notes when the office looked at it on the spot.
///
/// # Errors
/// The store failed.
pub fn set_visited(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, on: Option<Date>) -> Result<(), StoreError> {
    let sql = "update property_use set visited_on = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![on, district, case_id]).map(drop)
}

/// Notes how much the office allowed.
///
/// # Errors
/// The store failed.
pub fn set_allowed(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, fen: Option<i64>) -> Result<(), StoreError> {
    let sql = "update property_use set allowed_fen = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![fen, district, case_id]).map(drop)
}

/// Notes what was settled.
///
/// # Errors
/// The store failed.
pub fn set_settled(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, fen: Option<i64>) -> Result<(), StoreError> {
    let sql = "update property_use set settled_fen = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![fen, district, case_id]).map(drop)
}

/// What was allowed for the uses that an account pays and that are not paid yet, but that of one case, fen.
///
/// # Errors
/// The store failed.
pub fn held(tx: &mut dyn Tx, account: &Account, but: Uuid) -> Result<i128, StoreError> {
    // asks all districts: an account pays for uses wherever they are kept
    let sql = "select coalesce(sum(coalesce(settled_fen, allowed_fen, budget_fen) / 1000000000), 0), \
               coalesce(sum(coalesce(settled_fen, allowed_fen, budget_fen) % 1000000000), 0) from property_use \
               where path = $1 and compound = $2 and account_part = $3 and case_id <> $4 \
               and stage in ('works', 'completed')";
    let Account { path, compound, part, .. } = account;
    let rows = tx.rows(sql, &args![path, compound, part, but])?;
    let Some(row) = rows.first() else { return Ok(0) };
    Ok(whole(row.get(0)?, row.get(1)?))
}

/// Whether another use than that of a case counts on a vote and was neither withdrawn nor refused.
///
/// # Errors
/// The store failed.
pub fn is_vote_used(tx: &mut dyn Tx, vote: Uuid, but: Uuid) -> Result<bool, StoreError> {
    // asks all districts: a vote counts once wherever the use is kept
    let sql = "select count(*) from property_use where vote = $1 and case_id <> $2 \
               and stage not in ('withdrawn', 'refused')";
    Ok(store::scalar::<i64>(tx, sql, &args![vote, but])?.unwrap_or_default() > 0)
}

/// Notes when works began.
///
/// # Errors
/// The store failed.
pub fn set_works(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, on: Option<Date>) -> Result<(), StoreError> {
    let sql = "update property_use set works_on = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![on, district, case_id]).map(drop)
}

/// Notes how the owners voted, in place of what was noted before.
///
/// # Errors
/// The store failed.
pub fn set_vote(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, vote: &Vote) -> Result<(), StoreError> {
    let sql = "update property_use set vote = $1, vote_from = $2, vote_to = $3, entitled_heads = $4, \
               entitled_cm2 = $5, taking_heads = $6, taking_cm2 = $7, agreeing_heads = $8, agreeing_cm2 = $9 \
               where district = $10 and case_id = $11";
    let values = args![
        vote.id,
        vote.from,
        vote.to,
        vote.entitled_heads,
        vote.entitled_area,
        vote.taking_heads,
        vote.taking_area,
        vote.agreeing_heads,
        vote.agreeing_area,
        district,
        case_id
    ];
    tx.exec(sql, &values).map(drop)
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "property_use", "path", from, to)
}
