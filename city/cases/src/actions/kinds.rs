//! What the kind of a case has to say of its steps: whether one may be taken, and what its department remembers of it.

use hall::Fault;
use kernel::case::{Case, Command, Recorded};
use kernel::permission::Actor;
use kernel::time::Instant;
use store::Tx;

use super::Doing;
use crate::Cases;
use crate::kind::{Asked, Happened};

impl Cases {
    /// Asks the kind of a case whether a step may be taken.
    ///
    /// # Errors
    /// Why not, or a failure of the store.
    pub(super) fn kind_allows(&self, tx: &mut dyn Tx, case: &Case, doing: &Doing<'_>) -> Result<(), Fault> {
        let Command::Act { action, fields, .. } = doing.command else { return Ok(()) };
        let Some(kind) = self.kinds.get(&case.kind) else { return Ok(()) };
        kind.check(tx, &Asked { case, action, fields, actor: doing.actor, leaves: false })
    }

    /// Asks the kind of a case whether a step that was held back may still be taken.
    ///
    /// # Errors
    /// Why not, or a failure of the store.
    pub(super) fn kind_lets_leave(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        self.kinds.get(&asked.case.kind).map_or(Ok(()), |kind| kind.check(tx, asked))
    }

    /// Whether the kind of a case lets somebody know of it whose posts reach it.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn kind_shows(&self, tx: &mut dyn Tx, case: &Case, actor: &Actor) -> Result<bool, Fault> {
        self.kinds.get(&case.kind).map_or(Ok(true), |kind| kind.is_for(tx, case, actor))
    }

    /// Lets the kind of a case remember what happened to it.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) fn kind_remembers(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        recorded: &[Recorded],
        now: Instant,
    ) -> Result<(), Fault> {
        let Some(kind) = self.kinds.get(&case.kind) else { return Ok(()) };
        kind.remember(tx, &Happened { case, recorded, now })
    }
}
