//! Remembers what was corrected, and what stood there before.

use kernel::place::PlaceId;
use store::{StoreError, Tx, all, args};
use uuid::Uuid;

use crate::words::corrections::Correction;

const CORRECTION: &str = "district, id, subject, number, before_text, reason, by_name, corrected_at";

/// Adds a correction.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, one: &Correction) -> Result<(), StoreError> {
    let sql = format!("insert into property_correction ({CORRECTION}) values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let Correction { district, id, subject, number, before, reason, by_name, at } = one;
    tx.exec(&sql, &args![*district, *id, *subject, *number, before, reason, by_name, *at]).map(drop)
}

/// The corrections of something, the latest first; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_subject(
    tx: &mut dyn Tx,
    district: PlaceId,
    subject: Uuid,
    limit: i64,
) -> Result<Vec<Correction>, StoreError> {
    let sql = format!(
        "select {CORRECTION} from property_correction where district = $1 and subject = $2 \
         order by corrected_at desc, id desc limit $3"
    );
    all(tx, &sql, &args![district, subject, limit])
}
