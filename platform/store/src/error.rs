//! What can go wrong in the store. The texts tell the reader what to do.

/// A failure of the store. Each text says what happened and what to do. No text holds a value of a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The queue of waiting work is full. Web pages answer 503 with Retry-After.
    #[error("the store has more work waiting than it takes; nothing was stored, try again in a few seconds")]
    Busy,
    /// Another process holds the database file.
    #[error(
        "{file} is held by another process: another server runs on this database. Stop that server first, or use \
         PostgreSQL for several servers side by side"
    )]
    Locked {
        /// The lock file.
        file: String,
    },
    /// There is no database at the path, and nobody asked to make one.
    #[error(
        "there is no database at {file}. Check the path (--database, LIANGLIN_DATABASE, or database in lianglin.toml); to \
         make a new one, run: lianglin init"
    )]
    Missing {
        /// The file that was looked for.
        file: String,
    },
    /// The file of the database has several names.
    #[error(
        "{file} has {names} names on this disk (hard links). Each name would get a write-ahead log of its own, and that \
         destroys the database: remove the other names, or copy the file instead"
    )]
    Linked {
        /// The file.
        file: String,
        /// How many names it has.
        names: u64,
    },
    /// The disk has no room.
    #[error(
        "the disk of the database is full (or its quota is used up); nothing was stored. Free some space: the store goes on by itself"
    )]
    Full,
    /// The connection was lost while the work was being committed.
    #[error(
        "the connection to the database was lost while the work was being stored: it may or may not have been stored. Send \
         it again with the same key, then it is done once"
    )]
    Disconnected,
    /// The database cannot be reached.
    #[error(
        "the database cannot be reached, nothing was stored: {message}. Check that it runs and that the address is right; the store connects again by itself"
    )]
    Unreachable {
        /// What the driver said.
        message: String,
    },
    /// Somebody else changed the same thing first, even after some attempts.
    #[error("somebody else changed the same thing at the same moment; nothing was stored, look at it again and repeat")]
    Conflict,
    /// A unique, foreign, check or not-null rule of a table was broken.
    #[error("a rule of the database was broken, nothing was stored: {0}")]
    Constraint(String),
    /// The work panicked. Only its own changes were dropped.
    #[error("the work stopped with a fault in the program (see the log); nothing of it was stored")]
    Panicked,
    /// A statement failed.
    #[error("a statement failed, nothing was stored: {message}; statement: {sql}")]
    Query {
        /// The text of the statement, without values.
        sql: String,
        /// What the engine said.
        message: String,
    },
    /// A stored value is not what the program expects.
    #[error("stored data is not as expected: {message}")]
    Data {
        /// What was expected and found.
        message: String,
    },
    /// A migration cannot be applied.
    #[error("migration {name}: {message}")]
    Migration {
        /// Name of the migration.
        name: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// Reading or writing the disk failed.
    #[error("the disk failed: {message}. Nothing was stored; check the disk before you go on")]
    Disk {
        /// What the engine or the system said.
        message: String,
    },
    /// The store does not understand the address of the database.
    #[error("{message}")]
    Address {
        /// What is wrong and what to write instead.
        message: String,
    },
    /// What was deleted may still stand in the files of the database.
    #[error("what was deleted may still stand in the files of the database: {message}. It is tried again")]
    Remains {
        /// What stands in the way.
        message: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// A backup cannot be written or restored.
    #[error("{message}")]
    Backup {
        /// What is wrong and what to do.
        message: String,
    },
    /// A day cannot be sealed.
    #[error("the audit head of {day} cannot be written: {message}")]
    Seal {
        /// The day.
        day: String,
        /// The reason.
        message: String,
    },
}

impl StoreError {
    /// Makes a [`StoreError::Data`] with a message.
    pub fn data(message: impl Into<String>) -> Self {
        Self::Data { message: message.into() }
    }

    pub(crate) fn query(sql: &str, message: impl Into<String>) -> Self {
        Self::Query { sql: sql.to_owned(), message: message.into() }
    }

    pub(crate) fn backup(message: impl Into<String>) -> Self {
        Self::Backup { message: message.into() }
    }
}
