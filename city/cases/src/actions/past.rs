//! What happened before: past cases of one item, as the rules that look back at them read them, the events of a case,
//! what became of it since somebody saw it, and several cases as they stand.

use std::collections::BTreeMap;

use kernel::case::{Case, Command, Event, Recorded};
use kernel::place::PlaceId;
use kernel::refusal::Refusal;
use store::Tx;
use store::log::Entry;
use uuid::Uuid;

use super::{Doing, Fault, Known, district, known};
use crate::Cases;
use crate::records::past::of_item;
use crate::records::{Folded, Key, folds};
use crate::refusals::Why;

/// The most events that are read in one go while some are looked for.
const AT_ONCE: i64 = 100;

impl Cases {
    /// The last cases of an item, the newest first, at most `limit`. The caller asks whether somebody may open one.
    ///
    /// # Errors
    /// A failure of the store, or a row that cannot be read.
    pub fn past_of_item(&self, tx: &mut dyn Tx, item: &str, limit: i64) -> Result<Vec<Case>, Fault> {
        let read = |row: Folded| {
            serde_json::from_str(&row.folded).map_err(|fault| Fault::Broken(format!("case {}: {fault}", row.id)))
        };
        of_item(tx, item, limit)?.into_iter().map(read).collect()
    }

    /// Several cases as they stand, by their identities; what is not there is left out.
    ///
    /// # Errors
    /// A failure of the store, or a row that cannot be read.
    pub fn known_each(&self, tx: &mut dyn Tx, cases: &[Key]) -> Result<BTreeMap<Uuid, Known>, Fault> {
        let keys: Vec<(PlaceId, Uuid)> = cases.iter().map(|case| (case.district, case.id)).collect();
        folds(tx, &keys)?.iter().map(|folded| Ok((folded.id, known(folded)?))).collect()
    }

    /// Refuses a step that is sent from a page which does not show how the case stands: it came to another state since
    /// the page was made, even if it is back in the same one. A step that no case in this state can take is left to the
    /// kernel, which says so.
    ///
    /// # Errors
    /// Refuses such a step, or a failure of the store.
    pub(crate) fn is_shown(&self, tx: &mut dyn Tx, case: &Case, doing: &Doing<'_>) -> Result<(), Fault> {
        let (Some(drawn), Command::Act { action, .. }) = (doing.drawn, doing.command) else { return Ok(()) };
        let procedure = self.procedure_of(case)?;
        let is_possible = procedure.from_state(&case.state).iter().any(|one| one.0 == action.as_str());
        if !is_possible || !went_on_since(tx, case, drawn)? {
            return Ok(());
        }
        let state = Self::state(case, procedure)?;
        Err(Refusal::new(Why::CaseWentOn).with_both("state", &state.title).into())
    }
}

/// The events of a case in their order.
///
/// # Errors
/// A failure of the store, or an event that cannot be read.
pub fn events_of(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Recorded>, Fault> {
    let entries = store::log::read(tx, district(case), case.id.0)?;
    entries.iter().map(|entry| read(case, entry)).collect()
}

/// The last event of a case.
///
/// # Errors
/// A failure of the store, or an event that cannot be read.
pub fn last_event_of(tx: &mut dyn Tx, case: &Case) -> Result<Option<Recorded>, Fault> {
    let before = case.sequence.saturating_sub(1);
    let entries = store::log::read_after(tx, district(case), case.id.0, before, 1)?;
    entries.first().map(|entry| read(case, entry)).transpose()
}

/// Whether a case came to another state since it had so many events. What was only added to it does not count.
fn went_on_since(tx: &mut dyn Tx, case: &Case, sequence: i64) -> Result<bool, Fault> {
    happened_since(tx, case, sequence, |event| matches!(event, Event::Acted { from, to, .. } if from != to))
}

/// Whether a case left this state since it had so many events.
///
/// # Errors
/// A failure of the store, or an event that cannot be read.
pub fn left_since(tx: &mut dyn Tx, case: &Case, state: &str, sequence: i64) -> Result<bool, Fault> {
    let leaves = |event: &Event| match event {
        Event::Acted { from, to, .. } => from.as_str() == state && to.as_str() != state,
        _ => false,
    };
    happened_since(tx, case, sequence, leaves)
}

/// Whether such an event happened since a case had so many of them. Only those since then are read.
fn happened_since(tx: &mut dyn Tx, case: &Case, sequence: i64, is_it: impl Fn(&Event) -> bool) -> Result<bool, Fault> {
    // Nobody saw more of a case than there is: who says so is taken as having seen nothing.
    let mut after = if sequence > case.sequence { 0 } else { sequence };
    while after < case.sequence {
        let entries = store::log::read_after(tx, district(case), case.id.0, after, AT_ONCE)?;
        let Some(last) = entries.last() else { break };
        after = last.sequence;
        for entry in &entries {
            if is_it(&read(case, entry)?.event) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn read(case: &Case, entry: &Entry) -> Result<Recorded, Fault> {
    serde_json::from_str(&entry.payload)
        .map_err(|fault| Fault::Broken(format!("{} event {}: {fault}", case.number, entry.sequence)))
}
