//! The unit of work as the rest of the product sees it: statements over one engine that are stored together or not at
//! all.

use crate::error::StoreError;
use crate::value::{Row, Val};

/// The database engine that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The database is one file on this machine.
    Sqlite,
    /// The database is a PostgreSQL (or Citus) server.
    Postgres,
}

impl Engine {
    /// Returns `sqlite` or `postgres`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A unit of work. Its statements are stored together when the closure returns `Ok`, or not at all.
///
/// The rules are the same on both engines. After one failed statement the unit is lost: each further statement fails,
/// and the unit is rolled back even if the closure returns `Ok`. Statements never begin or end transactions. On
/// PostgreSQL the level is READ COMMITTED, so read with [`Tx::lock_rows`] what you read in order to change it.
pub trait Tx {
    /// Runs a statement and returns the number of rows that it changed. Parameters are `$1`, `$2`, … in any order.
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, StoreError>;

    /// Runs a statement whose count nobody asks for. On PostgreSQL it travels with the next statement that is answered,
    /// or with the commit. Its failure is then the failure of that statement or of the unit. Statements keep their
    /// order.
    ///
    /// # Errors
    /// Fails with the failure of this statement or of one that was put before.
    fn put(&mut self, sql: &str, args: &[Val]) -> Result<(), StoreError> {
        self.exec(sql, args).map(drop)
    }

    /// Does the same as [`Tx::put`] for a statement that changes exactly one row. Any other number is a
    /// [`Tx::conflict`].
    ///
    /// # Errors
    /// Fails with the failure of this statement or of one that was put before.
    fn put_one(&mut self, sql: &str, args: &[Val]) -> Result<(), StoreError> {
        if self.exec(sql, args)? == 1 { Ok(()) } else { Err(self.conflict()) }
    }

    /// Runs a query (or a statement with `returning`) and reads all its rows. Each list has a `limit`.
    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>, StoreError>;

    /// Says which engine runs this.
    fn engine(&self) -> Engine;

    /// Returns what stands at the end of a select whose rows will be changed: `" for update"` on PostgreSQL, nothing on
    /// SQLite, which has one writer, and nothing in a unit that only reads.
    fn lock_rows(&self) -> &'static str {
        match self.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => " for update",
        }
    }

    /// Records that somebody else was faster, and returns the error to return. Where others write at the same time
    /// (PostgreSQL), the whole closure runs again a few times before the caller gets [`StoreError::Conflict`].
    fn conflict(&mut self) -> StoreError;
}

/// The state of a unit of work before its commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The closure returned `Ok`, so the unit is committed.
    Finished,
    /// The closure returned an error, so the unit is rolled back. The caller gets the closure's own error.
    Refused,
}
