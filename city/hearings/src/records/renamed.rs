//! Remembers under which names parties stand in an agreement whose names were corrected since.

use cases::Key;
use store::{StoreError, Tx, all, args};

use crate::words::inside::RenamedRow;

/// How many rows of one mediation are read. A bound of the machine.
const OF_A_CASE: i64 = 400;

/// The names that were corrected since an agreement holds, the first correction first.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, case: &Key) -> Result<Vec<RenamedRow>, StoreError> {
    let sql = "select record, renamed_at, sealed from hearings_renamed \
               where district = $1 and case_id = $2 order by renamed_at, record limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Keeps the name that somebody had before a correction.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, case: &Key, row: &RenamedRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_renamed (district, case_id, record, renamed_at, sealed) \
               values ($1, $2, $3, $4, $5)";
    tx.put_one(sql, &args![case.district, case.id, row.record, row.renamed_at, row.sealed.clone()])
}
