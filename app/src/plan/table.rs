//! This file reads tables of a bundle: whole numbers and coordinates by column, from CSV or Parquet. It tells every
//! fault with file, line and remedy.

mod parquet;

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use kernel::language::{Bilingual, Lang};
use tables::{Text, folded};

/// Limits how many faults are told. The rest is counted.
const TOLD: usize = 20;

/// Says what a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The column holds the row's own number, from 0 in the order of the file.
    Id,
    /// The column holds a row of another table. The number says how many rows that table has.
    Row(&'static str, usize),
    /// The column holds a whole number from the first to the second, both included.
    Whole(i64, i64),
    /// The column holds metres or degrees with up to seven decimals. They are kept times 10,000,000.
    Place,
}

/// A column that a planner wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    /// Its name in the header.
    pub name: &'a str,
    /// What it holds.
    pub kind: Kind,
}

/// Makes a column from name and kind.
pub const fn column(name: &str, kind: Kind) -> Column<'_> {
    Column { name, kind }
}

/// Is the number by which coordinates are multiplied to be whole.
pub const PLACE_UNIT: i64 = 10_000_000;

/// Says what is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// The line of a CSV file or the row of a Parquet file, counted from 1. It is 0 if the whole file is meant.
    pub line: u64,
    /// What is wrong and what to do.
    pub said: Bilingual,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.told(Lang::En))
    }
}

impl Fault {
    /// Says it in a language, with file and line.
    pub fn told(&self, lang: Lang) -> String {
        let (file, line, said) = (self.file.display(), self.line, self.said.get(lang));
        match lang {
            _ if line == 0 => format!("{file}: {said}"),
            Lang::Zh => format!("{file}，第 {line} 行：{said}"),
            Lang::En if is_parquet(&self.file) => format!("{file}, row {line}: {said}"),
            Lang::En => format!("{file}, line {line}: {said}"),
        }
    }
}

/// Makes a sentence in both languages.
pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual::new(zh, en)
}

/// Says that a table cannot be opened.
fn unopened(fault: &std::io::Error) -> Bilingual {
    both(format!("打不开（{fault}）。请把表放在这里。"), format!("cannot be opened ({fault}). Put the table there."))
}

/// Says that a text or a number is no coordinate.
fn no_coordinate(text: impl fmt::Display) -> Bilingual {
    both(format!("“{text}”不是坐标。请写成 123.4"), format!("“{text}” is not a coordinate. Write it as 123.4"))
}

/// Says that a text or a number is no whole number.
fn not_whole(text: impl fmt::Display) -> Bilingual {
    both(
        format!("“{text}”不是整数。请不要写小数和别的符号。"),
        format!("“{text}” is not a whole number. Write it without decimals or signs."),
    )
}

/// Says it of a column.
fn of_column(name: &str, said: &Bilingual) -> Bilingual {
    both(format!("{name}：{}", said.zh), format!("{name}: {}", said.en))
}

/// Holds the columns of a table in the order in which they were asked for. All are equally long.
pub type Columns = Vec<Vec<i64>>;

fn is_parquet(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "parquet")
}

/// Returns the file of a table: CSV if there is one, otherwise Parquet.
pub fn file_of(folder: &Path, name: &str) -> PathBuf {
    let parquet = folder.join(format!("{name}.parquet"));
    let csv = folder.join(format!("{name}.csv"));
    if !csv.exists() && parquet.exists() { parquet } else { csv }
}

/// Says whether a table names a column.
pub fn has_column(folder: &Path, name: &str, column: &str) -> bool {
    let path = file_of(folder, name);
    if is_parquet(&path) {
        return parquet::columns(&path).is_ok_and(|columns| columns.iter().any(|known| known == column));
    }
    let Some(begin) = beginning(&path) else { return false };
    let Some(Text { text, divider }) = tables::text(&begin) else { return false };
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(divider).from_reader(text.as_bytes());
    let header = reader.headers();
    header.is_ok_and(|header| header.iter().any(|known| folded(known) == folded(column)))
}

/// Limits how much of a CSV is read to find its header.
const BEGINNING: u64 = 64 * 1024;

/// Reads the first lines of a file. A line that does not end within the limit is left out.
fn beginning(path: &Path) -> Option<Vec<u8>> {
    let mut begin = Vec::new();
    File::open(path).ok()?.take(BEGINNING).read_to_end(&mut begin).ok()?;
    let is_wide = begin.starts_with(b"\xFF\xFE") || begin.starts_with(b"\xFE\xFF");
    let is_cut = u64::try_from(begin.len()).is_ok_and(|length| length == BEGINNING);
    if let Some(end) = begin.iter().rposition(|byte| *byte == b'\n').filter(|_| is_cut && !is_wide) {
        begin.truncate(end + 1);
    }
    Some(begin)
}

/// Reads the wanted columns of a table and ignores the others.
pub fn read(folder: &Path, name: &str, wanted: &[Column<'_>]) -> Result<Columns, Vec<Fault>> {
    let path = file_of(folder, name);
    let mut faults = Faults { path: &path, told: Vec::new(), more: 0 };
    let columns =
        if is_parquet(&path) { parquet::read(&path, wanted, &mut faults) } else { lines(&path, wanted, &mut faults) };
    match columns {
        Ok(columns) => faults.end(columns),
        Err(said) => Err(vec![Fault { file: path, line: 0, said }]),
    }
}

/// Holds what is wrong in one file, but not more than a person reads.
struct Faults<'a> {
    path: &'a Path,
    told: Vec<Fault>,
    more: u64,
}

impl Faults<'_> {
    fn add(&mut self, line: u64, said: Bilingual) {
        if self.told.len() < TOLD {
            self.told.push(Fault { file: self.path.to_owned(), line, said });
        } else {
            self.more += 1;
        }
    }

    fn end(mut self, columns: Columns) -> Result<Columns, Vec<Fault>> {
        if self.told.is_empty() {
            return Ok(columns);
        }
        if self.more > 0 {
            let said =
                both(format!("还有 {} 处这样的错误", self.more), format!("{} more faults of this kind", self.more));
            self.told.push(Fault { file: self.path.to_owned(), line: 0, said });
        }
        Err(self.told)
    }
}

/// Returns where the wanted columns stand among those of the file.
fn places(wanted: &[Column<'_>], known: &[String]) -> Result<Vec<usize>, Bilingual> {
    let place = |column: &Column<'_>| {
        let found = known.iter().position(|known| folded(known) == folded(column.name));
        found.ok_or_else(|| {
            let names: Vec<_> = wanted.iter().map(|column| column.name).collect();
            let (name, known, names) = (column.name, known.join(","), names.join(","));
            both(
                format!("第一行没有“{name}”这一列，只有 {known}。需要的列是 {names}。"),
                format!("the header has no column “{name}”; it has {known}. Needed are {names}."),
            )
        })
    };
    wanted.iter().map(place).collect()
}

fn lines(path: &Path, wanted: &[Column<'_>], faults: &mut Faults<'_>) -> Result<Columns, Bilingual> {
    let bytes = std::fs::read(path).map_err(|fault| unopened(&fault))?;
    let Text { text, divider } = tables::text(&bytes).ok_or_else(|| {
        both(
            "不是文字表格。请存成 UTF-8、UTF-16 或 GBK 编码的 CSV。",
            "is no text. Save it as CSV in UTF-8, UTF-16 or GBK.",
        )
    })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(divider).from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|fault| both(format!("没有第一行列名（{fault}）"), format!("has no header ({fault})")))?
        .clone();
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let at = places(wanted, &names)?;
    let mut columns: Columns = wanted.iter().map(|_| Vec::new()).collect();
    let mut record = csv::ByteRecord::new();
    let mut row = 0i64;
    let broken =
        |fault: csv::Error| both(format!("读到一半读不下去了（{fault}）"), format!("cannot be read on ({fault})"));
    while reader.read_byte_record(&mut record).map_err(broken)? {
        for ((column, &at), values) in wanted.iter().zip(&at).zip(&mut columns) {
            let read = if let Some(text) = record.get(at) {
                value(text, column.kind, row)
            } else {
                let (fields, titles) = (record.len(), names.len());
                Err(both(
                    format!("这一行有 {fields} 格，第一行有 {titles} 列"),
                    format!("the line has {fields} fields, {titles} are in the header"),
                ))
            };
            match read {
                Ok(value) => values.push(value),
                Err(said) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    faults.add(line, of_column(column.name, &said));
                }
            }
        }
        row += 1;
    }
    Ok(columns)
}

fn value(text: &[u8], kind: Kind, row: i64) -> Result<i64, Bilingual> {
    let text = std::str::from_utf8(text.trim_ascii()).map_err(|_| both("不是数字", "not a number"))?;
    // Nearly all numbers are plain already, and there are millions of them.
    let text = if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(tables::plain(text)) };
    let text = &*text;
    if kind == Kind::Place {
        return place(text).ok_or_else(|| no_coordinate(text));
    }
    let number: i64 = text.parse().map_err(|_| not_whole(text))?;
    fits(number, kind, row)
}

/// Returns a whole number if its column may hold it.
fn fits(number: i64, kind: Kind, row: i64) -> Result<i64, Bilingual> {
    match kind {
        Kind::Id if number != row => Err(both(
            format!("这里写的是 {number}，应是 {row}。请照文件的顺序从 0 开始编号，每个号一次。"),
            format!("{number} stands where {row} should. Number the rows from 0 in the order of the file, each once."),
        )),
        Kind::Row(table, rows) if usize::try_from(number).map_or(true, |number| number >= rows) => Err(both(
            format!("{table} 里没有第 {number} 行，它有 {rows} 行（从 0 数起）。请改这个数，或补上那一行。"),
            format!("there is no row {number} in {table}, which has {rows}. Correct the number or add the row."),
        )),
        Kind::Whole(least, most) if !(least..=most).contains(&number) => Err(both(
            format!("{number} 超出范围。请写 {least} 到 {most} 之间的数。"),
            format!("{number} is out of bounds. Write a number from {least} to {most}."),
        )),
        _ => Ok(number),
    }
}

/// Returns a decimal number times ten million, exactly.
fn place(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    // Only seven decimals count.
    let part: String = part.chars().chain("0000000".chars()).take(7).collect();
    let number = whole.parse::<i64>().ok()? * PLACE_UNIT + part.parse::<i64>().ok()?;
    Some(if negative { -number } else { number })
}
