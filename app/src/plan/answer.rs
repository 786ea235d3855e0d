//! This file reads what an answer says, line by line, and gathers what is wrong with it.

use std::path::{Path, PathBuf};

use kernel::language::Bilingual;
use tables::{Rows, Torn, Unlike, folded};

use super::beside;
use super::table::{Fault, Ids, both, short};
use crate::AppError;

/// Limits how many faults are told. The rest is counted.
const TOLD: usize = 20;
/// Limits how many signs of a cell or a line are shown, and of a figure.
const SHOWN: usize = 80;
const FIGURE: usize = 400;

/// Gathers what is wrong with an answer.
#[derive(Debug, Default)]
pub struct Wrongs {
    told: Vec<Fault>,
    more: usize,
}

impl Wrongs {
    /// Notes a fault of a file. The line is counted from 1; it is 0 if the whole file is meant.
    pub fn add(&mut self, file: &Path, line: u64, said: Bilingual) {
        if self.told.len() < TOLD {
            self.told.push(Fault { file: file.to_owned(), line, said });
        } else {
            self.more += 1;
        }
    }

    /// Notes that a cell or figure says one thing, and another was found.
    pub fn differs(
        &mut self,
        file: &Path,
        line: u64,
        name: &str,
        said: impl std::fmt::Display,
        found: impl std::fmt::Display,
    ) {
        let (said, found) = (said.to_string(), found.to_string());
        let (said, found) = (short(&said, FIGURE), short(&found, FIGURE));
        let sentence = both(
            format!("{name} 写的是 {said}，由表算出来是 {found}。请重新规划，不要改动结果文件。"),
            format!("{name} says {said}, and the tables give {found}. Plan again, and leave the answer as it is."),
        );
        self.add(file, line, sentence);
    }

    /// Refuses the answer if anything is wrong with it.
    pub fn end(&mut self) -> Result<(), AppError> {
        let mut told = std::mem::take(&mut self.told);
        let Some(file) = told.last().map(|last| last.file.clone()) else { return Ok(()) };
        if self.more > 0 {
            let said = both(format!("还有 {} 处错误。", self.more), format!("{} more faults.", self.more));
            told.push(Fault { file, line: 0, said });
        }
        Err(AppError::Tables(told))
    }
}

/// Refuses an answer for one fault of a file.
pub fn refused(file: &Path, line: u64, said: Bilingual) -> AppError {
    AppError::Tables(vec![Fault { file: file.to_owned(), line, said }])
}

/// Says what a column of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The column holds the id of a row of a table, or something else in its place.
    Id,
    /// The column holds a whole number.
    Whole,
    /// The column holds a decimal number.
    Decimal,
    /// The column holds a decimal number or nothing.
    Perhaps,
    /// The column holds numbers divided by blanks, or nothing.
    Numbers,
    /// The column holds a word.
    Word,
}

impl Shape {
    fn fits(self, text: &str) -> bool {
        let decimal = || text.parse::<f64>().is_ok_and(f64::is_finite);
        match self {
            Self::Whole => text.parse::<i64>().is_ok(),
            Self::Decimal => decimal(),
            Self::Perhaps => text.is_empty() || decimal(),
            Self::Numbers => text.split_ascii_whitespace().all(|one| one.parse::<f64>().is_ok_and(f64::is_finite)),
            Self::Id | Self::Word => !text.is_empty(),
        }
    }
}

/// A line of an answer: its cells in the order in which the columns were asked for.
#[derive(Debug)]
pub struct Row {
    /// The line of the file, counted from 1.
    pub line: u64,
    cells: Vec<String>,
}

impl Row {
    /// Returns the text of a cell.
    pub fn text(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// Returns the whole number of a cell.
    pub fn whole(&self, at: usize) -> i64 {
        self.text(at).parse().unwrap_or_default()
    }

    /// Returns the decimal number of a cell, or nothing if the cell is empty.
    pub fn decimal(&self, at: usize) -> Option<f64> {
        self.text(at).parse().ok()
    }
}

/// A table of an answer.
#[derive(Debug)]
pub struct Sheet {
    /// The file.
    pub path: PathBuf,
    /// Its lines below the header. Those with a fault of their own are left out.
    pub rows: Vec<Row>,
}

/// Says that a file of an answer is not there.
fn unopened(path: &Path, fault: &std::io::Error) -> Bilingual {
    let there = beside::around(path);
    both(
        format!("打不开（{fault}）。请用 --out 指明规划结果所在的文件夹，或重新规划。{}", there.zh),
        format!("cannot be opened ({fault}). Name the folder of the answer with --out, or plan again.{}", there.en),
    )
}

/// Says that a file of an answer ends too soon.
fn cut_off(zh: &str, en: &str) -> Bilingual {
    both(format!("{zh}，文件不完整。请重新规划。"), format!("{en}: the file is cut off. Plan again."))
}

/// Says why a file of an answer is no table.
fn unlike(unlike: Unlike) -> Bilingual {
    match unlike {
        Unlike::Empty => cut_off("里面什么也没有", "is empty"),
        Unlike::Torn(broken) => torn(broken),
        _ => both("不是文字表格。请重新规划。", "is no text. Plan again."),
    }
}

/// Says that a row of an answer cannot be told from those behind it.
fn torn(torn: Torn) -> Bilingual {
    let line = torn.line();
    both(
        format!("第 {line} 行的引号没有配对。请重新规划。"),
        format!("a quotation mark in line {line} has no other that closes it. Plan again."),
    )
}

/// Reads a table of an answer. It has these columns and no others, and each cell is of its shape.
pub fn sheet(out: &Path, name: &str, columns: &[(&str, Shape)], wrongs: &mut Wrongs) -> Result<Sheet, AppError> {
    let mut rows = Vec::new();
    let mut take = |row: Row, _: &mut Wrongs| {
        rows.push(row);
        true
    };
    let path = each_row(out, name, columns, wrongs, &mut take)?;
    Ok(Sheet { path, rows })
}

/// Goes through such a table row by row as long as `take` says `true`, and returns the file.
pub fn each_row(
    out: &Path,
    name: &str,
    columns: &[(&str, Shape)],
    wrongs: &mut Wrongs,
    take: &mut dyn FnMut(Row, &mut Wrongs) -> bool,
) -> Result<PathBuf, AppError> {
    let path = out.join(format!("{name}.csv"));
    let bytes = std::fs::read(&path).map_err(|fault| refused(&path, 0, unopened(&path, &fault)))?;
    let is_title = |text: &str| columns.iter().any(|(name, _)| folded(name) == folded(text));
    let mut lines = Rows::open(&bytes, &is_title).map_err(|found| refused(&path, 0, unlike(found)))?;
    // Where a sign takes two bytes, one of them is empty.
    let last = bytes.iter().rev().find(|byte| **byte != 0);
    if !last.is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(refused(&path, 0, cut_off("最后一行没有写完", "ends in the middle of its last line")));
    }
    let header: Vec<String> = (0..lines.width()).map(|at| folded(lines.cell(at).unwrap_or_default())).collect();
    let places = places(columns, &header).map_err(|said| refused(&path, lines.line(), said))?;
    while lines.step().map_err(|found| refused(&path, found.line(), torn(found)))? {
        let line = lines.line();
        if lines.width() != header.len() {
            let (fields, titles) = (lines.width(), header.len());
            let said = both(
                format!("这一行有 {fields} 格，第一行有 {titles} 列。请重新规划。"),
                format!("the line has {fields} fields, {titles} are in the header. Plan again."),
            );
            wrongs.add(&path, line, said);
            continue;
        }
        let cell = |at: &usize| lines.cell(*at).unwrap_or_default().to_owned();
        let row = Row { line, cells: places.iter().map(cell).collect() };
        let odd = columns.iter().enumerate().find(|(at, (_, shape))| !shape.fits(row.text(*at)));
        match odd {
            None => {
                if !take(row, wrongs) {
                    break;
                }
            }
            Some((at, (name, _))) => {
                let text = short(row.text(at), SHOWN);
                let said = both(
                    format!("{name}：“{text}”不是这一列该有的内容。请重新规划。"),
                    format!("{name}: “{text}” is not what the column holds. Plan again."),
                );
                wrongs.add(&path, line, said);
            }
        }
    }
    Ok(path)
}

/// Returns where the columns of an answer stand. Each must stand there once, and no others.
fn places(columns: &[(&str, Shape)], header: &[String]) -> Result<Vec<usize>, Bilingual> {
    let names = || columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
    let known = |title: &String| columns.iter().any(|(name, _)| folded(name) == *title);
    let twice = |(at, title): (usize, &String)| header.iter().take(at).any(|other| other == title);
    if let Some((_, odd)) = header.iter().enumerate().find(|(at, title)| !known(title) || twice((*at, *title))) {
        let (odd, names) = (short(odd, SHOWN), names());
        return Err(both(
            format!("第一行的“{odd}”不是这个结果的列，或者写了两次。应有的列是 {names}。请重新规划。"),
            format!(
                "the header has “{odd}”, which is no column of this answer or stands twice. Its columns are {names}. Plan again."
            ),
        ));
    }
    let place = |(name, _): &(&str, Shape)| {
        header.iter().position(|title| *title == folded(name)).ok_or_else(|| {
            let names = names();
            both(
                format!("第一行没有“{name}”这一列。应有的列是 {names}。请重新规划。"),
                format!("the header has no column “{name}”. Its columns are {names}. Plan again."),
            )
        })
    };
    columns.iter().map(place).collect()
}

/// Reads whole numbers as a `.bin` file of an answer holds them, one for each thing. `zh` and `en` say what a number is
/// and of what.
pub fn numbers(out: &Path, name: &str, wanted: usize, zh: [&str; 2], en: [&str; 2]) -> Result<Vec<u32>, AppError> {
    let path = out.join(name);
    let bytes = std::fs::read(&path).map_err(|fault| refused(&path, 0, unopened(&path, &fault)))?;
    let found = super::words(&bytes);
    if bytes.len() % 4 != 0 {
        let said = cut_off("最后一个数没有写完", "ends in the middle of a number");
        return Err(refused(&path, 0, said));
    }
    if found.len() != wanted {
        let count = found.len();
        let said = both(
            format!("有 {count} 个{}，而表里有 {wanted} 个{}。请用同一套表重新规划。", zh[0], zh[1]),
            format!(
                "{count} {} for {wanted} {}. The answer is cut off or belongs to other tables: plan again.",
                en[0], en[1]
            ),
        );
        return Err(refused(&path, 0, said));
    }
    Ok(found)
}

/// Compares a file that follows from the rest of an answer with what it should say, line by line. A drawing that is not
/// there says nothing.
pub fn follows(path: &Path, wanted: &[u8], wrongs: &mut Wrongs) {
    let Ok(bytes) = std::fs::read(path) else { return };
    if bytes == wanted {
        return;
    }
    let (said, wanted) = (String::from_utf8_lossy(&bytes), String::from_utf8_lossy(wanted));
    let shown = |line: Option<&str>| line.map_or_else(|| "—".to_owned(), |line| line.chars().take(SHOWN).collect());
    let (mut said, mut wanted) = (said.split('\n'), wanted.split('\n'));
    for line in 1u64.. {
        let (one, other) = (said.next(), wanted.next());
        if one != other || one.is_none() {
            let (one, other) = (shown(one), shown(other));
            let said = both(
                format!("这一行是“{one}”，按结果的其余部分应是“{other}”。请重新规划。"),
                format!("the line is “{one}”, and the rest of the answer gives “{other}”. Plan again."),
            );
            wrongs.add(path, line, said);
            return;
        }
    }
}

/// Notes which rows of a table have a line.
#[derive(Debug)]
pub struct Once<'a> {
    ids: &'a Ids,
    /// The line of each row, 0 for none yet.
    lines: Vec<u64>,
    zh: &'static str,
    en: &'static str,
}

impl<'a> Once<'a> {
    /// Begins with the rows of a table, which have no line. `zh` and `en` say what they are.
    pub fn new(ids: &'a Ids, zh: &'static str, en: &'static str) -> Self {
        Self { ids, lines: vec![0; ids.len()], zh, en }
    }

    /// Notes the line of the row with an id. Returns the row if it exists and had no line before.
    pub fn take(&mut self, file: &Path, line: u64, id: &str, wrongs: &mut Wrongs) -> Option<usize> {
        let Some(row) = self.ids.row(id) else {
            let (count, zh, en, id) = (self.ids.len(), self.zh, self.en, short(id, SHOWN));
            let said = both(
                format!("没有{zh} {id}，表里有 {count} 个。结果是用别的表做的，请重新规划。"),
                format!(
                    "there is no {en} {id}; the tables have {count}. The answer belongs to other tables: plan again."
                ),
            );
            wrongs.add(file, line, said);
            return None;
        };
        self.note(file, line, row, wrongs).then_some(row)
    }

    /// Notes the line of a row. Says whether it had no line before.
    pub fn note(&mut self, file: &Path, line: u64, row: usize, wrongs: &mut Wrongs) -> bool {
        let before = std::mem::replace(&mut self.lines[row], line);
        if before > 0 {
            let (zh, en, id) = (self.zh, self.en, self.ids.written(row));
            let said = both(
                format!("{zh} {id} 在第 {before} 行已经写过。请重新规划。"),
                format!("{en} {id} stands on line {before} already. Plan again."),
            );
            wrongs.add(file, line, said);
        }
        before == 0
    }

    /// Notes which of them have no line.
    pub fn end(&self, file: &Path, wrongs: &mut Wrongs) {
        let (zh, en) = (self.zh, self.en);
        for (row, _) in self.lines.iter().enumerate().filter(|(_, line)| **line == 0) {
            let id = self.ids.written(row);
            let said = both(
                format!("{zh} {id} 没有写。文件不完整，请重新规划。"),
                format!("{en} {id} has no line: the answer is cut off. Plan again."),
            );
            wrongs.add(file, 0, said);
        }
    }
}
