//! Asks what time it is where the database runs.

use kernel::time::Instant;

use crate::error::StoreError;
use crate::record::scalar;
use crate::transaction::{Engine, Tx};

/// Returns the time of the database's server, or nothing where the database is a file of this machine. Nothing that is
/// stored is dated by it; a server whose clock is wrong is a sign that others of its clocks are.
pub fn of_server(tx: &mut dyn Tx) -> Result<Option<Instant>, StoreError> {
    match tx.engine() {
        Engine::Sqlite => Ok(None),
        Engine::Postgres => scalar(tx, "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)", &[]),
    }
}
