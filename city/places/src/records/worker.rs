//! This file keeps who is responsible for a grid from which day on. It holds no work, hours or ways of anybody.

use std::collections::BTreeMap;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use super::PLACES_LIMIT;
use crate::words::Author;

/// How many hand-overs of a grid are listed.
const SHOWN: i64 = 200;

record! {
    /// Somebody who is or was responsible for a grid.
    pub struct GridWorker {
        /// The first day.
        pub from: Date,
        /// The first day on which somebody else is responsible, or nobody.
        pub until: Option<Date>,
        /// The account.
        pub account: Uuid,
        /// The name, as it was then.
        pub name: String,
        /// What whoever handed over wrote down.
        pub note: String,
        /// How many reports were open in the grid then.
        pub open_reports: i64,
        /// Who noted it.
        pub noted_name: String,
    }
}

const COLUMNS: &str = "valid_from, valid_to, account, worker_name, note, open_reports, noted_name";

/// Returns everybody who is, was or is going to be responsible for a grid, the latest first: also those who handed it
/// on the day on which they got it.
pub fn history(tx: &mut dyn Tx, grid: PlaceId) -> Result<Vec<GridWorker>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from (\
         select valid_from, valid_to, account, worker_name, note, open_reports, noted_name, 0 as earlier, 0 as turn \
         from places_grid_worker where grid = $1 \
         union all \
         select valid_from, valid_from as valid_to, account, worker_name, note, open_reports, noted_name, \
         1 as earlier, turn from places_grid_worker_same_day where grid = $1) told \
         order by valid_from desc, earlier, turn desc limit $2"
    );
    all(tx, &sql, &args![grid, SHOWN])
}

/// Returns who is responsible for a grid on a day.
pub fn on(tx: &mut dyn Tx, grid: PlaceId, day: Date) -> Result<Option<GridWorker>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from places_grid_worker where grid = $1 and valid_from <= $2 \
         and (valid_to is null or valid_to > $2) limit 1"
    );
    one(tx, &sql, &args![grid, day])
}

/// Returns the grids for which somebody is responsible on a day.
pub fn in_hand(tx: &mut dyn Tx, account: Uuid, day: Date) -> Result<Vec<PlaceId>, StoreError> {
    let sql = "select grid from places_grid_worker where account = $1 and valid_from <= $2 \
               and (valid_to is null or valid_to > $2) order by grid limit $3";
    tx.rows(sql, &args![account, day, PLACES_LIMIT])?.iter().map(|row| row.get(0)).collect()
}

record! {
    struct Named {
        grid: PlaceId,
        name: String,
    }
}

/// Returns the names of those who are responsible for the grids of a place on a day.
pub fn names(tx: &mut dyn Tx, place: &PlacePath, day: Date) -> Result<BTreeMap<PlaceId, String>, StoreError> {
    let (low, high) = place.range();
    let sql = "select w.grid, w.worker_name from places_grid_worker w join places_place p on p.id = w.grid \
               where p.path >= $1 and p.path < $2 and w.valid_from <= $3 and (w.valid_to is null or w.valid_to > $3) \
               order by w.grid limit $4";
    let rows: Vec<Named> = all(tx, sql, &args![low, high, day, PLACES_LIMIT])?;
    Ok(rows.into_iter().map(|row| (row.grid, row.name)).collect())
}

/// A hand-over that is going to be written.
pub struct NewWorker<'a> {
    /// The grid.
    pub grid: PlaceId,
    /// The first day.
    pub from: Date,
    /// Whether that day has begun.
    pub begun: bool,
    /// The account.
    pub account: Uuid,
    /// The name.
    pub name: &'a str,
    /// What is open, in words.
    pub note: &'a str,
    /// How many reports are open in the grid.
    pub open_reports: i64,
    /// Who notes it.
    pub by: &'a Author,
    /// When it is noted.
    pub at: Instant,
}

/// Writes who is responsible from a day on. What was planned for that day or later no longer holds. Whoever had the
/// grid for a part of a day that has begun stays in its history.
pub fn hand_over(tx: &mut dyn Tx, new: &NewWorker<'_>) -> Result<(), StoreError> {
    let keep = "insert into places_grid_worker_same_day \
                (grid, valid_from, turn, account, worker_name, note, open_reports, noted_name, noted_by, noted_at) \
                select w.grid, w.valid_from, (select coalesce(max(s.turn), 0) + 1 from places_grid_worker_same_day s \
                where s.grid = $1 and s.valid_from = $2), w.account, w.worker_name, w.note, w.open_reports, \
                w.noted_name, w.noted_by, w.noted_at from places_grid_worker w where w.grid = $1 and w.valid_from = $2";
    if new.begun {
        tx.exec(keep, &args![new.grid, new.from])?;
    }
    end(tx, new.grid, new.from)?;
    let sql = "insert into places_grid_worker \
               (grid, valid_from, account, worker_name, note, open_reports, noted_name, noted_by, noted_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (name, by) = (&new.by.name, new.by.account);
    let values = args![new.grid, new.from, new.account, new.name, new.note, new.open_reports, name, by, new.at];
    tx.exec(sql, &values).map(drop)
}

/// Ends the responsibility for a grid as of a day.
pub fn end(tx: &mut dyn Tx, grid: PlaceId, on: Date) -> Result<(), StoreError> {
    tx.exec("delete from places_grid_worker where grid = $1 and valid_from >= $2", &args![grid, on])?;
    let sql = "update places_grid_worker set valid_to = $2 where grid = $1 and (valid_to is null or valid_to > $2)";
    tx.exec(sql, &args![grid, on]).map(drop)
}
