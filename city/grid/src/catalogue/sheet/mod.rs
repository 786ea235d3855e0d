//! A city's own sheet of the catalogue (立案、处置、结案标准): nine columns, a report on every row, and the file that
//! would be put in force. Nothing is kept here, and nothing is taken silently.

mod columns;
mod compare;
mod limits;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use hall::Fault;
use kernel::language::Bilingual;
use kernel::refusal::Refusal;
use tables::{Table, Wanted};

pub use columns::LIMITS;
pub use limits::said;

use super::{Catalogue, System};
use crate::refusals::Why;
use compare::Beside;
use rows::{Above, Said};

/// What a sheet is read for.
pub struct Asked<'a> {
    /// The catalogue that holds on the day from which the sheet would.
    pub catalogue: &'a Catalogue,
    /// The system of codes of sheets that do not say it by their names.
    pub system: Option<&'a str>,
    /// The document on which it rests.
    pub document: &'a str,
    /// Which codes the conditions of a kind ever had.
    pub taken: &'a dyn Fn(&str) -> BTreeSet<String>,
}

/// A sheet, looked at.
#[derive(Debug)]
pub struct Sheet {
    /// What is said of each row, in the order of the file.
    pub rows: Vec<Told>,
    /// What is in force and not in it.
    pub removed: Vec<Removed>,
    /// What would be put in force: each system that would change, with its file.
    pub files: Vec<(String, String)>,
    /// Titles of columns that are not taken.
    pub untaken: Vec<String>,
    /// Sheets that are not read.
    pub unread: Vec<String>,
    /// How many texts have no English.
    pub untranslated: usize,
}

impl Sheet {
    /// How many rows cannot be taken.
    #[must_use]
    pub fn faulty(&self) -> usize {
        self.rows.iter().filter(|row| row.verdict == Verdict::Faulty).count()
    }
}

/// What is said of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The sheet of the workbook; empty for a CSV.
    pub sheet: String,
    /// Its line.
    pub line: usize,
    /// The key of its kind, as far as it can be read.
    pub key: String,
    /// The name of its kind.
    pub name: String,
    /// The condition.
    pub when: String,
    /// The limits that it comes to, all of them where they differ; empty where it comes to none.
    pub limit: Bilingual,
    /// What it would do.
    pub verdict: Verdict,
    /// What is wrong, or was decided: each names its cell and what to do.
    pub notes: Vec<Refusal>,
}

/// What a row would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A small class that is not in force.
    NewKind,
    /// A condition that its small class has not.
    NewCondition,
    /// It changes these.
    Changed(Vec<Field>),
    /// It says what is in force.
    Same,
    /// It is not taken, because it labels opinions, faith or people.
    LeftOut,
    /// It cannot be taken.
    Faulty,
}

/// What of a condition a row can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The name of the big class.
    BigName,
    /// The name of the small class.
    Name,
    /// Whose duty it is.
    Unit,
    /// Who watches over it.
    Supervisor,
    /// What closes it.
    Closes,
    /// By when.
    Limit,
}

/// What is in force and not in a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The key of the kind.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// The condition; none where the whole kind goes.
    pub when: Option<Bilingual>,
    /// It told people whom to call first, so that goes too.
    pub calls_first: bool,
}

/// Reads a sheet, or each sheet of a workbook, and compares it with what is in force.
///
/// # Errors
/// A table that cannot be read, one without a row that can be used, a sheet of which nobody says the system of codes,
/// and columns A, B, C of which nobody says whether they are severities or areas; and a failure to write the file that
/// would be put in force.
pub fn read(bytes: &[u8], asked: &Asked<'_>) -> Result<Sheet, Fault> {
    let Opened { tables, unread } = opened(bytes, asked)?;
    let mut sheet = Sheet {
        rows: Vec::new(),
        removed: Vec::new(),
        files: Vec::new(),
        untaken: Vec::new(),
        unread,
        untranslated: 0,
    };
    for (system, tables) in &tables {
        let mut beside = Beside::new(asked.catalogue, system);
        let (mut above, mut said) = (Above::default(), Vec::new());
        let before = sheet.rows.len();
        for table in tables {
            above.next_sheet();
            sheet.untaken.extend(table.untaken.iter().cloned());
            let rows = table.rows.iter().map(|row| looked_at(&beside, &mut above, table, row));
            for (told, one) in rows {
                sheet.rows.push(told);
                said.extend(one);
            }
        }
        if said.is_empty() && sheet.rows.iter().skip(before).all(|row| row.verdict != Verdict::Faulty) {
            return Err(Refusal::new(Why::GridSheetEmpty).into());
        }
        said.extend(beside.always(&said));
        let removed = beside.removed(&said);
        let is_new = |row: &Told| !matches!(row.verdict, Verdict::Same | Verdict::LeftOut | Verdict::Faulty);
        let changes = sheet.rows.iter().skip(before).any(is_new) || !removed.is_empty();
        if changes {
            sheet.files.push((system.code.clone(), beside.written(&said, asked.document, asked.taken)?));
        }
        sheet.untranslated += beside.untranslated.len();
        sheet.removed.extend(removed);
    }
    sheet.untaken.sort();
    sheet.untaken.dedup();
    Ok(sheet)
}

fn looked_at(beside: &Beside<'_>, above: &mut Above, table: &Table, row: &tables::Row) -> (Told, Option<Said>) {
    let looked = above.look(beside.catalogue, beside.system, table, row);
    let verdict = match &looked.said {
        Some(said) => beside.verdict(said),
        None if looked.wrong.is_empty() => Verdict::LeftOut,
        None => Verdict::Faulty,
    };
    let told = Told {
        sheet: table.sheets.read.clone(),
        line: row.line,
        key: format!("{}/{}", beside.system.code, looked.code),
        name: looked.name,
        when: looked.when,
        limit: looked.said.as_ref().map(|one| limits::said_of(&one.limits)).unwrap_or_default(),
        verdict,
        notes: looked.wrong.into_iter().chain(looked.notes).collect(),
    };
    (told, looked.said)
}

/// The tables of a file, by their systems of codes in the order of the file.
struct Opened<'c> {
    tables: Vec<(&'c System, Vec<Table>)>,
    unread: Vec<String>,
}

fn opened<'c>(bytes: &[u8], asked: &Asked<'c>) -> Result<Opened<'c>, Refusal> {
    let wanted =
        Wanted { limits: LIMITS, required: &columns::REQUIRED, column: &columns::named, called: &columns::called };
    let names = tables::sheets(bytes, LIMITS)?;
    let names: Vec<Option<&str>> =
        if names.is_empty() { vec![None] } else { names.iter().map(|one| Some(one.as_str())).collect() };
    let (mut of_system, mut first) = (BTreeMap::<usize, Vec<Table>>::new(), None);
    let mut unread = tables::hidden_sheets(bytes, LIMITS)?;
    for name in names {
        let by_name = name.and_then(columns::system);
        if by_name.is_some_and(|own| asked.system.is_some_and(|system| system != own)) {
            unread.extend(name.map(str::to_owned));
            continue;
        }
        let table = match tables::read_sheet(bytes, name, &wanted) {
            Ok(table) => table,
            // A sheet with notes has no head; it is named as unread, if another is read.
            Err(refusal) if refusal.code == tables::Why::TableHead => {
                first.get_or_insert(refusal);
                unread.extend(name.map(str::to_owned));
                continue;
            }
            Err(refusal) => return Err(refusal),
        };
        let called = name.map_or_else(|| Bilingual::new("表格", "The table"), |name| Bilingual::new(name, name));
        let system =
            by_name.or(asked.system).and_then(|code| asked.catalogue.systems().iter().position(|one| one.code == code));
        let system = system.ok_or_else(|| Refusal::new(Why::GridSheetSystem).with_both("sheet", &called))?;
        if columns::LETTERS.iter().any(|letter| table.columns.contains(letter)) {
            return Err(Refusal::new(Why::GridSheetLetter).with_both("sheet", &called));
        }
        of_system.entry(system).or_default().push(table);
    }
    if of_system.is_empty() {
        return Err(first.unwrap_or_else(|| Refusal::new(tables::Why::TableEmpty).field("file")));
    }
    let systems = asked.catalogue.systems();
    let tables = of_system.into_iter().filter_map(|(at, tables)| Some((systems.get(at)?, tables))).collect();
    Ok(Opened { tables, unread })
}
