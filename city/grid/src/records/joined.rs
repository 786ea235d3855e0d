//! Remembers by which marks whoever joined a report is known again. A mark tells one from another in one case alone.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, args};
use uuid::Uuid;

/// Notes a mark. Says whether it is new in this case.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, mark: &str, at: Instant) -> Result<bool, StoreError> {
    let sql = "insert into grid_joined (district, case_id, mark, at) values ($1, $2, $3, $4) \
               on conflict (district, case_id, mark) do nothing";
    Ok(tx.exec(sql, &args![district, case_id, mark, at])? == 1)
}

/// Forgets all marks of a case, which nobody joins any more.
///
/// # Errors
/// The store failed.
pub fn end(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from grid_joined where district = $1 and case_id = $2", &args![district, case_id]).map(drop)
}
