//! Remembers powers of attorney.

use cases::Key;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args};
use uuid::Uuid;

use crate::words::power::PowerRow;

/// How many powers of one mediation are read. A bound of the machine.
const OF_A_CASE: i64 = 200;

/// The powers of a mediation in the order in which they were written down, also those that were taken back.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, case: &Key) -> Result<Vec<PowerRow>, StoreError> {
    let sql = "select id, giver, fellow, special, until_on, sealed, paper_on, noted_name, noted_at, withdrawn_at \
               from hearings_power where district = $1 and case_id = $2 order by noted_at, id limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Adds a power.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, case: &Key, power: &PowerRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_power (district, case_id, id, giver, fellow, special, until_on, sealed, paper_on, \
               noted_name, noted_at, withdrawn_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null)";
    let PowerRow { id, giver, fellow, special, until_on, sealed, paper_on, noted_name, noted_at, .. } = power;
    let values = args![
        case.district,
        case.id,
        *id,
        giver,
        fellow,
        special,
        *until_on,
        sealed.clone(),
        *paper_on,
        noted_name,
        *noted_at
    ];
    tx.put_one(sql, &values)
}

/// Notes that a power was taken back. Says whether there was one that stood.
///
/// # Errors
/// The store failed.
pub fn withdraw(tx: &mut dyn Tx, case: &Key, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let sql = "update hearings_power set withdrawn_at = $1 \
               where district = $2 and case_id = $3 and id = $4 and withdrawn_at is null";
    Ok(tx.exec(sql, &args![now, case.district, case.id, id])? > 0)
}
