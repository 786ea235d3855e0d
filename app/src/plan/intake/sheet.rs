//! This file reads a table of any format that people have (XLSX, CSV in any encoding) as texts, with the lines in which
//! its rows stand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::language::{Bilingual, Lang};
use kernel::refusal::Refusal;
use tables::{Limits, Rows, is_workbook};

use super::titles;
use crate::plan::table::{Fault, both, closed, torn, unlike};

/// How large a sheet may be at the command line: the buildings of a large city.
pub const LIMITS: Limits = Limits { rows: 1_000_000, columns: 200, bytes: 1024 * 1024 * 1024 };

/// The words with which a row begins that adds others up.
const TOTALS: [&str; 6] = ["合计", "总计", "小计", "共计", "total", "sum"];

/// Holds a table as texts.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The file.
    pub file: PathBuf,
    /// The titles of the columns.
    pub titles: Vec<String>,
    /// The cells of each row; a row may have fewer than there are titles.
    pub rows: Vec<Vec<String>>,
    /// The line of the file in which each row stands.
    pub lines: Vec<u64>,
    /// What a reader must know of the file.
    pub said: Vec<Bilingual>,
}

/// Says in both languages why a file is not read.
pub fn told(refusal: &Refusal) -> Bilingual {
    let said = |lang: Lang| [refusal.sentence(lang), refusal.remedy(lang)].join(" ");
    both(said(Lang::Zh), said(Lang::En))
}

impl Sheet {
    /// Reads a file, or the sheet of this name. Rows that add others up are left out and told.
    pub fn read(file: &Path, name: Option<&str>, limits: Limits) -> Result<Self, Vec<Fault>> {
        let fault = |line: u64, said: Bilingual| vec![Fault { file: file.to_owned(), line, said }];
        let bytes = std::fs::read(file).map_err(|broken| fault(0, closed(&broken)))?;
        let mut sheet = Self { file: file.to_owned(), ..Self::default() };
        let mut rows = if is_workbook(&bytes) {
            let read = Rows::of_workbook(&bytes, name, limits, &titles::is_title);
            let (rows, sheets) = read.map_err(|refusal| fault(0, told(&refusal)))?;
            sheet.said.extend(sheets.told());
            rows
        } else {
            Rows::open(&bytes, &titles::is_title).map_err(|found| fault(0, unlike(found)))?
        };
        sheet.titles = cells(&rows);
        loop {
            match rows.step() {
                Ok(true) if sheet.rows.len() < limits.rows => sheet.take(&rows),
                Ok(true) => return Err(fault(rows.line(), too_many(limits.rows))),
                Ok(false) => return Ok(sheet),
                Err(found) => return Err(fault(found.line(), torn(found))),
            }
        }
    }

    /// Says which sheet of a workbook it is, where its file has several.
    #[must_use]
    pub fn called(mut self, name: Option<&str>) -> Self {
        let told = name.map(|name| both(format!("读的是工作表“{name}”。"), format!("the sheet “{name}” was read.")));
        self.said.extend(told);
        self
    }

    fn take(&mut self, rows: &Rows<'_>) {
        let cells = cells(rows);
        let first = cells.iter().find(|cell| !cell.is_empty()).map(|cell| cell.to_lowercase()).unwrap_or_default();
        let line = rows.line();
        // 合 计 and 合计： are the same word.
        let word: String = first.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, ':' | '：')).collect();
        if TOTALS.contains(&word.as_str()) {
            self.said.push(both(
                format!("第 {line} 行是“{first}”，没有读取。"),
                format!("line {line} adds others up (“{first}”) and was left out."),
            ));
            return;
        }
        self.rows.push(cells);
        self.lines.push(line);
    }

    /// Returns the text of a cell; it is empty where there is none.
    pub fn cell(&self, row: usize, place: usize) -> &str {
        self.rows.get(row).and_then(|cells| cells.get(place)).map_or("", String::as_str)
    }

    /// Returns the texts of a column, or nothing if the table has no such column. `at` says where columns stand.
    pub fn column(&self, at: &BTreeMap<String, usize>, name: &str) -> Option<Vec<&str>> {
        let place = *at.get(name)?;
        Some((0..self.rows.len()).map(|row| self.cell(row, place)).collect())
    }

    /// Returns the titles that are not taken.
    pub fn unread(&self, at: &BTreeMap<String, usize>) -> Vec<String> {
        let others = self.titles.iter().enumerate().filter(|(place, title)| {
            let is_taken = at.values().any(|taken| taken == place);
            !is_taken && !title.is_empty()
        });
        others.map(|(_, title)| title.clone()).collect()
    }

    /// Says what is wrong with the whole table.
    pub fn fault(&self, said: Bilingual) -> Vec<Fault> {
        vec![Fault { file: self.file.clone(), line: 0, said }]
    }
}

fn too_many(rows: usize) -> Bilingual {
    both(
        format!("行太多了，最多 {rows} 行。请分成几张表。"),
        format!("there are too many rows; a sheet may have {rows}. Divide it."),
    )
}

fn cells(rows: &Rows<'_>) -> Vec<String> {
    // A line break inside of a cell is a blank in every list.
    let text = |at: usize| rows.cell(at).unwrap_or_default().replace(['\n', '\r'], " ");
    (0..rows.width()).map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_read_with_its_lines_and_without_its_sums() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("楼栋.csv");
        let text = "幸福里社区\n楼栋,户数,备注\n甲,12,\"a\nb\"\n\n乙,7\n合计,19,\n合　计：,19,\n";
        std::fs::write(&file, text).unwrap();
        let sheet = Sheet::read(&file, None, LIMITS).unwrap();
        assert_eq!(sheet.titles, ["楼栋", "户数", "备注"]);
        assert_eq!(sheet.rows, [vec!["甲", "12", "a b"], vec!["乙", "7"]]);
        assert_eq!((sheet.lines.as_slice(), sheet.said.len()), (&[3, 6][..], 2), "{sheet:?}");
        let at = titles::mapped("buildings", &sheet.titles, "households");
        assert_eq!(sheet.column(&at, "households"), Some(vec!["12", "7"]));
        assert_eq!((sheet.column(&at, "lon"), sheet.unread(&at)), (None, vec!["备注".to_owned()]));
        let few = Limits { rows: 1, ..LIMITS };
        assert!(Sheet::read(&file, None, few).unwrap_err()[0].to_string().contains("line 6: there are too many rows"));
        std::fs::write(&file, "楼栋,户数\n\"甲,12\n").unwrap();
        let said = Sheet::read(&file, None, LIMITS).unwrap_err();
        assert!(said[0].to_string().contains("line 2: a quotation mark opens"), "{said:?}");
    }
}
