//! The settings of a store, with defaults that serve a city.

use std::time::Duration;

/// The settings of [`Store::open`](crate::Store::open). Start from `Options::default()`.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many units of work may wait, for writes and for reads each. A further one is answered with Busy. Default
    /// 4096.
    pub queue_length: usize,
    /// SQLite: how many units of work are committed with one fsync at most. Default 256.
    pub group_size: usize,
    /// SQLite: the number of reading threads. Default 3.
    pub sqlite_readers: usize,
    /// SQLite: whether the store takes the lock file beside the database, so that no second server opens it. Default
    /// true. Only commands that read, or that run beside a server for a moment, do without it.
    pub exclusive: bool,
    /// SQLite: whether a file that is missing (or holds nothing) is made. Default true. A command that expects a
    /// database to be there says false, so that a mistyped path is told and no empty database is left behind.
    pub create: bool,
    /// SQLite: the largest size of the database in pages of 4 KiB, or none when only the disk limits it. Default none.
    pub max_pages: Option<u32>,
    /// SQLite: the number of pages in the write-ahead log after which a commit also writes the database file. Default
    /// 8000, which is 32 MiB: rows from all over a city change the same pages of the indexes several times before these
    /// are written.
    pub checkpoint_pages: u32,
    /// SQLite: the memory for the writer's pages in KiB. Default 8192: a group of commits finds its pages of the
    /// indexes there, and no page is written twice.
    pub sqlite_cache_kib: u32,
    /// SQLite: the quiet time after which the write-ahead log is emptied. Default 2 seconds.
    pub idle: Duration,
    /// SQLite: the time after which the write-ahead log is emptied although it is never quiet. What was deleted stands
    /// in the log until then. Default 1 minute.
    pub log_age: Duration,
    /// PostgreSQL: the number of writing threads, with one connection each. Default 12.
    pub postgres_writers: usize,
    /// PostgreSQL: the number of reading threads, with one connection each. Default 4.
    pub postgres_readers: usize,
    /// How long the store waits for a lock of another process (SQLite) or for a connection (PostgreSQL). Default 5
    /// seconds.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue_length: 4096,
            group_size: 256,
            sqlite_readers: 3,
            exclusive: true,
            create: true,
            max_pages: None,
            checkpoint_pages: 8000,
            sqlite_cache_kib: 8192,
            idle: Duration::from_secs(2),
            log_age: Duration::from_mins(1),
            postgres_writers: 12,
            postgres_readers: 4,
            patience: Duration::from_secs(5),
        }
    }
}
