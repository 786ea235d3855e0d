//! A unit of work on a SQLite connection, inside a transaction or savepoint that somebody else ends.

use std::path::Path;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};

use super::failure::translate;
use crate::error::StoreError;
use crate::statement::Texts;
use crate::transaction::{Engine, Tx};
use crate::value::{Row, Val};

pub(super) struct Unit<'c> {
    connection: &'c Connection,
    texts: &'c mut Texts,
    path: &'c Path,
    failed: Option<StoreError>,
}

impl<'c> Unit<'c> {
    pub(super) const fn new(connection: &'c Connection, texts: &'c mut Texts, path: &'c Path) -> Self {
        Self { connection, texts, path, failed: None }
    }

    /// Returns the failure of the first statement that failed. The unit is lost then.
    pub(super) fn failed(&mut self) -> Option<StoreError> {
        self.failed.take()
    }

    fn run<T>(
        &mut self,
        sql: &str,
        args: &[Val],
        work: impl FnOnce(&Connection, &mut CachedStatement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.attempt(sql, args, work);
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result
    }

    fn attempt<T>(
        &mut self,
        sql: &str,
        args: &[Val],
        work: impl FnOnce(&Connection, &mut CachedStatement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let text = self.texts.numbered(sql)?;
        let fault = |error: rusqlite::Error| translate(&error, sql, self.path);
        let mut statement = self.connection.prepare_cached(&text).map_err(fault)?;
        let expected = statement.parameter_count();
        if expected != args.len() {
            return Err(StoreError::query(sql, format!("it has {expected} parameters, {} were given", args.len())));
        }
        for (value, position) in args.iter().zip(1..) {
            statement.raw_bind_parameter(position, value).map_err(fault)?;
        }
        work(self.connection, &mut statement).map_err(fault)
    }
}

impl Tx for Unit<'_> {
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, StoreError> {
        self.run(sql, args, |connection, statement| {
            let before = connection.total_changes();
            let read_only = statement.readonly();
            let mut rows = statement.raw_query();
            let mut count = 0;
            while rows.next()?.is_some() {
                count += 1;
            }
            Ok(match read_only {
                true => count,
                false if connection.total_changes() == before => 0,
                false => connection.changes(),
            })
        })
    }

    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>, StoreError> {
        let found = self.run(sql, args, |_, statement| {
            let columns = statement.column_count();
            let mut rows = statement.raw_query();
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let values =
                    (0..columns).map(|column| row.get_ref(column).map(read)).collect::<rusqlite::Result<Vec<_>>>()?;
                found.push(values);
            }
            Ok(found)
        })?;
        found.into_iter().map(|values| Ok(Row::new(values.into_iter().collect::<Result<_, _>>()?))).collect()
    }

    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn conflict(&mut self) -> StoreError {
        // The conflict showed because the row is there already.
        if matches!(self.failed, None | Some(StoreError::Constraint(_))) {
            self.failed = Some(StoreError::Conflict);
        }
        self.failed.clone().unwrap_or(StoreError::Conflict)
    }
}

fn read(value: ValueRef<'_>) -> Result<Val, StoreError> {
    match value {
        ValueRef::Null => Ok(Val::Null),
        ValueRef::Integer(number) => Ok(Val::Int(number)),
        ValueRef::Text(bytes) => match str::from_utf8(bytes) {
            Ok(text) => Ok(Val::Text(text.to_owned())),
            Err(_) => Err(StoreError::data("a text is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Ok(Val::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(StoreError::data("a fraction was found; both engines store integers only")),
    }
}

impl ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Uuid(id) => ValueRef::Blob(id.as_bytes()),
        }))
    }
}
