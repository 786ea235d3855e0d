//! Remembers bodies and everything about them; the only SQL of the department.

pub mod body;
pub mod corrections;
pub mod mediator;
pub mod people;
pub mod talk;

use kernel::place::{PlaceId, PlacePath};
use store::{StoreError, Tx};
use uuid::Uuid;

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    for table in ["bodies_body", "bodies_question", "bodies_meeting", "bodies_mediator", "bodies_matter"] {
        store::follow_places(tx, table, "path", from, to)?;
    }
    store::follow_places(tx, "bodies_matter", "office", from, to)
}

/// Forgets the names that lie under a sealed record that is erased.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    people::forget(tx, district, record)?;
    mediator::forget(tx, district, record)
}
