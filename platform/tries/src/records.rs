//! Remembers the counts. This file has the only SQL of this crate.
//!
//! The table is asked for by digests from everywhere, so on Citus it is a reference table.

use kernel::time::Instant;
use store::{Migration, StoreError, Tx, args, one, record};

use crate::guard::Digest;
use crate::rules::Count;

/// The table of counts.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "tries/0001_tries", sql: include_str!("../migrations/0001_tries.sql") }];

record! {
    struct CountRow {
        wrong: i64,
        since: Instant,
        free_at: Instant,
    }
}

impl From<CountRow> for Count {
    fn from(row: CountRow) -> Self {
        Self { wrong: row.wrong, since: row.since, free_at: row.free_at }
    }
}

/// Returns the count of a digest.
pub fn count(tx: &mut dyn Tx, digest: &Digest) -> Result<Option<Count>, StoreError> {
    let sql = "select wrong, since, free_at from tries_count where digest = $1";
    Ok(one::<CountRow>(tx, sql, &args![*digest])?.map(Count::from))
}

/// Returns the count of a digest, which nobody else changes before this unit ends. A row is made first where there is
/// none, for a row that is not there cannot be held.
pub fn count_to_change(tx: &mut dyn Tx, digest: &Digest, now: Instant) -> Result<Count, StoreError> {
    tx.exec(
        "insert into tries_count (digest, wrong, since, free_at) values ($1, 0, $2, $3) \
         on conflict (digest) do nothing",
        &args![*digest, now, now],
    )?;
    let sql = format!("select wrong, since, free_at from tries_count where digest = $1{}", tx.lock_rows());
    match one::<CountRow>(tx, &sql, &args![*digest])? {
        Some(row) => Ok(row.into()),
        None => Err(tx.conflict()),
    }
}

/// Writes the count of a digest.
pub fn write(tx: &mut dyn Tx, digest: &Digest, count: &Count) -> Result<(), StoreError> {
    let sql = "update tries_count set wrong = $1, since = $2, free_at = $3 where digest = $4";
    tx.exec(sql, &args![count.wrong, count.since, count.free_at, *digest]).map(drop)
}

/// Forgets the count of a digest.
pub fn forget(tx: &mut dyn Tx, digest: &Digest) -> Result<(), StoreError> {
    tx.exec("delete from tries_count where digest = $1", &args![*digest]).map(drop)
}

/// Removes counts of which nothing was added since a moment, at most so many, and returns how many there were.
pub fn sweep(tx: &mut dyn Tx, before: Instant, limit: i64) -> Result<u64, StoreError> {
    tx.exec(
        "delete from tries_count where digest in \
         (select digest from tries_count where since < $1 and free_at < $1 order by since, digest limit $2)",
        &args![before, limit],
    )
}
