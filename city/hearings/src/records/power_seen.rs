//! Remembers that the paper of a power of attorney was seen after it was written down.

use cases::Key;
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, args};
use uuid::Uuid;

/// The paper of a power, as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct SeenPaper<'s> {
    /// The power.
    pub power: Uuid,
    /// The day that the paper bears.
    pub paper_on: Date,
    /// Who saw it.
    pub name: &'s str,
    /// When.
    pub now: Instant,
}

/// Notes that the paper of a power was seen. When it was written down stays as it was: whether a guardian stood then
/// decides who consents by it. Says whether there was one that stood and whose paper was still to come.
///
/// # Errors
/// The store failed.
pub fn note(tx: &mut dyn Tx, case: &Key, seen: &SeenPaper<'_>) -> Result<bool, StoreError> {
    let sql = "update hearings_power set paper_on = $1, noted_name = $2, seen_at = $3 \
               where district = $4 and case_id = $5 and id = $6 and paper_on is null and noted_name <> '' \
               and withdrawn_at is null";
    let values = args![seen.paper_on, seen.name, seen.now, case.district, case.id, seen.power];
    Ok(tx.exec(sql, &values)? > 0)
}
