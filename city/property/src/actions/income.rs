//! Publishes the income of shared parts, divided by area, and corrected versions of it; the version before stays
//! readable.

use counter::Counter;
use hall::Fault;
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::by::{By, Deed};
use super::turns;
use crate::permissions::May;
use crate::records::income as records;
use crate::refusals::Why;
use crate::words::income::{Income, Portion};

/// Publishes an income with what falls to each unit, or a version that corrects another one. Sent twice it is published
/// once.
///
/// # Errors
/// No permission in the community, some of these days are published already, or the version that it corrects is of
/// another compound or was corrected before.
pub fn publish(
    tx: &mut dyn Tx,
    income: &Income,
    portions: &[Portion],
    counter: &Counter,
    by: &By,
) -> Result<(), Fault> {
    by.may_at(May::PropertyIncome, &income.path)?;
    if !by.is_first(tx, "property.income")? {
        return Ok(());
    }
    turns::of_community(tx, counter, &income.path, by.now)?;
    let before = match income.replaces {
        Some(before) => Some(corrected(tx, income, before)?),
        None => None,
    };
    if records::is_published(tx, income)? {
        return Err(Refusal::new(Why::PropertyIncomeTwice).field("from_on").into());
    }
    records::add(tx, income, portions)?;
    if let Some(before) = &before {
        records::set_replaced(tx, before, income.id)?;
    }
    let detail = json!({
        "community": income.path.id(), "compound": income.compound, "from": income.from_on.to_string(),
        "to": income.to_on.to_string(), "income_fen": income.income_fen, "cost_fen": income.cost_fen,
        "units": portions.len(), "replaces": income.replaces,
    });
    by.note(tx, &Deed { place: &income.path, stream: income.id, kind: "property.income_published", detail })
}

/// The version that another one corrects.
fn corrected(tx: &mut dyn Tx, income: &Income, before: Uuid) -> Result<Income, Fault> {
    let before = records::find(tx, before)?.ok_or(Fault::NotFound)?;
    if before.path != income.path || before.compound != income.compound {
        return Err(Fault::NotFound);
    }
    if before.replaced_by.is_some() { Err(Refusal::new(Why::PropertyIncomeReplaced).into()) } else { Ok(before) }
}
