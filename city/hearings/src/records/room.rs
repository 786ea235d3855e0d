//! Remembers rooms of hearing points, who hosts there, and who has which room when.

use cases::Key;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, all, args, one, scalar};
use uuid::Uuid;

use crate::words::room::{CalledOff, Host, Room, Use};

const ROOM: &str = "district, id, name, seats, step_free";
const USE: &str = "district, id, room, day, begins_at, ends_at, case_id, booked_name, booked_at";
/// How many rooms, hosts or times are read at most. A bound of the machine.
const READ: i64 = 300;

/// The rooms of a hearing point, by name.
///
/// # Errors
/// The store failed.
pub fn rooms(tx: &mut dyn Tx, district: PlaceId, point: Uuid) -> Result<Vec<Room>, StoreError> {
    let sql = format!(
        "select {ROOM} from hearings_room where district = $1 and point_id = $2 and ended = 0 \
         order by name, id limit $3"
    );
    all(tx, &sql, &args![district, point, READ])
}

/// A room, also one that is no more.
///
/// # Errors
/// The store failed.
pub fn room(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Room>, StoreError> {
    one(tx, &format!("select {ROOM} from hearings_room where district = $1 and id = $2"), &args![district, id])
}

/// Keeps a room of a hearing point, in place of what was said of it before.
///
/// # Errors
/// The store failed.
pub fn put_room(tx: &mut dyn Tx, point: Uuid, room: &Room) -> Result<(), StoreError> {
    let sql = "insert into hearings_room (district, id, point_id, name, seats, step_free, ended) \
               values ($1, $2, $3, $4, $5, $6, 0) on conflict (district, id) do update set \
               name = excluded.name, seats = excluded.seats, step_free = excluded.step_free";
    let values = args![room.district, room.id, point, &room.name, room.seats, room.step_free];
    tx.put_one(sql, &values)
}

/// A room is no more. What it was used for stays.
///
/// # Errors
/// The store failed.
pub fn end_room(tx: &mut dyn Tx, room: &Room) -> Result<(), StoreError> {
    let sql = "update hearings_room set ended = 1 where district = $1 and id = $2";
    tx.put_one(sql, &args![room.district, room.id])
}

/// Who hosts at a hearing point.
///
/// # Errors
/// The store failed.
pub fn hosts(tx: &mut dyn Tx, district: PlaceId, point: Uuid) -> Result<Vec<Host>, StoreError> {
    let sql = "select kind, id from hearings_host where district = $1 and point_id = $2 order by kind, id limit $3";
    all(tx, sql, &args![district, point, READ])
}

/// Keeps who hosts at a hearing point, in place of those before.
///
/// # Errors
/// The store failed.
pub fn put_hosts(tx: &mut dyn Tx, district: PlaceId, point: Uuid, hosts: &[Host]) -> Result<(), StoreError> {
    tx.exec("delete from hearings_host where district = $1 and point_id = $2", &args![district, point])?;
    for host in hosts {
        let sql = "insert into hearings_host (district, point_id, kind, id) values ($1, $2, $3, $4)";
        tx.put_one(sql, &args![district, point, &host.kind, host.id])?;
    }
    Ok(())
}

/// The first time of a room that overlaps another one.
///
/// # Errors
/// The store failed.
pub fn taken(tx: &mut dyn Tx, wanted: &Use) -> Result<Option<Use>, StoreError> {
    let sql = format!(
        "select {USE} from hearings_use where district = $1 and room = $2 and day = $3 \
         and begins_at < $4 and ends_at > $5 order by begins_at, id limit 1"
    );
    one(tx, &sql, &args![wanted.district, wanted.room, wanted.day, wanted.ends_at, wanted.begins_at])
}

/// Remembers who has a room when.
///
/// # Errors
/// The store failed.
pub fn add_use(tx: &mut dyn Tx, wanted: &Use) -> Result<(), StoreError> {
    let sql = format!("insert into hearings_use ({USE}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let values = args![
        wanted.district,
        wanted.id,
        wanted.room,
        wanted.day,
        wanted.begins_at,
        wanted.ends_at,
        wanted.case_id,
        &wanted.booked_name,
        wanted.booked_at
    ];
    tx.put_one(&sql, &values)
}

/// The time in a room of an identity: that of a talk is the talk's.
///
/// # Errors
/// The store failed.
pub fn find_use(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Use>, StoreError> {
    one(tx, &format!("select {USE} from hearings_use where district = $1 and id = $2"), &args![district, id])
}

/// Lets a room go. Says whether somebody had it.
///
/// # Errors
/// The store failed.
pub fn free(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<bool, StoreError> {
    let sql = "delete from hearings_use where district = $1 and id = $2";
    Ok(tx.exec(sql, &args![district, id])? > 0)
}

/// The times of a room on a day, in their order.
///
/// # Errors
/// The store failed.
pub fn of_day(tx: &mut dyn Tx, room: &Room, day: Date) -> Result<Vec<Use>, StoreError> {
    let sql = format!(
        "select {USE} from hearings_use where district = $1 and room = $2 and day = $3 order by begins_at, id limit $4"
    );
    all(tx, &sql, &args![room.district, room.id, day, READ])
}

/// The sessions of a mediation that are arranged, in their order.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case: &Key) -> Result<Vec<Use>, StoreError> {
    let sql = format!(
        "select {USE} from hearings_use where district = $1 and case_id = $2 order by day, begins_at, id limit $3"
    );
    all(tx, &sql, &args![district, case.id, READ])
}

/// Remembers that a session of a mediation was called off.
///
/// # Errors
/// The store failed.
pub fn call_off(tx: &mut dyn Tx, at: &Use, now: Instant) -> Result<(), StoreError> {
    let sql = "insert into hearings_called_off (district, id, case_id, room, day, begins_at, ends_at, called_off_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = args![at.district, at.id, at.case_id, at.room, at.day, at.begins_at, at.ends_at, now];
    tx.put_one(sql, &values)
}

/// The sessions of a mediation from a day on that were called off, in their order.
///
/// # Errors
/// The store failed.
pub fn called_off(tx: &mut dyn Tx, district: PlaceId, case: &Key, from: Date) -> Result<Vec<CalledOff>, StoreError> {
    let sql = "select district, id, case_id, room, day, begins_at, ends_at, called_off_at from hearings_called_off \
               where district = $1 and case_id = $2 and day >= $3 order by day, begins_at, id limit $4";
    all(tx, sql, &args![district, case.id, from, READ])
}

/// Whether a session of a mediation was called off that had an identity.
///
/// # Errors
/// The store failed.
pub fn is_called_off(tx: &mut dyn Tx, district: PlaceId, case: &Key, id: Uuid) -> Result<bool, StoreError> {
    let sql = "select count(*) from hearings_called_off where district = $1 and case_id = $2 and id = $3";
    let found: Option<i64> = scalar(tx, sql, &args![district, case.id, id])?;
    Ok(found.unwrap_or(0) > 0)
}

/// Lets the rooms go that a mediation has from a day on.
///
/// # Errors
/// The store failed.
pub fn free_from(tx: &mut dyn Tx, district: PlaceId, case: &Key, from: Date) -> Result<(), StoreError> {
    let sql = "delete from hearings_use where district = $1 and case_id = $2 and day >= $3";
    tx.exec(sql, &args![district, case.id, from]).map(drop)
}

/// How many times of a room are taken from a day on.
///
/// # Errors
/// The store failed.
pub fn taken_from(tx: &mut dyn Tx, room: &Room, from: Date) -> Result<i64, StoreError> {
    let sql = "select count(*) from hearings_use where district = $1 and room = $2 and day >= $3";
    Ok(scalar(tx, sql, &args![room.district, room.id, from])?.unwrap_or(0))
}
