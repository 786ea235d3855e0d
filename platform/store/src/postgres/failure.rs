//! Translates what PostgreSQL says into the words of the store.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::error::StoreError;

/// What a failed statement means for the unit to which it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The work or the data are wrong. A second run changes nothing.
    Final,
    /// Somebody else was faster. The unit can run again.
    Again,
    /// Prepared statements no longer fit the tables, because a migration ran. They are prepared anew and the unit runs
    /// again.
    Stale,
    /// The connection is gone.
    Lost,
}

pub(super) fn meaning(error: &Error) -> Meaning {
    let Some(state) = error.code() else {
        let broken = error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        return if broken { Meaning::Lost } else { Meaning::Final };
    };
    match *state {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Meaning::Again,
        // Somebody else appended to that stream of events first. Shards of a distributed table carry their number
        // behind the name.
        SqlState::UNIQUE_VIOLATION if constraint(error).is_some_and(|name| name.starts_with("store_event_pkey")) => {
            Meaning::Again
        }
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Meaning::Lost,
        _ if message(error).contains("cached plan must not change") => Meaning::Stale,
        _ if state.code().starts_with("08") => Meaning::Lost,
        _ => Meaning::Final,
    }
}

fn constraint(error: &Error) -> Option<&str> {
    error.as_db_error().and_then(|inner| inner.constraint())
}

fn message(error: &Error) -> String {
    match error.as_db_error() {
        // Only the message is taken, because the detail of the server quotes values of the row.
        Some(inner) => inner.message().to_owned(),
        None => error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
    }
}

/// Returns the failure of a statement, without values.
pub(super) fn translate(error: &Error, sql: &str) -> StoreError {
    let message = message(error);
    match (meaning(error), error.code()) {
        (Meaning::Again | Meaning::Stale, _) => StoreError::Conflict,
        (Meaning::Lost, _) => StoreError::Unreachable { message },
        (Meaning::Final, Some(state)) => match state.code() {
            "53100" => StoreError::Full,
            "58030" => StoreError::Disk { message },
            code if code.starts_with("23") => StoreError::Constraint(message),
            _ => StoreError::query(sql, message),
        },
        (Meaning::Final, None) => StoreError::data(message),
    }
}
