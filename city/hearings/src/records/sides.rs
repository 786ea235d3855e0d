//! Remembers the sides of mediations: whose name was given, and what a side says of how a clause was kept.

use cases::Key;
use store::{StoreError, Tx, all, args};

use crate::words::inside::{NamedRow, ReportRow};

/// How many rows of one mediation are read. A bound of the machine.
const OF_A_CASE: i64 = 400;

/// The sides whose names were given.
///
/// # Errors
/// The store failed.
pub fn named(tx: &mut dyn Tx, case: &Key) -> Result<Vec<NamedRow>, StoreError> {
    let sql = "select side, by_herself, named_name, named_at from hearings_named \
               where district = $1 and case_id = $2 order by side limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Remembers that a side's name was given, in place of what was remembered before.
///
/// # Errors
/// The store failed.
pub fn name(tx: &mut dyn Tx, case: &Key, named: &NamedRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_named (district, case_id, side, by_herself, named_name, named_at) \
               values ($1, $2, $3, $4, $5, $6) on conflict (district, case_id, side) do update set \
               by_herself = excluded.by_herself, named_name = excluded.named_name, named_at = excluded.named_at";
    let NamedRow { side, by_herself, named_name, named_at } = named;
    tx.put_one(sql, &args![case.district, case.id, side, *by_herself, named_name, *named_at])
}

/// What the sides say of how the clauses of an agreement were kept.
///
/// # Errors
/// The store failed.
pub fn reports(tx: &mut dyn Tx, case: &Key) -> Result<Vec<ReportRow>, StoreError> {
    let sql = "select clause, side, stage, sealed, said_at from hearings_report \
               where district = $1 and case_id = $2 order by clause, side limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Keeps what a side says of a clause, in place of what it said before.
///
/// # Errors
/// The store failed.
pub fn report(tx: &mut dyn Tx, case: &Key, report: &ReportRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_report (district, case_id, clause, side, stage, sealed, said_at) \
               values ($1, $2, $3, $4, $5, $6, $7) on conflict (district, case_id, clause, side) do update set \
               stage = excluded.stage, sealed = excluded.sealed, said_at = excluded.said_at";
    let ReportRow { clause, side, stage, sealed, said_at } = report;
    tx.put_one(sql, &args![case.district, case.id, *clause, side, stage, sealed.clone(), *said_at])
}
