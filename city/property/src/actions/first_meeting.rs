//! Enters how far a compound is on the way to its first owners' meeting.

use hall::Fault;
use serde_json::json;
use store::Tx;

use super::by::{By, Deed};
use crate::permissions::May;
use crate::records::first_meeting as records;
use crate::words::first_meeting::First;

/// Enters how far a compound is. Its place and name stay as they were entered first. Sent twice it is entered once.
///
/// # Errors
/// No permission in the community, or `NotFound` for a compound that is not hers.
pub fn enter(tx: &mut dyn Tx, first: &First, by: &By) -> Result<(), Fault> {
    let before = records::find(tx, first.id)?;
    if let Some(before) = &before {
        by.may_at(May::PropertyFirst, &before.path).map_err(|_| Fault::NotFound)?;
    }
    by.may_at(May::PropertyFirst, &first.path)?;
    if !by.is_first(tx, "property.first")? {
        return Ok(());
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
