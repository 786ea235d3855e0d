//! The rows of a sheet, one after another: an empty cell means the same as above.

use std::collections::BTreeMap;

use kernel::line::{lines_fault, name_fault};
use kernel::refusal::{Code, Refusal};
use tables::{Cell, CellKind, Row, Table, folded};

use super::columns::called;
use super::limits::{self, Limits};
use crate::catalogue::{Catalogue, System};
use crate::refusals::Why;

/// How many digits a big class has, and a small one with its big class before it.
const DIGITS: (usize, usize) = (2, 4);
/// The columns that a row takes from the one above.
const CARRIED: [&str; 8] = ["big_code", "big_name", "code", "name", "unit", "supervisor", "when", "closes"];

/// The columns whose words are published.
const PUBLISHED: [&str; 5] = ["big_name", "name", "supervisor", "when", "closes"];
/// The most characters of one of them.
const LONGEST: usize = 500;

/// A condition as the sheet says it, whole.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub big: String,
    pub big_name: String,
    pub code: String,
    pub name: String,
    pub unit: String,
    pub supervisor: String,
    pub when: String,
    pub closes: String,
    pub limits: Limits,
}

/// What comes of a row.
pub(super) struct Looked {
    pub code: String,
    pub name: String,
    pub when: String,
    /// What it says; none where it is left out or a cell is wrong.
    pub said: Option<Said>,
    pub wrong: Vec<Refusal>,
    pub notes: Vec<Refusal>,
}

/// What stands above the next row, in all sheets of a system.
#[derive(Default)]
pub(super) struct Above {
    cells: BTreeMap<&'static str, Cell>,
    limits: Option<Limits>,
    /// The name of each code, big and small, where it stood first.
    names: BTreeMap<String, String>,
    /// The line of each condition of a kind.
    seen: BTreeMap<(String, String), usize>,
}

impl Above {
    /// A new sheet takes nothing from the end of another.
    pub fn next_sheet(&mut self) {
        self.cells.clear();
        self.limits = None;
    }

    /// Looks at the next row.
    pub fn look(&mut self, catalogue: &Catalogue, system: &System, table: &Table, row: &Row) -> Looked {
        let mut one = Reading { table, row, wrong: Vec::new(), notes: Vec::new() };
        self.carry(&mut one);
        let text = |column: &str| self.cells.get(column).map(|cell| cell.text.clone()).unwrap_or_default();
        let (name, when, supervisor) = (text("name"), text("when"), text("supervisor"));
        let code = self.code(system, &mut one);
        if let Some(note) = self.left_out(catalogue) {
            return Looked { code, name, when, said: None, wrong: Vec::new(), notes: vec![note] };
        }
        self.published(&mut one);
        self.named(&mut one, &code);
        let unit = self.unit(catalogue, &mut one);
        let said = Said {
            big: code.get(..DIGITS.0).unwrap_or_default().to_owned(),
            big_name: self.needed(&mut one, "big_name"),
            code: code.clone(),
            name: self.needed(&mut one, "name"),
            unit,
            supervisor,
            when: self.condition(&mut one, &code),
            closes: self.needed(&mut one, "closes"),
            limits: match self.limits(&mut one) {
                Some(limits) => limits,
                None => return Looked { code, name, when, said: None, wrong: one.wrong, notes: one.notes },
            },
        };
        let said = one.wrong.is_empty().then_some(said);
        Looked { code, name, when, said, wrong: one.wrong, notes: one.notes }
    }

    /// Takes what the row says; what it leaves empty stays as above. A condition does not pass from one small class to
    /// the next, and a name belongs to its code.
    fn carry(&mut self, one: &mut Reading<'_>) {
        let says = |column: &str| one.row.cells.get(column).map(|cell| folded(&cell.text));
        let other = |column: &str| {
            says(column).is_some_and(|text| self.cells.get(column).is_none_or(|above| folded(&above.text) != text))
        };
        let (big, small, name) = (other("big_code"), other("code"), other("name"));
        let without_code = name && says("code").is_none() && self.cells.contains_key("name");
        let gone: &[&str] = match (big, small || name) {
            (true, _) => &["big_name", "code", "name", "when"],
            (false, true) if without_code => &["code", "name", "when"],
            (false, true) => &["name", "when"],
            (false, false) => &[],
        };
        for column in gone {
            self.cells.remove(column);
        }
        for column in CARRIED {
            if let Some(cell) = one.row.cells.get(column) {
                self.cells.insert(column, cell.clone());
            }
        }
    }

    /// The code of the small class with its big class before it, as far as it can be read. Where the sheet writes the
    /// full code, that of a division and perhaps of one thing, the classes in it are taken.
    fn code(&self, system: &System, one: &mut Reading<'_>) -> String {
        let (Some(big), Some(small)) = (self.cells.get("big_code"), self.cells.get("code")) else {
            one.missing(if self.cells.contains_key("big_code") { "code" } else { "big_code" });
            return String::new();
        };
        let (of_big, written) = (whole_code(big), whole_code(small));
        let of_small = system.class_in(&written).map(str::to_owned).unwrap_or(written);
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if of_big.len() != DIGITS.0 || !is_number(&of_big) {
            one.wrong(Why::GridSheetCode, big);
            return of_small;
        }
        match of_small.len() {
            _ if !is_number(&of_small) => one.wrong(Why::GridSheetCode, small),
            2 => return of_big + &of_small,
            4 if of_small.starts_with(&of_big) => {}
            4 => one.wrong.push(about(Why::GridSheetClass, small).with("big", of_big)),
            _ => one.wrong(Why::GridSheetCode, small),
        }
        of_small
    }

    /// Why the row is left out, if it is: its class, its big class or its condition labels people.
    fn left_out(&self, catalogue: &Catalogue) -> Option<Refusal> {
        let cells = ["name", "big_name", "when"].into_iter().filter_map(|column| self.cells.get(column));
        let mut found = cells.filter_map(|cell| Some((cell, catalogue.leaves_out(&cell.text)?)));
        found.next().map(|(cell, why)| about(Why::GridSheetLeftOut, cell).with_both("why", &why.why))
    }

    /// The words that are published are short enough, and everything in them is seen.
    fn published(&self, one: &mut Reading<'_>) {
        for cell in PUBLISHED.into_iter().filter_map(|column| self.cells.get(column)) {
            if cell.text.chars().count() > LONGEST {
                one.wrong.push(Refusal::new(Why::GridSheetLong).with("cell", &cell.at).with("limit", LONGEST));
            }
            if lines_fault(&cell.text.replace('\r', "")) == Some(Code::FormHidden) {
                one.wrong.push(Refusal::new(Why::GridSheetHidden).with("cell", &cell.at));
            }
        }
    }

    /// A code has one name, and no character of it was lost.
    fn named(&mut self, one: &mut Reading<'_>, code: &str) {
        let big = code.get(..DIGITS.0).unwrap_or_default();
        for (code, column) in [(big, "big_name"), (code, "name")] {
            let Some(cell) = self.cells.get(column).filter(|_| !code.is_empty()) else { continue };
            if let Some(code) = name_fault(&cell.text) {
                let has_signs = code == Code::FormNameSigns;
                one.wrong(if has_signs { Why::GridSheetSigns } else { Why::GridSheetDamaged }, cell);
            }
            let first = self.names.entry(code.to_owned()).or_insert_with(|| cell.text.clone());
            if *first != cell.text {
                one.wrong.push(about(Why::GridSheetNamed, cell).with("code", code).with("other", first));
            }
        }
    }

    /// The code of the unit whose duty it is.
    fn unit(&self, catalogue: &Catalogue, one: &mut Reading<'_>) -> String {
        let Some(cell) = self.cells.get("unit") else {
            one.missing("unit");
            return String::new();
        };
        let found = catalogue.unit_named(&cell.text);
        if found.is_none() {
            one.wrong(Why::GridSheetUnit, cell);
        }
        found.map(|unit| unit.code.clone()).unwrap_or_default()
    }

    fn needed(&self, one: &mut Reading<'_>, column: &'static str) -> String {
        if let Some(cell) = self.cells.get(column) {
            return cell.text.clone();
        }
        one.missing(column);
        String::new()
    }

    /// The condition, which stands once in its small class.
    fn condition(&mut self, one: &mut Reading<'_>, code: &str) -> String {
        let Some(cell) = self.cells.get("when") else {
            let at = one.table.at("when", one.row.line).unwrap_or_default();
            let name = self.cells.get("name").map(|cell| cell.text.clone()).unwrap_or_default();
            one.wrong.push(Refusal::new(Why::GridSheetNoCondition).with("cell", at).with("value", name));
            return String::new();
        };
        let key = (code.to_owned(), folded(&cell.text));
        match self.seen.get(&key).filter(|_| !code.is_empty()) {
            Some(line) => one.wrong.push(about(Why::GridSheetTwice, cell).with("line", line)),
            None => drop(self.seen.insert(key, one.row.line)),
        }
        cell.text.clone()
    }

    fn limits(&mut self, one: &mut Reading<'_>) -> Option<Limits> {
        match limits::read(one.row, &mut one.notes) {
            Ok(Some(limits)) => self.limits = Some(limits),
            Ok(None) if self.limits.is_none() => one.missing("limit"),
            Ok(None) => {}
            Err(wrong) => {
                one.wrong.extend(wrong);
                self.limits = None;
                return None;
            }
        }
        self.limits.clone()
    }
}

/// The code in a cell. Codes have an even number of digits; where a spreadsheet took one for a number, the nought in
/// front is gone.
fn whole_code(cell: &Cell) -> String {
    let code = cell.plain();
    let is_short = cell.kind == CellKind::Number && !code.len().is_multiple_of(2);
    if is_short { format!("0{code}") } else { code }
}

/// A row while it is looked at.
struct Reading<'r> {
    table: &'r Table,
    row: &'r Row,
    wrong: Vec<Refusal>,
    notes: Vec<Refusal>,
}

impl Reading<'_> {
    fn wrong(&mut self, why: Code, cell: &Cell) {
        self.wrong.push(about(why, cell));
    }

    fn missing(&mut self, column: &'static str) {
        let at = self.table.at(column, self.row.line).unwrap_or_else(|| self.row.line.to_string());
        self.wrong.push(Refusal::new(Why::GridSheetMissing).with("cell", at).with("column", called(column)));
    }
}

fn about(why: Code, cell: &Cell) -> Refusal {
    Refusal::new(why).with("cell", &cell.at).with("value", &cell.text)
}
