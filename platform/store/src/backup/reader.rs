//! Reads a backup: it checks the file and puts it into an empty database.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use sm3::{Digest, Sm3};

use super::Progress;
use super::lines::{Line, Manifest, TableSummary, Tally, VERSION, decode_row, hexadecimal};
use super::rows::rows_of;
use crate::error::StoreError;
use crate::options::Options;
use crate::records::schema::Table;
use crate::records::{dump, migration, schema};
use crate::store::Store;
use crate::transaction::Tx;
use crate::value::Val;

/// Reads a backup file from start to end and says what it holds. It fails when the file is cut off, altered or no
/// backup.
pub fn check(from: &Path) -> Result<Manifest, StoreError> {
    read(from, &mut |_| Ok(()))
}

/// Puts a backup into an empty database, all or nothing, and reads it back before the commit. The tables are those of
/// the backup; [`migrate`](crate::migrate) brings them up to date afterwards.
pub fn restore<P>(address: &str, from: &Path, mut progress: P) -> Result<Manifest, StoreError>
where
    P: FnMut(&Progress) + Send + 'static,
{
    let manifest = check(from)?;
    let store = Store::open(address, Options::default())?;
    let (path, expected) = (from.to_owned(), manifest.clone());
    let restored = store.write_blocking(move |tx| put_back(tx, &path, &expected, &mut progress));
    store.close();
    restored.map(|()| manifest)
}

/// One part of a file.
enum Part {
    Migration { name: String, sql: String },
    Table { name: String, columns: Vec<String> },
    Row(Vec<Val>),
    End,
}

type EachPart<'a> = &'a mut dyn FnMut(Part) -> Result<(), StoreError>;

/// Reads the file, passes each part on, and checks all numbers on the way.
fn read(path: &Path, each: EachPart<'_>) -> Result<Manifest, StoreError> {
    let mut reading = Reading::open(path)?;
    while let Some(line) = reading.next_line()? {
        let complete = reading.take(&line, each)?;
        reading.digest.update(line.as_bytes());
        if complete {
            return match reading.next_line()? {
                None => Ok(reading.manifest),
                Some(_) => Err(reading.fault("there is something behind the last line")),
            };
        }
    }
    Err(reading.fault("the file is cut off: its last line is missing. Use a complete backup"))
}

struct Reading {
    path: PathBuf,
    file: BufReader<File>,
    number: u64,
    digest: Sm3,
    manifest: Manifest,
    table: Option<(String, Tally)>,
}

impl Reading {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path)
            .map_err(|error| StoreError::backup(format!("{} cannot be read: {error}", path.display())))?;
        let file = BufReader::new(file);
        let manifest = Manifest::default();
        Ok(Self { path: path.to_owned(), file, number: 0, digest: Sm3::new(), manifest, table: None })
    }

    fn fault(&self, message: &str) -> StoreError {
        StoreError::backup(format!("{} line {}: {message}", self.path.display(), self.number))
    }

    /// Returns the next line with its line end. A last line without a line end is cut off.
    fn next_line(&mut self) -> Result<Option<String>, StoreError> {
        let mut line = String::new();
        self.number += 1;
        match self.file.read_line(&mut line) {
            Ok(0) => Ok(None),
            Ok(_) if line.ends_with('\n') => Ok(Some(line)),
            Ok(_) => Err(self.fault("the file is cut off in the middle of a line. Use a complete backup")),
            Err(error) => Err(self.fault(&format!("it cannot be read: {error}"))),
        }
    }

    /// Handles one line. Returns true for the last one.
    fn take(&mut self, line: &str, each: EachPart<'_>) -> Result<bool, StoreError> {
        let text = line.trim_end_matches('\n');
        if text.starts_with('[') {
            let row = decode_row(text).ok_or_else(|| self.fault("a row cannot be read; the file was altered"))?;
            match &mut self.table {
                Some((_, tally)) => tally.add(text),
                None => return Err(self.fault("a row stands outside of a table; the file was altered")),
            }
            each(Part::Row(row))?;
            return Ok(false);
        }
        let line = serde_json::from_str(text).map_err(|_| self.fault("this is no line of a Lianglin backup"))?;
        if (self.number == 1) != matches!(line, Line::LianglinBackup { .. }) {
            return Err(self.fault("this is no Lianglin backup"));
        }
        self.take_line(line, each)
    }

    fn take_line(&mut self, line: Line, each: EachPart<'_>) -> Result<bool, StoreError> {
        match line {
            Line::LianglinBackup { version: VERSION, engine } => self.manifest.engine = engine,
            Line::LianglinBackup { version, .. } => {
                let message =
                    format!("the backup has format {version}, this program reads {VERSION}; use a newer program");
                return Err(self.fault(&message));
            }
            Line::Migration { name, sql } => {
                self.manifest.migrations.push(name.clone());
                each(Part::Migration { name, sql })?;
            }
            Line::Table { name, columns, .. } => {
                if self.table.is_some() {
                    return Err(self.fault("a table begins inside another; the file was altered"));
                }
                self.table = Some((name.clone(), Tally::default()));
                each(Part::Table { name, columns })?;
            }
            Line::End { name, rows, sm3 } => {
                let found = self.table.take().map(|(name, tally)| tally.summary(&name));
                let expected = TableSummary { name, rows, sm3 };
                if found.as_ref() != Some(&expected) {
                    return Err(
                        self.fault(&format!("the rows of table {} are not those that were written", expected.name))
                    );
                }
                self.manifest.rows += rows;
                self.manifest.tables.push(expected);
                each(Part::End)?;
            }
            Line::Complete { tables, rows, sm3 } => {
                let whole = self.table.is_none() && tables == self.manifest.tables.len() && rows == self.manifest.rows;
                if !whole || sm3 != hexadecimal(self.digest.clone()) {
                    return Err(self.fault("the numbers of the last line do not fit; the file was altered"));
                }
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn put_back(
    tx: &mut dyn Tx,
    path: &Path,
    expected: &Manifest,
    progress: &mut dyn FnMut(&Progress),
) -> Result<(), StoreError> {
    if let Some(table) = schema::names(tx)?.first() {
        let message = format!("the database is not empty (it has the table {table}); restore into an empty one");
        return Err(StoreError::backup(message));
    }
    migration::begin_ledger(tx)?;
    let mut putting = Putting { tx, table: None, batch: Vec::new(), tables: None, rows: 0, finished: 0, progress };
    let read_again = read(path, &mut |part| putting.take(part))?;
    if read_again != *expected {
        return Err(StoreError::backup("the file was changed while it was read; restore again"));
    }
    let (tables, keys) = putting.prepared()?;
    dump::restore_foreign_keys(tx, &keys)?;
    read_back(tx, &tables, expected)
}

/// Checks that the database holds now what the file says.
fn read_back(tx: &mut dyn Tx, tables: &[Table], expected: &Manifest) -> Result<(), StoreError> {
    let mut found = Vec::new();
    for table in tables {
        found.push(rows_of(tx, table, &mut |_, _| Ok(()))?);
    }
    if found == expected.tables {
        return Ok(());
    }
    let differing = found.iter().find(|table| !expected.tables.contains(table));
    let name = differing.map_or("a missing one", |table| table.name.as_str());
    Err(StoreError::backup(format!(
        "what was read back differs from the backup, first in table {name}; nothing was restored"
    )))
}

type Prepared = (Vec<Table>, Vec<dump::ForeignKey>);

/// Puts the parts of a file into the database.
struct Putting<'a> {
    tx: &'a mut dyn Tx,
    table: Option<usize>,
    batch: Vec<Vec<Val>>,
    /// The tables are known once all migrations were applied.
    tables: Option<Prepared>,
    rows: u64,
    finished: usize,
    progress: &'a mut dyn FnMut(&Progress),
}

impl Putting<'_> {
    fn take(&mut self, part: Part) -> Result<(), StoreError> {
        match part {
            Part::Migration { name, sql } => migration::apply(self.tx, &name, &sql),
            Part::Table { name, columns } => self.begin(&name, &columns),
            Part::Row(row) => {
                self.batch.push(row);
                if self.batch.len() < dump::BATCH { Ok(()) } else { self.flush() }
            }
            Part::End => {
                self.flush()?;
                self.finished += 1;
                self.tell();
                Ok(())
            }
        }
    }

    /// Returns all tables. The rows that migrations put into them are removed, and foreign keys are suspended.
    fn prepare(&mut self) -> Result<&Prepared, StoreError> {
        if self.tables.is_none() {
            let mut tables = schema::tables(self.tx)?;
            tables.retain(|table| table.name != "store_migration");
            let keys = dump::suspend_foreign_keys(self.tx)?;
            tables.iter().try_for_each(|table| dump::clear(self.tx, table))?;
            self.tables = Some((tables, keys));
        }
        self.tables.as_ref().ok_or_else(|| StoreError::backup("the tables are not prepared"))
    }

    fn prepared(mut self) -> Result<Prepared, StoreError> {
        self.prepare()?;
        self.tables.ok_or_else(|| StoreError::backup("the tables are not prepared"))
    }

    fn begin(&mut self, name: &str, columns: &[String]) -> Result<(), StoreError> {
        let (tables, _) = self.prepare()?;
        let found = tables
            .iter()
            .position(|table| table.name == name && table.columns.iter().map(|column| &column.name).eq(columns));
        let fault =
            || StoreError::backup(format!("the migrations of the backup do not make the table {name} it holds"));
        self.table = Some(found.ok_or_else(fault)?);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut self.batch);
        let table = self.table.and_then(|index| self.tables.as_ref()?.0.get(index));
        let Some(table) = table.filter(|_| !batch.is_empty()) else { return Ok(()) };
        if batch.iter().any(|row| row.len() != table.columns.len()) {
            return Err(StoreError::backup(format!("a row of table {} has another number of columns", table.name)));
        }
        dump::put(self.tx, table, &batch)?;
        let before = self.rows / PAGE_OF_PROGRESS;
        self.rows += u64::try_from(batch.len()).unwrap_or_default();
        if self.rows / PAGE_OF_PROGRESS != before {
            self.tell();
        }
        Ok(())
    }

    fn tell(&mut self) {
        let table = self.table.and_then(|index| self.tables.as_ref()?.0.get(index));
        let table = table.map(|table| table.name.clone()).unwrap_or_default();
        (self.progress)(&Progress { table, rows: self.rows, tables: self.finished });
    }
}

/// How many rows are put between two reports of progress.
const PAGE_OF_PROGRESS: u64 = 500;
