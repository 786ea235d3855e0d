//! Connects to the server, sets the session up and sends several statements together.

use std::collections::HashMap;

use futures_util::future::{BoxFuture, join_all};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Statement};

use super::failure::{Meaning, meaning, translate};
use crate::error::StoreError;
use crate::options::Options;
use crate::statement;
use crate::value::Val;

/// How many prepared statements a connection keeps. Then it drops all of them.
const STATEMENTS_KEPT: usize = 500;
/// How many statements are sent together at most: as many as [`join_all`] certainly polls in their order.
pub(super) const FLIGHT: usize = 24;

/// What a connection is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Write,
    Read,
}

impl Use {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Write => "store-write",
            Self::Read => "store-read",
        }
    }

    const fn session(self) -> &'static str {
        match self {
            Self::Write => {
                "set default_transaction_isolation = 'read committed'; set default_transaction_read_only = off; \
                 set client_min_messages = warning; set idle_in_transaction_session_timeout = '5min'"
            }
            Self::Read => {
                "set default_transaction_isolation = 'read committed'; set default_transaction_read_only = on; \
                 set client_min_messages = warning"
            }
        }
    }
}

/// A connection and the statements prepared on it. It belongs to one thread, which drives it while it waits for an
/// answer.
pub(super) struct Connection {
    runtime: Runtime,
    client: Client,
    statements: HashMap<String, Statement>,
}

/// A failure and what it means for the unit. It holds nothing of the values.
pub(super) type Failed = (StoreError, Meaning);

/// One statement that is sent.
pub(super) enum Sent {
    /// A command without parameters, such as `begin`.
    Plain(&'static str),
    /// A prepared statement whose rows are counted. With `true` it must change exactly one row.
    Count(Statement, Vec<Val>, String, bool),
    /// A prepared statement whose rows are read.
    Rows(Statement, Vec<Val>, String),
}

/// The answer to one statement.
pub(super) enum Back {
    Done,
    Count(u64),
    Rows(Vec<tokio_postgres::Row>),
}

impl Sent {
    fn sql(&self) -> &str {
        match self {
            Self::Plain(sql) => sql,
            Self::Count(_, _, sql, _) | Self::Rows(_, _, sql) => sql,
        }
    }

    /// Says whether only the answer shows that the statement did what it must.
    pub(super) const fn must_count(&self) -> bool {
        matches!(self, Self::Count(_, _, _, true))
    }
}

impl Connection {
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Drops the prepared statements because they no longer fit the tables.
    pub(super) fn forget(&mut self) {
        self.statements.clear();
    }

    /// Sends statements one after the other without waiting in between, and waits for all answers. The server takes
    /// them in their order.
    ///
    /// # Errors
    /// Fails with the first failure; the later ones follow from it. One row too few or too many is a conflict.
    pub(super) fn send(&self, flight: &[Sent]) -> Result<Vec<Back>, Failed> {
        let answers: Vec<BoxFuture<'_, Result<Back, Error>>> = flight.iter().map(|sent| self.answer(sent)).collect();
        let answers = self.runtime.block_on(join_all(answers));
        let mut backs = Vec::with_capacity(flight.len());
        for (sent, answer) in flight.iter().zip(answers) {
            let back = answer.map_err(|error| (translate(&error, sent.sql()), meaning(&error)))?;
            if sent.must_count() && !matches!(back, Back::Count(1)) {
                return Err((StoreError::Conflict, Meaning::Again));
            }
            backs.push(back);
        }
        Ok(backs)
    }

    fn answer<'c>(&'c self, sent: &'c Sent) -> BoxFuture<'c, Result<Back, Error>> {
        match sent {
            Sent::Plain(sql) => Box::pin(async { self.client.batch_execute(sql).await.map(|()| Back::Done) }),
            Sent::Count(statement, args, ..) => Box::pin(async {
                let given = parameters(args);
                self.client.execute(statement, &given).await.map(Back::Count)
            }),
            Sent::Rows(statement, args, _) => Box::pin(async {
                let given = parameters(args);
                self.client.query(statement, &given).await.map(Back::Rows)
            }),
        }
    }

    /// Runs one command by itself, outside of any transaction.
    pub(super) fn command(&self, sql: &str) -> Result<(), StoreError> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(|error| translate(&error, sql))
    }

    /// Returns the number that a query without parameters gives.
    pub(super) fn number(&self, sql: &str) -> Result<i64, StoreError> {
        let row = self.runtime.block_on(self.client.query_one(sql, &[]));
        row.and_then(|row| row.try_get(0)).map_err(|error| translate(&error, sql))
    }

    pub(super) fn prepare(&mut self, sql: &str, given: usize) -> Result<Statement, Failed> {
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

    fn prepare_new(&mut self, sql: &str) -> Result<Statement, Failed> {
        statement::check(sql).map_err(|error| (error, Meaning::Final))?;
        if self.statements.len() >= STATEMENTS_KEPT {
            self.statements.clear();
        }
        let prepared = self.runtime.block_on(self.client.prepare(sql));
        let statement = prepared.map_err(|error| (translate(&error, sql), meaning(&error)))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn parameters(args: &[Val]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

/// Reads the address and refuses one that would silently go without encryption.
pub(super) fn configuration(address: &str, options: &Options) -> Result<Config, StoreError> {
    let fault = |message: String| StoreError::Address { message };
    let mut config: Config = address.parse().map_err(|error| {
        fault(format!("the address of the database cannot be read ({error}); write postgres://USER@HOST/DATABASE"))
    })?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(fault(
            "sslmode=require is asked for, but this program speaks to PostgreSQL without TLS. Use a unix socket or a \
             tunnel and sslmode=disable"
                .to_owned(),
        ));
    }
    config.connect_timeout(options.patience);
    if config.get_application_name().is_none() {
        config.application_name("lianglin");
    }
    Ok(config)
}

pub(super) fn open(config: &Config, purpose: Use) -> Result<Connection, StoreError> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| StoreError::Disk { message: format!("a thread could not be set up: {error}") })?;
    let connected = runtime.block_on(async {
        let (client, driver) = config.connect(NoTls).await?;
        // Its failures are told to whoever waits for an answer.
        tokio::spawn(async { drop(driver.await) });
        client.batch_execute(purpose.session()).await?;
        Ok::<_, Error>(client)
    });
    match connected {
        Ok(client) => Ok(Connection { runtime, client, statements: HashMap::new() }),
        Err(error) => {
            let message = error.as_db_error().map_or_else(|| error.to_string(), |inner| inner.message().to_owned());
            Err(StoreError::Unreachable { message })
        }
    }
}
