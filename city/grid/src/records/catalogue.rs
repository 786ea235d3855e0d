//! Remembers the city's own sheets of the catalogue.

use kernel::time::{Date, Instant};
use store::{StoreError, Tx, all, args, record, scalar};
use uuid::Uuid;

/// The most sheets that are read: a city makes some ten a year.
const MOST: i64 = 1_000;

record! {
    /// A sheet that was put in force: one system of codes.
    pub struct Release {
        /// The number of the edition that begins with it, from 1.
        pub number: i64,
        /// The system of codes.
        pub system: String,
        /// The file of the catalogue.
        pub entries: String,
        /// The first day on which it holds.
        pub from: Date,
        /// The document on which it rests, in words.
        pub document: String,
        /// The account of the person who released it.
        pub released_by: Uuid,
        /// Her name.
        pub released_name: String,
        /// When.
        pub released_at: Instant,
    }
}

/// Every sheet, by number.
///
/// # Errors
/// The store failed.
pub fn releases(tx: &mut dyn Tx) -> Result<Vec<Release>, StoreError> {
    let sql = "select number, system, entries, from_day, document, released_by, released_name, released_at \
               from grid_release order by number limit $1";
    all(tx, sql, &args![MOST])
}

/// The number of the next sheet.
///
/// # Errors
/// The store failed.
pub fn next(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    Ok(scalar::<i64>(tx, "select coalesce(max(number), 0) from grid_release", &[])?.unwrap_or_default() + 1)
}

/// Keeps a sheet.
///
/// # Errors
/// [`StoreError::Conflict`] when another sheet took the number meanwhile, or the store failed.
pub fn release(tx: &mut dyn Tx, new: &Release) -> Result<(), StoreError> {
    let sql = "insert into grid_release (number, system, entries, from_day, document, released_by, released_name, \
               released_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (number) do nothing";
    let values = args![
        new.number,
        &new.system,
        &new.entries,
        new.from,
        &new.document,
        new.released_by,
        &new.released_name,
        new.released_at
    ];
    if tx.exec(sql, &values)? == 1 { Ok(()) } else { Err(tx.conflict()) }
}
