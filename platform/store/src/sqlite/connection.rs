//! Opens a connection to the file and sets it up.

use std::fs::File;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::translate;
use crate::error::StoreError;
use crate::options::Options;

/// How many prepared statements a connection keeps.
const STATEMENTS_KEPT: usize = 500;

/// Opens the file, and makes a missing one so that only its owner can read it. The log files beside it get the same
/// rights.
pub(super) fn make_private(path: &Path) -> Result<File, StoreError> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(path);
    opened.map_err(|error| StoreError::Address { message: format!("{} cannot be opened: {error}", path.display()) })
}

pub(super) fn open(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(options.patience)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        // What is deleted is overwritten with zeros, so that an erased key is not left in a free part of the file.
        connection.execute_batch(
            "pragma foreign_keys = on; pragma trusted_schema = off; pragma secure_delete = on; pragma temp_store = file",
        )?;
        // A prepared statement keeps its plan whatever its arguments are. Otherwise each range would be planned anew.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(connection)
    });
    let connection = opened.map_err(|error| translate(&error, "open", path))?;
    keep_temporary_files_beside(&connection, path);
    Ok(connection)
}

/// Keeps temporary files in the folder of the database: what a large sort or a new index cannot hold in the memory of
/// the cache, and the pages of a savepoint beyond 64 KiB.
///
/// SQLite would put them into `/var/tmp`, which is often small, belongs to everybody, and is looked at by nobody until
/// it is full. The folder of the database has room for a copy of it, is its owner's alone, and `lianglin doctor` looks
/// at its disk. They are not kept in memory, because SQLite gives a sort in memory no bound. A file is nameless and
/// goes with the statement, also when the process ends.
///
/// The setting is one of the whole process, which serves one database; where several are open, as in tests, the last
/// one decides, and SQLite takes its usual folder once that one is gone. The pragma is called deprecated, but the other
/// ways are a variable of the environment, which a running process cannot set safely, and a variable in C. SQLite
/// guards this one with a lock. A test tells if a build leaves it out.
fn keep_temporary_files_beside(connection: &Connection, path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let quoted = folder.display().to_string().replace('\'', "''");
    if let Err(error) = connection.execute_batch(&format!("pragma temp_store_directory = '{quoted}'")) {
        // A command beside a server may be allowed to write the file and not into its folder.
        tracing::warn!(folder = %folder.display(), %error, "temporary files of the database are kept elsewhere");
    }
}

/// Uses a write-ahead log, and makes each commit durable on the disk before it is answered.
pub(super) fn prepare_for_writing(connection: &Connection, path: &Path, options: &Options) -> Result<(), StoreError> {
    let mode: String = connection
        .query_row("pragma journal_mode = wal", [], |row| row.get(0))
        .map_err(|error| translate(&error, "pragma journal_mode", path))?;
    if mode != "wal" {
        let message =
            format!("{} is on a file system that cannot hold a write-ahead log; use a local disk", path.display());
        return Err(StoreError::Address { message });
    }
    let limit = options.max_pages.map(|pages| format!("; pragma max_page_count = {pages}")).unwrap_or_default();
    let (checkpoint, cache) = (options.checkpoint_pages, options.sqlite_cache_kib);
    let settings = format!(
        "pragma synchronous = full; pragma wal_autocheckpoint = {checkpoint}; pragma cache_size = -{cache}{limit}"
    );
    connection.execute_batch(&settings).map_err(|error| translate(&error, &settings, path))
}

pub(super) fn prepare_for_reading(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    connection.execute_batch("pragma query_only = on").map_err(|error| translate(&error, "pragma query_only", path))
}
