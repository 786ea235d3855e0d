//! Remembers talks on talk days, and what a hearing point says of its nine things.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one, scalar};
use uuid::Uuid;

use crate::words::talk::{CANCELLED, Remark, Talk};

const TALK: &str = "district, id, number, path, day, turn, state, walk_in, booked_at";

/// Remembers a new talk.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, talk: &Talk) -> Result<(), StoreError> {
    let sql = format!("insert into hearings_talk ({TALK}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let values = args![
        talk.district,
        talk.id,
        &talk.number,
        &talk.path,
        talk.day,
        talk.turn,
        &talk.state,
        talk.walk_in,
        talk.booked_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// The talk of an identity.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Talk>, StoreError> {
    one(tx, &format!("select {TALK} from hearings_talk where district = $1 and id = $2"), &args![district, id])
}

/// The talk of a number.
///
/// # Errors
/// The store failed.
pub fn numbered(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Option<Talk>, StoreError> {
    one(tx, &format!("select {TALK} from hearings_talk where district = $1 and number = $2"), &args![district, number])
}

/// The talks of a community on a day, in their order, `limit` at most.
///
/// # Errors
/// The store failed.
pub fn of_day(tx: &mut dyn Tx, community: &PlacePath, day: Date, limit: i64) -> Result<Vec<Talk>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!("select {TALK} from hearings_talk where path = $1 and day = $2 order by turn limit $3");
    all(tx, &sql, &args![community, day, limit])
}

/// How many talks of a community on a day were not called off.
///
/// # Errors
/// The store failed.
pub fn count(tx: &mut dyn Tx, community: &PlacePath, day: Date) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = "select count(*) from hearings_talk where path = $1 and day = $2 and state <> $3";
    Ok(scalar(tx, sql, &args![community, day, CANCELLED])?.unwrap_or(0))
}

/// Notes how a talk stands.
///
/// # Errors
/// The store failed.
pub fn set_state(tx: &mut dyn Tx, talk: &Talk, state: &str) -> Result<(), StoreError> {
    let sql = "update hearings_talk set state = $1 where district = $2 and id = $3";
    tx.exec(sql, &args![state, talk.district, talk.id]).map(drop)
}

/// Keeps what a hearing point says of its nine things, in place of what it said before.
///
/// # Errors
/// The store failed.
pub fn put_remarks(tx: &mut dyn Tx, district: PlaceId, point: Uuid, remarks: &[Remark]) -> Result<(), StoreError> {
    tx.exec("delete from hearings_thing where district = $1 and point_id = $2", &args![district, point])?;
    for remark in remarks {
        let sql = "insert into hearings_thing (district, point_id, thing, remark) values ($1, $2, $3, $4)";
        tx.exec(sql, &args![district, point, &remark.thing, &remark.remark])?;
    }
    Ok(())
}

/// What a hearing point says of its nine things.
///
/// # Errors
/// The store failed.
pub fn remarks(tx: &mut dyn Tx, district: PlaceId, point: Uuid) -> Result<Vec<Remark>, StoreError> {
    let sql = "select thing, remark from hearings_thing where district = $1 and point_id = $2 order by thing";
    all(tx, sql, &args![district, point])
}
