//! Rows of a sheet of a workbook: each line of the sheet is a row, with all its cells as texts.

use std::borrow::Cow;

use kernel::refusal::Refusal;

use super::{Rows, Span};
use crate::{
    ABOVE_THE_HEAD, CellKind, Held, Limits, Line, Sheet, Sheets, Why, is_blank, packed, tidy, unreadable, workbook,
};

/// Spreadsheets count days from there, so that an hour without a day lies before it.
const FIRST_DAY: &str = "1900-01-01";

impl Rows<'static> {
    /// Opens a sheet of a workbook and goes to its head, which is found as that of a text is. Without a name it takes
    /// the first sheet with a title, and says which others hold anything. `is_title` gets texts as they are written.
    ///
    /// # Errors
    /// The file is no workbook or is too large, there is no such sheet, or it has a formula, an error of the
    /// spreadsheet, a number that lost digits, or cells merged across columns at or below its head.
    pub fn of_workbook(
        bytes: &[u8],
        name: Option<&str>,
        limits: Limits,
        is_title: &dyn Fn(&str) -> bool,
    ) -> Result<(Self, Sheets), Refusal> {
        let bytes = &*packed::unpacked(bytes, limits)?;
        let mut sheet = workbook::read(bytes, limits, name, is_title)?;
        tidy(&mut sheet);
        let at = head(&sheet, is_title);
        let Sheet { mut lines, across, sheets } = sheet;
        let first = lines.get(at).map(|line| line.number).ok_or_else(|| Refusal::new(Why::TableEmpty).field("file"))?;
        if let Some(merged) = across.iter().find(|merged| merged.last_line >= first) {
            return Err(Refusal::new(Why::TableMerged).field("file").with("cell", &merged.address));
        }
        let mut rows = Rows::divided(Cow::Borrowed(""), b',');
        rows.sheet = Some(lines.split_off(at).into_iter());
        if !rows.turn() {
            return Err(unreadable());
        }
        rows.columns = rows.cells.len();
        Ok((rows, sheets))
    }
}

impl Rows<'_> {
    /// Goes to the next line of the sheet that holds anything. Returns `false` behind the last one.
    pub(super) fn turn(&mut self) -> bool {
        let Self { sheet, cells, quoted, line, .. } = self;
        cells.clear();
        quoted.clear();
        let Some(next) = sheet.as_mut().and_then(Iterator::next) else { return false };
        for held in &next.cells {
            let from = quoted.len();
            quoted.push_str(shown(held).trim_matches(is_blank));
            cells.push(Span::Quoted(from..quoted.len()));
        }
        *line = u64::try_from(next.number).unwrap_or(u64::MAX);
        true
    }
}

/// Returns the text of a cell. An hour without a day is shown as the hour.
fn shown(held: &Held) -> &str {
    let is_hour = held.kind == CellKind::Date && !held.time.is_empty() && held.text.as_str() < FIRST_DAY;
    if is_hour { &held.time } else { &held.text }
}

/// Returns which of the first lines has most titles; the first one if none has any.
fn head(sheet: &Sheet, is_title: &dyn Fn(&str) -> bool) -> usize {
    let titles = |line: &Line| line.cells.iter().filter(|held| is_title(&held.text)).count();
    let mut best = (0, 0);
    for (at, line) in sheet.lines.iter().take(ABOVE_THE_HEAD).enumerate() {
        let count = titles(line);
        if count > best.1 {
            best = (at, count);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Format, Workbook};

    use super::*;

    const LIMITS: Limits = Limits { rows: 100, columns: 20, bytes: 1024 * 1024 };

    fn is_title(text: &str) -> bool {
        matches!(text, "楼栋" | "户数" | "经度")
    }

    /// A workbook with one sheet whose cells are the words of each line; `_` stands for an empty cell.
    fn book(sheets: &[(&str, &[&str])]) -> Vec<u8> {
        let mut book = Workbook::new();
        for (name, lines) in sheets {
            let sheet = book.add_worksheet().set_name(*name).unwrap();
            for (row, line) in (0..).zip(*lines) {
                for (column, cell) in (0..).zip(line.split(' ')) {
                    if let Ok(number) = cell.parse::<f64>() {
                        sheet.write_number(row, column, number).unwrap();
                    } else if cell != "_" {
                        sheet.write_string(row, column, cell).unwrap();
                    }
                }
            }
        }
        book.save_to_buffer().unwrap()
    }

    /// The rows from the head on as `line: cell|cell`.
    fn told(bytes: &[u8], name: Option<&str>) -> (Vec<String>, Sheets) {
        let (mut rows, sheets) = Rows::of_workbook(bytes, name, LIMITS, &is_title).unwrap();
        let mut found = Vec::new();
        loop {
            let cells: Vec<&str> = (0..rows.width()).filter_map(|at| rows.cell(at)).collect();
            found.push(format!("{}: {}", rows.line(), cells.join("|")));
            if !rows.step().unwrap() {
                return (found, sheets);
            }
        }
    }

    #[test]
    fn a_sheet_is_read_row_by_row_from_its_head_on() {
        let lines = ["2026年楼栋表", "_", "楼栋 户数 经度", "甲 120 123.4315", "_", "乙 _ 123.5"];
        let bytes = book(&[("说明", &["填写 说明"]), ("表", &lines)]);
        let (found, sheets) = told(&bytes, None);
        assert_eq!(found, ["3: 楼栋|户数|经度", "4: 甲|120|123.4315", "6: 乙||123.5"]);
        assert_eq!((sheets.read.as_str(), sheets.unread.as_slice()), ("表", &["说明".to_owned()][..]));
        assert_eq!(told(&bytes, Some("说明")).0, ["1: 填写|说明"]);
    }

    #[test]
    fn an_hour_without_a_day_is_read_as_the_hour() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "户数").unwrap();
        sheet.write_number_with_format(1, 0, 0.375, &Format::new().set_num_format("hh:mm")).unwrap();
        assert_eq!(told(&book.save_to_buffer().unwrap(), None).0, ["1: 户数", "2: 09:00:00"]);
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        let refused = |bytes: &[u8], name: Option<&str>| {
            Rows::of_workbook(bytes, name, LIMITS, &is_title).map(drop).unwrap_err().code
        };
        assert_eq!(refused(b"PK\x03\x04", None), Why::TableUnreadable);
        assert_eq!(refused(&book(&[("表", &["楼栋 户数"])]), Some("没有")), Why::TableUnreadable);
        assert_eq!(refused(&book(&[("表", &["_"])]), None), Why::TableEmpty);
    }
}
