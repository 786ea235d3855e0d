//! Takes a ballot on paper back before the end, because it was entered wrongly, so that its sheet can be entered again.
//! Each unit still counts once. Where two people are asked for, it is not who entered it.

use hall::Fault;
use kernel::line;
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::ballots::held_until_end;
use super::by::By;
use super::register::note;
use crate::Property;
use crate::records::{ballots, corrections, register};
use crate::refusals::Why;
use crate::words::corrections::Correction;
use crate::words::votes::{TakenBack, Way};

/// Where the keys of ballots that were taken back are kept apart from those of other forms.
const TAKE_BACK: &str = "property.take_back";

/// A ballot on paper that somebody takes back.
#[derive(Clone, Debug)]
pub struct Back {
    /// The identity of what is kept of it.
    pub id: Uuid,
    /// The number on the sheet, as it was typed.
    pub number: String,
    /// Why it is taken back.
    pub reason: TakenBack,
}

impl Property {
    /// Takes the ballot on paper of a number back. Sent twice it is taken back once.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, a vote that is over, no ballot on paper, a ballot that she entered
    /// herself where two people are asked for, or a failure.
    pub fn take_back(&self, tx: &mut dyn Tx, vote: Uuid, back: &Back, by: &By) -> Result<(), Fault> {
        let found = self.own_vote(tx, vote, &by.actor)?;
        let vote = held_until_end(tx, &found, by.now)?;
        if !by.is_first(tx, TAKE_BACK)? {
            return Ok(());
        }
        let told = line::number(&back.number);
        let none = || Refusal::new(Why::VoteNotPaper).field("number").with("number", &told);
        let number = told.parse::<i64>().map_err(|_| none())?;
        let kept = ballots::find(tx, vote.district, vote.id, number)?;
        let ballot = kept.filter(|ballot| ballot.way != Way::Online).ok_or_else(none)?;
        let are_two = self.hall.figure_at(rulebook::IDENTITY_TWO_PEOPLE, &vote.path, self.hall.day(by.now))?;
        if are_two && ballot.account.is_some() && ballot.account == by.actor.account {
            return Err(Refusal::new(Why::VoteTakeBackOther).field("number").into());
        }
        ballots::take_away(tx, vote.district, vote.id, number)?;
        let correction = Correction {
            district: vote.district,
            id: back.id,
            subject: vote.id,
            number,
            before: String::new(),
            reason: back.reason.code().to_owned(),
            by_name: by.actor.name.clone(),
            at: by.now,
        };
        corrections::add(tx, &correction)?;
        let Some(compound) = register::compound(tx, vote.compound)? else { return Ok(()) };
        let detail = json!({ "vote": vote.id, "number": number, "reason": back.reason.code() });
        note(tx, &compound, ("property.ballot_taken_back", &detail), &by.actor, by.now)
    }
}
