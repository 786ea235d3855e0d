//! Remembers the owners' register and the votes; the only SQL of the department.

pub mod ballots;
pub mod register;
pub mod votes;

use kernel::place::PlacePath;
use store::{StoreError, Tx};

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "property_compound", "path", from, to)?;
    store::follow_places(tx, "property_vote", "path", from, to)
}
