//! Remembers dwellings to come back to: where they are and, sealed, what was agreed. Nobody's name stands there.

use kernel::place::{PlaceId, PlacePath};
use store::{StoreError, Tx, all, args, one};
use uuid::Uuid;

use crate::words::field::Dwelling;

const COLUMNS: &str = "district, id, path, building, house, entrance, floor, door, version, record, fields, come_on";

/// Adds a dwelling.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, dwelling: &Dwelling) -> Result<(), StoreError> {
    let sql =
        format!("insert into grid_dwelling ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    let values = args![
        dwelling.district,
        dwelling.id,
        &dwelling.path,
        dwelling.building,
        &dwelling.house,
        dwelling.entrance,
        dwelling.floor,
        &dwelling.door,
        dwelling.version,
        dwelling.record,
        dwelling.fields.clone(),
        dwelling.come_on
    ];
    tx.exec(&sql, &values).map(|_| ())
}

/// A dwelling, held until the end of the transaction.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Dwelling>, StoreError> {
    let held = tx.lock_rows();
    let sql = format!("select {COLUMNS} from grid_dwelling where district = $1 and id = $2{held}");
    one(tx, &sql, &args![district, id])
}

/// The dwellings of a place and of everything inside it, by building, entrance and floor, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Dwelling>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from grid_dwelling where path >= $1 and path < $2 \
         order by building, entrance, floor, door, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// The dwellings of one building in a place, by entrance and floor, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_building(tx: &mut dyn Tx, place: &PlacePath, building: i64, limit: i64) -> Result<Vec<Dwelling>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from grid_dwelling where path >= $1 and path < $2 and building = $3 \
         order by entrance, floor, door, id limit $4"
    );
    all(tx, &sql, &args![low, high, building, limit])
}

/// Writes the fields of a dwelling that changed.
///
/// # Errors
/// The store failed.
pub fn change(tx: &mut dyn Tx, dwelling: &Dwelling) -> Result<(), StoreError> {
    let sql = "update grid_dwelling set version = $1, fields = $2, come_on = $3 where district = $4 and id = $5";
    let values = args![dwelling.version, dwelling.fields.clone(), dwelling.come_on, dwelling.district, dwelling.id];
    tx.exec(sql, &values).map(|_| ())
}

/// Forgets the dwelling whose fields were sealed under a record.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from grid_dwelling where district = $1 and record = $2", &args![district, record]).map(|_| ())
}
