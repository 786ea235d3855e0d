//! Calls a vote off before its end. Its ballots are forgotten, and the register may change again.

use hall::Fault;
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::ballots::{Doing, held_until_end};
use super::register::note;
use crate::Property;
use crate::records::ballots;
use crate::records::register;
use crate::records::votes;
use crate::refusals::Why;

/// Where the keys of votes that were called off are kept apart from those of other forms.
const OFF: &str = "property.off";

impl Property {
    /// Calls a vote off, with a reason that its owners read. Sent twice it is called off once.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, a vote that somebody else called or that is over, or a failure.
    pub fn call_off(&self, tx: &mut dyn Tx, vote: Uuid, reason: &str, doing: &Doing<'_>) -> Result<(), Fault> {
        let vote = self.own_vote(tx, vote, doing.actor)?;
        if !doing.sent.is_first(tx, OFF, doing.now)? {
            return Ok(());
        }
        let vote = held_until_end(tx, &vote, doing.now)?;
        if !vote.is_called_by(doing.actor.account) {
            return Err(Refusal::new(Why::VoteOffOther).with("name", &vote.called_name).into());
        }
        votes::set_off(tx, &vote, reason, &doing.actor.name, doing.now)?;
        ballots::forget(tx, &vote)?;
        self.hall.vault.erase(tx, vote.district, vote.seal, doing.now)?;
        let Some(compound) = register::compound(tx, vote.compound)? else { return Ok(()) };
        note(tx, &compound, ("property.vote_off", &json!({ "vote": vote.id })), doing.actor, doing.now)
    }
}
