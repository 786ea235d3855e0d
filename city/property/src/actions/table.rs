//! Calls a three-party table, enters what is on its agenda, what each side promises, and what became of it; each in one
//! transaction.

use hall::Fault;
use hall::figures::Subject;
use kernel::figure::{Cell, Indicator};
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use kernel::time::Date;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::by::{By, Deed};
use crate::Companies;
use crate::permissions::May;
use crate::records::company::contracts_inside;
use crate::records::corrections;
use crate::records::table as records;
use crate::refusals::Why;
use crate::rules::table::{self as rules, Overdue, Tables, ToldFrom};
use crate::words::corrections::{Correction, TableBefore};
use crate::words::table::{BROKEN, Commitment, Issue, KEPT, Kept, Outcome, PROMISED, Party, Stage, Table};
use crate::words::{STREET_DAYS, TABLE_DAYS};

/// The most contracts that are looked at for the company of a compound.
const CONTRACTS_MOST: i64 = 5_000;

/// What became of a commitment, as somebody says it.
#[derive(Clone, Debug)]
pub struct Said {
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was broken or put off.
    pub reason: String,
    /// The later day, if it is put off.
    pub until: Option<Date>,
    /// The day on which it is said.
    pub today: Date,
}

/// A table that was held, as somebody corrects it.
#[derive(Clone, Debug)]
pub struct Corrected {
    /// The identity of the correction.
    pub id: Uuid,
    /// The table as it is from now on.
    pub after: Table,
    /// Why it is corrected.
    pub reason: String,
}

impl Companies {
    /// The compounds of a place in which no table was held for too long.
    ///
    /// # Errors
    /// The rulebook has no such figure, or a failure.
    pub fn overdue(&self, tx: &mut dyn Tx, place: &PlacePath, today: Date) -> Result<Vec<Overdue>, Fault> {
        let days = self.hall.figure_at(TABLE_DAYS, place, today)?;
        let served = records::served(tx, place, today)?;
        let tables = Tables { held: records::last_held(tx, place)?, called: records::last_called(tx, place)? };
        Ok(rules::overdue(&served, &tables, today, days))
    }

    /// From when people of a place are told of something that was to be done until a day; none beyond the calendar.
    ///
    /// # Errors
    /// The rulebook has no such figure.
    pub fn told_from(&self, place: &PlacePath, until: Date, today: Date) -> Result<Option<ToldFrom>, Fault> {
        Ok(rules::told_from(until, self.hall.figure_at(STREET_DAYS, place, today)?))
    }
}

/// Calls a table. Sent twice it is called once.
///
/// # Errors
/// No permission in the community.
pub fn call(tx: &mut dyn Tx, table: &Table, by: &By) -> Result<(), Fault> {
    by.may_at(May::PropertyTable, &table.path)?;
    if !by.is_first(tx, "property.table")? {
        return Ok(());
    }
    records::put_table(tx, table)?;
    note(tx, "property.table_called", table, by)
}

/// Enters that a table was held: who came by side, and the minutes. Sent twice it is entered once.
///
/// # Errors
/// `NotFound` if the table is not hers; it was entered before.
pub fn hold(tx: &mut dyn Tx, held: &Table, by: &By) -> Result<(), Fault> {
    let table = own(tx, held.id, by)?;
    if !by.is_first(tx, "property.table_held")? {
        return Ok(());
    }
    if table.state == Stage::Held {
        return Err(Refusal::new(Why::PropertyHeld).into());
    }
    records::put_table(tx, held)?;
    note(tx, "property.table_held", held, by)
}

/// Corrects what was entered of a table that was held: its day, who came by side, and the minutes. What stood there
/// before is kept with the reason. Sent twice it is corrected once.
///
/// # Errors
/// `NotFound` if the table is not hers; it was not held yet.
pub fn correct(tx: &mut dyn Tx, to: &Corrected, by: &By) -> Result<(), Fault> {
    let after = &to.after;
    let before = own(tx, after.id, by)?;
    if !by.is_first(tx, "property.table_corrected")? {
        return Ok(());
    }
    if before.state != Stage::Held {
        return Err(Refusal::new(Why::PropertyNotHeld).into());
    }
    let kept = serde_json::to_string(&TableBefore::of(&before)).map_err(|fault| Fault::Broken(fault.to_string()))?;
    let correction = Correction {
        district: before.district,
        id: to.id,
        subject: before.id,
        number: 0,
        before: kept,
        reason: to.reason.clone(),
        by_name: by.actor.name.clone(),
        at: by.now,
    };
    corrections::add(tx, &correction)?;
    records::put_table(tx, after)?;
    note(tx, "property.table_corrected", after, by)
}

/// Enters an issue on the agenda, or what the sides say of it now. Sent twice it is entered once.
///
/// # Errors
/// `NotFound` if the table is not hers.
pub fn enter_issue(tx: &mut dyn Tx, issue: &Issue, by: &By) -> Result<(), Fault> {
    let table = own(tx, issue.table_id, by)?;
    if !by.is_first(tx, "property.issue")? {
        return Ok(());
    }
    records::put_issue(tx, issue)?;
    // What somebody wrote stays out of the log, which forgets nothing.
    let detail = json!({ "issue": issue.id });
    by.note(tx, &Deed { place: &table.path, stream: table.id, kind: "property.issue_entered", detail })
}

/// Enters what a side promises. The company of the compound is the one whose contract is in force that day. Sent twice
/// it is entered once.
///
/// # Errors
/// `NotFound` if the table is not hers.
pub fn promise(tx: &mut dyn Tx, promised: &Commitment, by: &By) -> Result<(), Fault> {
    let table = own(tx, promised.table_id, by)?;
    if !by.is_first(tx, "property.commitment")? {
        return Ok(());
    }
    let day = promised.promised_on;
    let contracts = contracts_inside(tx, &table.path, CONTRACTS_MOST)?;
    let contract = contracts.iter().find(|one| one.compound == table.compound && one.is_in_force(day));
    let commitment = Commitment { company_id: contract.map(|contract| contract.company_id), ..promised.clone() };
    records::put_commitment(tx, &commitment)?;
    let detail = json!({
        "commitment": commitment.id, "side": commitment.side.code(), "due": commitment.due_on.to_string(),
    });
    by.note(tx, &Deed { place: &table.path, stream: table.id, kind: "property.promised", detail })?;
    count(tx, &commitment, &PROMISED, day)
}

/// Enters what became of a commitment. Sent twice it is entered once.
///
/// # Errors
/// `NotFound` if it is not hers; it was settled before; it is put off to no later day or without a reason.
pub fn settle(tx: &mut dyn Tx, id: Uuid, said: &Said, by: &By) -> Result<(), Fault> {
    let before = records::commitment(tx, id)?.ok_or(Fault::NotFound)?;
    by.may_at(May::PropertyTable, &before.path).map_err(|_| Fault::NotFound)?;
    if !by.is_first(tx, "property.settled")? {
        return Ok(());
    }
    let after = rules::settled(&before, said.outcome, &said.reason, said.until, said.today)?;
    records::put_commitment(tx, &after)?;
    let detail = json!({
        "commitment": id, "outcome": said.outcome.code(), "due": after.due_on.to_string(),
    });
    by.note(tx, &Deed { place: &after.path, stream: after.table_id, kind: "property.settled", detail })?;
    match after.state {
        Kept::Kept => count(tx, &after, &KEPT, said.today),
        Kept::Broken => count(tx, &after, &BROKEN, said.today),
        Kept::Open => Ok(()),
    }
}

/// The table of an identity, for whoever leads those of its community.
fn own(tx: &mut dyn Tx, id: Uuid, by: &By) -> Result<Table, Fault> {
    let table = records::table(tx, id)?.ok_or(Fault::NotFound)?;
    by.may_at(May::PropertyTable, &table.path).map_err(|_| Fault::NotFound)?;
    Ok(table)
}

/// Counts a commitment of a company.
fn count(tx: &mut dyn Tx, commitment: &Commitment, indicator: &Indicator, day: Date) -> Result<(), Fault> {
    if commitment.side != Party::Company {
        return Ok(());
    }
    let subject = Subject { publisher: "property", district: commitment.district, id: commitment.id };
    let cell = Cell { place: commitment.path.clone(), department: String::new(), day };
    Ok(hall::figures::count_in(tx, &subject, &cell, &[(indicator, 1)])?)
}

fn note(tx: &mut dyn Tx, kind: &str, table: &Table, by: &By) -> Result<(), Fault> {
    let detail = json!({
        "community": table.path.id(), "compound": table.compound, "on": table.held_on.to_string(),
        "attended": table.attended, "state": table.state.code(),
    });
    by.note(tx, &Deed { place: &table.path, stream: table.id, kind, detail })
}
