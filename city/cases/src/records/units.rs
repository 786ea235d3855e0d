//! How many open cases units decide among those that a leader looks after: what stands beside each group of a list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kernel::place::{Level, PlacePath};
use kernel::time::Zone;
use store::{LISTED, StoreError, Tx, Val, args, listed, record};

use super::figures::{sums, within};
use super::lists::{Column, InTime, Lit};
use super::passed;
use super::share::{Counts, Nearness, Share, Unit};

record! {
    struct UnitRow {
        open: i64,
        late: i64,
        soon: i64,
        stopped: i64,
        place: PlacePath,
        department: String,
    }
}

/// How the cases of units are counted.
#[derive(Clone, Copy, Debug)]
pub struct ByUnit {
    /// By what they are found.
    pub column: Column,
    /// Only those at the very place of a scope, not inside it.
    pub own: bool,
    /// What is late and what is near.
    pub near: Nearness,
    /// Where midnight is.
    pub zone: Zone,
}

/// How many open cases of a share some units decide: all, late, near, and stopped. A unit without any is left out.
pub fn open_of_units(
    tx: &mut dyn Tx,
    by: ByUnit,
    share: &Share,
    units: &BTreeSet<Unit>,
) -> Result<BTreeMap<Unit, Counts>, StoreError> {
    let few = by.own || share.scope.place.level() > Level::District;
    let rows = if by.column == Column::Desk && few { looked_at(tx, by, share)? } else { kept(tx, by, share, units)? };
    let mut found: BTreeMap<Unit, Counts> = BTreeMap::new();
    for UnitRow { open, late, soon, stopped, place, department } in rows {
        let unit = Unit { place, department };
        if units.contains(&unit) {
            found.entry(unit).or_default().add(&Counts { open, late, soon, stopped });
        }
    }
    found.retain(|_, counts| counts.open != 0);
    Ok(found)
}

/// What is kept of some units with every change: of an office by its department, of the desks of a district or the
/// city by the unit that decides.
fn kept(tx: &mut dyn Tx, by: ByUnit, share: &Share, units: &BTreeSet<Unit>) -> Result<Vec<UnitRow>, StoreError> {
    // asks all districts: only of the city, see `within`
    let ByUnit { column, near, .. } = by;
    let places: BTreeSet<&PlacePath> = units.iter().map(|unit| &unit.place).collect();
    let places: Vec<Val> = places.into_iter().map(Val::from).collect();
    let mut rows = Vec::new();
    for part in places.chunks(LISTED) {
        let (mut sql, mut values) = sums("place, department", near);
        values.push(Val::from(if column == Column::Desk { "unit" } else { "office" }));
        let _ = write!(sql, " where side = ${}", values.len());
        let (marks, mut part) = listed(values.len() + 1, part);
        let _ = write!(sql, " and place in ({marks})");
        values.append(&mut part);
        if column == Column::Office {
            let (from, to) = share.scope.place.range();
            values.extend(args![from, to]);
            let _ = write!(sql, " and place >= ${} and place < ${}", values.len() - 1, values.len());
        }
        within(&mut sql, &mut values, &share.scope.place);
        share.restrict(&mut sql, &mut values, "department");
        sql.push_str(" group by place, department");
        rows.append(&mut store::all(tx, &sql, &values)?);
    }
    let today = passed::by_unit(tx, column, share, near)?.into_iter();
    rows.extend(today.map(|(unit, late)| {
        let Unit { place, department } = unit;
        UnitRow { open: 0, late, soon: -late, stopped: 0, place, department }
    }));
    Ok(rows)
}

/// The open cases at the desks of a street or of what lies inside one, or at those of a place alone, which are few, by
/// the unit that decides each.
fn looked_at(tx: &mut dyn Tx, by: ByUnit, share: &Share) -> Result<Vec<UnitRow>, StoreError> {
    // asks all districts: a desk has cases of residents of any district
    let ByUnit { near, zone, .. } = by;
    let mut values = Vec::new();
    let summed = |light: InTime| {
        let (condition, asked) = Lit { light, near, zone }.condition(Column::Desk, values.len().saturating_add(1));
        values.extend(asked);
        format!("sum(case when {condition} then 1 else 0 end)")
    };
    let lights = [InTime::Late, InTime::Soon, InTime::Stopped].map(summed).join(", ");
    let mut sql = format!("select count(*), {lights}, office_path, office_department from cases_case where open = 1");
    if by.own {
        values.push(Val::from(&share.scope.place));
        let _ = write!(sql, " and desk_path = ${}", values.len());
    } else {
        let (from, to) = share.scope.place.range();
        values.extend(args![from, to]);
        let _ = write!(sql, " and desk_path >= ${} and desk_path < ${}", values.len() - 1, values.len());
    }
    share.restrict(&mut sql, &mut values, "desk_department");
    sql.push_str(" group by office_path, office_department");
    store::all(tx, &sql, &values)
}
