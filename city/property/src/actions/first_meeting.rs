//! Enters how far a compound is on the way to its first owners' meeting, and calls the vote that holds it.

use counter::Counter;
use hall::Fault;
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::by::{By, Deed};
use super::turns;
use super::votes::Call;
use crate::Companies;
use crate::permissions::May;
use crate::records::{first_meeting as records, register, votes};
use crate::refusals::Why;
use crate::rules::first_meeting::may_vote;
use crate::words::first_meeting::First;

/// Enters how far a compound is. Its place and name stay as they were entered first. Sent twice it is entered once.
///
/// # Errors
/// No permission in the community, `NotFound` for a compound that is not hers, or one that is entered already.
pub fn enter(tx: &mut dyn Tx, first: &First, counter: &Counter, by: &By) -> Result<(), Fault> {
    let before = records::find(tx, first.id)?;
    if let Some(before) = &before {
        by.may_at(May::PropertyFirst, &before.path).map_err(|_| Fault::NotFound)?;
    }
    by.may_at(May::PropertyFirst, &first.path)?;
    if !by.is_first(tx, "property.first")? {
        return Ok(());
    }
    if before.is_none() {
        turns::of_community(tx, counter, &first.path, by.now)?;
        if records::is_known(tx, &first.path, &first.compound)? {
            return Err(Refusal::new(Why::PropertyFirstKnown).into());
        }
    }
    records::put(tx, first)?;
    let day = |day: Option<kernel::time::Date>| day.map(|day| day.to_string());
    let detail = json!({
        "community": first.path.id(), "compound": first.compound, "total_cm2": first.total.0,
        "delivered_cm2": first.delivered.0, "told_on": day(first.told_on), "group_on": day(first.group_on),
        "group_owners": first.group_owners, "drafts_on": day(first.drafts_on), "meeting_on": day(first.meeting_on),
    });
    by.note(tx, &Deed { place: &first.path, stream: first.id, kind: "property.first_entered", detail })
}

impl Companies {
    /// Calls the vote that holds a first meeting, as any vote of the compound is called, and keeps which one it is.
    /// Sent twice it is called once.
    ///
    /// # Errors
    /// `NotFound` for a compound that is not hers or whose register is another one, the meeting was held or its vote is
    /// under way, the drafts were not posted for long enough, or a reason for which no vote may be called.
    pub fn call_first(&self, tx: &mut dyn Tx, id: Uuid, call: &Call, by: &By) -> Result<(), Fault> {
        let first = records::find(tx, id)?.ok_or(Fault::NotFound)?;
        by.may_at(May::PropertyFirst, &first.path).map_err(|_| Fault::NotFound)?;
        let compound = register::compound(tx, call.compound)?.ok_or(Fault::NotFound)?;
        if compound.path != first.path || compound.name != first.compound {
            return Err(Fault::NotFound);
        }
        if first.vote == Some(call.id) {
            return Ok(());
        }
        let before = match first.vote {
            Some(vote) => votes::find(tx, vote)?,
            None => None,
        };
        let is_under_way = before.is_some_and(|vote| vote.is_under_way());
        may_vote(self.variant(self.hall.day(by.now))?, &first, call.draft.opens_on, is_under_way)?;
        self.votes.call(tx, call, &by.actor)?;
        records::set_vote(tx, &first, call.id)?;
        let detail = json!({ "community": first.path.id(), "compound": first.compound, "vote": call.id });
        by.note(tx, &Deed { place: &first.path, stream: id, kind: "property.first_called", detail })
    }
}
