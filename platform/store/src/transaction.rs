//! The unit of work as the rest of the product sees it: statements over one engine, all stored or none.

use crate::error::StoreError;
use crate::value::{Row, Val};

/// Which database engine is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// One file on this machine.
    Sqlite,
    /// A PostgreSQL (or Citus) server.
    Postgres,
}

impl Engine {
    /// `sqlite` or `postgres`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A unit of work. Its statements are stored together when the closure returns `Ok`, or not at all.
///
/// The rules are the same on both engines: after one failed statement the unit is lost, each further statement
/// fails, and it is rolled back even if the closure returns `Ok`. Statements never begin or end transactions.
/// On PostgreSQL the level is READ COMMITTED: what is read in order to be changed is read with [`Tx::lock_rows`].
pub trait Tx {
    /// Runs a statement; the answer is the number of rows it changed. Parameters are `$1`, `$2`, … in any order.
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, StoreError>;

    /// Runs a statement whose count nobody asks for. On PostgreSQL it travels with the next statement that is answered, or with the commit; its
    /// failure then is that statement's, or the unit's. Statements keep their order.
    ///
    /// # Errors
    /// The failure of this statement or of one put before.
    fn put(&mut self, sql: &str, args: &[Val]) -> Result<(), StoreError> {
        self.exec(sql, args).map(drop)
    }

    /// As [`Tx::put`] of a statement that changes exactly one row: any other number is [`Tx::conflict`].
    ///
    /// # Errors
    /// The failure of this statement or of one put before.
    fn put_one(&mut self, sql: &str, args: &[Val]) -> Result<(), StoreError> {
        if self.exec(sql, args)? == 1 { Ok(()) } else { Err(self.conflict()) }
    }

    /// Runs a query (or a statement with `returning`) and reads all its rows. Each list has a `limit`.
    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>, StoreError>;

    /// Which engine runs this.
    fn engine(&self) -> Engine;

    /// What to write at the end of a select whose rows are going to be changed: `" for update"` on PostgreSQL,
    /// nothing on SQLite, which has one writer, and nothing in a unit that only reads.
    fn lock_rows(&self) -> &'static str {
        match self.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => " for update",
        }
    }

    /// Says that somebody else was faster, and gives the error to return. Where others write at the same time
    /// (PostgreSQL) the whole closure runs again a few times before the caller sees [`StoreError::Conflict`].
    fn conflict(&mut self) -> StoreError;
}

/// What became of a unit of work before it was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The closure returned `Ok`: commit.
    Finished,
    /// The closure returned an error: roll back; the caller gets the closure's own error.
    Refused,
}
