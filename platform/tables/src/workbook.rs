//! XLSX: the first sheet, without formulas, with merged cells filled in.

use crate::{Across, CellKind, Held, Limits, Line, Sheet, Why, address, formula, unreadable};
use calamine::{DataRef, Dimensions, Reader, Xlsx};
use kernel::refusal::Refusal;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most files inside a workbook.
const MOST_PARTS: usize = 200;
/// From here on a spreadsheet's number no longer holds every digit.
const DIGITS_LOST: f64 = 1e15;

pub(crate) fn read(bytes: &[u8], limits: Limits) -> Result<Sheet, Refusal> {
    unpacked(bytes, limits)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let name = book.sheet_names().into_iter().next().ok_or_else(unreadable)?;
    no_formulas(&mut book, &name, limits)?;
    let merged = book.merge_cells_by_sheet_name(&name).map_err(|_| unreadable())?;
    let mut sheet = Sheet::default();
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

/// Unpacks every part and counts: what a workbook says of its own sizes proves nothing.
fn unpacked(bytes: &[u8], limits: Limits) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MOST_PARTS {
        return Err(limits.refusal());
    }
    let mut left = limits.bytes;
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|_| unreadable())?;
        let read = std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|_| unreadable())?;
        left = left.checked_sub(read).ok_or_else(|| limits.refusal())?;
    }
    Ok(())
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
        line.cells.get_mut(place.column).into_iter().for_each(|cell| cell.clone_from(&held));
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
    let (text, kind) = match value {
        DataRef::Int(number) => (number.to_string(), CellKind::Number),
        DataRef::Float(number) if number.abs() >= DIGITS_LOST => {
            return Err(Refusal::new(Why::TableDigitsLost).field("file").with("cell", cell()));
        }
        DataRef::Float(number) => (number.to_string(), CellKind::Number),
        DataRef::String(text) => (text.clone(), CellKind::Text),
        DataRef::SharedString(text) => ((*text).to_owned(), CellKind::Text),
        DataRef::Bool(yes) => (String::from(if *yes { "1" } else { "0" }), CellKind::Text),
        DataRef::DateTimeIso(text) => (text.chars().take(DATE_SIGNS).collect(), CellKind::Date),
        DataRef::DurationIso(text) => (text.clone(), CellKind::Date),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            (format!("{year:04}-{month:02}-{day:02}"), CellKind::Date)
        }
        DataRef::Error(fault) => {
            let refusal = Refusal::new(Why::TableErrorCell).field("file").with("cell", cell());
            return Err(refusal.with("value", fault));
        }
        DataRef::Empty => (String::new(), CellKind::Text),
    };
    Ok(Held { text, kind })
}

/// How long a date is: `2026-11-30`.
const DATE_SIGNS: usize = 10;
