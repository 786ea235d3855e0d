//! Files: tables as CSV and XLSX that no spreadsheet takes for formulas, letters as PDF, under names in any language.

use crate::error::WebError;
use crate::form::encode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The widest column, in characters.
const WIDEST: usize = 60;

/// A table as CSV in UTF-8 with the mark that spreadsheets need to read Chinese. `name` is the file name without ending.
///
/// # Errors
/// [`WebError::Failed`] when the table cannot be written.
pub fn csv(name: &str, header: &[String], rows: &[Vec<String>]) -> Result<Response, WebError> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(b"\xEF\xBB\xBF".to_vec());
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(|error| failed("csv", &error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed("csv", &error))?;
    Ok(file(name, "csv", "text/csv; charset=utf-8", bytes))
}

/// A table as XLSX with a bold, fixed first row; each cell is text, so that numbers of cases keep their zeros.
///
/// # Errors
/// [`WebError::Failed`] when the table cannot be written (more than 1,048,576 rows, a cell over 32,767 characters).
pub fn xlsx(name: &str, sheet: &str, header: &[String], rows: &[Vec<String>]) -> Result<Response, WebError> {
    let bytes = workbook(sheet, header, rows).map_err(|error| failed("xlsx", &error))?;
    Ok(file(name, "xlsx", XLSX, bytes))
}

/// A letter as PDF. `name` is the file name without ending; nothing personal may stand in it.
pub fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    file(name, "pdf", "application/pdf", bytes)
}

fn workbook(sheet: &str, header: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let page = book.add_worksheet().set_name(sheet_name(sheet))?;
    for (column, text) in (0_u16..).zip(header) {
        page.write_string_with_format(0, column, text, &bold)?;
        let longest = rows.iter().filter_map(|row| row.get(usize::from(column))).chain([text]);
        let width = longest.map(|text| width_of(text)).max().unwrap_or_default().clamp(8, WIDEST);
        page.set_column_width(column, u32::try_from(width).unwrap_or(8))?;
    }
    page.set_freeze_panes(1, 0)?;
    for (line, row) in (1_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(row) {
            page.write_string(line, column, text)?;
        }
    }
    book.save_to_buffer()
}

/// The width of a text in a spreadsheet: a Chinese character counts two.
fn width_of(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum::<usize>() + 2
}

/// At most 31 characters, none of those a sheet's name may not have.
fn sheet_name(name: &str) -> String {
    name.chars().filter(|letter| !r"[]:*?/\'".contains(*letter)).take(31).collect()
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

fn file(name: &str, ending: &str, content_type: &'static str, bytes: Vec<u8>) -> Response {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "-_".contains(letter) { letter } else { '_' })
        .collect();
    let disposition = format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{}.{ending}", encode(name));
    ([(CONTENT_TYPE, content_type.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

fn failed(kind: &str, error: &dyn std::fmt::Display) -> WebError {
    WebError::Failed(format!("{kind}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(response: Response) -> (String, Vec<u8>) {
        let disposition = response.headers().get(CONTENT_DISPOSITION).unwrap().to_str().unwrap().to_owned();
        (disposition, axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec())
    }

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[tokio::test]
    async fn csv_is_read_by_spreadsheets_and_runs_nothing() {
        let rows = [
            row(&["=1+1", "李, 岺"]),
            row(&["+86", "-5"]),
            row(&["@a", "\tb"]),
            row(&["210102-2026-0000123-7", "a\"b"]),
        ];
        let (disposition, bytes) = read(csv("办件 11月", &row(&["编号", "说明"]), &rows).unwrap()).await;
        assert_eq!(
            disposition,
            "attachment; filename=\"___11_.csv\"; filename*=UTF-8''%E5%8A%9E%E4%BB%B6%2011%E6%9C%88.csv"
        );
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\u{feff}编号,说明\n'=1+1,\"李, 岺\"\n'+86,'-5\n'@a,'\tb\n210102-2026-0000123-7,\"a\"\"b\"\n");
    }

    #[tokio::test]
    async fn xlsx_is_a_zip_with_text_cells() {
        let rows = [row(&["=1+1", "007"])];
        let (disposition, bytes) = read(xlsx("cases", "办件/列表", &row(&["编号", "说明"]), &rows).unwrap()).await;
        assert!(disposition.contains("cases.xlsx"));
        assert!(bytes.starts_with(b"PK"));
    }
}
