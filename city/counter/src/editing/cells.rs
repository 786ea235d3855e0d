//! A table that somebody uploads, as rows of texts: XLSX or CSV, limited in every direction, without formulas.

use crate::refusals::Why;
use std::borrow::Cow;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::GBK;
use kernel::refusal::Refusal;
use zip::ZipArchive;

/// The most rows below the head, columns and bytes when unpacked; a department has far fewer items.
const MOST_ROWS: usize = 150;
const MOST_COLUMNS: usize = 40;
const MOST_BYTES: u64 = 20 * 1024 * 1024;
const BYTES_PER_MEGABYTE: u64 = 1024 * 1024;
/// The most files inside a workbook.
const MOST_PARTS: usize = 200;
/// The mark at the head of UTF-8 that spreadsheets write.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The rows of a table, the head first; trailing space is cut off, empty rows are left out.
///
/// # Errors
/// A table that is empty, cannot be read, is too large, or holds a formula.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::new(Why::CatalogueImportEmpty).field("file"));
    }
    let mut rows = if bytes.starts_with(b"PK") { workbook(bytes)? } else { text(bytes)? };
    for row in &mut rows {
        for cell in row {
            *cell = cell.trim().to_owned();
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    if rows.is_empty() {
        return Err(Refusal::new(Why::CatalogueImportEmpty).field("file"));
    }
    if rows.len() > MOST_ROWS + 1 || rows.iter().any(|row| row.len() > MOST_COLUMNS) {
        return Err(too_large());
    }
    Ok(rows)
}

fn text(bytes: &[u8]) -> Result<Vec<Vec<String>>, Refusal> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(too_large());
    }
    let plain = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let text = match std::str::from_utf8(plain) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => GBK.decode_without_bom_handling_and_without_replacement(plain).ok_or_else(unreadable)?,
    };
    if text.contains('\0') {
        return Err(unreadable());
    }
    let mut rows = Vec::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for (line, record) in reader.records().enumerate() {
        let record = record.map_err(|_| unreadable())?;
        if line > MOST_ROWS || record.len() > MOST_COLUMNS {
            return Err(too_large());
        }
        let row: Vec<String> = record.iter().map(plain_cell).collect();
        if let Some(at) = record.iter().position(|cell| cell.trim_start().starts_with(['=', '＝'])) {
            return Err(formula(line, at));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// A cell without the apostrophe that our own downloads put before what a spreadsheet would take for a formula.
fn plain_cell(cell: &str) -> String {
    let rest = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    rest.unwrap_or(cell).to_owned()
}

fn workbook(bytes: &[u8]) -> Result<Vec<Vec<String>>, Refusal> {
    unpacked(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let sheet = book.sheet_names().into_iter().next().ok_or_else(unreadable)?;
    let mut formulas = book.worksheet_cells_reader(&sheet).map_err(|_| unreadable())?;
    while let Some(cell) = formulas.next_formula().map_err(|_| unreadable())? {
        if !cell.get_value().is_empty() {
            let (row, column) = cell.get_position();
            let place = placed(row, column)?;
            return Err(formula(place.row, place.column));
        }
    }
    drop(formulas);
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| unreadable())?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        let shown = shown(cell.get_value());
        if shown.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let place = placed(row, column)?;
        rows.resize_with(rows.len().max(place.row + 1), Vec::new);
        if let Some(row) = rows.get_mut(place.row) {
            row.resize_with(row.len().max(place.column + 1), String::new);
            row.get_mut(place.column).into_iter().for_each(|cell| cell.clone_from(&shown));
        }
    }
    Ok(rows)
}

/// Unpacks every part and counts: what a workbook says of its own sizes proves nothing.
fn unpacked(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    let mut left = MOST_BYTES;
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|_| unreadable())?;
        let read = std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|_| unreadable())?;
        left = left.checked_sub(read).ok_or_else(too_large)?;
    }
    Ok(())
}

/// The place of a cell in a table, both counted from 0.
struct Place {
    row: usize,
    column: usize,
}

/// The place of a cell, refused beyond the limits before anything is made for it.
fn placed(row: u32, column: u32) -> Result<Place, Refusal> {
    let place = usize::try_from(row).ok().zip(usize::try_from(column).ok());
    let place = place.map(|(row, column)| Place { row, column });
    place.filter(|place| place.row <= MOST_ROWS && place.column < MOST_COLUMNS).ok_or_else(too_large)
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => String::from(if *yes { "1" } else { "0" }),
        DataRef::DateTime(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn unreadable() -> Refusal {
    Refusal::new(Why::CatalogueImportUnreadable).field("file")
}

fn too_large() -> Refusal {
    Refusal::new(Why::CatalogueImportTooLarge)
        .field("file")
        .with("rows", MOST_ROWS)
        .with("columns", MOST_COLUMNS)
        .with("megabytes", MOST_BYTES / BYTES_PER_MEGABYTE)
}

/// Names the cell as spreadsheets do: `B3`.
fn formula(row: usize, column: usize) -> Refusal {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letter = |at: usize| letters.chars().nth(at % letters.len());
    let first = (column / letters.len()).checked_sub(1).and_then(letter);
    let name: String = first.into_iter().chain(letter(column)).collect();
    Refusal::new(Why::CatalogueImportFormula).field("file").with("cell", format!("{name}{}", row + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::refusal::Code;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn refused(bytes: &[u8]) -> Code {
        read(bytes).unwrap_err().code
    }

    #[test]
    fn csv_is_read_in_each_encoding() {
        let expected =
            vec![vec!["编号".to_owned(), "名称".to_owned()], vec!["MZ-11".to_owned(), "高龄津贴".to_owned()]];
        let text = "编号,名称\r\n\r\nMZ-11, 高龄津贴 \r\n";
        let (gbk, ..) = GBK.encode(text);
        for bytes in [text.as_bytes().to_vec(), [MARK, text.as_bytes()].concat(), gbk.into_owned()] {
            assert_eq!(read(&bytes).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let many = "a\n".repeat(MOST_ROWS + 2);
        let wide = ",".repeat(MOST_COLUMNS);
        let table: [(&[u8], Code); 8] = [
            (b"", Why::CatalogueImportEmpty),
            (b" \n , \n", Why::CatalogueImportEmpty),
            (b"\xFF\xFE\xFF", Why::CatalogueImportUnreadable),
            (b"a\0b", Why::CatalogueImportUnreadable),
            (b"PK not a workbook", Why::CatalogueImportUnreadable),
            (b"a,b\n1,=1+1\n", Why::CatalogueImportFormula),
            (many.as_bytes(), Why::CatalogueImportTooLarge),
            (wide.as_bytes(), Why::CatalogueImportTooLarge),
        ];
        for (bytes, code) in table {
            assert_eq!(refused(bytes), code, "{:?}", bytes.get(..12).unwrap_or(bytes));
        }
        assert_eq!(read(b"a,b\n1,=1+1\n").unwrap_err().detail.get("cell").map(String::as_str), Some("B2"));
    }

    #[test]
    fn a_table_may_be_as_large_as_the_limits() {
        let rows = "a\n".repeat(MOST_ROWS + 1);
        assert_eq!(read(rows.as_bytes()).unwrap().len(), MOST_ROWS + 1);
        let columns = format!("a{}", ",".repeat(MOST_COLUMNS - 1));
        assert_eq!(
            read(columns.as_bytes()).unwrap(),
            [[vec!["a".to_owned()], vec![String::new(); MOST_COLUMNS - 1]].concat()]
        );
        let refusal = read(",".repeat(MOST_COLUMNS).as_bytes()).unwrap_err();
        let told = |name: &str| refusal.detail.get(name).map(String::as_str);
        assert_eq!((told("rows"), told("columns"), told("megabytes")), (Some("150"), Some("40"), Some("20")));
    }

    #[test]
    fn a_formula_is_named_as_spreadsheets_name_its_cell() {
        let cell = |at: usize| format!("{}=1+1\n", ",".repeat(at));
        for (text, name) in [
            (cell(0), "A1"),
            (cell(25), "Z1"),
            (cell(26), "AA1"),
            (cell(39), "AN1"),
            (format!("a\nb\n{}", cell(1)), "B3"),
            ("a, =1".to_owned(), "B1"),
            ("＝1".to_owned(), "A1"),
            ("\"=1\"".to_owned(), "A1"),
        ] {
            let refusal = read(text.as_bytes()).unwrap_err();
            assert_eq!(refusal.code, Why::CatalogueImportFormula, "{text}");
            assert_eq!(refusal.detail.get("cell").map(String::as_str), Some(name), "{text}");
        }
    }

    #[test]
    fn what_our_own_downloads_quote_is_read_as_it_was() {
        for (text, cell) in [
            ("'=1+1", "=1+1"),
            ("'-", "-"),
            ("'+86", "+86"),
            ("'@x", "@x"),
            ("'90s", "'90s"),
            ("''=1", "''=1"),
            ("-", "-"),
            ("\"两\n行\"", "两\n行"),
            ("\"a\"\"b\"", "a\"b"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap(), [[cell]], "{text}");
        }
    }

    #[test]
    fn a_bomb_is_unpacked_no_further_than_the_limit() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
        for _ in 0..=MOST_BYTES / BYTES_PER_MEGABYTE {
            archive.write_all(&vec![b' '; 1024 * 1024]).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 1024 * 1024, "it is small while packed");
        assert_eq!(refused(&bytes), Why::CatalogueImportTooLarge);
    }
}
