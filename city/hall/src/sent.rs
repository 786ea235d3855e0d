//! A form that was sent, as a command that is done once: the key that the page gave it, and what it said.

use std::fmt::Display;

use kernel::time::Instant;
use store::Tx;
use web::{FormCommand, PostForm};

use crate::actions::is_first;
use crate::fault::Fault;

/// A form that was sent.
#[derive(Clone, Debug)]
pub struct Sent(FormCommand);

impl Sent {
    /// Takes the key of a form about something, and what the form says.
    #[must_use]
    pub fn of(form: &PostForm, about: impl Display) -> Self {
        Self(form.command(about))
    }

    /// Says whether it is to be done. Sent again it was done before, whatever somebody changed in between.
    ///
    /// # Errors
    /// Refuses a key that came before with another form.
    pub fn is_first(&self, tx: &mut dyn Tx, scope: &str, now: Instant) -> Result<bool, Fault> {
        is_first(tx, self.0.once(scope), now)
    }

    /// Says whether it was done before, for what has to be looked at before it is done. The key stays free.
    ///
    /// # Errors
    /// The store failed.
    pub fn was_done(&self, tx: &mut dyn Tx, scope: &str) -> Result<bool, Fault> {
        Ok(store::once::was_done(tx, self.0.once(scope))?)
    }
}
