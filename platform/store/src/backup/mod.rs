//! A backup can be made while the city works, and it can be restored into an empty database of either engine.
//!
//! It is one file of JSON lines: a first line with the format, the migrations with their texts, then each table with
//! its rows in the order of its key, the number of rows and their SM3, and a last line with the SM3 of everything
//! before. A backup of SQLite can be restored into PostgreSQL and the other way round. Both ways end with reading back
//! what was written.

mod lines;
mod reader;
mod rows;
mod writer;

pub use lines::{Manifest, TableSummary};
pub use reader::{check, restore};
pub use writer::backup;

/// How far a backup or a restore is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The table that is written or read now.
    pub table: String,
    /// How many rows of all tables are done.
    pub rows: u64,
    /// How many tables are done.
    pub tables: usize,
}
