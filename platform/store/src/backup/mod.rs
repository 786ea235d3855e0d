//! Backup while the city works, and restore into an empty database of either engine.
//!
//! One file, JSON lines: a first line with the format, the migrations with their texts, then each table with its rows in
//! the order of its key, the number of rows and their SM3, and a last line with the SM3 of all before. A backup of
//! SQLite restores into PostgreSQL and the other way round. Both ways end with reading back what was written.

mod lines;
mod reader;
mod rows;
mod writer;

pub use lines::{Manifest, TableSummary};
pub use reader::{check, restore};
pub use writer::backup;

/// How far a backup or restore has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The table under way.
    pub table: String,
    /// Rows of all tables so far.
    pub rows: u64,
    /// Tables finished.
    pub tables: usize,
}
