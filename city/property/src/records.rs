//! Remembers the register, the votes and the companies; the only SQL of the department.

pub mod account;
pub mod ballots;
pub mod company;
pub mod corrections;
pub mod first_meeting;
pub mod fund;
pub mod grade;
pub mod income;
pub mod parts;
pub mod register;
pub mod table;
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
