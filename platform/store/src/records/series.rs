//! Running numbers: each series of a district counts by itself, from 1 every year, without gaps among what was stored.

use kernel::place::PlaceId;

use crate::args;
use crate::error::StoreError;
use crate::record::scalar;
use crate::transaction::Tx;

/// Takes the next number of a series in a district and year, the first is 1. A unit of work that is rolled back gives
/// its number back; whoever asks for the same series waits until this unit ends.
///
/// # Errors
/// Whatever the engine reports.
pub fn next(tx: &mut dyn Tx, district: PlaceId, series: &str, year: i64) -> Result<i64, StoreError> {
    let sql = "insert into store_series (district, series, year, last) values ($1, $2, $3, 1) \
               on conflict (district, series, year) do update set last = store_series.last + 1 returning last";
    let last = scalar(tx, sql, &args![district, series, year])?;
    last.ok_or_else(|| StoreError::data("store_series gave no number"))
}

/// As [`next`] for a series that another table counted before: `counted` gives the last number of that table, nothing
/// when it has none. It is asked only for the first number of a district and year.
///
/// # Errors
/// Whatever the engine or `counted` reports.
pub fn next_after(
    tx: &mut dyn Tx,
    district: PlaceId,
    series: &str,
    year: i64,
    counted: impl FnOnce(&mut dyn Tx) -> Result<Option<i64>, StoreError>,
) -> Result<i64, StoreError> {
    let number = next(tx, district, series, year)?;
    let before = if number == 1 { counted(tx)?.unwrap_or_default() } else { 0 };
    if before == 0 {
        return Ok(number);
    }
    let sql = "update store_series set last = $4 where district = $1 and series = $2 and year = $3";
    tx.exec(sql, &args![district, series, year, before + 1])?;
    Ok(before + 1)
}
