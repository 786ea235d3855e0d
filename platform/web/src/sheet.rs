//! Tables as files: XLSX with numbers, amounts and dates that a spreadsheet can reckon with, and CSV for everything
//! else.

use crate::download::{XLSX, failed, file, harmless, sheet_name, width_of};
use crate::error::WebError;
use crate::page::Page;
use crate::table::{Cell, Table, decimal, percent};
use axum::response::Response;
use kernel::time::{Date, Instant, Zone, show_minute_of_day};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The narrowest and the widest column, in characters.
const WIDTHS: (u32, u32) = (8, 60);
/// The largest number that a spreadsheet keeps exactly: 15 digits. Larger ones are sent as text.
const LARGEST: u64 = 999_999_999_999_999;

impl Table {
    /// The table as a file: CSV when `format` is `csv`, a workbook otherwise. `name` is the name of the file without
    /// ending; nothing personal may stand in it.
    ///
    /// # Errors
    /// As [`Table::xlsx`] and [`Table::csv`].
    pub async fn file(self, page: &Page, name: &str, format: &str) -> Result<Response, WebError> {
        if format == "csv" { self.csv(page, name).await } else { self.xlsx(page, name).await }
    }

    /// The table as XLSX, made on a thread that serves no pages: numbers are numbers, money is yuan with two digits,
    /// dates are dates with their year; the head stays in sight and filters.
    ///
    /// # Errors
    /// [`WebError::Failed`] when the table cannot be written (more than 1,048,576 rows, a cell over 32,767 characters).
    pub async fn xlsx(self, page: &Page, name: &str) -> Result<Response, WebError> {
        let zone = page.zone();
        let bytes = page.aside(move || self.workbook(zone)).await?.map_err(|error| failed("xlsx", &error))?;
        Ok(file(name, "xlsx", XLSX, bytes))
    }

    /// The table as CSV of RFC 4180 in UTF-8, made on a thread that serves no pages, with the mark that spreadsheets
    /// need to read Chinese. Lines end with CR and LF and have a cell for each column; numbers are plain, without
    /// signs for thousands or per cent; words that a spreadsheet would take for a formula get an apostrophe before
    /// them; dates are written year first.
    ///
    /// # Errors
    /// [`WebError::Failed`] when the table cannot be written.
    pub async fn csv(self, page: &Page, name: &str) -> Result<Response, WebError> {
        let zone = page.zone();
        let bytes = page.aside(move || self.lines_of_text(zone)).await??;
        Ok(file(name, "csv", "text/csv; charset=utf-8", bytes))
    }

    /// The same files for the command line, where no page asks for them: CSV when `format` is `csv`, a workbook
    /// otherwise.
    ///
    /// # Errors
    /// As [`Table::xlsx`] and [`Table::csv`].
    pub fn bytes(&self, zone: Zone, format: &str) -> Result<Vec<u8>, WebError> {
        if format == "csv" {
            self.lines_of_text(zone)
        } else {
            self.workbook(zone).map_err(|error| failed("xlsx", &error))
        }
    }

    fn lines_of_text(&self, zone: Zone) -> Result<Vec<u8>, WebError> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(b"\xEF\xBB\xBF".to_vec());
        let head = self.columns.iter().map(|column| harmless(&column.title));
        writer.write_record(head).map_err(|error| failed("csv", &error))?;
        for row in &self.rows {
            let cells = row.iter().map(|cell| plain(cell, zone));
            let missing = self.columns.len().saturating_sub(row.len());
            writer
                .write_record(cells.chain(std::iter::repeat_n(String::new(), missing)))
                .map_err(|error| failed("csv", &error))?;
        }
        writer.into_inner().map_err(|error| failed("csv", &error))
    }

    fn workbook(&self, zone: Zone) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let (look, bold) = (Look::new(zone), Format::new().set_bold());
        let sheet = book.add_worksheet().set_name(sheet_name(&self.caption))?;
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, &column.title, &bold)?;
            sheet.set_column_width(at, self.width(usize::from(at), zone))?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (at, cell) in (0_u16..).zip(row) {
                look.write(sheet, line, at, cell)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let Some(last) = self.columns.len().checked_sub(1) {
            let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
            sheet.autofilter(0, 0, rows, u16::try_from(last).unwrap_or(u16::MAX))?;
        }
        book.save_to_buffer()
    }

    /// The width of a column, by its longest cell.
    fn width(&self, at: usize, zone: Zone) -> u32 {
        let title = self.columns.get(at).map(|column| width_of(&column.title));
        let cells = self.rows.iter().filter_map(|row| row.get(at)).map(|cell| width_of(&plain(cell, zone)));
        let longest = cells.chain(title).max().unwrap_or_default();
        u32::try_from(longest).unwrap_or(WIDTHS.1).clamp(WIDTHS.0, WIDTHS.1)
    }
}

/// How a spreadsheet shows cells of each kind.
struct Look {
    zone: Zone,
    number: Format,
    money: Format,
    date: Format,
    moment: Format,
    share: Format,
}

impl Look {
    fn new(zone: Zone) -> Self {
        let format = |text: &str| Format::new().set_num_format(text);
        Self {
            zone,
            number: format("#,##0"),
            money: format("#,##0.00"),
            date: format("yyyy-mm-dd"),
            moment: format("yyyy-mm-dd hh:mm"),
            share: format("0.0%"),
        }
    }

    /// Writes one cell; what a spreadsheet cannot keep exactly is written as text.
    fn write(&self, sheet: &mut Worksheet, line: u32, at: u16, cell: &Cell) -> Result<(), XlsxError> {
        let number = match cell {
            Cell::Empty => return Ok(()),
            Cell::Number(number) | Cell::Told { number, .. } | Cell::Opened { number, .. } => {
                exact(*number, 0).map(|number| (number, &self.number))
            }
            Cell::Money(amount) => exact(amount.fen(), 2).map(|number| (number, &self.money)),
            Cell::Hundredths(number) => exact(*number, 2).map(|number| (number, &self.money)),
            Cell::Share(share) => exact(*share, 3).map(|number| (number, &self.share)),
            Cell::Date(date) => return self.write_day(sheet, line, at, cell, day(*date)),
            Cell::Moment(moment) => return self.write_day(sheet, line, at, cell, minute(*moment, self.zone)),
            Cell::Text(_) | Cell::Link { .. } | Cell::Light(_) | Cell::Noted { .. } => None,
        };
        match number {
            Some((number, format)) => sheet.write_number_with_format(line, at, number, format)?,
            None => sheet.write_string(line, at, words(cell, self.zone))?,
        };
        Ok(())
    }

    /// Writes a date or a moment; one before 1900, which spreadsheets do not know, as text.
    fn write_day(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        at: u16,
        cell: &Cell,
        day: Option<ExcelDateTime>,
    ) -> Result<(), XlsxError> {
        let format = if matches!(cell, Cell::Date(_)) { &self.date } else { &self.moment };
        match day {
            Some(day) => sheet.write_datetime_with_format(line, at, day, format)?,
            None => sheet.write_string(line, at, words(cell, self.zone))?,
        };
        Ok(())
    }
}

/// The number with that many digits behind the point, none when a spreadsheet would round it.
fn exact(number: i64, places: usize) -> Option<f64> {
    if number.unsigned_abs() > LARGEST { None } else { decimal(number, places).parse().ok() }
}

fn day(date: Date) -> Option<ExcelDateTime> {
    let (year, month) = (u16::try_from(date.year()).ok()?, u8::try_from(date.month()).ok()?);
    ExcelDateTime::from_ymd(year, month, u8::try_from(date.day()).ok()?).ok()
}

fn minute(at: Instant, zone: Zone) -> Option<ExcelDateTime> {
    let minute = zone.minute_of_day(at);
    let (hour, minute) = (u16::try_from(minute / 60).ok()?, u8::try_from(minute % 60).ok()?);
    day(zone.date(at))?.and_hms(hour, minute, 0).ok()
}

/// A cell in words that mean the same everywhere: no groups of digits, the year first.
fn words(cell: &Cell, zone: Zone) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Link { text, .. } | Cell::Noted { text, .. } => text.clone(),
        Cell::Number(number) | Cell::Told { number, .. } | Cell::Opened { number, .. } => number.to_string(),
        Cell::Money(amount) => decimal(amount.fen(), 2),
        Cell::Date(date) => date.to_string(),
        Cell::Moment(at) => format!("{} {}", zone.date(*at), show_minute_of_day(zone.minute_of_day(*at))),
        Cell::Share(share) => percent(*share),
        Cell::Hundredths(number) => decimal(*number, 2),
        Cell::Light(light) => light.text.clone(),
    }
}

/// A cell of a CSV. Figures keep their sign and are plain numbers, a share a part of one; words that look like a
/// formula do not stay one.
fn plain(cell: &Cell, zone: Zone) -> String {
    if let Cell::Share(share) = cell {
        return decimal(*share, 3);
    }
    let words = words(cell, zone);
    let said = matches!(cell, Cell::Text(_) | Cell::Link { .. } | Cell::Light(_) | Cell::Noted { .. });
    if said { harmless(&words) } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::Light;
    use crate::table::{Column, ColumnKind};
    use kernel::money::Fen;
    use std::io::Read;

    const ZONE: Zone = Zone { utc_offset_minutes: 480 };

    fn table() -> Table {
        let kinds = [
            ColumnKind::Link,
            ColumnKind::Number,
            ColumnKind::Money,
            ColumnKind::Date,
            ColumnKind::Moment,
            ColumnKind::Share,
            ColumnKind::Text,
        ];
        let columns = kinds.map(|kind| Column::new(kind, format!("{kind:?}"))).to_vec();
        let noon = ZONE.instant(Date::constant(2026, 11, 23), 750);
        Table::new("办件/列表", columns).with([
            vec![
                Cell::link("=1+1", "/a"),
                Cell::opened(-7, "/b"),
                Fen::new(123_456).into(),
                Date::constant(2026, 11, 23).into(),
                noon.into(),
                Cell::Share(125),
                "007".into(),
            ],
            vec![
                "b".into(),
                i64::MAX.into(),
                Cell::Told { number: 3, text: "3 minutes".to_owned() },
                Date::constant(1850, 1, 2).into(),
                Cell::Noted { text: "c".to_owned(), note: "d".to_owned() },
                "–".into(),
                Light { class: "ok", text: "-1".to_owned() }.into(),
            ],
        ])
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_workbook_reckons_with_figures_and_dates() {
        let bytes = table().workbook(ZONE).unwrap();
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        let value = |cell: &str| {
            let found = sheet.split("<c ").find(|piece| piece.starts_with(&format!("r=\"{cell}\"")));
            let found = found.and_then(|piece| piece.split_once("<v>")?.1.split_once("</v>"));
            found.map(|(value, _)| value.to_owned()).unwrap_or_default()
        };
        let is_text = |cell: &str| {
            sheet.split("<c ").any(|piece| piece.starts_with(&format!("r=\"{cell}\"")) && piece.contains("t=\"s\""))
        };
        assert_eq!((value("B2").as_str(), value("C2").as_str(), value("F2").as_str()), ("-7", "1234.56", "0.125"));
        // Days since the end of 1899 that spreadsheets count, and half past twelve of that day.
        assert_eq!(value("D2"), "46349");
        assert!(value("E2").starts_with("46349.52"), "{}", value("E2"));
        for cell in ["A2", "G2", "B3", "D3", "E3", "F3", "G3"] {
            assert!(is_text(cell), "{cell}");
        }
        for cell in ["B2", "C2", "D2", "E2", "F2", "C3"] {
            assert!(!is_text(cell), "{cell}");
        }
        assert!(sheet.contains("<autoFilter ref=\"A1:G3\"/>") && sheet.contains("state=\"frozen\""), "{sheet}");
        assert!(part(&bytes, "xl/workbook.xml").contains("name=\"办件列表\""));
        assert!(part(&bytes, "xl/styles.xml").contains("yyyy-mm-dd hh:mm"));
    }

    #[test]
    fn csv_is_read_by_spreadsheets_in_chinese() {
        let columns = ["编号", "说明"].map(|title| Column::new(ColumnKind::Text, title)).to_vec();
        let rows = [["=1+1", "李, 岺"], ["210102-2026-0000123-7", "a\"b"]];
        let list = Table::new("办件", columns).with(rows.map(|row| row.map(Cell::from).to_vec()));
        let text = String::from_utf8(list.lines_of_text(ZONE).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}编号,说明\r\n'=1+1,\"李, 岺\"\r\n210102-2026-0000123-7,\"a\"\"b\"\r\n");
    }

    #[test]
    fn each_line_of_a_csv_has_a_cell_for_each_column() {
        let columns = ["a", "b", "c"].map(|title| Column::new(ColumnKind::Text, title)).to_vec();
        let list = Table::new("x", columns).with([vec![Cell::from("一\n二")], vec![Cell::Share(1_000), Cell::Empty]]);
        let text = String::from_utf8(list.lines_of_text(ZONE).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}a,b,c\r\n\"一\n二\",,\r\n1.000,,\r\n");
    }

    #[test]
    fn a_table_without_rows_or_columns_is_still_a_workbook() {
        let columns = vec![Column::new(ColumnKind::Text, "a")];
        assert!(Table::new("a", columns).workbook(ZONE).unwrap().starts_with(b"PK"));
        assert!(Table::new("a", Vec::new()).workbook(ZONE).unwrap().starts_with(b"PK"));
    }

    #[test]
    fn figures_keep_their_sign_and_words_are_no_formula() {
        let rows: Vec<Vec<String>> =
            table().rows.iter().map(|row| row.iter().map(|cell| plain(cell, ZONE)).collect()).collect();
        assert_eq!(rows[0], ["'=1+1", "-7", "1234.56", "2026-11-23", "2026-11-23 12:30", "0.125", "007"]);
        assert_eq!(rows[1], ["b", "9223372036854775807", "3", "1850-01-02", "c", "–", "'-1"]);
    }
}
