//! What happened before: past cases of one item, as the rules that look back at them read them, the events of a case,
//! and several cases as they stand.

use std::collections::BTreeMap;

use kernel::case::{Case, Event, Recorded};
use kernel::place::PlaceId;
use store::Tx;
use store::log::Entry;
use uuid::Uuid;

use super::{Fault, Known, district, known};
use crate::Cases;
use crate::records::past::of_item;
use crate::records::{Folded, Key, folds};

/// Events that are looked at after one that somebody saw; a phone comes back sooner.
const AFTER: i64 = 1_000;

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

/// Whether a case left a state after one of its events: what it is in now, though of the same name, is not what was
/// seen then. A sequence beyond the last event was never seen.
///
/// # Errors
/// A failure of the store, or an event that cannot be read.
pub fn left_since(tx: &mut dyn Tx, case: &Case, state: &str, sequence: i64) -> Result<bool, Fault> {
    let entries = store::log::read_after(tx, district(case), case.id.0, sequence, AFTER)?;
    let recorded: Vec<Recorded> = entries.iter().map(|entry| read(case, entry)).collect::<Result<_, Fault>>()?;
    let left = |one: &Recorded| matches!(&one.event, Event::Acted { from, to, .. } if from == state && to != state);
    Ok(sequence > case.sequence || recorded.iter().any(left))
}

fn read(case: &Case, entry: &Entry) -> Result<Recorded, Fault> {
    serde_json::from_str(&entry.payload)
        .map_err(|fault| Fault::Broken(format!("{} event {}: {fault}", case.number, entry.sequence)))
}
