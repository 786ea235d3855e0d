//! This file fills the columns of a table cell by cell, whatever kind of file they come from.

use std::borrow::Cow;
use std::path::Path;

use kernel::language::Bilingual;

use super::ids::{Ids, Key};
use super::{Column, Kind, Lines, PLACE_UNIT, Table, both, why};

/// A cell as a file has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Whole(i64),
    Decimal(f64),
}

/// Whole numbers below that are exact as decimal ones.
const EXACT: f64 = 9e15;
/// Coordinates and lengths are below that.
const FARTHEST: i64 = 1_000_000_000;

impl<'a> Cell<'a> {
    fn key(self) -> Option<Key<'a>> {
        match self {
            Self::Text("") => None,
            Self::Text(text) if text.starts_with(['#', '=', '＝']) || why::is_lost(text) => None,
            Self::Text(text) => Some(Key::of(text)),
            Self::Decimal(number) if number.fract() == 0.0 && number.abs() < EXACT => Self::Whole(number as i64).key(),
            Self::Decimal(_) => None,
            Self::Whole(number) => Some(match u64::try_from(number) {
                Ok(number) => Key::Number(number),
                Err(_) => Key::Text(Cow::Owned(number.to_string())),
            }),
        }
    }

    fn whole(self) -> Option<i64> {
        match self {
            Self::Text(text) => text.parse().ok().or_else(|| without_decimals(text)),
            Self::Whole(number) => Some(number),
            Self::Decimal(number) => (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64),
        }
    }

    fn place(self) -> Option<i64> {
        match self {
            Self::Text(text) => place(text),
            Self::Whole(number) if (1 - FARTHEST..FARTHEST).contains(&number) => Some(number * PLACE_UNIT),
            Self::Whole(_) => None,
            Self::Decimal(number) => {
                (number.abs() < FARTHEST as f64).then_some((number * PLACE_UNIT as f64).round() as i64)
            }
        }
    }
}

/// Returns a whole number that is written with decimals which are zeros, as programs write it beside empty cells.
fn without_decimals(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    let is_whole = !whole.is_empty() && part.bytes().all(|byte| byte == b'0');
    if is_whole { whole.parse().ok() } else { None }
}

/// Returns a decimal number times ten million, exactly.
fn place(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    // Only seven decimals count.
    let part: String = part.chars().chain("0000000".chars()).take(7).collect();
    let number = whole.parse::<i64>().ok()? * PLACE_UNIT + part.parse::<i64>().ok()?;
    Some(if negative { -number } else { number })
}

/// Says why a cell is not taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wrong {
    /// Its column cannot hold it.
    Unfit,
    /// It is the id of this row already.
    Twice(usize),
}

/// Holds the columns of a table while it is read.
pub(super) struct Filling<'a> {
    columns: Vec<Filled<'a>>,
    table: &'a str,
    rows: usize,
}

struct Filled<'a> {
    column: Column<'a>,
    values: Vec<i64>,
    /// The ids of the rows, or the names of groups in the order in which they came.
    names: Ids,
}

impl<'a> Filling<'a> {
    pub(super) fn new(table: &'a str, wanted: &[Column<'a>]) -> Self {
        let filled = |column: &Column<'a>| {
            let names = if matches!(column.kind, Kind::Group) { column.name } else { table };
            Filled { column: *column, values: Vec::new(), names: Ids::numbered(names, 0) }
        };
        Self { columns: wanted.iter().map(filled).collect(), table, rows: 0 }
    }

    /// Returns how many rows have ended.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Takes the cell of a column. The rows of each column come in their order.
    pub(super) fn take(&mut self, column: usize, cell: Cell<'_>) -> Result<(), Wrong> {
        let filled = &mut self.columns[column];
        let value = match filled.column.kind {
            Kind::Id => {
                if let Some(key) = cell.key() {
                    filled.names.add(key).map(|row| row as i64).map_err(Wrong::Twice)
                } else {
                    filled.names.pass();
                    Err(Wrong::Unfit)
                }
            }
            Kind::Group => cell.key().map(|key| filled.names.group(key) as i64).ok_or(Wrong::Unfit),
            kind => value(kind, cell).ok_or(Wrong::Unfit),
        };
        // A column with a fault is not used, but it goes on so that others are told with their rows.
        filled.values.push(value.unwrap_or_default());
        value.map(|_| ())
    }

    /// Says why a cell was not taken. `line` returns the line of a row.
    pub(super) fn why(&self, column: usize, text: &str, wrong: Wrong, line: impl Fn(usize) -> u64) -> Bilingual {
        let Column { called, kind, .. } = self.columns[column].column;
        let first = match wrong {
            Wrong::Twice(row) => Some(line(row)),
            Wrong::Unfit => None,
        };
        let said = why::cell(kind, text, first);
        both(format!("{called}：{}", said.zh), format!("{called}: {}", said.en))
    }

    /// Passes over a row that cannot be read.
    pub(super) fn pass(&mut self) {
        for filled in &mut self.columns {
            filled.values.push(0);
            if matches!(filled.column.kind, Kind::Id) {
                filled.names.pass();
            }
        }
        self.rows += 1;
    }

    /// Ends a row of which each column took its cell.
    pub(super) fn end_row(&mut self) {
        self.rows += 1;
    }

    /// Ends so many rows of which each column took its cells.
    pub(super) fn end_rows(&mut self, rows: usize) {
        self.rows += rows;
    }

    /// Returns the table.
    pub(super) fn table(self, file: &Path, lines: Lines, unread: Vec<String>) -> Table {
        let Self { columns: filled, table, rows } = self;
        let (mut columns, mut groups) = (Vec::with_capacity(filled.len()), Vec::new());
        let mut ids = None;
        for Filled { column, mut values, names } in filled {
            match column.kind {
                Kind::Id => ids = Some(names),
                Kind::Group => {
                    let (ordered, new) = names.in_order();
                    for value in &mut values {
                        // Cells that were not taken hold 0 where there is no group at all.
                        *value = new.get(*value as usize).copied().unwrap_or_default();
                    }
                    groups.push(ordered);
                }
                _ => {}
            }
            columns.push(values);
        }
        let ids = ids.unwrap_or_else(|| Ids::numbered(table, rows));
        Table { columns, rows, ids, groups, unread, file: file.to_owned(), lines }
    }
}

/// Returns the value of a cell of a column that keeps no names.
fn value(kind: Kind<'_>, cell: Cell<'_>) -> Option<i64> {
    match kind {
        Kind::Place => cell.place(),
        Kind::Whole(least, most) => cell.whole().filter(|number| (least..=most).contains(number)),
        Kind::Row(ids) => ids.found(&cell.key()?).map(|row| row as i64),
        Kind::Id | Kind::Group => None,
    }
}
