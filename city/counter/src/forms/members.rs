//! Household members, one a row: name, relation, identity number where known, monthly income.

use crate::refusals::Why;
use std::collections::BTreeSet;

use kernel::identifier::Identity;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use serde_json::{Value, json};

use super::{Given, PREFIX, answer, value};
use crate::catalogue::FormField;

/// Most members of one household.
pub const MOST: usize = 20;
/// Rows that are looked at, so that one too many is told and not lost.
const ROWS_READ: usize = 100;
/// Beside the cells: how many rows the page shows.
pub const ROWS: &str = "rows";
/// The columns.
pub const COLUMNS: [&str; 4] = ["name", "relation", "id", "income"];
/// How a member is related to the applicant.
pub const RELATIONS: [&str; 8] = ["self", "spouse", "child", "parent", "sibling", "grandparent", "grandchild", "other"];

/// Whether a name belongs to a table of members: `0_name`, `rows`.
pub(super) fn is_cell(inner: &str) -> bool {
    let cell = || {
        let (row, column) = inner.split_once('_')?;
        Some(row.parse::<usize>().ok()? < ROWS_READ && COLUMNS.contains(&column))
    };
    inner == ROWS || cell() == Some(true)
}

/// The name of a cell.
#[must_use]
pub fn cell(table: &str, row: usize, column: &str) -> String {
    format!("{table}_{row}_{column}")
}

/// How many rows the page shows: those filled, those asked for, at least one.
#[must_use]
pub fn rows(table: &str, given: &Given) -> usize {
    let asked = answer(given, &format!("{table}_{ROWS}")).parse().unwrap_or(1);
    let filled = (0..ROWS_READ).rev().find(|row| is_filled(table, *row, given)).map_or(0, |row| row + 1);
    asked.max(filled).clamp(1, MOST)
}

/// One row more.
pub fn add_row(table: &str, given: &mut Given) {
    let more = (rows(table, given) + 1).min(MOST);
    given.insert(format!("{table}_{ROWS}"), more.to_string());
}

fn is_filled(table: &str, row: usize, given: &Given) -> bool {
    COLUMNS.iter().any(|column| !answer(given, &cell(table, row, column)).is_empty())
}

/// The members as they are kept: an array of objects, incomes in fen. Rows left empty are no members.
///
/// # Errors
/// Every fault of every row, each naming its cell.
pub(super) fn read(field: &FormField, table: &str, given: &Given, today: Date) -> Result<Option<Value>, Vec<Refusal>> {
    let whole = |refusal: Refusal| vec![refusal.field(format!("{PREFIX}{table}")).with_both("label", &field.title)];
    let filled: Vec<usize> = (0..ROWS_READ).filter(|row| is_filled(table, *row, given)).collect();
    if filled.is_empty() {
        return if field.required { Err(whole(Refusal::new(Code::FormMissing))) } else { Ok(None) };
    }
    if filled.len() > MOST {
        return Err(whole(Refusal::new(Why::FormTooMany).with("limit", MOST)));
    }
    let (mut members, mut faults, mut ids) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in filled {
        let typed = |column: &str| answer(given, &cell(table, row, column));
        match member(typed, &mut ids, today) {
            Ok(member) => members.push(member),
            Err(found) => faults.extend(
                found
                    .into_iter()
                    .map(|(column, refusal)| refusal.field(format!("{PREFIX}{}", cell(table, row, column)))),
            ),
        }
    }
    if faults.is_empty() { Ok(Some(Value::Array(members))) } else { Err(faults) }
}

/// One row, or what is wrong in which column.
fn member<'g>(
    typed: impl Fn(&str) -> &'g str,
    ids: &mut BTreeSet<String>,
    today: Date,
) -> Result<Value, Vec<(&'static str, Refusal)>> {
    let missing = |column: &str| if typed(column).is_empty() { Err(Refusal::new(Code::FormMissing)) } else { Ok(()) };
    let name = missing("name").and_then(|()| value::name(typed("name")));
    let relation = missing("relation").and_then(|()| {
        if RELATIONS.contains(&typed("relation")) { Ok(typed("relation")) } else { Err(Refusal::new(Code::FormChoice)) }
    });
    let id = identity(typed("id"), ids, today);
    let income = missing("income").and_then(|()| value::money(typed("income")));
    match (name, relation, id, income) {
        (Ok(name), Ok(relation), Ok(id), Ok(income)) => {
            let mut member = json!({ "name": name, "relation": relation, "income": income });
            if let (Some(id), Some(fields)) = (id, member.as_object_mut()) {
                fields.insert("id".to_owned(), Value::from(id));
            }
            Ok(member)
        }
        (name, relation, id, income) => {
            let found =
                [("name", name.err()), ("relation", relation.err()), ("id", id.err()), ("income", income.err())];
            Err(found.into_iter().filter_map(|(column, fault)| Some((column, fault?))).collect())
        }
    }
}

/// A number that is none, or that stands in another row already, is a fault; none at all is no fault.
fn identity(typed: &str, ids: &mut BTreeSet<String>, today: Date) -> Result<Option<String>, Refusal> {
    if typed.is_empty() {
        return Ok(None);
    }
    let card = Identity::card(typed).and_then(|card| card.living(today));
    let id = card.map_err(|fault| fault.refusal(""))?.kept();
    if ids.insert(id.clone()) { Ok(Some(id)) } else { Err(Refusal::new(Code::FormInvalid)) }
}
