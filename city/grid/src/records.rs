//! Remembers reports and how many met with the same. With the files beside it, it holds the only SQL of the department:
//!
//! - of a report: `photo`, `shown` (what the public sees), `follower` and `joined` (who met with the same), `handling`
//!   (how it stands at the desks), `alarm` (whether danger was heard in it);
//! - of figures and maps: `board` and `filed`, `hurts`, `map` and `squares`;
//! - of the field: `field`, `piece`, `dwelling`, `patrol`;
//! - of other systems: `open311`, `forward` and `forward_note`, `history`;
//! - of the catalogue: `catalogue`.

pub mod alarm;
pub mod alike;
pub mod board;
pub mod catalogue;
pub mod filed;
pub mod follower;
pub mod handling;
pub mod history;
pub mod joined;
pub mod photo;
pub mod shown;

pub mod dwelling;
pub mod field;
pub mod patrol;
pub mod piece;

pub mod hurts;

pub mod forward;
pub mod forward_note;
pub mod map;
pub mod open311;
pub mod squares;
pub mod worker;

use kernel::place::{PlaceId, PlacePath};
use store::{StoreError, Tx, args, one};
use uuid::Uuid;

use crate::words::Report;

const COLUMNS: &str =
    "district, case_id, number, path, compound, x, y, kind, condition, public, open, met, reported_at";

/// Adds a report, and says whether it was not there yet. One that is there already stays as it is.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, report: &Report) -> Result<bool, StoreError> {
    let sql = format!(
        "insert into grid_report ({COLUMNS}, strip) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14) on conflict (district, case_id) do nothing"
    );
    let values = args![
        report.district,
        report.case_id,
        &report.number,
        &report.path,
        report.compound,
        report.x,
        report.y,
        &report.kind,
        &report.condition,
        report.public,
        report.open,
        report.met,
        report.reported_at,
        report.x.map(map::strip)
    ];
    let added = tx.exec(&sql, &values)? > 0;
    if added && report.open {
        squares::shift(tx, report, true)?;
    }
    Ok(added)
}

/// The report of a case.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<Report>, StoreError> {
    let sql = format!("select {COLUMNS} from grid_report where district = $1 and case_id = $2");
    one(tx, &sql, &args![district, case_id])
}

/// The reports of some cases; those of other kinds are left out.
///
/// # Errors
/// The store failed.
pub fn of_cases(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<Vec<Report>, StoreError> {
    store::several(tx, cases, |marks| {
        format!("select {COLUMNS} from grid_report where district = $1 and case_id in ({marks})")
    })
}

/// One more met with the same thing.
///
/// # Errors
/// The store failed.
pub fn meet(tx: &mut dyn Tx, report: &Report) -> Result<(), StoreError> {
    let sql = "update grid_report set met = met + 1 where district = $1 and case_id = $2";
    tx.exec(sql, &args![report.district, report.case_id]).map(|_| ())
}

/// A report is finished, or goes on.
///
/// # Errors
/// The store failed.
pub fn set_open(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, open: bool) -> Result<(), StoreError> {
    let sql = "update grid_report set open = $1 where district = $2 and case_id = $3 and open <> $1";
    if tx.exec(sql, &args![open, district, case_id])? == 0 {
        return Ok(());
    }
    let Some(report) = find(tx, district, case_id)? else { return Ok(()) };
    squares::shift(tx, &report, open)?;
    let unit = unit_of(tx, district, case_id)?.unwrap_or_default();
    if unit.is_empty() { Ok(()) } else { squares::shift_of_unit(tx, &report, &unit, open) }
}

/// Notes with which unit a report lies, a department of the city, and counts it there while it is open.
///
/// # Errors
/// The store failed.
pub fn set_unit(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, unit: &str) -> Result<(), StoreError> {
    let Some(before) = unit_of(tx, district, case_id)? else { return Ok(()) };
    if before == unit {
        return Ok(());
    }
    let sql = "update grid_report set unit = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![unit, district, case_id])?;
    let Some(report) = find(tx, district, case_id)?.filter(|report| report.open) else { return Ok(()) };
    // In the order of their names, so that no two transactions wait for each other.
    let mut units = [(before.as_str(), false), (unit, true)];
    units.sort_unstable();
    for (unit, is_there) in units.into_iter().filter(|(unit, _)| !unit.is_empty()) {
        squares::shift_of_unit(tx, &report, unit, is_there)?;
    }
    Ok(())
}

/// With which unit a report lies, empty where nobody noted it; none where there is no such report. It is held until
/// the end: nobody else closes it or hands it on meanwhile.
fn unit_of(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<String>, StoreError> {
    let held = tx.lock_rows();
    let sql = format!("select coalesce(unit, '') from grid_report where district = $1 and case_id = $2{held}");
    store::scalar(tx, &sql, &args![district, case_id])
}

/// Forgets what belongs to an erased record: photos, released words, and that she hears the news.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    photo::forget(tx, district, record)?;
    shown::forget(tx, district, record)?;
    forward_note::forget(tx, district, record)?;
    follower::forget(tx, district, record)
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    for table in ["grid_report", "grid_duty", "grid_history", "grid_field_entry", "grid_dwelling"] {
        store::follow_places(tx, table, "path", from, to)?;
    }
    squares::relocate(tx, from, to)?;
    board::relocate(tx, from, to)?;
    hurts::relocate(tx, from, to)
}
