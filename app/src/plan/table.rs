//! This file reads tables of a bundle: whole numbers and coordinates by column, from CSV or Parquet. It tells every
//! fault with file, line and remedy.

mod parquet;

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

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
    pub said: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match self.line {
            0 => write!(out, "{file}: {}", self.said),
            line if is_parquet(&self.file) => write!(out, "{file}, row {line}: {}", self.said),
            line => write!(out, "{file}, line {line}: {}", self.said),
        }
    }
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
    let Ok(mut reader) = File::open(path).map(csv::Reader::from_reader) else { return false };
    let header = reader.byte_headers();
    header.is_ok_and(|header| header.iter().any(|known| known.trim_ascii() == column.as_bytes()))
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
    fn add(&mut self, line: u64, said: String) {
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
            let said = format!("{} more faults of this kind", self.more);
            self.told.push(Fault { file: self.path.to_owned(), line: 0, said });
        }
        Err(self.told)
    }
}

/// Returns where the wanted columns stand among those of the file.
fn places(wanted: &[Column<'_>], known: &[String]) -> Result<Vec<usize>, String> {
    let place = |column: &Column<'_>| {
        let found = known.iter().position(|known| known == column.name);
        found.ok_or_else(|| {
            let names: Vec<_> = wanted.iter().map(|column| column.name).collect();
            let (name, known, names) = (column.name, known.join(","), names.join(","));
            format!("the header has no column “{name}”; it has {known}. Needed are {names}.")
        })
    };
    wanted.iter().map(place).collect()
}

fn lines(path: &Path, wanted: &[Column<'_>], faults: &mut Faults<'_>) -> Result<Columns, String> {
    let file = File::open(path).map_err(|fault| format!("cannot be opened ({fault}). Put the table there."))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::with_capacity(1 << 16, file));
    let header = reader.byte_headers().map_err(|fault| format!("has no header ({fault})"))?.clone();
    let names: Vec<String> =
        header.iter().map(|name| String::from_utf8_lossy(name.trim_ascii()).into_owned()).collect();
    let at = places(wanted, &names)?;
    let mut columns: Columns = wanted.iter().map(|_| Vec::new()).collect();
    let mut record = csv::ByteRecord::new();
    let mut row = 0i64;
    while reader.read_byte_record(&mut record).map_err(|fault| format!("cannot be read on ({fault})"))? {
        for ((column, &at), values) in wanted.iter().zip(&at).zip(&mut columns) {
            let read = match record.get(at) {
                Some(text) => value(text, column.kind, row),
                None => Err(format!("the line has {} fields, {} are in the header", record.len(), names.len())),
            };
            match read {
                Ok(value) => values.push(value),
                Err(said) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    faults.add(line, format!("{}: {said}", column.name));
                }
            }
        }
        row += 1;
    }
    Ok(columns)
}

fn value(text: &[u8], kind: Kind, row: i64) -> Result<i64, String> {
    let text = std::str::from_utf8(text.trim_ascii()).map_err(|_| "not a number".to_owned())?;
    if kind == Kind::Place {
        return place(text).ok_or_else(|| format!("“{text}” is not a coordinate. Write it as 123.4"));
    }
    let number: i64 =
        text.parse().map_err(|_| format!("“{text}” is not a whole number. Write it without decimals or signs."))?;
    fits(number, kind, row)
}

/// Returns a whole number if its column may hold it.
fn fits(number: i64, kind: Kind, row: i64) -> Result<i64, String> {
    match kind {
        Kind::Id if number != row => Err(format!(
            "{number} stands where {row} should. Number the rows from 0 in the order of the file, each once."
        )),
        Kind::Row(table, rows) if usize::try_from(number).map_or(true, |number| number >= rows) => {
            Err(format!("there is no row {number} in {table}, which has {rows}. Correct the number or add the row."))
        }
        Kind::Whole(least, most) if !(least..=most).contains(&number) => {
            Err(format!("{number} is out of bounds. Write a number from {least} to {most}."))
        }
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
