//! Calls a vote off before its end. Its ballots are forgotten, and the register may change again.

use hall::Fault;
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::ballots::held_until_end;
use super::by::By;
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
    pub fn call_off(&self, tx: &mut dyn Tx, vote: Uuid, reason: &str, by: &By) -> Result<(), Fault> {
        let vote = self.own_vote(tx, vote, &by.actor)?;
        if !by.is_first(tx, OFF)? {
            return Ok(());
        }
        let vote = held_until_end(tx, &vote, by.now)?;
        if !vote.is_called_by(by.actor.account) {
            return Err(Refusal::new(Why::VoteOffOther).with("name", &vote.called_name).into());
        }
        votes::set_off(tx, &vote, reason, &by.actor.name, by.now)?;
        ballots::forget(tx, &vote)?;
        self.hall.vault.erase(tx, vote.district, vote.seal, by.now)?;
        let Some(compound) = register::compound(tx, vote.compound)? else { return Ok(()) };
        note(tx, &compound, ("property.vote_off", &json!({ "vote": vote.id })), &by.actor, by.now)
    }
}
