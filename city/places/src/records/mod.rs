//! This folder holds what the department remembers: places with dated names, codes and parents, changes, doubts,
//! editions and units. Only this folder contains SQL.

pub mod adoption;
pub mod current;
pub mod geography;
pub mod grids;
pub mod history;
pub mod import;
pub mod outline;
pub mod review;
pub mod unit;
pub mod worker;

use store::{StoreError, Tx, Val, args, scalar};

/// Lists the migrations of the department's tables.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { name: "places/0001_places", sql: include_str!("../../migrations/0001_places.sql") },
    store::Migration { name: "places/0002_geography", sql: include_str!("../../migrations/0002_geography.sql") },
    store::Migration { name: "places/0003_adoption", sql: include_str!("../../migrations/0003_adoption.sql") },
    store::Migration { name: "places/0004_earth", sql: include_str!("../../migrations/0004_earth.sql") },
    store::Migration { name: "places/0005_grid_worker", sql: include_str!("../../migrations/0005_grid_worker.sql") },
    store::Migration { name: "places/0006_outline", sql: include_str!("../../migrations/0006_outline.sql") },
    store::Migration { name: "places/0007_same_day", sql: include_str!("../../migrations/0007_same_day.sql") },
];

/// Limits how many places a city has, with those that ended. Every list stops at this number.
pub const PLACES_LIMIT: i64 = 500_000;

/// Takes `count` running numbers from a counter and returns the first of them. It works within the transaction, so that
/// no number is lost or given twice.
pub fn take(tx: &mut dyn Tx, counter: &str, count: i64) -> Result<i64, StoreError> {
    let sql = "insert into places_counter (name, next) values ($1, $2) \
               on conflict (name) do update set next = places_counter.next + $3 returning next";
    let next: Option<i64> = scalar(tx, sql, &args![counter, count + 1, count])?;
    Ok(next.unwrap_or_default() - count)
}

/// Limits the rows of one statement.
const BATCH: usize = 100;

/// Inserts many rows with few statements. `columns` is the list between the brackets.
pub fn insert(tx: &mut dyn Tx, table: &str, columns: &str, rows: &[Vec<Val>]) -> Result<(), StoreError> {
    for batch in rows.chunks(BATCH) {
        let mut number = 0;
        let tuples: Vec<String> = batch
            .iter()
            .map(|row| {
                let marks: Vec<String> = row
                    .iter()
                    .map(|_| {
                        number += 1;
                        format!("${number}")
                    })
                    .collect();
                format!("({})", marks.join(", "))
            })
            .collect();
        let sql = format!("insert into {table} ({columns}) values {}", tuples.join(", "));
        let values: Vec<Val> = batch.iter().flatten().cloned().collect();
        tx.exec(&sql, &values)?;
    }
    Ok(())
}
