//! A unit of work on a PostgreSQL connection, inside of a transaction that the worker ends.

use postgres::Statement;
use postgres::types::ToSql;

use super::connection::Connection;
use super::failure::{Meaning, meaning, translate};
use super::values;
use crate::error::StoreError;
use crate::statement;
use crate::transaction::{Engine, Tx};
use crate::value::{Row, Val};

/// Statements kept prepared per connection; then all are let go.
const STATEMENTS_KEPT: usize = 500;

pub(super) struct Unit<'c> {
    connection: &'c mut Connection,
    failed: Option<(StoreError, Meaning)>,
    /// Reads have no transaction in which rows could be locked.
    locks: bool,
}

impl<'c> Unit<'c> {
    pub(super) const fn new(connection: &'c mut Connection, locks: bool) -> Self {
        Self { connection, failed: None, locks }
    }

    /// The first failure, remembered whatever the closure made of it.
    pub(super) fn failed(self) -> Option<(StoreError, Meaning)> {
        self.failed
    }

    fn run<T>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> Result<T, (StoreError, Meaning)>,
    ) -> Result<T, StoreError> {
        if let Some((error, _)) = &self.failed {
            return Err(error.clone());
        }
        work(self.connection).map_err(|(error, meaning)| {
            self.failed = Some((error.clone(), meaning));
            error
        })
    }
}

impl Tx for Unit<'_> {
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, StoreError> {
        self.run(|connection| {
            let statement = connection.prepare(sql, args.len())?;
            connection.client.execute(&statement, &parameters(args)).map_err(|error| judged(&error, sql))
        })
    }

    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>, StoreError> {
        let rows = self.run(|connection| {
            let statement = connection.prepare(sql, args.len())?;
            connection.client.query(&statement, &parameters(args)).map_err(|error| judged(&error, sql))
        })?;
        rows.iter().map(|row| values::read(row).map(Row::new)).collect()
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn lock_rows(&self) -> &'static str {
        if self.locks { " for update" } else { "" }
    }

    fn conflict(&mut self) -> StoreError {
        self.failed.get_or_insert((StoreError::Conflict, Meaning::Again)).0.clone()
    }
}

fn parameters(args: &[Val]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

fn judged(error: &postgres::Error, sql: &str) -> (StoreError, Meaning) {
    (translate(error, sql), meaning(error))
}

impl Connection {
    fn prepare(&mut self, sql: &str, given: usize) -> Result<Statement, (StoreError, Meaning)> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => self.prepare_new(sql)?,
        };
        let expected = statement.params().len();
        if expected != given {
            let error = StoreError::query(sql, format!("it has {expected} parameters, {given} were given"));
            return Err((error, Meaning::Final));
        }
        Ok(statement)
    }

    fn prepare_new(&mut self, sql: &str) -> Result<Statement, (StoreError, Meaning)> {
        statement::check(sql).map_err(|error| (error, Meaning::Final))?;
        if self.statements.len() >= STATEMENTS_KEPT {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql).map_err(|error| judged(&error, sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}
