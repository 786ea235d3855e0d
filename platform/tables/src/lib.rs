//! Reads tables that people bring: XLSX, or CSV in UTF-8, UTF-16 or GBK, separated by commas, semicolons, tabs or bars,
//! each also packed with gzip. One reader serves every import, so all pages read a table in the same way.
//!
//! It guesses nothing and drops nothing silently. A merged cell counts for every row that it covers. Cells merged
//! across columns are refused with their address, and so are formulas, spreadsheet errors and numbers that lost
//! digits. Unused columns are named.

mod packed;
mod refusals;
mod rows;
mod text;
mod workbook;

pub use refusals::Why;
pub use rows::{Rows, Torn, Unlike};

pub use kernel::line::is_lost;

use kernel::language::{Bilingual, half_width, is_unseen};
use kernel::line;
use kernel::refusal::Refusal;
use kernel::time::Date;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the first rows may stand above the head: a title, a note, a date.
const ABOVE_THE_HEAD: usize = 10;
/// How many rows and elements a workbook may have beyond its table: other sheets, and lines that were only coloured.
const BESIDE_THE_TABLE: usize = 50_000;
/// How many elements a cell is written with: itself, and what it holds.
const ELEMENTS_OF_A_CELL: usize = 4;
const BYTES_PER_MEGABYTE: u64 = 1024 * 1024;

/// The most bytes of a cell: longer than any text that a table holds for people, short enough to be read at once.
const CELL_BYTES: usize = 32 * 1024;

/// How large a table may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most rows below the head.
    pub rows: usize,
    /// The most columns.
    pub columns: usize,
    /// The most bytes when unpacked.
    pub bytes: u64,
}

impl Limits {
    fn refusal(self) -> Refusal {
        Refusal::new(Why::TableTooLarge)
            .field("file")
            .with("rows", self.rows)
            .with("columns", self.columns)
            .with("megabytes", self.bytes / BYTES_PER_MEGABYTE)
    }

    /// The last line that is looked at: the head may have some lines above it.
    const fn lines(self) -> usize {
        self.rows.saturating_add(ABOVE_THE_HEAD).saturating_add(1)
    }

    /// The most rows of all sheets of a workbook, empty ones too: each of them takes time to pass.
    const fn rows_of_a_workbook(self) -> usize {
        self.lines().saturating_mul(2).saturating_add(BESIDE_THE_TABLE)
    }

    /// The most elements of all parts of a workbook.
    const fn elements(self) -> usize {
        let cells = self.lines().saturating_mul(self.columns);
        cells.saturating_mul(ELEMENTS_OF_A_CELL).saturating_add(BESIDE_THE_TABLE)
    }
}

/// What an import wants of a table.
pub struct Wanted<'a> {
    /// How large it may be.
    pub limits: Limits,
    /// The columns without which it is not read.
    pub required: &'a [&'static str],
    /// The column that a title of the head names, if it names one. Titles come folded, as [`folded`] does it.
    pub column: &'a dyn Fn(&str) -> Option<&'static str>,
    /// What people call a column.
    pub called: &'a dyn Fn(&'static str) -> String,
}

/// What a cell held in the spreadsheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// A text; every cell of a CSV is one.
    #[default]
    Text,
    /// A number.
    Number,
    /// A date: its text is `2026-11-30`.
    Date,
}

/// A cell with content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text, without space around it.
    pub text: String,
    /// What it held.
    pub kind: CellKind,
    /// Its address in the file, as spreadsheets write it: `C5`.
    pub at: String,
    /// The time of day of a date, if the spreadsheet has one: `10:42:03`.
    pub time: String,
}

impl Cell {
    /// The text in half-width signs, for codes, numbers and dates: `２１０１０２` is `210102`.
    #[must_use]
    pub fn plain(&self) -> String {
        plain(&self.text)
    }
}

/// A row below the head that holds anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: usize,
    /// Its cells with content, by column.
    pub cells: BTreeMap<&'static str, Cell>,
}

impl Row {
    /// The text of a cell; empty where there is none.
    #[must_use]
    pub fn text(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", |cell| cell.text.as_str())
    }

    /// The text of a cell in half-width signs; empty where there is none.
    #[must_use]
    pub fn plain(&self, column: &str) -> String {
        self.cells.get(column).map(Cell::plain).unwrap_or_default()
    }
}

/// A table, as an import reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows below the head that hold anything.
    pub rows: Vec<Row>,
    /// The titles of the columns that are not taken, in the order of the table.
    pub untaken: Vec<String>,
    /// The columns that the table has.
    pub columns: BTreeSet<&'static str>,
    /// Where each of these columns stands in a line, from 0.
    places: BTreeMap<&'static str, usize>,
    /// Which sheet of a workbook it is.
    pub sheets: Sheets,
}

impl Table {
    /// The address of a cell, also of an empty one; none where the table has no such column.
    #[must_use]
    pub fn at(&self, column: &str, line: usize) -> Option<String> {
        self.places.get(column).map(|place| address(line, *place))
    }
}

/// Which sheet of a workbook was read. All are empty for a CSV.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// The name of the sheet that was read.
    pub read: String,
    /// The names of the other sheets that people see and that hold anything, in their order.
    pub unread: Vec<String>,
    /// The names of the hidden sheets that hold anything, in their order. They are never read.
    pub hidden: Vec<String>,
}

impl Sheets {
    /// Says which sheet was read and which were not, where something was left out.
    #[must_use]
    pub fn told(&self) -> Option<Bilingual> {
        let Self { read, unread, hidden } = self;
        let read = Bilingual::new(format!("读的是工作表“{read}”。"), format!("We read the sheet “{read}”."));
        let others = Bilingual::new(
            format!("这些工作表也有内容，没有读：{}。", unread.join("、")),
            format!("These sheets hold something too and weren’t read: {}.", unread.join(", ")),
        );
        let unseen = Bilingual::new(
            format!("这些工作表是隐藏的，没有读：{}。要读的，请取消隐藏。", hidden.join("、")),
            format!("Hidden sheets weren’t read: {}. Unhide one that is meant.", hidden.join(", ")),
        );
        let all = [(true, read), (!unread.is_empty(), others), (!hidden.is_empty(), unseen)];
        let said: Vec<Bilingual> = all.into_iter().filter(|(is_said, _)| *is_said).map(|(_, one)| one).collect();
        let zh: String = said.iter().map(|one| one.zh.as_str()).collect();
        let en: Vec<&str> = said.iter().map(|one| one.en.as_str()).collect();
        (said.len() > 1).then(|| Bilingual::new(zh, en.join(" ")))
    }
}

/// A table as it lies in the file: every line, and which cells were merged across columns.
#[derive(Debug, Default)]
struct Sheet {
    lines: Vec<Line>,
    across: Vec<Across>,
    sheets: Sheets,
}

#[derive(Clone, Debug, Default)]
struct Line {
    number: usize,
    cells: Vec<Held>,
}

/// What a cell of a sheet holds.
#[derive(Clone, Debug, Default)]
struct Held {
    text: String,
    kind: CellKind,
    time: String,
}

/// Cells that were merged across columns, from the first to the last line.
#[derive(Debug)]
struct Across {
    address: String,
    last_line: usize,
}

/// Reads a table.
///
/// # Errors
/// A table that is empty, cannot be read or is too large; one without a required column or with a column twice; a
/// formula, an error of the spreadsheet, a number that lost digits, or cells merged across columns at or below the
/// head.
pub fn read(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Table, Refusal> {
    read_sheet(bytes, None, wanted)
}

/// Reads one sheet of a workbook, as [`sheets`] names it. Without a name, and for a CSV, it does the same as [`read`].
///
/// # Errors
/// As [`read`]. It also fails if there is no such sheet.
pub fn read_sheet(bytes: &[u8], name: Option<&str>, wanted: &Wanted<'_>) -> Result<Table, Refusal> {
    let bytes = &*packed::unpacked(bytes, wanted.limits)?;
    if bytes.is_empty() {
        return Err(Refusal::new(Why::TableEmpty).field("file"));
    }
    let is_title = |text: &str| (wanted.column)(&folded(text)).is_some_and(|column| wanted.required.contains(&column));
    let mut sheet = if is_workbook(bytes) {
        workbook::read(bytes, wanted.limits, name, &is_title)?
    } else {
        text::read(bytes, wanted.limits, &|text| rows::divider(text, &is_title))?
    };
    tidy(&mut sheet);
    arranged(&sheet, wanted)
}

/// Takes the space around every text away, and the lines that hold nothing.
fn tidy(sheet: &mut Sheet) {
    for held in sheet.lines.iter_mut().flat_map(|line| &mut line.cells) {
        held.text = line::written(held.text.trim_matches(is_blank));
    }
    sheet.lines.retain(|line| line.cells.iter().any(|held| !held.text.is_empty()));
}

/// Returns the names of the sheets of a workbook that people see and that hold anything, in their order. A CSV has
/// none.
///
/// # Errors
/// A workbook that cannot be read or is too large.
pub fn sheets(bytes: &[u8], limits: Limits) -> Result<Vec<String>, Refusal> {
    filled(bytes, limits, false)
}

/// Returns the names of the hidden sheets of a workbook that hold anything, in their order. A CSV has none.
///
/// # Errors
/// As [`sheets`].
pub fn hidden_sheets(bytes: &[u8], limits: Limits) -> Result<Vec<String>, Refusal> {
    filled(bytes, limits, true)
}

fn filled(bytes: &[u8], limits: Limits, hidden: bool) -> Result<Vec<String>, Refusal> {
    let bytes = &*packed::unpacked(bytes, limits)?;
    if is_workbook(bytes) { workbook::filled(bytes, limits, hidden) } else { Ok(Vec::new()) }
}

/// Says whether a file is a workbook of today (XLSX).
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

fn arranged(sheet: &Sheet, wanted: &Wanted<'_>) -> Result<Table, Refusal> {
    let named = |held: &Held| (wanted.column)(&folded(&held.text));
    let is_head = |line: &Line| line.cells.iter().filter_map(named).any(|column| wanted.required.contains(&column));
    let at = sheet.lines.iter().take(ABOVE_THE_HEAD).position(is_head).unwrap_or_default();
    let Some(head) = sheet.lines.get(at) else { return Err(Refusal::new(Why::TableEmpty).field("file")) };
    if let Some(merged) = sheet.across.iter().find(|merged| merged.last_line >= head.number) {
        return Err(Refusal::new(Why::TableMerged).field("file").with("cell", &merged.address));
    }
    let columns: Vec<Option<&'static str>> = head.cells.iter().map(named).collect();
    let mut seen = BTreeSet::new();
    for (place, column) in columns.iter().enumerate() {
        let Some(column) = column.filter(|column| !seen.insert(*column)) else { continue };
        let refusal = Refusal::new(Why::TableColumnTwice).field("file").with("column", (wanted.called)(column));
        return Err(refusal.with("cell", address(head.number, place)));
    }
    if let Some(missing) = wanted.required.iter().copied().find(|column| !seen.contains(column)) {
        return Err(Refusal::new(Why::TableHead).field("file").with("column", (wanted.called)(missing)));
    }
    let untaken = head.cells.iter().zip(&columns).filter(|(held, column)| column.is_none() && !held.text.is_empty());
    let untaken = untaken.map(|(held, _)| held.text.clone()).collect();
    let rows: Vec<Row> = sheet.lines.iter().skip(at + 1).map(|line| row(line, &columns)).collect();
    if rows.len() > wanted.limits.rows {
        return Err(wanted.limits.refusal());
    }
    let places = columns.iter().enumerate().filter_map(|(place, column)| column.map(|column| (column, place)));
    Ok(Table { rows, untaken, places: places.collect(), columns: seen, sheets: sheet.sheets.clone() })
}

fn row(line: &Line, columns: &[Option<&'static str>]) -> Row {
    let mut cells = BTreeMap::new();
    for (place, (held, column)) in line.cells.iter().zip(columns).enumerate() {
        let Some(column) = column.filter(|_| !held.text.is_empty()) else { continue };
        let at = address(line.number, place);
        cells.insert(column, Cell { text: held.text.clone(), kind: held.kind, at, time: held.time.clone() });
    }
    Row { line: line.number, cells }
}

/// A title in the form in which it is compared: half-width, small letters, without space.
#[must_use]
pub fn folded(title: &str) -> String {
    plain(title).chars().filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A text in half-width signs and without marks that nobody sees, for codes, numbers and dates.
#[must_use]
pub fn plain(text: &str) -> String {
    let folded: String = text.chars().filter(|sign| !is_unseen(*sign)).map(half_width).collect();
    folded.trim().to_owned()
}

/// Reads a date with its year first, however it is divided: `2026-11-30`, `2026/11/30`, `2026年11月30日`, `20261130`.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let text = plain(text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    if !parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    match parts.as_slice() {
        [year, month, day] if year.len() == DIGITS_OF_A_YEAR => {
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        }
        [whole] if whole.len() == DIGITS_OF_A_DATE => {
            Date::new(whole.get(..4)?.parse().ok()?, whole.get(4..6)?.parse().ok()?, whole.get(6..)?.parse().ok()?).ok()
        }
        _ => None,
    }
}

const DIGITS_OF_A_YEAR: usize = 4;
const DIGITS_OF_A_DATE: usize = 8;

/// Says whether a cell holds a number that a spreadsheet made a date of, or a date where a number is asked for:
/// `1月15日`, `2026/1/15`, `15-Jan`.
#[must_use]
pub fn is_date(cell: &Cell) -> bool {
    let text = cell.plain();
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月', '日', ' ']).filter(|part| !part.is_empty()).collect();
    let divided = text.contains(['-', '/', '年', '月']) || text.matches('.').count() == 2;
    let is_part =
        |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit()) || MONTHS.contains(&part.to_lowercase().as_str());
    cell.kind == CellKind::Date || (divided && (2..=3).contains(&parts.len()) && parts.iter().all(is_part))
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Says whether a name was damaged on its way: a sign was lost and stands as a question mark, as a box, or as one that
/// no font knows, or a sign stands in it that nobody sees. The rule is that of the names of people.
#[must_use]
pub fn is_damaged(name: &str) -> bool {
    line::name_fault(name).is_some()
}

fn is_blank(sign: char) -> bool {
    sign.is_whitespace() || is_unseen(sign)
}

/// The address of a cell as spreadsheets write it, from its line (from 1) and its place in the line (from 0).
fn address(line: usize, place: usize) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut letters = Vec::new();
    let mut left = place.saturating_add(1);
    while left > 0 {
        letters.extend(LETTERS.chars().nth((left - 1) % LETTERS.len()));
        left = (left - 1) / LETTERS.len();
    }
    let name: String = letters.into_iter().rev().collect();
    format!("{name}{line}")
}

fn unreadable() -> Refusal {
    Refusal::new(Why::TableUnreadable).field("file")
}

fn formula(line: usize, place: usize) -> Refusal {
    Refusal::new(Why::TableFormula).field("file").with("cell", address(line, place))
}

#[cfg(test)]
mod tests;

fn too_long(line: usize, place: usize) -> Refusal {
    let cell = address(line, place);
    Refusal::new(Why::TableCellLong).field("file").with("cell", cell).with("limit", CELL_BYTES)
}
