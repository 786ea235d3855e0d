//! A unit of work on a PostgreSQL connection, inside a transaction that the worker ends.

use super::connection::{Back, Connection, FLIGHT, Failed, Sent};
use super::failure::Meaning;
use super::values;
use crate::error::StoreError;
use crate::transaction::{Engine, Tx};
use crate::value::{Row, Val};

/// How a transaction ended.
pub(super) enum Ended {
    Stored,
    /// Nothing was stored. The flag says whether the connection is still good.
    Failed(Failed, bool),
    /// The connection was lost during the commit, so nobody knows whether it was stored.
    Unknown,
}

pub(super) struct Unit<'c> {
    connection: &'c mut Connection,
    failed: Option<Failed>,
    /// This is set when rows can be locked. Reads have no transaction that could lock them.
    locks: bool,
    /// What is not sent yet: the command that begins the transaction, and statements whose answers nobody waits for.
    waiting: Vec<Sent>,
    in_transaction: bool,
    /// This is set once the server knows of the transaction.
    begun: bool,
}

impl<'c> Unit<'c> {
    /// Makes a unit that begins with a command, or one without a transaction.
    pub(super) fn new(connection: &'c mut Connection, begin: Option<&'static str>, locks: bool) -> Self {
        let (in_transaction, waiting) = (begin.is_some(), begin.map(Sent::Plain).into_iter().collect());
        Self { connection, failed: None, locks, waiting, in_transaction, begun: false }
    }

    /// Returns the first failure. It is remembered whatever the closure did with it.
    pub(super) fn failed(&self) -> Option<&Failed> {
        self.failed.as_ref()
    }

    /// Sends what still waits. The commit goes with it unless an answer must be seen before.
    pub(super) fn commit(mut self) -> Ended {
        // A wrong number of rows stops the commit.
        if self.waiting.iter().any(Sent::must_count)
            && let Err(failed) = self.flush()
        {
            let good = self.roll_back();
            return Ended::Failed(failed, good);
        }
        if !self.begun && self.waiting.iter().all(|sent| matches!(sent, Sent::Plain(_))) {
            return Ended::Stored;
        }
        self.waiting.push(Sent::Plain("commit"));
        match self.flush() {
            Ok(()) => Ended::Stored,
            Err((_, Meaning::Lost)) => Ended::Unknown,
            // When something failed in a transaction, its commit rolls it back.
            Err(failed) => Ended::Failed(failed, true),
        }
    }

    /// Ends the transaction without storing anything. Returns false when the connection is not good any more.
    pub(super) fn roll_back(self) -> bool {
        !self.begun || self.connection.send(&[Sent::Plain("rollback")]).is_ok()
    }

    fn flush(&mut self) -> Result<(), Failed> {
        let flight = std::mem::take(&mut self.waiting);
        self.begun = self.begun || !flight.is_empty();
        self.connection.send(&flight).map(drop)
    }

    fn run<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Failed>) -> Result<T, StoreError> {
        if let Some((error, _)) = &self.failed {
            return Err(error.clone());
        }
        work(self).map_err(|(error, meaning)| {
            self.failed = Some((error.clone(), meaning));
            error
        })
    }

    /// Sends what waits and this statement after it, and returns the answer to this statement.
    fn answered(&mut self, last: Sent) -> Result<Back, Failed> {
        let mut flight = std::mem::take(&mut self.waiting);
        flight.push(last);
        self.begun = true;
        let mut answers = self.connection.send(&flight)?;
        Ok(answers.pop().unwrap_or(Back::Done))
    }

    fn later(&mut self, sql: &str, args: &[Val], must_count: bool) -> Result<(), StoreError> {
        self.run(|unit| {
            let statement = unit.connection.prepare(sql, args.len())?;
            values::fit(args, statement.params())
                .map_err(|message| (StoreError::query(sql, message), Meaning::Final))?;
            unit.waiting.push(Sent::Count(statement, args.to_vec(), sql.to_owned(), must_count));
            let full = unit.waiting.len() + 1 >= FLIGHT;
            // Without a transaction no later command would carry this statement, so it is sent now.
            if full || !unit.in_transaction { unit.flush() } else { Ok(()) }
        })
    }
}

impl Tx for Unit<'_> {
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, StoreError> {
        let back = self.run(|unit| {
            let statement = unit.connection.prepare(sql, args.len())?;
            unit.answered(Sent::Count(statement, args.to_vec(), sql.to_owned(), false))
        })?;
        Ok(if let Back::Count(count) = back { count } else { 0 })
    }

    fn put(&mut self, sql: &str, args: &[Val]) -> Result<(), StoreError> {
        self.later(sql, args, false)
    }

    fn put_one(&mut self, sql: &str, args: &[Val]) -> Result<(), StoreError> {
        self.later(sql, args, true)
    }

    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>, StoreError> {
        let back = self.run(|unit| {
            let statement = unit.connection.prepare(sql, args.len())?;
            unit.answered(Sent::Rows(statement, args.to_vec(), sql.to_owned()))
        })?;
        let rows = if let Back::Rows(rows) = back { rows } else { Vec::new() };
        rows.iter().map(|row| values::read(row).map(Row::new)).collect()
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn lock_rows(&self) -> &'static str {
        if self.locks { " for update" } else { "" }
    }

    fn conflict(&mut self) -> StoreError {
        // The conflict showed because the row is there already.
        if matches!(self.failed, None | Some((StoreError::Constraint(_), _))) {
            self.failed = Some((StoreError::Conflict, Meaning::Again));
        }
        self.failed.as_ref().map_or(StoreError::Conflict, |(error, _)| error.clone())
    }
}
