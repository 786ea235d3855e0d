//! Writes a backup of one moment of the database, while others go on writing.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use sm3::{Digest, Sm3};

use super::Progress;
use super::lines::{Line, Manifest, VERSION, encode, hexadecimal};
use super::reader::check;
use super::rows::rows_of;
use crate::error::StoreError;
use crate::records::{dump, migration, schema};
use crate::store::Store;
use crate::transaction::Tx;

/// Writes everything of one moment into a new file, reads it back, and only then gives the file its name. The file
/// holds sealed personal data, so only its owner may read it. `progress` is called after each page of rows.
pub fn backup<P>(store: &Store, to: &Path, mut progress: P) -> Result<Manifest, StoreError>
where
    P: FnMut(&Progress) + Send + 'static,
{
    if to.exists() {
        return Err(StoreError::backup(format!("{} exists already; choose another name", to.display())));
    }
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    let target = partial.clone();
    let written = store.snapshot_blocking(move |tx| write(tx, &target, &mut progress));
    let finished = written.and_then(|()| {
        let manifest = check(&partial)?;
        std::fs::rename(&partial, to).and_then(|()| sync_folder(to)).map_err(|error| disk(to, &error))?;
        Ok(manifest)
    });
    if finished.is_err()
        && let Err(error) = std::fs::remove_file(&partial)
    {
        tracing::warn!(file = %partial.display(), %error, "an unfinished backup could not be removed");
    }
    finished
}

fn sync_folder(file: &Path) -> std::io::Result<()> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

fn disk(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::backup(format!("{} cannot be written: {error}", path.display()))
}

fn write(tx: &mut dyn Tx, path: &Path, progress: &mut dyn FnMut(&Progress)) -> Result<(), StoreError> {
    let mut out = Out::create(path)?;
    out.line(&Line::LianglinBackup { version: VERSION, engine: tx.engine().name().to_owned() })?;
    for applied in migration::applied(tx)? {
        out.line(&Line::Migration { name: applied.name, sql: applied.sql })?;
    }
    let (mut rows, mut tables) = (0, 0);
    for table in schema::tables(tx)?.into_iter().filter(|table| table.name != "store_migration") {
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        out.line(&Line::Table { name: table.name.clone(), columns, key: table.key.clone() })?;
        let summary = rows_of(tx, &table, &mut |line, count| {
            out.text(line)?;
            if usize::try_from(count).is_ok_and(|count| count % dump::PAGE == 0) {
                progress(&Progress { table: table.name.clone(), rows: rows + count, tables });
            }
            Ok(())
        })?;
        rows += summary.rows;
        tables += 1;
        progress(&Progress { table: table.name.clone(), rows, tables });
        out.line(&Line::End { name: summary.name, rows: summary.rows, sm3: summary.sm3 })?;
    }
    out.finish(tables, rows)
}

/// The file, hashed as it is written.
struct Out {
    path: PathBuf,
    file: BufWriter<File>,
    digest: Sm3,
}

impl Out {
    fn create(path: &Path) -> Result<Self, StoreError> {
        let mut options = File::options();
        options.create(true).write(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| disk(path, &error))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), digest: Sm3::new() })
    }

    fn text(&mut self, line: &str) -> Result<(), StoreError> {
        self.digest.update(line.as_bytes());
        self.digest.update(b"\n");
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.write_all(b"\n"));
        written.map_err(|error| disk(&self.path, &error))
    }

    fn line(&mut self, line: &Line) -> Result<(), StoreError> {
        self.text(&encode(line)?)
    }

    fn finish(mut self, tables: usize, rows: u64) -> Result<(), StoreError> {
        let sm3 = hexadecimal(self.digest.clone());
        self.line(&Line::Complete { tables, rows, sm3 })?;
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(|error| disk(&self.path, &error))
    }
}
