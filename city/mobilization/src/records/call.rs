//! This file keeps calls, their shifts, and what each compound needs.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record, scalar};
use uuid::Uuid;

use crate::words::{Key, Slot};
pub use crate::words::{Need, Shift};

record! {
    /// An emergency for which people are called out. Columns in the order of [`COLUMNS`].
    pub struct Call {
        /// Shard: the district, or the city for a call of the whole city.
        pub district: PlaceId,
        /// Identity.
        pub id: Uuid,
        /// The place for which people are called out.
        pub path: PlacePath,
        /// What it is.
        pub title: String,
        /// What everybody should know.
        pub note: String,
        /// The name of whoever began it.
        pub opened_name: String,
        /// When it began.
        pub opened_at: Instant,
        /// When it ended.
        pub ended_at: Option<Instant>,
    }
}

impl Call {
    /// Returns the key of the row.
    #[must_use]
    pub const fn key(&self) -> Key {
        Key { district: self.district, id: self.id }
    }
}

const COLUMNS: &str = "district, id, path, title, note, opened_name, opened_at, ended_at";

const NEED: &str = "compound, shift, role, path, least, most, meet, contact";

/// Writes a new call. Returns false if it was written before.
pub fn insert(tx: &mut dyn Tx, call: &Call, by: Option<Uuid>) -> Result<bool, StoreError> {
    let sql = "insert into mobilization_call (district, id, path, title, note, opened_by, opened_name, opened_at, ended_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, null) on conflict do nothing";
    let values =
        args![call.district, call.id, &call.path, &call.title, &call.note, by, &call.opened_name, call.opened_at];
    Ok(tx.exec(sql, &values)? == 1)
}

/// Returns a call by its district and identity. Its row is locked on engines that lock rows if somebody is about to
/// change it.
pub fn held(tx: &mut dyn Tx, Key { district, id }: Key) -> Result<Option<Call>, StoreError> {
    let sql = format!("select {COLUMNS} from mobilization_call where district = $1 and id = $2{}", tx.lock_rows());
    one(tx, &sql, &args![district, id])
}

/// Returns a call by its identity alone, and locks it as [`held`] does.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Call>, StoreError> {
    // asks all districts: an address names the call alone; the row is locked in its district
    let sql = "select district from mobilization_call where id = $1";
    let district = scalar::<PlaceId>(tx, sql, &args![id])?;
    district.map_or(Ok(None), |district| held(tx, Key { district, id }))
}

/// Returns the calls of a place or inside it, the newest first, at most `limit`.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Call>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from mobilization_call where path >= $1 and path < $2 order by opened_at desc, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Returns the calls of any place that go on, the newest first, at most `limit`.
pub fn going_on(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Call>, StoreError> {
    // asks all districts: calls of the whole city
    let sql =
        format!("select {COLUMNS} from mobilization_call where ended_at is null order by opened_at desc, id limit $1");
    all(tx, &sql, &args![limit])
}

/// Returns the calls that everybody is told of, the newest first, at most `limit`: those that go on and have a shift.
pub fn told(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Call>, StoreError> {
    // asks all districts: calls of the whole city
    let sql = format!(
        "select {COLUMNS} from mobilization_call where ended_at is null and exists (select 1 from mobilization_shift \
         where mobilization_shift.district = mobilization_call.district and mobilization_shift.call = mobilization_call.id) \
         order by opened_at desc, id limit $1"
    );
    all(tx, &sql, &args![limit])
}

/// Ends a call. Returns false if it had ended before.
pub fn end(tx: &mut dyn Tx, Key { district, id }: Key, now: Instant) -> Result<bool, StoreError> {
    let sql = "update mobilization_call set ended_at = $3 where district = $1 and id = $2 and ended_at is null";
    Ok(tx.exec(sql, &args![district, id, now])? == 1)
}

/// Adds a shift and returns its number.
pub fn add_shift(
    tx: &mut dyn Tx,
    Key { district, id }: Key,
    starts: Instant,
    ends: Instant,
) -> Result<i64, StoreError> {
    let sql = "select coalesce(max(number), 0) from mobilization_shift where district = $1 and call = $2";
    let number = scalar::<i64>(tx, sql, &args![district, id])?.unwrap_or(0) + 1;
    let sql = "insert into mobilization_shift (district, call, number, starts, ends) values ($1, $2, $3, $4, $5)";
    tx.exec(sql, &args![district, id, number, starts, ends])?;
    Ok(number)
}

/// Returns the shifts of a call in the order of time.
pub fn shifts(tx: &mut dyn Tx, Key { district, id }: Key) -> Result<Vec<Shift>, StoreError> {
    let sql = "select number, starts, ends from mobilization_shift where district = $1 and call = $2 order by starts, number limit 500";
    all(tx, sql, &args![district, id])
}

/// Removes a shift and its needs. Returns false, and removes nothing, if somebody was sent for it.
pub fn remove_shift(tx: &mut dyn Tx, Key { district, id }: Key, number: i64) -> Result<bool, StoreError> {
    let sql = "select count(*) from mobilization_post where district = $1 and call = $2 and shift = $3";
    if scalar::<i64>(tx, sql, &args![district, id, number])?.unwrap_or(0) > 0 {
        return Ok(false);
    }
    tx.exec(
        "delete from mobilization_need where district = $1 and call = $2 and shift = $3",
        &args![district, id, number],
    )?;
    let sql = "delete from mobilization_shift where district = $1 and call = $2 and number = $3";
    Ok(tx.exec(sql, &args![district, id, number])? == 1)
}

/// Writes what a compound needs in a shift and role. It takes the place of what the compound needed before. A need of 0
/// is removed.
pub fn put_need(tx: &mut dyn Tx, Key { district, id }: Key, need: &Need) -> Result<(), StoreError> {
    let sql = "delete from mobilization_need where district = $1 and call = $2 and compound = $3 and shift = $4 and role = $5";
    tx.exec(sql, &args![district, id, need.compound, need.shift, need.role.code()])?;
    if need.most == 0 {
        return Ok(());
    }
    let sql = "insert into mobilization_need (district, call, compound, shift, role, path, least, most, meet, contact) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = args![
        district,
        id,
        need.compound,
        need.shift,
        need.role.code(),
        &need.path,
        need.least,
        need.most,
        &need.meet,
        &need.contact
    ];
    tx.exec(sql, &values).map(drop)
}

/// Returns the needs of a call at a place or inside it, by compound, shift and role, at most `limit`.
pub fn needs(
    tx: &mut dyn Tx,
    Key { district, id }: Key,
    place: &PlacePath,
    limit: i64,
) -> Result<Vec<Need>, StoreError> {
    let (low, high) = place.range();
    let sql = format!(
        "select {NEED} from mobilization_need where district = $1 and call = $2 and path >= $3 and path < $4 \
         order by path, compound, shift, role limit $5"
    );
    all(tx, &sql, &args![district, id, low, high, limit])
}

/// Returns the need of a slot.
pub fn need(tx: &mut dyn Tx, Key { district, id }: Key, slot: &Slot) -> Result<Option<Need>, StoreError> {
    let sql = format!(
        "select {NEED} from mobilization_need where district = $1 and call = $2 and compound = $3 and shift = $4 and role = $5"
    );
    one(tx, &sql, &args![district, id, slot.compound, slot.shift, slot.role.code()])
}

/// Brings the paths inside a place that moved to where it lies now.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    for table in ["mobilization_responder", "mobilization_call", "mobilization_need", "mobilization_post"] {
        store::follow_places(tx, table, "path", from, to)?;
    }
    Ok(())
}
