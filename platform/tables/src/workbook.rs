//! XLSX: the first sheet with the head of the table that people see, without formulas, with merged cells filled in.
//! Other sheets that hold anything are named, hidden ones apart.

use crate::{
    ABOVE_THE_HEAD, Across, CELL_BYTES, CellKind, Held, Limits, Line, Sheet, Sheets, Why, address, formula, unreadable,
};
use calamine::{DataRef, Dimensions, Reader, SheetVisible, Xlsx};
use kernel::refusal::Refusal;
use std::io::{Cursor, Read, Write};
use zip::ZipArchive;

/// The most files inside a workbook.
const MOST_PARTS: usize = 200;
/// From here on a spreadsheet's number no longer holds every digit.
const DIGITS_LOST: f64 = 1e15;

/// Reads a workbook: the sheet of that name, or the one that is chosen. `is_title` knows the titles of a head.
pub(crate) fn read(
    bytes: &[u8],
    limits: Limits,
    asked: Option<&str>,
    is_title: &dyn Fn(&str) -> bool,
) -> Result<Sheet, Refusal> {
    unpacked(bytes, limits)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let sheets = match asked {
        Some(name) if book.sheet_names().iter().any(|one| one == name) => {
            Sheets { read: name.to_owned(), ..Sheets::default() }
        }
        Some(_) => return Err(unreadable()),
        None => chosen(&mut book, is_title)?,
    };
    let name = sheets.read.clone();
    no_formulas(&mut book, &name, limits)?;
    let merged = book.merge_cells_by_sheet_name(&name).map_err(|_| unreadable())?;
    let mut sheet = Sheet { sheets, ..Sheet::default() };
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| unreadable())?;
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        let (row, column) = cell.get_position();
        let place = placed(row, column);
        let held = held(cell.get_value(), &place)?;
        if held.text.trim().is_empty() {
            continue;
        }
        put(&mut sheet.lines, &within(place, limits)?, held);
    }
    drop(cells);
    for region in merged {
        fill(&mut sheet, &region, limits);
    }
    Ok(sheet)
}

/// A sheet that holds anything.
struct Filled {
    name: String,
    is_hidden: bool,
    has_head: bool,
}

/// Chooses the sheet that is read, of those that people see: the first that has a head, else the first that holds
/// anything, else the first of all.
///
/// # Errors
/// The table stands in a hidden sheet alone.
fn chosen(book: &mut Xlsx<Cursor<&[u8]>>, is_title: &dyn Fn(&str) -> bool) -> Result<Sheets, Refusal> {
    let (hidden, shown): (Vec<Filled>, Vec<Filled>) =
        holding(book, is_title).into_iter().partition(|sheet| sheet.is_hidden);
    let head = |sheets: &[Filled]| sheets.iter().find(|sheet| sheet.has_head).map(|sheet| sheet.name.clone());
    let first = |sheets: &[Filled]| sheets.first().map(|sheet| sheet.name.clone());
    let read = if let Some(name) = head(&shown) {
        name
    } else if let Some(name) = head(&hidden) {
        return Err(unseen(&name));
    } else if let Some(name) = first(&shown) {
        name
    } else if let Some(name) = first(&hidden) {
        return Err(unseen(&name));
    } else {
        book.sheet_names().into_iter().next().ok_or_else(unreadable)?
    };
    let names = |sheets: Vec<Filled>| sheets.into_iter().map(|sheet| sheet.name);
    Ok(Sheets { unread: names(shown).filter(|name| *name != read).collect(), hidden: names(hidden).collect(), read })
}

/// Says that a table is not read because nobody sees its sheet.
fn unseen(name: &str) -> Refusal {
    Refusal::new(Why::TableHidden).field("file").with("sheet", name)
}

/// Returns the sheets that hold anything, in their order.
fn holding(book: &mut Xlsx<Cursor<&[u8]>>, is_title: &dyn Fn(&str) -> bool) -> Vec<Filled> {
    let sheets = book.sheets_metadata().iter();
    let known: Vec<(String, bool)> =
        sheets.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect();
    let mut found = Vec::new();
    for (name, is_hidden) in known {
        let top = top(book, &name);
        if !top.is_empty() {
            let has_head = top.iter().any(|text| is_title(text));
            found.push(Filled { name, is_hidden, has_head });
        }
    }
    found
}

/// Returns the names of the sheets that hold anything: those that people see, or those that are hidden.
pub(crate) fn filled(bytes: &[u8], limits: Limits, hidden: bool) -> Result<Vec<String>, Refusal> {
    unpacked(bytes, limits)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let found = holding(&mut book, &|_| false).into_iter().filter(|sheet| sheet.is_hidden == hidden);
    Ok(found.map(|sheet| sheet.name).collect())
}

/// Returns the cells of a sheet with content in the lines in which its head can stand. A sheet that cannot be read, or
/// is a chart, has none.
fn top(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Vec<String> {
    let (mut texts, mut lines, mut line) = (Vec::new(), 0, None);
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return texts };
    while let Ok(Some(cell)) = cells.next_cell() {
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::String(text) => text.trim().to_owned(),
            DataRef::SharedString(text) => text.trim().to_owned(),
            // A number or a date is no title, but it is content.
            _ => "0".to_owned(),
        };
        if text.is_empty() {
            continue;
        }
        let (row, _) = cell.get_position();
        if line != Some(row) {
            line = Some(row);
            lines += 1;
        }
        if lines > ABOVE_THE_HEAD {
            break;
        }
        texts.push(text);
    }
    texts
}

/// Unpacks every part and counts bytes, rows and elements: what a workbook says of its own sizes proves nothing, and a
/// row that holds nothing takes as long to pass as one that holds something.
fn unpacked(bytes: &[u8], limits: Limits) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MOST_PARTS {
        return Err(limits.refusal());
    }
    let (mut left, mut tags) = (limits.bytes, Tags::default());
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|_| unreadable())?;
        let read = std::io::copy(&mut file.take(left + 1), &mut tags).map_err(|_| unreadable())?;
        left = left.checked_sub(read).ok_or_else(|| limits.refusal())?;
        if tags.rows > limits.rows_of_a_workbook() || tags.elements > limits.elements() {
            return Err(limits.refusal());
        }
    }
    Ok(())
}

/// Counts the elements of the parts of a workbook, and the rows among them.
#[derive(Default)]
struct Tags {
    rows: usize,
    elements: usize,
    /// The first signs of the name of an element that begins, without its prefix; none outside of a name.
    name: Option<Vec<u8>>,
}

/// How many signs of a name are looked at.
const SIGNS_OF_A_NAME: usize = 4;

impl Tags {
    fn see(&mut self, sign: u8) {
        if sign == b'<' {
            self.name = Some(Vec::with_capacity(SIGNS_OF_A_NAME));
            return;
        }
        let Some(name) = &mut self.name else { return };
        match sign {
            // The end of an element, a remark or an instruction is no element.
            b'/' | b'!' | b'?' if name.is_empty() => self.name = None,
            b':' => name.clear(),
            b'/' | b'>' | b' ' | b'\t' | b'\r' | b'\n' => {
                self.elements = self.elements.saturating_add(1);
                self.rows = self.rows.saturating_add(usize::from(name.as_slice() == b"row"));
                self.name = None;
            }
            _ if name.len() < SIGNS_OF_A_NAME => name.push(sign),
            _ => {}
        }
    }
}

impl Write for Tags {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for sign in bytes {
            self.see(*sign);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn no_formulas(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: Limits) -> Result<(), Refusal> {
    let mut formulas = book.worksheet_cells_reader(name).map_err(|_| unreadable())?;
    while let Some(cell) = formulas.next_formula().map_err(|_| unreadable())? {
        if !cell.get_value().is_empty() {
            let (row, column) = cell.get_position();
            let place = within(placed(row, column), limits)?;
            return Err(formula(place.row + 1, place.column));
        }
    }
    Ok(())
}

/// The place of a cell in a sheet, both counted from 0.
struct Place {
    row: usize,
    column: usize,
}

fn placed(row: u32, column: u32) -> Place {
    let far = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Place { row: far(row), column: far(column) }
}

/// A place that lies within the limits: beyond them nothing is made for it.
fn within(place: Place, limits: Limits) -> Result<Place, Refusal> {
    let is_within = place.row <= limits.lines() && place.column < limits.columns;
    if is_within { Ok(place) } else { Err(limits.refusal()) }
}

fn put(lines: &mut Vec<Line>, place: &Place, held: Held) {
    while lines.len() <= place.row {
        lines.push(Line { number: lines.len() + 1, cells: Vec::new() });
    }
    if let Some(line) = lines.get_mut(place.row) {
        line.cells.resize_with(line.cells.len().max(place.column + 1), Held::default);
        if let Some(cell) = line.cells.get_mut(place.column) {
            *cell = held;
        }
    }
}

/// Gives every row that a merged cell covers its content. Cells merged across columns are remembered.
fn fill(sheet: &mut Sheet, region: &Dimensions, limits: Limits) {
    let (first, last) = (placed(region.start.0, region.start.1), placed(region.end.0, region.end.1));
    if last.column > first.column {
        let address = format!("{}:{}", address(first.row + 1, first.column), address(last.row + 1, last.column));
        sheet.across.push(Across { address, last_line: last.row + 1 });
        return;
    }
    let held = sheet.lines.get(first.row).and_then(|line| line.cells.get(first.column)).cloned();
    let Some(held) = held.filter(|held| !held.text.is_empty()) else { return };
    // A merged cell that reaches below the table fills no rows that are not there.
    for row in first.row + 1..=last.row.min(limits.lines()).min(sheet.lines.len().saturating_sub(1)) {
        let is_used = sheet.lines.get(row).is_some_and(|line| line.cells.iter().any(|cell| !cell.text.is_empty()));
        if is_used {
            put(&mut sheet.lines, &Place { row, column: first.column }, held.clone());
        }
    }
}

fn held(value: &DataRef<'_>, place: &Place) -> Result<Held, Refusal> {
    let cell = || address(place.row.saturating_add(1), place.column);
    let mut time = String::new();
    let (text, kind) = match value {
        DataRef::Int(number) => (number.to_string(), CellKind::Number),
        DataRef::Float(number) if number.abs() >= DIGITS_LOST => {
            return Err(Refusal::new(Why::TableDigitsLost).field("file").with("cell", cell()));
        }
        DataRef::Float(number) => (number.to_string(), CellKind::Number),
        DataRef::String(text) => (text.clone(), CellKind::Text),
        DataRef::SharedString(text) => ((*text).to_owned(), CellKind::Text),
        DataRef::Bool(yes) => (String::from(if *yes { "1" } else { "0" }), CellKind::Text),
        DataRef::DateTimeIso(text) => {
            time = text.chars().skip(DATE_SIGNS + 1).take(TIME_SIGNS).collect();
            (text.chars().take(DATE_SIGNS).collect(), CellKind::Date)
        }
        DataRef::DurationIso(text) => (text.clone(), CellKind::Date),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if (hour, minute, second) != (0, 0, 0) {
                time = format!("{hour:02}:{minute:02}:{second:02}");
            }
            (format!("{year:04}-{month:02}-{day:02}"), CellKind::Date)
        }
        DataRef::Error(fault) => {
            let refusal = Refusal::new(Why::TableErrorCell).field("file").with("cell", cell());
            return Err(refusal.with("value", fault));
        }
        DataRef::Empty => (String::new(), CellKind::Text),
    };
    if text.len() > CELL_BYTES {
        return Err(Refusal::new(Why::TableCellLong).field("file").with("cell", cell()).with("limit", CELL_BYTES));
    }
    Ok(Held { text, kind, time })
}

/// How long a date is: `2026-11-30`.
const DATE_SIGNS: usize = 10;
/// How long a time of day is: `10:42:03`.
const TIME_SIGNS: usize = 8;
