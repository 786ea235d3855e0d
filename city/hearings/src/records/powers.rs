//! Remembers powers of attorney, and where their papers lie as files.

use cases::Key;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, scalar};
use uuid::Uuid;

use crate::words::power::{PowerFile, PowerRow};

/// How many powers of one mediation are read: more than all who take part can give. A bound of the machine.
const OF_A_CASE: i64 = 1_000;

/// The powers of a mediation: first those that stand, then those that were taken back, each in the order in which they
/// were written down.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, case: &Key) -> Result<Vec<PowerRow>, StoreError> {
    let sql = "select id, giver, fellow, special, until_on, sealed, paper_on, by_herself, noted_name, noted_at, \
               seen_at, withdrawn_at, told_apart from hearings_power where district = $1 and case_id = $2 \
               order by case when withdrawn_at is null then 0 else 1 end, noted_at, id limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Adds a power.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, case: &Key, power: &PowerRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_power (district, case_id, id, giver, fellow, special, until_on, sealed, paper_on, \
               by_herself, noted_name, noted_at, seen_at, withdrawn_at, told_apart) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, $14)";
    let PowerRow { id, giver, fellow, special, until_on, sealed, paper_on, .. } = power;
    let PowerRow { by_herself, noted_name, noted_at, seen_at, told_apart, .. } = power;
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
        *by_herself,
        noted_name,
        *noted_at,
        *seen_at,
        *told_apart
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

/// Notes of a power that its agent was checked to be nobody else of his name.
///
/// # Errors
/// The store failed.
pub fn tell_apart(tx: &mut dyn Tx, case: &Key, id: Uuid) -> Result<(), StoreError> {
    let sql = "update hearings_power set told_apart = $1 where district = $2 and case_id = $3 and id = $4";
    tx.exec(sql, &args![true, case.district, case.id, id]).map(drop)
}

/// The papers of the powers of a mediation that were added as files.
///
/// # Errors
/// The store failed.
pub fn files(tx: &mut dyn Tx, case: &Key) -> Result<Vec<PowerFile>, StoreError> {
    let sql = "select power, digest, kind, bytes, added_name, added_at from hearings_power_file \
               where district = $1 and case_id = $2 order by added_at, power limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Keeps the paper of a power as a file, in place of the one before.
///
/// # Errors
/// The store failed.
pub fn put_file(tx: &mut dyn Tx, case: &Key, file: &PowerFile) -> Result<(), StoreError> {
    let sql = "insert into hearings_power_file (district, case_id, power, digest, kind, bytes, added_name, added_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (district, case_id, power) do update set \
               digest = excluded.digest, kind = excluded.kind, bytes = excluded.bytes, \
               added_name = excluded.added_name, added_at = excluded.added_at";
    let values = args![
        case.district,
        case.id,
        file.power,
        &file.digest,
        &file.kind,
        file.bytes,
        &file.added_name,
        file.added_at
    ];
    tx.put_one(sql, &values)
}

/// Whether a file on the shelf is the paper of a power.
///
/// # Errors
/// The store failed.
pub fn is_needed(tx: &mut dyn Tx, digest: &str) -> Result<bool, StoreError> {
    // asks all districts: the shelf knows files by what they hold alone
    let sql = "select count(*) from hearings_power_file where digest = $1";
    Ok(scalar::<i64>(tx, sql, &args![digest])?.unwrap_or(0) > 0)
}

/// The digests of papers of powers that come after one, in their order, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn digests(tx: &mut dyn Tx, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    // asks all districts: the shelf knows files by what they hold alone
    let sql = "select distinct digest from hearings_power_file where digest > $1 order by digest limit $2";
    tx.rows(sql, &args![after, limit])?.iter().map(|row| row.get(0)).collect()
}
