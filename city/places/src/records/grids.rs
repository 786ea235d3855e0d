//! This file keeps grids that live and grids that lived, the buildings that lie in them today, and how they end.

use std::collections::{BTreeMap, BTreeSet};

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, Val, all, args, record, scalar};

use super::import::finish;
use super::{PLACES_LIMIT, geography, insert, take, worker};
use crate::rules::grids::ground::Today;
use crate::rules::grids::numbering::Called;
use crate::rules::grids::proposal::Recalled;
use crate::words::{Certainty, ChangeKind, Kind, SYSTEM_GRID};

record! {
    /// A grid, living or ended.
    pub struct GridRow {
        /// Its identity.
        pub id: PlaceId,
        /// The code of its kind.
        pub kind: String,
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
    let sql = "select id, kind, code, name, alive_to from places_place where path >= $1 and path < $2 and level = 'grid' \
               order by code, id limit $3";
    all(tx, sql, &args![low, high, PLACES_LIMIT])
}

record! {
    struct Code {
        code: String,
    }
}

/// Returns the codes that grids of some communities bear or bore.
pub fn codes(tx: &mut dyn Tx, communities: &[String]) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for community in communities {
        let sql = "select code from places_code where system = $1 and code > $2 and code < $3 limit $4";
        let values = args![SYSTEM_GRID, community, format!("{community}a"), PLACES_LIMIT];
        found.extend(all::<Code>(tx, sql, &values)?.into_iter().map(|row| row.code));
    }
    Ok(found)
}

record! {
    struct Living {
        grid: PlaceId,
        community: PlaceId,
        name: String,
        code: String,
        kind: String,
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
    let sql = "select id, parent, name, code, kind from places_place where path >= $1 and path < $2 and level = 'grid' and alive_to is null \
               and parent is not null order by id limit $3";
    let living: Vec<Living> = all(tx, sql, &args![&low, &high, PLACES_LIMIT])?;
    let sql = "select b.building, b.grid from places_building_grid b join places_place p on p.id = b.grid \
               where p.path >= $1 and p.path < $2 and p.alive_to is null and b.valid_from <= $3 \
               and (b.valid_to is null or b.valid_to > $3) order by b.building limit $4";
    let lies: Vec<Lies> = all(tx, sql, &args![&low, &high, on, PLACES_LIMIT])?;
    let grid = lies.into_iter().map(|row| (row.building, row.grid)).collect();
    let mut today = Today { grid, ..Today::default() };
    for row in living {
        today.living.insert(row.grid, row.community);
        let called = Called { name: row.name, code: row.code, exclusive: row.kind == Kind::ExclusiveGrid.code() };
        today.called.insert(row.grid, called);
    }
    Ok(today)
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
        worker::end(tx, *grid, on)?;
        tx.exec("delete from places_building_grid where grid = $1 and valid_from >= $2", &args![*grid, on])?;
        let sql =
            "update places_building_grid set valid_to = $2 where grid = $1 and (valid_to is null or valid_to > $2)";
        tx.exec(sql, &args![*grid, on])?;
    }
    Ok(())
}

/// Returns the grids in which the buildings lie on a day that lay in a grid until it ended.
pub fn heirs(tx: &mut dyn Tx, grid: PlaceId, ended: Date, on: Date) -> Result<Vec<PlaceId>, StoreError> {
    let sql = "select distinct n.grid from places_building_grid o \
               join places_building_grid n on n.building = o.building where o.grid = $1 and o.valid_to = $2 \
               and n.grid <> $1 and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3) \
               order by n.grid limit $4";
    tx.rows(sql, &args![grid, ended, on, PLACES_LIMIT])?.iter().map(|row| row.get(0)).collect()
}

/// Returns the newest day from which one of some grids bears its name or code. A change must be later, so that each
/// day has one name and one code.
pub fn called_since(tx: &mut dyn Tx, grids: &[PlaceId]) -> Result<Option<Date>, StoreError> {
    let mut newest: Option<Date> = None;
    for grid in grids {
        for table in ["places_name", "places_code"] {
            let sql = format!("select valid_from from {table} where place = $1 order by valid_from desc limit 1");
            newest = newest.max(scalar(tx, &sql, &args![*grid])?);
        }
    }
    Ok(newest)
}

/// Gives grids other names and codes from a day on, and writes it into their history. The former ones keep their days.
pub fn recall(tx: &mut dyn Tx, recalled: &BTreeMap<i64, Recalled>, on: Date) -> Result<(), StoreError> {
    // All old codes end before the first new one begins, because grids may exchange theirs.
    for (grid, one) in recalled {
        let Recalled { before, after } = one;
        let recoded = before.code != after.code || before.exclusive != after.exclusive;
        for (table, changed) in [("places_code", recoded), ("places_name", before.name != after.name)] {
            if changed {
                let sql = format!("update {table} set valid_to = $2 where place = $1 and valid_to is null");
                tx.exec(&sql, &args![*grid, on])?;
            }
        }
    }
    let mut changes = Vec::new();
    for (grid, Recalled { before, after }) in recalled {
        let kind = Kind::of_grid(after.exclusive);
        if before.code != after.code || before.exclusive != after.exclusive {
            let sql = "insert into places_code (system, code, valid_from, place, kind) values ($1, $2, $3, $4, $5)";
            tx.exec(sql, &args![SYSTEM_GRID, &after.code, on, *grid, kind.code()])?;
        }
        if before.exclusive != after.exclusive {
            let change = if after.exclusive { ChangeKind::MadeExclusive } else { ChangeKind::MadeGeneral };
            changes.push((PlaceId(*grid), change, ["", ""]));
        }
        if before.code != after.code {
            changes.push((PlaceId(*grid), ChangeKind::Recoded, [before.code.as_str(), &after.code]));
        }
        if before.name != after.name {
            let sql = "insert into places_name (place, valid_from, name) values ($1, $2, $3)";
            tx.exec(sql, &args![*grid, on, &after.name])?;
            changes.push((PlaceId(*grid), ChangeKind::Renamed, [before.name.as_str(), &after.name]));
        }
        let sql = "update places_place set name = $2, code = $3, kind = $4 where id = $1";
        tx.exec(sql, &args![*grid, &after.name, &after.code, kind.code()])?;
    }
    decided(tx, &changes, on)
}

/// Writes into the history of grids that a decision drew or ended them.
pub fn tell(
    tx: &mut dyn Tx,
    opened: &[PlaceId],
    ended: &[PlaceId],
    names: &BTreeMap<PlaceId, String>,
    on: Date,
) -> Result<(), StoreError> {
    let name = |grid: &PlaceId| names.get(grid).map_or("", String::as_str);
    let opened = opened.iter().map(|grid| (*grid, ChangeKind::Opened, ["", name(grid)]));
    let ended = ended.iter().map(|grid| (*grid, ChangeKind::Abolished, [name(grid), ""]));
    decided(tx, &opened.chain(ended).collect::<Vec<_>>(), on)
}

/// Writes changes that a person decided, each with what was before and after.
fn decided(tx: &mut dyn Tx, changes: &[(PlaceId, ChangeKind, [&str; 2])], on: Date) -> Result<(), StoreError> {
    let first = take(tx, "change", i64::try_from(changes.len()).unwrap_or_default())?;
    let row = |(id, (grid, kind, [before, after])): (i64, &(PlaceId, ChangeKind, [&str; 2]))| -> Vec<Val> {
        let certainty = Certainty::Decided.code();
        args![id, *grid, on, kind.code(), certainty, Option::<PlaceId>::None, *before, *after].to_vec()
    };
    let rows: Vec<Vec<Val>> = (first..).zip(changes).map(row).collect();
    insert(tx, "places_change", "id, place, on_date, kind, certainty, other, before_text, after_text", &rows)
}
