//! Remembers what residents say at hearing points.

use house::LastRow;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one, scalar};
use uuid::Uuid;

use crate::words::opinion::{DueOpinion, NEW, Opinion, StageTally, Wanted};

const OPINION: &str = "district, id, number, path, wanted, stage, said, answer, question, told, shown, turned, \
                       answer_by, said_at, answered_name, answered_at";

/// Remembers something new.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, opinion: &Opinion) -> Result<(), StoreError> {
    let sql = format!(
        "insert into hearings_opinion ({OPINION}) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    );
    let values = args![
        opinion.district,
        opinion.id,
        &opinion.number,
        &opinion.path,
        &opinion.wanted,
        &opinion.stage,
        &opinion.said,
        &opinion.answer,
        &opinion.question,
        &opinion.told,
        opinion.shown,
        &opinion.turned,
        opinion.answer_by,
        opinion.said_at,
        &opinion.answered_name,
        opinion.answered_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Keeps what became of it, once.
///
/// # Errors
/// Somebody else settled it at the same moment, or the store failed.
pub fn settle(tx: &mut dyn Tx, opinion: &Opinion) -> Result<(), StoreError> {
    let sql = "update hearings_opinion set stage = $1, answer = $2, question = $3, told = $4, shown = $5, turned = $6, \
               answered_name = $7, answered_at = $8 where district = $9 and id = $10 and stage = $11";
    let values = args![
        &opinion.stage,
        &opinion.answer,
        &opinion.question,
        &opinion.told,
        opinion.shown,
        &opinion.turned,
        &opinion.answered_name,
        opinion.answered_at,
        opinion.district,
        opinion.id,
        NEW
    ];
    tx.put_one(sql, &values)
}

/// The one of an identity.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Opinion>, StoreError> {
    one(tx, &format!("select {OPINION} from hearings_opinion where district = $1 and id = $2"), &args![district, id])
}

/// The one of a number.
///
/// # Errors
/// The store failed.
pub fn numbered(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Option<Opinion>, StoreError> {
    one(
        tx,
        &format!("select {OPINION} from hearings_opinion where district = $1 and number = $2"),
        &args![district, number],
    )
}

/// What was said in a place and inside it and nobody has answered, the oldest first, `limit` at most.
///
/// # Errors
/// The store failed.
pub fn waiting(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Opinion>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {OPINION} from hearings_opinion where path >= $1 and path < $2 and stage = $3 \
         order by said_at, id limit $4"
    );
    all(tx, &sql, &args![low, high, NEW, limit])
}

/// How much was said in a place and inside it that nobody has answered.
///
/// # Errors
/// The store failed.
pub fn count_waiting(tx: &mut dyn Tx, place: &PlacePath) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select count(*) from hearings_opinion where path >= $1 and path < $2 and stage = $3";
    Ok(scalar(tx, sql, &args![low, high, NEW])?.unwrap_or(0))
}

/// What was said that is to be answered by a day or an earlier one and that nobody has answered, after a row, at most
/// `limit`. Whoever wants no answer is promised none.
///
/// # Errors
/// The store failed.
pub fn due(tx: &mut dyn Tx, by: Date, after: LastRow, limit: i64) -> Result<Vec<DueOpinion>, StoreError> {
    // asks all districts: the reminders of a morning are those of the whole city
    let sql = "select district, id, number, path, answer_by from hearings_opinion \
               where stage = $1 and wanted <> $2 and answer_by <= $3 and (district, id) > ($4, $5) \
               order by district, id limit $6";
    all(tx, sql, &args![NEW, Wanted::Nothing.code(), by, after.district, after.id, limit])
}

/// What was answered or became a case in a place and inside it, the newest first, `limit` at most.
///
/// # Errors
/// The store failed.
pub fn settled(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Opinion>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {OPINION} from hearings_opinion where path >= $1 and path < $2 and stage <> $3 \
         order by said_at desc, id desc limit $4"
    );
    all(tx, &sql, &args![low, high, NEW, limit])
}

/// What everybody reads of a community, the newest first, `limit` at most.
///
/// # Errors
/// The store failed.
pub fn shown(tx: &mut dyn Tx, community: &PlacePath, limit: i64) -> Result<Vec<Opinion>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!(
        "select {OPINION} from hearings_opinion where path = $1 and shown = 1 order by said_at desc, id desc limit $2"
    );
    all(tx, &sql, &args![community, limit])
}

/// How much was said at a community, by what became of it.
///
/// # Errors
/// The store failed.
pub fn tallies(tx: &mut dyn Tx, community: &PlacePath) -> Result<Vec<StageTally>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = "select stage, count(*) from hearings_opinion where path = $1 group by stage order by stage";
    all(tx, sql, &args![community])
}

/// Forgets the words of one. That something was said, and what was made public of it, stays.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<(), StoreError> {
    let none = Vec::<u8>::new;
    let sql = "update hearings_opinion set said = $1, answer = $2 where district = $3 and id = $4";
    tx.exec(sql, &args![none(), none(), district, id]).map(drop)
}
