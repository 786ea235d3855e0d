//! Remembers where a mediation was, and which papers each side lets go along.

use cases::Key;
use kernel::place::PlacePath;
use store::{StoreError, Tx, all, args, scalar};

use crate::words::passing::{Allowed, Stay};

/// How many stays of one mediation are read. A bound of the machine.
const OF_A_CASE: i64 = 200;

/// The office at which a dispute lies, as this department remembers it; none before it is remembered.
///
/// # Errors
/// The store failed.
pub fn office(tx: &mut dyn Tx, case: &Key) -> Result<Option<PlacePath>, StoreError> {
    let sql = "select office from hearings_matter where district = $1 and case_id = $2";
    scalar(tx, sql, &args![case.district, case.id])
}

/// The stays of a mediation in their order; none where it was at one office alone.
///
/// # Errors
/// The store failed.
pub fn stays(tx: &mut dyn Tx, case: &Key) -> Result<Vec<Stay>, StoreError> {
    let sql = "select number, office, along, since from hearings_stay \
               where district = $1 and case_id = $2 order by number limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Remembers a stay.
///
/// # Errors
/// The store failed.
pub fn add_stay(tx: &mut dyn Tx, case: &Key, stay: &Stay) -> Result<(), StoreError> {
    let sql = "insert into hearings_stay (district, case_id, number, office, along, since) \
               values ($1, $2, $3, $4, $5, $6)";
    let values = args![case.district, case.id, stay.number, &stay.office, &stay.along, stay.since];
    tx.put_one(sql, &values)
}

/// What the sides let go along now.
///
/// # Errors
/// The store failed.
pub fn allowed(tx: &mut dyn Tx, case: &Key) -> Result<Vec<Allowed>, StoreError> {
    let sql = "select side, papers from hearings_along where district = $1 and case_id = $2 order by side limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Remembers what a side lets go along, in place of what it said before.
///
/// # Errors
/// The store failed.
pub fn allow(tx: &mut dyn Tx, case: &Key, side: &str, papers: &str) -> Result<(), StoreError> {
    let sql = "insert into hearings_along (district, case_id, side, papers) values ($1, $2, $3, $4) \
               on conflict (district, case_id, side) do update set papers = excluded.papers";
    tx.put_one(sql, &args![case.district, case.id, side, papers])
}

/// Forgets what a side said of the papers: the consent with which it was said does not hold any more.
///
/// # Errors
/// The store failed.
pub fn disallow(tx: &mut dyn Tx, case: &Key, side: &str) -> Result<(), StoreError> {
    let sql = "delete from hearings_along where district = $1 and case_id = $2 and side = $3";
    tx.exec(sql, &args![case.district, case.id, side]).map(drop)
}
