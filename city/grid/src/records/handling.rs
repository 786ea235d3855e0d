//! Remembers how reports stand at the desks, which were joined, whose duty consultations decided, and appeals.

use kernel::figure::month_of;
use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant, Zone};
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use super::{COLUMNS, board};
use crate::rules::board::counted;
use crate::words::{Appealed, KeptDuty, Merged, Report};

record! {
    /// Which report.
    pub struct Place {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
    }
}

record! {
    /// What is counted of a report, and at which step it stands.
    struct Standing {
        path: PlacePath,
        kind: String,
        reported_at: Instant,
        stage: Option<String>,
    }
}

/// Notes at which step a report stands, and counts it in the month of the city's clock in which it was reported.
///
/// # Errors
/// The store failed.
pub fn set_stage(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, stage: &str, zone: Zone) -> Result<(), StoreError> {
    // Held until the end: who moves its place counts it before or after this step, and never in between.
    let held = tx.lock_rows();
    let sql =
        format!("select path, kind, reported_at, stage from grid_report where district = $1 and case_id = $2{held}");
    let Some(before) = one::<Standing>(tx, &sql, &args![district, case_id])? else { return Ok(()) };
    let stood = before.stage.unwrap_or_default();
    if stood == stage {
        return Ok(());
    }
    let sql = "update grid_report set stage = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![stage, district, case_id])?;
    let month = month_of(zone.date(before.reported_at));
    let at = board::Where { district, month: &month, path: &before.path, kind: &before.kind };
    board::shift(tx, &at, counted(stage).less(counted(&stood)))
}

/// The name of the state in which the case of a report stands; none where there is no such report, or it came before
/// these were kept.
///
/// # Errors
/// The store failed.
pub fn state_of(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<String>, StoreError> {
    let sql = "select stage from grid_report where district = $1 and case_id = $2";
    Ok(store::scalar::<Option<String>>(tx, sql, &args![district, case_id])?.flatten())
}

/// How many reports stand at a step inside a place.
///
/// # Errors
/// The store failed.
pub fn count_at(tx: &mut dyn Tx, stage: &str, scope: &Scope) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = scope.place.range();
    let sql = "select count(*) from grid_report where stage = $1 and path >= $2 and path < $3";
    Ok(store::scalar(tx, sql, &args![stage, low, high])?.unwrap_or(0))
}

/// The reports that stand at a step inside a place, the oldest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn at(tx: &mut dyn Tx, stage: &str, scope: &Scope, limit: i64) -> Result<Vec<Place>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = scope.place.range();
    let sql = "select district, case_id from grid_report where stage = $1 and path >= $2 and path < $3 \
               order by reported_at, case_id limit $4";
    all(tx, sql, &args![stage, low, high, limit])
}

/// The report of a number to which another is joined. Where something is changed it is held until the end, so that two
/// reports which are joined to one another at the same moment wait for each other.
///
/// # Errors
/// The store failed.
pub fn by_number(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Option<Report>, StoreError> {
    let held = tx.lock_rows();
    let sql = format!("select {COLUMNS} from grid_report where district = $1 and number = $2{held}");
    one(tx, &sql, &args![district, number])
}

/// Joins a report to another, of the same district or of the next one, which counts the people of both. Reports that
/// were joined to it before follow.
///
/// # Errors
/// The store failed.
pub fn merge(tx: &mut dyn Tx, from: &Report, into: &Report, at: Instant) -> Result<(), StoreError> {
    let sql = "insert into grid_merge (district, case_id, number, into_district, into_case, into_number, at) \
               values ($1, $2, $3, $4, $5, $6, $7) on conflict (district, case_id) do nothing";
    let values = args![from.district, from.case_id, &from.number, into.district, into.case_id, &into.number, at];
    tx.exec(sql, &values)?;
    let sql = "update grid_report set met = met + $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![from.met, into.district, into.case_id])?;
    lead_on(tx, from, into)
}

/// Leads those whose reports were joined to one report on to another.
fn lead_on(tx: &mut dyn Tx, from: &Report, to: &Report) -> Result<(), StoreError> {
    // asks all districts: what was joined to a report may lie beyond a border
    let sql = "update grid_merge set into_district = $1, into_case = $2, into_number = $3 \
               where into_district = $4 and into_case = $5";
    tx.exec(sql, &args![to.district, to.case_id, &to.number, from.district, from.case_id]).map(|_| ())
}

const MERGED: &str = "district, case_id, number, into_district, into_case, into_number";

/// To which report one was joined.
///
/// # Errors
/// The store failed.
pub fn merged(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<Merged>, StoreError> {
    let sql = format!("select {MERGED} from grid_merge where district = $1 and case_id = $2");
    one(tx, &sql, &args![district, case_id])
}

/// The reports that were joined to one, the oldest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn merged_into(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, limit: i64) -> Result<Vec<Merged>, StoreError> {
    // asks all districts: what was joined to a report may lie beyond a border
    let sql = format!(
        "select {MERGED} from grid_merge where into_district = $1 and into_case = $2 order by at, case_id limit $3"
    );
    all(tx, &sql, &args![district, case_id, limit])
}

const KEPT: &str = "district, id, kind, path, unit, from_on, until_on, basis, number, made_at";

/// Keeps a decision as a rule. One that is there already stays as it is.
///
/// # Errors
/// The store failed.
pub fn keep(tx: &mut dyn Tx, duty: &KeptDuty) -> Result<(), StoreError> {
    let sql = "insert into grid_duty (district, id, kind, path, unit, from_on, until_on, basis, number, made_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (district, id) do nothing";
    let KeptDuty { district, id, kind, path, unit, from_on, until_on, basis, number, made_at } = duty;
    let values = args![*district, *id, kind, path, unit, *from_on, *until_on, basis, number.clone(), *made_at];
    tx.exec(sql, &values).map(|_| ())
}

/// The decisions of a kind that hold at a place: its own and those of the places above it, the newest first, at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn kept(tx: &mut dyn Tx, kind: &str, place: &PlacePath, limit: i64) -> Result<Vec<KeptDuty>, StoreError> {
    // asks all districts: a decision keeps its district when its place moves
    let sql = format!(
        "select {KEPT} from grid_duty where kind = $1 and substr($2, 1, length(path)) = path \
         order by from_on desc, id limit $3"
    );
    all(tx, &sql, &args![kind, place, limit])
}

/// The decisions that hold somewhere inside a place, the newest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn kept_inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<KeptDuty>, StoreError> {
    // asks all districts: the city sees those of all of them
    let (low, high) = place.range();
    let sql = format!("select {KEPT} from grid_duty where path >= $1 and path < $2 order by from_on desc, id limit $3");
    all(tx, &sql, &args![low, high, limit])
}

/// One decision.
///
/// # Errors
/// The store failed.
pub fn kept_one(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<KeptDuty>, StoreError> {
    let sql = format!("select {KEPT} from grid_duty where district = $1 and id = $2");
    one(tx, &sql, &args![district, id])
}

/// A decision holds no more from a day on. One that has an end keeps it.
///
/// # Errors
/// The store failed.
pub fn end(tx: &mut dyn Tx, duty: &KeptDuty, until: Date) -> Result<(), StoreError> {
    let sql = "update grid_duty set until_on = $1 where district = $2 and id = $3 and until_on is null";
    tx.exec(sql, &args![until, duty.district, duty.id]).map(|_| ())
}

/// Notes the appeal of a report. There is one at most.
///
/// # Errors
/// The store failed.
pub fn add_appeal(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, appeal: &Appealed) -> Result<(), StoreError> {
    let sql = "insert into grid_appeal (district, case_id, appeal_id, appeal_number, state) \
               values ($1, $2, $3, $4, $5) on conflict (district, case_id) do nothing";
    tx.exec(sql, &args![district, case_id, appeal.appeal_id, &appeal.appeal_number, &appeal.state]).map(|_| ())
}

/// The appeal of a report.
///
/// # Errors
/// The store failed.
pub fn appeal(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<Appealed>, StoreError> {
    let sql = "select appeal_id, appeal_number, state from grid_appeal where district = $1 and case_id = $2";
    one(tx, sql, &args![district, case_id])
}

/// How an appeal stands now.
///
/// # Errors
/// The store failed.
pub fn set_appeal(tx: &mut dyn Tx, district: PlaceId, appeal_id: Uuid, state: &str) -> Result<(), StoreError> {
    let sql = "update grid_appeal set state = $1 where district = $2 and appeal_id = $3";
    tx.exec(sql, &args![state, district, appeal_id]).map(|_| ())
}
