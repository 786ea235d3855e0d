//! Calls a vote off before its end: whoever keeps it asks for that with a reason, and where two people are asked for,
//! somebody else who keeps it confirms. Its ballots are forgotten then, and the register may change again.

use hall::Fault;
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::ballots::held_until_end;
use super::by::By;
use super::register::note;
use super::telling::{Happened, ask_to_tell};
use crate::Property;
use crate::records::ballots;
use crate::records::register;
use crate::records::votes::{self, Vote};
use crate::refusals::Why;

/// Where the keys of votes that were called off are kept apart from those of other forms.
const OFF: &str = "property.off";

/// What somebody does about calling a vote off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Off {
    /// Asks for it, with the reason that its owners read.
    Ask(String),
    /// Confirms what somebody else asked for, with the reason that was read.
    Confirm(String),
    /// Lets the vote go on.
    Keep,
}

impl Property {
    /// Asks that a vote is called off, confirms it, or lets the vote go on. Sent twice it is done once.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, a vote that is over, what somebody else did meanwhile, a confirmation
    /// of what she asked for herself, or a failure.
    pub fn call_off(&self, tx: &mut dyn Tx, vote: Uuid, off: &Off, by: &By) -> Result<(), Fault> {
        let vote = self.own_vote(tx, vote, &by.actor)?;
        if !by.is_first(tx, OFF)? {
            return Ok(());
        }
        let vote = held_until_end(tx, &vote, by.now)?;
        let asked = vote.off_asked_reason.as_deref();
        match off {
            Off::Ask(reason) if asked.is_none() => {
                if !self.hall.figure_at(rulebook::IDENTITY_TWO_PEOPLE, &vote.path, self.hall.day(by.now))? {
                    return self.end_early(tx, &vote, reason, by);
                }
                votes::set_off_asked(tx, &vote, Some((&by.actor, reason.as_str())))?;
                noted(tx, &vote, "property.vote_off_asked", by)
            }
            Off::Confirm(reason) if asked == Some(reason.as_str()) => {
                if vote.off_asked_by == by.actor.account {
                    return Err(Refusal::new(Why::VoteOffOther).into());
                }
                self.end_early(tx, &vote, reason, by)
            }
            Off::Keep if asked.is_some() => {
                votes::set_off_asked(tx, &vote, None)?;
                noted(tx, &vote, "property.vote_off_dropped", by)
            }
            _ => Err(Refusal::new(Why::VoteOffChanged).into()),
        }
    }

    fn end_early(&self, tx: &mut dyn Tx, vote: &Vote, reason: &str, by: &By) -> Result<(), Fault> {
        votes::set_off(tx, vote, reason, &by.actor.name, by.now)?;
        ballots::forget(tx, vote)?;
        self.hall.vault.erase(tx, vote.district, vote.seal, by.now)?;
        ask_to_tell(tx, vote.id, Happened::Off, by.now)?;
        noted(tx, vote, "property.vote_off", by)
    }
}

fn noted(tx: &mut dyn Tx, vote: &Vote, kind: &'static str, by: &By) -> Result<(), Fault> {
    let Some(compound) = register::compound(tx, vote.compound)? else { return Ok(()) };
    note(tx, &compound, (kind, &json!({ "vote": vote.id })), &by.actor, by.now)
}
