//! What became late in the course of a day. Open cases are counted by the day on which they are due; of those that are
//! due today the ones whose moment has passed are late, and not near any more. They are few, and an index of their own
//! finds them: it holds the cases whose moment is known, in the order of these moments.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kernel::place::{Level, PlaceId, PlacePath};
use store::{StoreError, Tx, Val, args, record};

use super::lists::{Column, inside};
use super::share::{Nearness, Share, Unit};

record! {
    struct AtPlace {
        cases: i64,
        place: PlacePath,
    }
}

record! {
    struct AtUnit {
        cases: i64,
        place: PlacePath,
        department: String,
    }
}

/// The statement up to the conditions of a scope, with its values. At a desk the time counts too that the desk has of
/// its own; at an office only the clocks that run.
fn begun(told: &str, side: Column, near: Nearness) -> (String, Vec<Val>) {
    // asks all districts: a desk has cases of residents of any district
    let own = match side {
        Column::Desk => " or clock = 'stopped' or (clock = 'not_started' and rank = 0)",
        Column::Office => "",
    };
    let sql = format!(
        "select {told} from cases_case where open = 1 and rank in (0, 1) and sort_at >= $1 and sort_at < $2 \
         and act_by is not null and (clock = 'running'{own})"
    );
    (sql, args![near.begins, near.now].to_vec())
}

/// Adds the conditions of a share, whose cases are found by a column. A large place is written so that the index stays
/// chosen that stands in the order of time.
fn narrow(sql: &mut String, values: &mut Vec<Val>, column: Column, share: &Share) {
    let (path, department) = column.names();
    let place = &share.scope.place;
    match place.level() {
        Level::City => {}
        Level::District => inside(sql, values, &[path], place),
        _ => {
            let (from, to) = place.range();
            values.extend(args![from, to]);
            let _ = write!(sql, " and {path} >= ${} and {path} < ${}", values.len() - 1, values.len());
        }
    }
    share.restrict(sql, values, department);
}

/// How many cases of a share became late today, place by place.
pub(super) fn by_place(
    tx: &mut dyn Tx,
    column: Column,
    share: &Share,
    near: Nearness,
) -> Result<BTreeMap<PlacePath, i64>, StoreError> {
    let (path, _) = column.names();
    let (mut sql, mut values) = begun(&format!("count(*), {path}"), column, near);
    narrow(&mut sql, &mut values, column, share);
    let _ = write!(sql, " group by {path}");
    let rows = store::all::<AtPlace>(tx, &sql, &values)?;
    Ok(rows.into_iter().map(|row| (row.place, row.cases)).collect())
}

/// How many cases at the desks of each district became late today; the city's own under the city. Confidential cases
/// are not counted.
pub(super) fn by_district(tx: &mut dyn Tx, near: Nearness) -> Result<BTreeMap<PlaceId, i64>, StoreError> {
    let (sql, values) = begun("count(*), desk_path", Column::Desk, near);
    let sql = format!("{sql} and confidential = 0 group by desk_path");
    let mut found: BTreeMap<PlaceId, i64> = BTreeMap::new();
    for row in store::all::<AtPlace>(tx, &sql, &values)? {
        *found.entry(row.place.district()).or_default() += row.cases;
    }
    Ok(found)
}

/// How many cases of a share became late today, by the unit that decides them.
pub(super) fn by_unit(
    tx: &mut dyn Tx,
    column: Column,
    share: &Share,
    near: Nearness,
) -> Result<Vec<(Unit, i64)>, StoreError> {
    let (mut sql, mut values) = begun("count(*), office_path, office_department", column, near);
    narrow(&mut sql, &mut values, column, share);
    sql.push_str(" group by office_path, office_department");
    let rows = store::all::<AtUnit>(tx, &sql, &values)?;
    Ok(rows.into_iter().map(|row| (Unit { place: row.place, department: row.department }, row.cases)).collect())
}

/// How many cases of a share, which are found by a column, passed the moment of their clocks today.
pub(super) fn running(tx: &mut dyn Tx, column: Column, share: &Share, near: Nearness) -> Result<i64, StoreError> {
    let (mut sql, mut values) = begun("count(*)", Column::Office, near);
    narrow(&mut sql, &mut values, column, share);
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}
