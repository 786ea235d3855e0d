//! Enters what is on record of a company, its appeals and the answers to them, each in one transaction.

use hall::Fault;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use kernel::time::Date;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::by::{By, Deed};
use crate::permissions::May;
use crate::records::company::{company, contracts_of};
use crate::records::grade::{self as records, Answer};
use crate::refusals::Why;
use crate::words::grade::{Appeal, Noted};

/// The most contracts of a company that are looked at.
const CONTRACTS_MOST: i64 = 2_000;

/// Enters a record of a company. Sent twice it is entered once.
///
/// # Errors
/// No permission at the place, no such company, or one that does not belong there: it is neither registered nor has or
/// had a contract in it.
pub fn enter(tx: &mut dyn Tx, record: &Noted, by: &By) -> Result<(), Fault> {
    by.may_at(May::PropertyCompany, &record.path)?;
    let known = company(tx, record.company_id)?.ok_or(Fault::NotFound)?;
    let contracts = contracts_of(tx, record.company_id, CONTRACTS_MOST)?;
    let is_there = |path: &PlacePath| path.contains(&record.path) || record.path.contains(path);
    if !known.path.contains(&record.path) && !contracts.iter().any(|contract| is_there(&contract.path)) {
        return Err(Refusal::new(Why::PropertyNotServed).field("where").into());
    }
    if !by.is_first(tx, "property.record")? {
        return Ok(());
    }
    records::add(tx, record)?;
    let detail = json!({
        "record": record.id, "kind": record.kind.code(), "tenths": record.tenths,
        "on": record.given_on.to_string(), "valid_to": record.valid_to.to_string(),
    });
    let deed = Deed { place: &record.path, stream: record.company_id, kind: "property.record_entered", detail };
    by.note(tx, &deed)
}

/// Enters that the company appeals against a record. Sent twice it is entered once.
///
/// # Errors
/// `NotFound` if the record is not of her places; the company has appealed against it before.
pub fn appeal(tx: &mut dyn Tx, id: Uuid, says: &str, on: Date, by: &By) -> Result<(), Fault> {
    let record = records::find(tx, id)?.ok_or(Fault::NotFound)?;
    by.may_at(May::PropertyCompany, &record.path).map_err(|_| Fault::NotFound)?;
    if !by.is_first(tx, "property.record_appeal")? {
        return Ok(());
    }
    if record.appeal != Appeal::None {
        return Err(Refusal::new(Why::PropertyAppealed).into());
    }
    if on < record.given_on {
        return Err(Refusal::new(Why::PropertyDays).field("appealed_on").into());
    }
    records::appeal(tx, id, on, says)?;
    let detail = json!({ "record": id, "on": on.to_string() });
    let deed = Deed { place: &record.path, stream: record.company_id, kind: "property.record_appealed", detail };
    by.note(tx, &deed)
}

/// Answers an appeal. Sent twice it is answered once.
///
/// # Errors
/// `NotFound` if the record is not of her places; no appeal waits; she entered the record herself.
pub fn answer(tx: &mut dyn Tx, id: Uuid, answer: &Answer<'_>, by: &By) -> Result<(), Fault> {
    let record = records::find(tx, id)?.ok_or(Fault::NotFound)?;
    by.may_at(May::PropertyAppeal, &record.path).map_err(|_| Fault::NotFound)?;
    if !by.is_first(tx, "property.record_answer")? {
        return Ok(());
    }
    if record.appeal != Appeal::Open {
        return Err(Refusal::new(Why::PropertyAnswered).into());
    }
    if record.entered_by.is_some() && record.entered_by == by.actor.account {
        return Err(Refusal::new(Why::PropertyOwnRecord).into());
    }
    records::answer(tx, id, answer)?;
    let detail = json!({ "record": id, "appeal": answer.appeal.code(), "on": answer.on.to_string() });
    let deed = Deed { place: &record.path, stream: record.company_id, kind: "property.record_answered", detail };
    by.note(tx, &deed)
}
