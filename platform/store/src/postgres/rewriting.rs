//! Rewrites small tables into new files, so that the old ones go with everything that was deleted from them.
//!
//! PostgreSQL keeps a deleted row in the file until a vacuum frees its place, and its bytes until another row needs
//! that place. `vacuum full` writes the living rows into a new file and empties the old one. It keeps what a
//! transaction that began earlier can still see, so those are waited for. Its own log of changes (`pg_wal`) keeps what
//! was written until the segments are used again.

use std::time::Duration;

use tokio_postgres::Config;

use super::connection::{self, Connection};
use crate::error::StoreError;

/// How often it is looked whether those who began earlier have ended, and how long it waits in between.
const ATTEMPTS: u32 = 25;
const WAIT: Duration = Duration::from_millis(200);

/// How long it waits for the lock of a table, while others wait behind it, and how long one rewrite may take.
const LIMITS: [&str; 2] = ["set lock_timeout = '5s'", "set statement_timeout = '2min'"];

/// Rewrites these tables on a connection of its own. `vacuum` cannot run in a transaction.
pub(super) fn rewrite(config: &Config, tables: &[&str]) -> Result<bool, StoreError> {
    let connection = connection::open(config, connection::Use::Write)?;
    LIMITS.iter().try_for_each(|limit| connection.command(limit))?;
    wait_for_earlier(&connection)?;
    for table in tables {
        connection.command(&format!("vacuum (full) \"{}\"", table.replace('"', "\"\"")))?;
    }
    Ok(true)
}

/// Waits until nobody is left who can see what was deleted before now.
fn wait_for_earlier(connection: &Connection) -> Result<(), StoreError> {
    // A session carries 32 bits of the number of a transaction.
    let next = connection.number("select txid_snapshot_xmax(txid_current_snapshot()) % 4294967296")?;
    let earlier = format!(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() \
         and backend_xmin is not null and age(backend_xmin) > age('{next}'::xid)"
    );
    for _ in 0..ATTEMPTS {
        if connection.number(&earlier)? == 0 {
            return Ok(());
        }
        std::thread::sleep(WAIT);
    }
    Err(StoreError::Remains { message: "a long transaction that began before still sees it".to_owned() })
}
