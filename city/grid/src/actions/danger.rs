//! Somebody of the staff says whether there is danger in a report: whoever went there and found none, or whoever knows
//! of it by other ways than what was written.

use cases::{Key, Known};
use hall::{Fault, Sent};
use kernel::line::lines_fault;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use store::log::Act;
use uuid::Uuid;

use crate::Grid;
use crate::records::alarm::{self, Seen};
use crate::refusals::Why;

/// The field with what was seen.
pub const SEEN: &str = "seen";
/// The most characters of what was seen.
const SEEN_CHARACTERS: usize = 1_000;

/// What somebody says of the danger in a report.
pub struct OfDanger {
    /// When the danger was heard that is not there; none to say that there may be danger.
    pub clears: Option<Instant>,
    /// What she saw.
    pub seen: String,
    /// The form with which she says it.
    pub sent: Sent,
    /// Its key, which tells her words from those that were said before.
    pub once: String,
}

impl Grid {
    /// Whether somebody may say whether there is danger: whoever looks after the report where it is, while it is open.
    #[must_use]
    pub fn may_say_of_danger(known: &Known, actor: &Actor) -> bool {
        let there = Target::at(known.case.place.clone());
        known.case.closed_at.is_none() && may(actor, Permission::CaseAccept, &there).is_ok()
    }

    /// Takes the mark of danger away, or sets it. It stands in the log of events who did so. Sent twice it is done
    /// once.
    ///
    /// # Errors
    /// It is not hers to say, she wrote nothing or too much, danger was heard since she looked, or a failure.
    pub fn say_of_danger(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        said: &OfDanger,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        if !Self::may_say_of_danger(known, actor) {
            return Err(Fault::NotFound);
        }
        let OfDanger { clears, seen, sent, once } = said;
        let long = (seen.chars().count() > SEEN_CHARACTERS).then_some(Code::FormTooLong);
        let missing = seen.is_empty().then_some(Code::FormMissing);
        if let Some(code) = missing.or(long).or_else(|| lines_fault(seen)) {
            return Err(Refusal::new(code).field(SEEN).with("limit", SEEN_CHARACTERS).into());
        }
        if !sent.is_first(tx, "grid.danger", now)? {
            return Ok(());
        }
        let Key { district, id } = known.key();
        let words = self.cases.seal_word(tx, known, &format!("danger/{once}"), seen, now)?;
        let of = Seen { by: &actor.name, words: &words, at: now };
        let kind = match clears {
            Some(heard_at) if alarm::clear(tx, district, id, *heard_at, &of)? => "grid.danger_cleared",
            Some(_) => return Err(Refusal::new(Why::GridDangerChanged).into()),
            None => {
                alarm::mark(tx, district, id, &of)?;
                "grid.danger_marked"
            }
        };
        let detail = json!({ "case": known.case.number });
        let stream = Uuid::new_v5(&id, b"grid danger");
        let act = Act { district, stream, kind, detail: &detail, by: actor.account, by_name: &actor.name, at: now };
        Ok(store::log::note(tx, &act)?)
    }
}
