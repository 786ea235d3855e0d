//! What happened before: past cases of one item, as the rules that look back at them read them, and the events of a
//! case.

use kernel::case::{Case, Recorded};
use store::Tx;

use super::{Fault, district};
use crate::Cases;
use crate::records::Folded;
use crate::records::past::of_item;

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
}

/// The events of a case in their order.
///
/// # Errors
/// A failure of the store, or an event that cannot be read.
pub fn events_of(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Recorded>, Fault> {
    let entries = store::log::read(tx, district(case), case.id.0)?;
    entries
        .iter()
        .map(|entry| {
            serde_json::from_str(&entry.payload)
                .map_err(|fault| Fault::Broken(format!("{} event {}: {fault}", case.number, entry.sequence)))
        })
        .collect()
}
