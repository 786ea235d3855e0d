//! This file reads tables of a bundle: ids, whole numbers and coordinates by column, from CSV or Parquet. It tells
//! every fault with file, line and remedy.

mod filling;
mod handed;
mod ids;
mod parquet;
mod why;

pub use handed::{quoted, texts};
pub use ids::Ids;
pub use why::{again, closed, short, torn, twice, unlike};

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use kernel::language::{Bilingual, Lang};
use tables::{Rows, folded};

use filling::{Cell, Filling};

/// Limits how many faults are told. The rest is counted.
pub const TOLD: usize = 20;

/// Says what a column holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    /// The column holds the ids of the rows, each once. The rows are numbered in the order of the file.
    Id,
    /// The column holds the id of a row of another table. It is read as the number of that row.
    Row(&'a Ids),
    /// The column holds the name of a group: a code, a number or a text. It is read as the number of the group.
    Group,
    /// The column holds a whole number from the first to the second, both included.
    Whole(i64, i64),
    /// The column holds metres or degrees with up to seven decimals. They are kept times 10,000,000.
    Place,
}

/// A column that a planner wants.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Its name in the header.
    pub name: &'a str,
    /// What whoever wrote the table calls it.
    pub called: &'a str,
    /// What it holds.
    pub kind: Kind<'a>,
}

/// Makes a column from name and kind.
pub const fn column<'a>(name: &'a str, kind: Kind<'a>) -> Column<'a> {
    Column { name, called: name, kind }
}

/// Is the number by which coordinates are multiplied to be whole.
pub const PLACE_UNIT: i64 = 10_000_000;

/// Lists the names of columns that planners know. A line with some of them is the header.
const KNOWN: [&str; 31] = [
    "id",
    "x",
    "y",
    "lon",
    "lat",
    "node",
    "access_ds",
    "src",
    "dst",
    "t_ds",
    "cls",
    "from",
    "to",
    "length_m",
    "compound",
    "community",
    "households",
    "a",
    "b",
    "border_m",
    "dist_m",
    "opens",
    "closes",
    "min_vol",
    "max_vol",
    "min_medical",
    "building",
    "skills",
    "shifts",
    "code",
    "name",
];

/// Says what is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file, or the option of the command line. It is empty where neither is meant.
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
            _ if self.file.as_os_str().is_empty() => said.to_owned(),
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

/// Holds the columns of a table in the order in which they were asked for. All are equally long.
pub type Columns = Vec<Vec<i64>>;

/// Holds a table as a planner reads it.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The columns in the order in which they were asked for.
    pub columns: Columns,
    /// How many rows it has.
    pub rows: usize,
    /// The ids of the rows: those of the column of [`Kind::Id`], otherwise the numbers of the rows.
    pub ids: Ids,
    /// The names of the groups of each column of [`Kind::Group`], in the order of the columns.
    pub groups: Vec<Ids>,
    /// The titles of the columns that were not asked for.
    pub unread: Vec<String>,
    file: PathBuf,
    lines: Lines,
}

impl Table {
    /// Returns the line of the file in which a row stands.
    pub fn line(&self, row: usize) -> u64 {
        self.lines.of(row)
    }

    /// Says what is wrong with a row.
    pub fn fault(&self, row: usize, said: Bilingual) -> Fault {
        Fault { file: self.file.clone(), line: self.line(row), said }
    }

    /// Says what is wrong with the whole table.
    pub fn fault_of_all(&self, said: Bilingual) -> Fault {
        Fault { file: self.file.clone(), line: 0, said }
    }

    /// Returns the table with its rows where they stand in another file, from which it was made.
    #[must_use]
    pub fn standing(mut self, file: &Path, lines: &[u64]) -> Self {
        file.clone_into(&mut self.file);
        self.lines = Lines::default();
        for (row, line) in lines.iter().enumerate() {
            self.lines.add(row, *line);
        }
        self
    }

    /// Succeeds if the table has any row.
    pub fn filled(&self) -> Result<(), Vec<Fault>> {
        if self.rows > 0 { Ok(()) } else { Err(vec![self.fault_of_all(why::no_rows())]) }
    }

    /// Says what is wrong with some rows, but not of more than a person reads. Succeeds if there are none.
    pub fn faults(&self, wrong: impl Iterator<Item = (usize, Bilingual)>) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::new(&self.file);
        for (row, said) in wrong {
            faults.add(self.line(row), || said);
        }
        faults.end(())
    }
}

/// Says in which line each row stands.
#[derive(Debug, Clone, Default)]
struct Lines {
    /// From this row on, one row stands in each line from this line on.
    from: Vec<(usize, u64)>,
}

impl Lines {
    fn add(&mut self, row: usize, line: u64) {
        let is_next = self.from.last().is_some_and(|(first, begun)| begun + (row - first) as u64 == line);
        if !is_next {
            self.from.push((row, line));
        }
    }

    fn of(&self, row: usize) -> u64 {
        let behind = self.from.partition_point(|(first, _)| *first <= row);
        match behind.checked_sub(1).and_then(|at| self.from.get(at)) {
            Some((first, begun)) => begun + (row - first) as u64,
            None => row as u64 + 1,
        }
    }
}

fn is_parquet(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "parquet")
}

/// Returns the file of a table: CSV if there is one, otherwise Parquet.
pub fn file_of(folder: &Path, name: &str) -> PathBuf {
    let parquet = folder.join(format!("{name}.parquet"));
    let csv = folder.join(format!("{name}.csv"));
    if !csv.exists() && parquet.exists() { parquet } else { csv }
}

/// Holds the titles of a table's columns.
#[derive(Debug, Clone, Default)]
pub struct Titles(Vec<String>);

impl Titles {
    /// Reads them from the first lines of a table.
    pub fn of(folder: &Path, name: &str) -> Result<Self, Vec<Fault>> {
        let file = file_of(folder, name);
        let read = if is_parquet(&file) {
            parquet::titles(&file)
        } else {
            beginning(&file).and_then(|begin| Ok(titles(&opened(&begin, &[])?)))
        };
        read.map(Self).map_err(|said| vec![Fault { file, line: 0, said }])
    }

    /// Says whether the table has a column.
    pub fn has(&self, column: &str) -> bool {
        self.0.iter().any(|title| folded(title) == column)
    }

    /// Says whether a title may be meant as this column.
    pub fn has_close(&self, column: &str) -> bool {
        self.0.iter().any(|title| why::is_close(column, title))
    }
}

/// Limits how much of a CSV is read to find its header.
const BEGINNING: u64 = 64 * 1024;

/// Reads the first lines of a file. A line that does not end within the limit is left out.
fn beginning(path: &Path) -> Result<Vec<u8>, Bilingual> {
    let mut begin = Vec::new();
    File::open(path)
        .and_then(|file| file.take(BEGINNING).read_to_end(&mut begin))
        .map_err(|fault| why::unopened(path, &fault))?;
    // Where a sign takes two bytes, a line does not end with one.
    let is_wide = begin.iter().take(2).any(|byte| matches!(byte, 0 | 0xFE | 0xFF));
    let is_cut = u64::try_from(begin.len()).is_ok_and(|length| length == BEGINNING);
    let end = begin.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
    if let Some(end) = end.filter(|_| is_cut && !is_wide) {
        begin.truncate(end + 1);
    }
    Ok(begin)
}

/// Goes to the header of a CSV.
fn opened<'a>(bytes: &'a [u8], wanted: &[Column<'_>]) -> Result<Rows<'a>, Bilingual> {
    let is_title = |text: &str| {
        let title = folded(text);
        KNOWN.contains(&title.as_str()) || wanted.iter().any(|column| folded(column.name) == title)
    };
    Rows::open(bytes, &is_title).map_err(why::unlike)
}

fn titles(rows: &Rows<'_>) -> Vec<String> {
    (0..rows.width()).map(|at| rows.cell(at).unwrap_or_default().to_owned()).collect()
}

/// Reads the wanted columns of a table with the ids of its rows and the lines in which they stand, and ignores the
/// others.
pub fn table(folder: &Path, name: &str, wanted: &[Column<'_>]) -> Result<Table, Vec<Fault>> {
    let path = file_of(folder, name);
    let mut faults = Faults::new(&path);
    let table = if is_parquet(&path) {
        parquet::read(&path, name, wanted, &mut faults)
    } else {
        lines(&path, name, wanted, &mut faults)
    };
    match table {
        Ok(table) => faults.end(table),
        Err(said) => Err(vec![Fault { file: path, line: 0, said }]),
    }
}

/// Holds what is wrong in one file, but not more than a person reads.
struct Faults<'a> {
    path: &'a Path,
    told: Vec<Fault>,
    more: u64,
}

impl<'a> Faults<'a> {
    fn new(path: &'a Path) -> Self {
        Self { path, told: Vec::new(), more: 0 }
    }

    fn add(&mut self, line: u64, said: impl FnOnce() -> Bilingual) {
        if self.told.len() < TOLD {
            self.told.push(Fault { file: self.path.to_owned(), line, said: said() });
        } else {
            self.more += 1;
        }
    }

    fn end<T>(mut self, found: T) -> Result<T, Vec<Fault>> {
        if self.told.is_empty() {
            return Ok(found);
        }
        if self.more > 0 {
            let more = self.more;
            let said = both(
                format!("还有 {more} 处这样的错误。请先改上面这些，再运行一次。"),
                format!("{more} more faults of this kind. Correct those above and run it again."),
            );
            self.told.push(Fault { file: self.path.to_owned(), line: 0, said });
        }
        Err(self.told)
    }
}

/// Returns where the wanted columns stand among those of the file.
fn places(wanted: &[Column<'_>], titles: &[String]) -> Result<Vec<usize>, Bilingual> {
    let known: Vec<String> = titles.iter().map(|title| folded(title)).collect();
    let mut found = Vec::with_capacity(wanted.len());
    let mut missing: Vec<&str> = Vec::new();
    for column in wanted {
        let name = folded(column.name);
        let mut places = (0..).zip(&known).filter(|(_, title)| **title == name).map(|(at, _)| at);
        match (places.next(), places.next()) {
            (Some(first), Some(second)) => return Err(why::twice(column.name, first + 1, second + 1)),
            (Some(place), None) => found.push(place),
            (None, _) => missing.push(column.name),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(why::missing(&missing, wanted, titles)) }
}

/// Returns the titles that nobody asked for.
fn unread(at: &[usize], titles: Vec<String>) -> Vec<String> {
    let others = titles.into_iter().enumerate().filter(|(place, title)| !at.contains(place) && !title.is_empty());
    others.map(|(_, title)| title).collect()
}

/// Reads a table whose rows come with their lines.
fn lines(path: &Path, name: &str, wanted: &[Column<'_>], faults: &mut Faults<'_>) -> Result<Table, Bilingual> {
    let bytes = std::fs::read(path).map_err(|fault| why::unopened(path, &fault))?;
    let mut rows = opened(&bytes, wanted)?;
    let titles = titles(&rows);
    let at = places(wanted, &titles)?;
    let mut filling = Filling::new(name, wanted);
    let mut lines = Lines::default();
    loop {
        match rows.step() {
            Ok(true) => {}
            Ok(false) => break,
            Err(torn) => {
                faults.add(torn.line(), || why::torn(torn));
                break;
            }
        }
        let line = rows.line();
        lines.add(filling.rows(), line);
        let is_short = at.iter().any(|place| *place >= rows.width());
        let is_long = (titles.len()..rows.width()).any(|place| rows.cell(place).is_some_and(|cell| !cell.is_empty()));
        if is_short || is_long {
            faults.add(line, || why::width(rows.width(), titles.len()));
            filling.pass();
            continue;
        }
        for (column, place) in at.iter().enumerate() {
            let text = rows.cell(*place).unwrap_or_default();
            // Nearly all numbers are plain already, and there are millions of them.
            let text = if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(tables::plain(text)) };
            if let Err(wrong) = filling.take(column, Cell::Text(&text)) {
                faults.add(line, || filling.why(column, &text, wrong, |row| lines.of(row)));
            }
        }
        filling.end_row();
    }
    Ok(filling.table(path, lines, unread(&at, titles)))
}

#[cfg(test)]
mod tests;
