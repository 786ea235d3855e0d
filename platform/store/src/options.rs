//! What can be set about a store, with the defaults that serve a city.

use std::time::Duration;

/// Settings of [`Store::open`](crate::Store::open). Start from `Options::default()`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Units of work that may wait, for writes and for reads each; one more is answered with Busy. Default 4096.
    pub queue_length: usize,
    /// SQLite: units of work that are committed with one fsync at most. Default 256.
    pub group_size: usize,
    /// SQLite: reading threads. Default 3.
    pub sqlite_readers: usize,
    /// SQLite: take the lock file beside the database, so that no second server opens it. Default true; only
    /// commands that read, or run beside a server for a moment, do without.
    pub exclusive: bool,
    /// SQLite: largest size of the database in pages of 4 KiB; none for no limit but the disk. Default none.
    pub max_pages: Option<u32>,
    /// SQLite: pages in the write-ahead log after which a commit also writes the database file. Default 8000, 32 MiB: rows from all over a city touch
    /// the same pages of the indexes again before these are written.
    pub checkpoint_pages: u32,
    /// SQLite: memory of the writer's pages in KiB. Default 8192: a group of commits finds its pages of the indexes, and none is written twice.
    pub sqlite_cache_kib: u32,
    /// SQLite: quiet time after which the write-ahead log is emptied. Default 2 seconds.
    pub idle: Duration,
    /// PostgreSQL: writing threads, one connection each. Default 12.
    pub postgres_writers: usize,
    /// PostgreSQL: reading threads, one connection each. Default 4.
    pub postgres_readers: usize,
    /// How long to wait for a lock of another process (SQLite) or for a connection (PostgreSQL). Default 5 seconds.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue_length: 4096,
            group_size: 256,
            sqlite_readers: 3,
            exclusive: true,
            max_pages: None,
            checkpoint_pages: 8000,
            sqlite_cache_kib: 8192,
            idle: Duration::from_secs(2),
            postgres_writers: 12,
            postgres_readers: 4,
            patience: Duration::from_secs(5),
        }
    }
}
