//! This file keeps grids that live and grids that lived, the buildings that lie in them today, and how they end.

use std::collections::BTreeMap;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, Val, all, args, record};

use super::import::finish;
use super::{PLACES_LIMIT, geography, insert, take};
use crate::rules::grids::ground::Today;
use crate::words::{Certainty, ChangeKind};

record! {
    /// A grid, living or ended.
    pub struct GridRow {
        /// Its identity.
        pub id: PlaceId,
        /// Its code: the community's 12 digits and 3 more.
        pub code: String,
        /// Its name.
        pub name: String,
        /// The first day on which it no longer lives, or nothing while it lives.
        pub until: Option<Date>,
    }
}

/// Returns the grids that a place has or had, by code.
pub fn known(tx: &mut dyn Tx, place: &PlacePath) -> Result<Vec<GridRow>, StoreError> {
    let (low, high) = place.range();
    let sql = "select id, code, name, alive_to from places_place where path >= $1 and path < $2 and level = 'grid' \
               order by code, id limit $3";
    all(tx, sql, &args![low, high, PLACES_LIMIT])
}

record! {
    struct Living {
        grid: PlaceId,
        community: PlaceId,
    }
}

record! {
    struct Lies {
        building: i64,
        grid: PlaceId,
    }
}

/// Returns the grids of a place on a day, among those that live now.
pub fn today(tx: &mut dyn Tx, place: &PlacePath, on: Date) -> Result<Today, StoreError> {
    let (low, high) = place.range();
    let sql = "select id, parent from places_place where path >= $1 and path < $2 and level = 'grid' and alive_to is null \
               and parent is not null order by id limit $3";
    let living: Vec<Living> = all(tx, sql, &args![&low, &high, PLACES_LIMIT])?;
    let sql = "select b.building, b.grid from places_building_grid b join places_place p on p.id = b.grid \
               where p.path >= $1 and p.path < $2 and p.alive_to is null and b.valid_from <= $3 \
               and (b.valid_to is null or b.valid_to > $3) order by b.building limit $4";
    let lies: Vec<Lies> = all(tx, sql, &args![&low, &high, on, PLACES_LIMIT])?;
    Ok(Today {
        grid: lies.into_iter().map(|row| (row.building, row.grid)).collect(),
        living: living.into_iter().map(|row| (row.grid, row.community)).collect(),
    })
}

/// Lets only one transaction at a time change grids. The second one waits here, and then sees what the first one did.
pub fn hold(tx: &mut dyn Tx) -> Result<Option<i64>, StoreError> {
    tx.exec("update places_geography set laid_at = laid_at where id = 1", &[])?;
    geography::revision(tx)
}

/// Ends grids as of a day. After that no building lies in them.
pub fn end(tx: &mut dyn Tx, grids: &[PlaceId], on: Date) -> Result<(), StoreError> {
    for grid in grids {
        finish(tx, on, *grid)?;
        tx.exec("delete from places_building_grid where grid = $1 and valid_from >= $2", &args![*grid, on])?;
        let sql =
            "update places_building_grid set valid_to = $2 where grid = $1 and (valid_to is null or valid_to > $2)";
        tx.exec(sql, &args![*grid, on])?;
    }
    Ok(())
}

/// Writes into the history of grids that a decision drew or ended them.
pub fn tell(
    tx: &mut dyn Tx,
    opened: &[PlaceId],
    ended: &[PlaceId],
    names: &BTreeMap<PlaceId, String>,
    on: Date,
) -> Result<(), StoreError> {
    let first = take(tx, "change", i64::try_from(opened.len() + ended.len()).unwrap_or_default())?;
    let name = |grid: &PlaceId| names.get(grid).map_or("", String::as_str);
    let opened = opened.iter().map(|grid| (*grid, ChangeKind::Opened, ["", name(grid)]));
    let ended = ended.iter().map(|grid| (*grid, ChangeKind::Abolished, [name(grid), ""]));
    let row = |(id, (grid, kind, [before, after])): (i64, (PlaceId, ChangeKind, [&str; 2]))| -> Vec<Val> {
        let certainty = Certainty::Decided.code();
        args![id, grid, on, kind.code(), certainty, Option::<PlaceId>::None, before, after].to_vec()
    };
    let rows: Vec<Vec<Val>> = (first..).zip(opened.chain(ended)).map(row).collect();
    insert(tx, "places_change", "id, place, on_date, kind, certainty, other, before_text, after_text", &rows)
}
