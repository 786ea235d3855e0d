//! Tells departments that a case was opened from something that they keep: an opinion that becomes a report. Whoever
//! opens the case passes a reference on that its form carried and does not know what it means.

use std::sync::{Arc, PoisonError};

use hall::Fault;
use kernel::case::Case;
use kernel::permission::Actor;
use kernel::time::Instant;
use store::Tx;

use crate::Cases;

/// A case that was opened from something that a department keeps.
#[derive(Clone, Copy, Debug)]
pub struct Arisen<'a> {
    /// The case.
    pub case: &'a Case,
    /// The reference that the form carried. Nobody has checked it: it is what somebody sent.
    pub origin: &'a str,
    /// Who opened the case.
    pub actor: &'a Actor,
    /// When.
    pub now: Instant,
}

/// What a department does about it, in the transaction that opens the case. What is none of its own, or none of the
/// actor's, it leaves alone.
pub type Origin = Arc<dyn Fn(&mut dyn Tx, &Arisen<'_>) -> Result<(), Fault> + Send + Sync>;

impl Cases {
    /// Lets a department hear of cases that are opened from something that it keeps; it does so when it opens.
    pub fn hear_of(&self, origin: Origin) {
        self.origins.write().unwrap_or_else(PoisonError::into_inner).push(origin);
    }

    /// Tells every department that listens from what a case was opened; nobody where the form carried no reference.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn arose(&self, tx: &mut dyn Tx, arisen: &Arisen<'_>) -> Result<(), Fault> {
        if arisen.origin.is_empty() {
            return Ok(());
        }
        let origins = self.origins.read().unwrap_or_else(PoisonError::into_inner).clone();
        for hears in origins {
            hears(tx, arisen)?;
        }
        Ok(())
    }
}
