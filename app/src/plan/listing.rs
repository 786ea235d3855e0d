//! This file writes an answer for people: a list with the city's own ids, names and addresses as CSV, XLSX and GeoJSON,
//! and a page to print. What planners and checks reckon with stands in other files.

mod page;

use std::path::Path;

use kernel::language::{Bilingual, Lang};
use kernel::time::Zone;
use planning::neighbours::Line;
use planning::shape::Point;
use serde_json::{Value, json};
use tables::{Limits, Rows};
use web::table::{Cell, Column, ColumnKind, Table};

use super::answer::{Wrongs, follows};
use super::picture::{Dot, Name, Number, Stroke};
use super::table::both;
use super::{geojson, remove, write};
use crate::AppError;

/// Spreadsheets take no more rows than that.
const MOST_ROWS: usize = 1_000_000;
/// How large the workbook of a list is when it is read again.
const READ: Limits = Limits { rows: MOST_ROWS, columns: 40, bytes: 1024 * 1024 * 1024 };

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It says nothing.
    Nothing,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(u64),
}

impl Said {
    /// Makes a text, or nothing of an empty one.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }

    /// Returns the text of a cell.
    pub fn shown(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
        }
    }

    fn cell(&self) -> Cell {
        match self {
            Self::Nothing => Cell::Empty,
            Self::Text(text) => Cell::Text(text.clone()),
            Self::Whole(number) => Cell::count(*number),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Text(text) => json!(text),
            Self::Whole(number) => json!(number),
        }
    }
}

/// A column of a list.
#[derive(Debug, Clone)]
pub struct Title {
    /// The name for programs.
    pub key: &'static str,
    /// What stands above it.
    pub said: Bilingual,
    /// Whether it holds whole numbers.
    pub whole: bool,
}

/// Makes a column of texts.
pub fn words(key: &'static str, zh: &str, en: &str) -> Title {
    Title { key, said: both(zh, en), whole: false }
}

/// Makes a column of whole numbers.
pub fn numbers(key: &'static str, zh: &str, en: &str) -> Title {
    Title { key, said: both(zh, en), whole: true }
}

/// A line of a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it says in each column.
    pub cells: Vec<Said>,
    /// Where it is, if it is anywhere.
    pub at: Option<Point>,
    /// The group whose colour it has in the picture.
    pub group: Option<usize>,
}

/// A table for people.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What it is about.
    pub name: Bilingual,
    /// The columns.
    pub titles: Vec<Title>,
    /// The lines.
    pub entries: Vec<Entry>,
}

impl Sheet {
    fn table(&self, lang: Lang) -> Table {
        let column = |title: &Title| {
            let kind = if title.whole { ColumnKind::Number } else { ColumnKind::Text };
            Column::new(kind, title.said.get(lang))
        };
        let rows = self.entries.iter().map(|entry| entry.cells.iter().map(Said::cell).collect());
        Table::new(self.name.get(lang), self.titles.iter().map(column).collect()).with(rows)
    }

    fn is_placed(&self) -> bool {
        self.entries.iter().any(|entry| entry.at.is_some())
    }
}

/// An answer for people.
#[derive(Debug, Clone)]
pub struct Listing {
    /// What was planned.
    pub title: Bilingual,
    /// The figures that people ask for first.
    pub figures: Vec<(Bilingual, u64)>,
    /// What a reader must know of how the tables were made.
    pub said: Vec<Bilingual>,
    /// The sums: of each grid, community or compound.
    pub sums: Sheet,
    /// The list itself.
    pub lines: Sheet,
    /// Whether points are degrees.
    pub degrees: bool,
    /// What the points are.
    pub unit: &'static str,
    /// Whether they lie on an OpenStreetMap extract, which then is named as the source.
    pub on_map: bool,
    /// The streets and waters that are drawn below the points.
    pub strokes: Vec<(Line, Stroke)>,
    /// The numbers that are written over the points.
    pub numbers: Vec<Number>,
    /// The names of communities that are written over them.
    pub names: Vec<Name>,
    /// What the points and numbers of the picture are.
    pub legend: Bilingual,
    /// What is drawn below the points and stands in no list.
    pub below: Vec<Dot>,
}

impl Listing {
    /// Writes `answer.csv`, `answer.xlsx`, `answer.geojson` and `answer.html`. A list that no spreadsheet takes has no
    /// workbook.
    pub fn write(&self, out: &Path, lang: Lang) -> Result<(), AppError> {
        for (name, bytes) in self.texts(lang)? {
            write(&out.join(name), &bytes)?;
        }
        let workbook = out.join("answer.xlsx");
        if self.lines.entries.len() > MOST_ROWS {
            return remove(&workbook);
        }
        write(&workbook, &self.lines.table(lang).bytes(ZONE, "xlsx").map_err(|fault| unwritten(&fault))?)
    }

    /// Compares the files with what they should say, in the language in which they are written. A file that is not
    /// there says nothing.
    pub fn compare(&self, out: &Path, lang: Lang, wrongs: &mut Wrongs) -> Result<(), AppError> {
        let page = std::fs::read_to_string(out.join("answer.html")).unwrap_or_default();
        let is_in = |lang: &Lang| page.contains(&format!("<html lang=\"{}\">", lang.code()));
        let lang = Lang::ALL.into_iter().find(is_in).unwrap_or(lang);
        for (name, bytes) in self.texts(lang)? {
            follows(&out.join(name), &bytes, wrongs);
        }
        self.compare_workbook(&out.join("answer.xlsx"), lang, wrongs);
        Ok(())
    }

    /// Returns the files that are texts.
    fn texts(&self, lang: Lang) -> Result<[(&'static str, Vec<u8>); 3], AppError> {
        let list = self.lines.table(lang).bytes(ZONE, "csv").map_err(|fault| unwritten(&fault))?;
        Ok([
            ("answer.csv", list),
            ("answer.geojson", self.located()),
            ("answer.html", page::page(self, lang).into_bytes()),
        ])
    }

    /// Returns the list as GeoJSON, or the sums where the lines of the list are nowhere.
    fn located(&self) -> Vec<u8> {
        let sheet = if self.lines.is_placed() { &self.lines } else { &self.sums };
        let feature = |entry: &Entry| {
            let facts: Vec<(&str, Value)> =
                sheet.titles.iter().zip(&entry.cells).map(|(title, said)| (title.key, said.json())).collect();
            Some(geojson::point(entry.at?, &facts))
        };
        let features: Vec<Value> = sheet.entries.iter().filter_map(feature).collect();
        geojson::collection_in(self.unit, &features)
    }

    /// Compares the workbook cell by cell. Its bytes differ each time, because the hour stands in them.
    fn compare_workbook(&self, path: &Path, lang: Lang, wrongs: &mut Wrongs) {
        let Ok(bytes) = std::fs::read(path) else { return };
        let titles: Vec<&str> = self.lines.titles.iter().map(|title| title.said.get(lang)).collect();
        let Ok((mut rows, _)) = Rows::of_workbook(&bytes, None, READ, &|text| titles.contains(&text)) else {
            wrongs.add(path, 0, both("读不出来。请重新规划。", "cannot be read. Plan again."));
            return;
        };
        for entry in &self.lines.entries {
            let there = matches!(rows.step(), Ok(true));
            let cell = |at: usize| if there { rows.cell(at).unwrap_or_default() } else { "" };
            let odd = entry.cells.iter().enumerate().find(|(at, said)| cell(*at) != said.shown().trim());
            if let Some((at, said)) = odd {
                let name = titles.get(at).copied().unwrap_or_default();
                wrongs.differs(path, rows.line(), name, cell(at), said.shown());
                return;
            }
        }
        if matches!(rows.step(), Ok(true)) {
            let said = both("多出一行。请重新规划。", "has a row too many. Plan again.");
            wrongs.add(path, rows.line(), said);
        }
    }
}

/// Lists have no moments, so it does not matter where they are read.
const ZONE: Zone = Zone::new(0);

fn unwritten(fault: &web::WebError) -> AppError {
    AppError::Said(fault.to_string())
}
