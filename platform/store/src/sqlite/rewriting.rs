//! Rewrites small tables and empties the write-ahead log, so that the file keeps nothing that was deleted.
//!
//! SQLite overwrites what is deleted (`secure_delete`), but when it spreads rows over pages anew it can leave a copy of
//! a row in a free part of the page that the row came from. No such copy outlives a table whose pages are all freed,
//! and with that overwritten, and filled again.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::connection;
use super::failure::{end_if_not_durable, translate};
use crate::error::StoreError;
use crate::options::Options;

/// How many rows a table may have. Others wait meanwhile (two seconds for this many), and a copy lies in memory.
const ROWS_MOST: i64 = 500_000;
/// How often emptying the log is tried, and how long one attempt waits for readers, while those who write wait for it.
const ATTEMPTS: u32 = 25;
const WAIT: Duration = Duration::from_millis(200);

/// Rewrites these tables on a connection of its own, then empties the log. Returns whether none had too many rows.
pub(super) fn rewrite(path: &Path, options: &Options, tables: &[&str]) -> Result<bool, StoreError> {
    let connection = connection::open(path, options)?;
    connection::prepare_for_writing(&connection, path, options)?;
    run(&connection, path, "pragma temp_store = memory")?;
    let mut whole = true;
    for table in tables {
        whole &= rewrite_one(&connection, path, table)?;
    }
    empty_log(&connection, path)?;
    Ok(whole)
}

fn rewrite_one(connection: &Connection, path: &Path, table: &str) -> Result<bool, StoreError> {
    let name = format!("main.\"{}\"", table.replace('"', "\"\""));
    let count = format!("select count(*) from {name}");
    let rows: i64 =
        connection.query_row(&count, [], |row| row.get(0)).map_err(|error| translate(&error, &count, path))?;
    if rows > ROWS_MOST {
        tracing::warn!(table, rows, "the table has too many rows to be rewritten while others wait");
        return Ok(false);
    }
    // A failure ends the transaction with the connection, so nothing is lost.
    run(
        connection,
        path,
        &format!(
            "begin immediate; create temp table rewritten as select * from {name}; delete from {name}; \
             insert into {name} select * from temp.rewritten; drop table temp.rewritten; commit"
        ),
    )?;
    Ok(true)
}

fn run(connection: &Connection, path: &Path, sql: &str) -> Result<(), StoreError> {
    connection.execute_batch(sql).map_err(|error| {
        end_if_not_durable(&error, path);
        translate(&error, sql, path)
    })
}

/// Moves the log into the file and truncates it. Whoever reads from the log is waited for, in short spans.
fn empty_log(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    const SQL: &str = "pragma wal_checkpoint(truncate)";
    connection.busy_timeout(WAIT).map_err(|error| translate(&error, SQL, path))?;
    for _ in 0..ATTEMPTS {
        match connection.query_row(SQL, [], |row| row.get::<_, i64>(0)) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if is_busy(&error) => {}
            Err(error) => {
                end_if_not_durable(&error, path);
                return Err(translate(&error, SQL, path));
            }
        }
        std::thread::sleep(WAIT);
    }
    Err(StoreError::Remains { message: format!("somebody reads from the write-ahead log of {}", path.display()) })
}

fn is_busy(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|inner| inner.code);
    matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
