//! Opens the account of the maintenance fund of a compound or of one of its buildings, enters what comes in and what is
//! corrected, and lets go out what a use of the fund cost.

use hall::Fault;
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::by::{By, Deed};
use super::fund::building_names;
use crate::permissions::May;
use crate::records::account as records;
use crate::records::fund;
use crate::refusals::Why;
use crate::rules::account::{covered, is_before};
use crate::words::account::{Account, Entry, Opened, Posting};
use crate::words::fund::FundCase;

/// Opens an account with what was there on a day. Sent twice it is opened once. `ground` is the identity of its
/// compound among the compounds of places, where that is known.
///
/// # Errors
/// No permission in the community, a building that the register does not have, or there is such an account.
pub fn open(tx: &mut dyn Tx, account: &Account, ground: Option<i64>, opening: &Opened, by: &By) -> Result<(), Fault> {
    by.may_at(May::PropertyFund, &account.path)?;
    let buildings = building_names(tx, ground)?;
    if !account.part.is_empty() && !buildings.is_empty() && !buildings.contains(&account.part) {
        let refusal = Refusal::new(Why::PropertyBuildingUnknown).field("account_building");
        return Err(refusal.with("building", &account.part).into());
    }
    if !by.is_first(tx, "property.account")? {
        return Ok(());
    }
    let there = records::of_part(tx, &account.path, &account.compound, &account.part)?;
    // Two forms that open it at one moment come one after the other.
    if there.is_some() || !records::add(tx, account)? {
        return Err(Refusal::new(Why::PropertyAccountOpened).into());
    }
    let entry = Entry {
        district: account.district,
        id: Uuid::new_v5(&account.id, b"opening"),
        account: account.id,
        kind: Posting::Opening,
        entry_on: opening.on,
        amount_fen: opening.fen,
        number: String::new(),
        note: String::new(),
        entered_name: by.actor.name.clone(),
        entered_at: by.now,
    };
    records::add_entry(tx, &entry)?;
    noted(tx, account, "property.account_opened", &entry, by)
}

/// Enters what came in, or a correction. Sent twice it is entered once.
///
/// # Errors
/// `NotFound` if the account is not hers; a day before it was opened; more is taken from it than is there.
pub fn enter(tx: &mut dyn Tx, entry: &Entry, by: &By) -> Result<(), Fault> {
    let account = records::find(tx, entry.account)?.ok_or(Fault::NotFound)?;
    by.may_at(May::PropertyFund, &account.path).map_err(|_| Fault::NotFound)?;
    if !by.is_first(tx, "property.entry")? {
        return Ok(());
    }
    let days = records::days(tx, &account)?;
    if let Some(first) = days.first().filter(|_| is_before(&days, entry.entry_on)) {
        return Err(Refusal::new(Why::PropertyAccountEarly).field("entry_on").with("date", first.on).into());
    }
    // What comes in asks for nothing.
    let out = entry.amount_fen.saturating_neg().max(0);
    covered(&days, entry.entry_on, out, 0).map_err(|refusal| refusal.field("amount"))?;
    records::add_entry(tx, entry)?;
    noted(tx, &account, "property.account_entry", entry, by)
}

fn noted(tx: &mut dyn Tx, account: &Account, kind: &str, entry: &Entry, by: &By) -> Result<(), Fault> {
    // What somebody wrote stays out of the log, which forgets nothing.
    let detail = json!({
        "community": account.path.id(), "compound": account.compound, "part": account.part, "kind": entry.kind.code(),
        "on": entry.entry_on.to_string(), "fen": entry.amount_fen,
    });
    by.note(tx, &Deed { place: &account.path, stream: account.id, kind, detail })
}

/// The account that pays for a use: that of its building, or of the whole compound. None where nobody keeps it.
///
/// # Errors
/// The store failed.
pub fn paying(tx: &mut dyn Tx, row: &FundCase) -> Result<Option<Account>, Fault> {
    Ok(records::of_part(tx, &row.path, &row.compound, &row.account_part)?)
}

/// Refuses a use for which the account that pays has too little on a day, beside what was allowed for others.
/// Where nobody keeps an account, nobody knows what is there.
///
/// # Errors
/// Too little is there, or a failure.
pub fn may_allow(tx: &mut dyn Tx, row: &FundCase, fen: i64, on: Date) -> Result<(), Fault> {
    let Some(account) = paying(tx, row)? else { return Ok(()) };
    let held = fund::held(tx, &account, row.case_id)?;
    covered(&records::days(tx, &account)?, on, fen, held).map_err(|refusal| refusal.field("amount"))?;
    Ok(())
}

/// Refuses to pay for a use more than the account that pays has on a day. What was paid before the account was
/// opened is in what was there at its opening.
///
/// # Errors
/// Too little is there, or a failure.
pub fn may_pay(tx: &mut dyn Tx, row: &FundCase, on: Date) -> Result<(), Fault> {
    let Some(account) = paying(tx, row)? else { return Ok(()) };
    let days = records::days(tx, &account)?;
    if is_before(&days, on) {
        return Ok(());
    }
    covered(&days, on, row.cost_fen(), 0).map_err(|refusal| refusal.field("paid_on"))?;
    Ok(())
}

/// Lets go out of the account what a use cost. Nothing happens where nobody keeps an account, or it was opened later.
///
/// # Errors
/// The store failed.
pub fn pay(tx: &mut dyn Tx, row: &FundCase, on: Date, name: &str, at: Instant) -> Result<(), Fault> {
    let Some(account) = paying(tx, row)? else { return Ok(()) };
    if is_before(&records::days(tx, &account)?, on) {
        return Ok(());
    }
    let entry = Entry {
        district: account.district,
        // A case is paid once.
        id: Uuid::new_v5(&row.case_id, b"property fund spent"),
        account: account.id,
        kind: Posting::Spent,
        entry_on: on,
        amount_fen: Posting::Spent.signed(row.cost_fen()),
        number: row.number.clone(),
        note: row.works.clone(),
        entered_name: name.to_owned(),
        entered_at: at,
    };
    Ok(records::add_entry(tx, &entry)?)
}
