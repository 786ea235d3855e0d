//! This file keeps the units that belong to places.

use super::{PLACES_LIMIT, insert, take};
use crate::rules::units::Planned;
use crate::words::Unit;
use kernel::{language::Bilingual, place::PlaceId};
use std::collections::BTreeSet;
use store::{StoreError, Tx, Val, all, args, one, record};

record! {
    struct Stored {
        id: i64,
        place: PlaceId,
        department: String,
        name_zh: String,
        name_en: String,
        address: String,
        telephone: String,
        hours: String,
    }
}

impl From<Stored> for Unit {
    fn from(row: Stored) -> Self {
        Self {
            id: row.id,
            place: row.place,
            department: row.department,
            name: Bilingual { zh: row.name_zh, en: row.name_en },
            address: row.address,
            telephone: row.telephone,
            hours: row.hours,
        }
    }
}

const COLUMNS: &str = "id, place, department, name_zh, name_en, address, telephone, hours";
const UNITS_LIMIT: i64 = 200;

/// Returns the units of a place, in the order in which they were made.
pub fn units(tx: &mut dyn Tx, place: PlaceId) -> Result<Vec<Unit>, StoreError> {
    let sql = format!("select {COLUMNS} from places_unit where place = $1 order by id limit $2");
    Ok(all::<Stored>(tx, &sql, &args![place, UNITS_LIMIT])?.into_iter().map(Unit::from).collect())
}

/// Returns the unit of a department at a place. If the place has one counter for everything, it returns that counter.
pub fn unit_for(tx: &mut dyn Tx, place: PlaceId, department: &str) -> Result<Option<Unit>, StoreError> {
    let units = units(tx, place)?;
    let own = units.iter().find(|unit| unit.department == department);
    Ok(own.or(if units.len() == 1 { units.first() } else { None }).cloned())
}

/// Returns a unit by its identity.
pub fn unit(tx: &mut dyn Tx, id: i64) -> Result<Option<Unit>, StoreError> {
    Ok(one::<Stored>(tx, &format!("select {COLUMNS} from places_unit where id = $1"), &args![id])?.map(Unit::from))
}

record! {
    struct Key {
        place: PlaceId,
        department: String,
    }
}

/// Makes the planned units that do not exist yet. Those that exist keep what was filled in. Returns how many it made.
pub fn establish(tx: &mut dyn Tx, planned: &[Planned]) -> Result<usize, StoreError> {
    let known = "select place, department from places_unit order by place limit $1";
    let known: BTreeSet<(PlaceId, String)> =
        all::<Key>(tx, known, &args![PLACES_LIMIT])?.into_iter().map(|key| (key.place, key.department)).collect();
    let missing: Vec<&Planned> =
        planned.iter().filter(|unit| !known.contains(&(unit.place, unit.department.clone()))).collect();
    let first = take(tx, "unit", i64::try_from(missing.len()).unwrap_or_default())?;
    let rows: Vec<Vec<Val>> = (first..)
        .zip(&missing)
        .map(|(id, unit)| {
            args![id, unit.place, &unit.department, &unit.name.zh, &unit.name.en, "", "", &unit.hours].to_vec()
        })
        .collect();
    insert(tx, "places_unit", COLUMNS, &rows)?;
    Ok(missing.len())
}

/// Changes how people reach a unit.
pub fn change(tx: &mut dyn Tx, id: i64, address: &str, telephone: &str, hours: &str) -> Result<u64, StoreError> {
    let sql = "update places_unit set address = $2, telephone = $3, hours = $4 where id = $1";
    tx.exec(sql, &args![id, address, telephone, hours])
}
