//! Remembers on which day somebody ticked a grid as walked: by grid and day, never a track.

use kernel::place::PlaceId;
use kernel::time::Date;
use store::{StoreError, Tx, all, args};

use crate::words::field::Round;

/// The most days of a grid that are read.
const DAYS: i64 = 400;

/// Ticks a grid for a day, or takes the tick back. The first one who ticked it stays named, and nobody else takes hers
/// back.
///
/// # Errors
/// The store failed.
pub fn tick(tx: &mut dyn Tx, district: PlaceId, round: &Round, walked: bool) -> Result<(), StoreError> {
    if walked {
        let sql = "insert into grid_patrol (district, grid, day, name) values ($1, $2, $3, $4) \
                   on conflict (district, grid, day) do nothing";
        return tx.exec(sql, &args![district, round.grid, round.day, &round.name]).map(|_| ());
    }
    let sql = "delete from grid_patrol where district = $1 and grid = $2 and day = $3 and name = $4";
    tx.exec(sql, &args![district, round.grid, round.day, &round.name]).map(|_| ())
}

/// The days on which a grid was walked since one, the latest first.
///
/// # Errors
/// The store failed.
pub fn of_grid(tx: &mut dyn Tx, district: PlaceId, grid: PlaceId, since: Date) -> Result<Vec<Round>, StoreError> {
    let sql = "select grid, day, name from grid_patrol where district = $1 and grid = $2 and day >= $3 \
               order by day desc limit $4";
    all(tx, sql, &args![district, grid, since, DAYS])
}
