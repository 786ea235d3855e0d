//! Publishes the income of shared parts, divided by area.

use hall::Fault;
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;

use super::by::{By, Deed};
use crate::permissions::May;
use crate::records::income as records;
use crate::refusals::Why;
use crate::words::income::{Income, Portion};

/// Publishes an income with what falls to each unit. Sent twice it is published once.
///
/// # Errors
/// No permission in the community, or some of these days are published already.
pub fn publish(tx: &mut dyn Tx, income: &Income, portions: &[Portion], by: &By) -> Result<(), Fault> {
    by.may_at(May::PropertyIncome, &income.path)?;
    if !by.is_first(tx, "property.income")? {
        return Ok(());
    }
    if records::is_published(tx, income)? {
        return Err(Refusal::new(Why::PropertyIncomeTwice).field("from_on").into());
    }
    records::add(tx, income, portions)?;
    let detail = json!({
        "community": income.path.id(), "compound": income.compound, "from": income.from_on.to_string(),
        "to": income.to_on.to_string(), "income_fen": income.income_fen, "cost_fen": income.cost_fen,
        "units": portions.len(),
    });
    by.note(tx, &Deed { place: &income.path, stream: income.id, kind: "property.income_published", detail })
}
