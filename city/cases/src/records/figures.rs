//! How many cases are open, by due day: changed in the transaction of the change itself, so that a page costs the
//! same at ten million cases as at ten thousand. What only grows is counted in the hall.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, Instant, Zone};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::{Column, Counts, Nearness, Share, passed};
use crate::rules::figures::Month;
use crate::rules::indicators::INDICATORS;
use crate::words::PUBLISHER;

/// What was counted of cases in a month inside a place; with a department only its own. Confidential cases are not
/// counted.
pub fn month_sum(
    tx: &mut dyn Tx,
    month: &str,
    place: &PlacePath,
    department: Option<&str>,
) -> Result<Month, StoreError> {
    let slots = hall::figures::slots_of(INDICATORS, PUBLISHER);
    let asked = hall::figures::Asked { publisher: PUBLISHER, place, own: false, department, month, slots: &slots };
    let mut sum = hall::figures::sum(tx, &asked)?;
    for secret in hall::figures::confidential_rows(tx, &asked)? {
        sum.take_off(&secret.amounts);
    }
    Ok(Month::from_amounts(&sum))
}

/// Below the city the district of the rows is known, and one machine answers.
pub(super) fn within(sql: &mut String, values: &mut Vec<Val>, place: &PlacePath) {
    if place.level() != Level::City {
        values.push(Val::from(place.district()));
        let _ = write!(sql, " and district = ${}", values.len());
    }
}

/// Where one open case stands. Ordered, so that no two transactions wait for each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    /// `desk`, `office`, `district` for all desks of a district together, `unit` for these by the office that decides,
    /// or `waits` for what a desk is to act on, however its clocks stand.
    side: &'static str,
    /// Empty with `district`.
    place: String,
    district: PlaceId,
    department: String,
    confidential: i64,
    bucket: &'static str,
    due: String,
}

record! {
    /// What of a case's row says how it is counted while it is open.
    pub struct Stood {
        /// False once it ended.
        pub open: bool,
        /// `not_started`, `running`, `stopped`, `ended`.
        pub clock: String,
        /// 0 to be done, 1 waiting for the resident, 2 ended.
        pub rank: i64,
        /// What the queue is ordered by; before acceptance, until when it is to be accepted.
        pub sort_at: Instant,
        /// By when whoever has it now is to act, where that is told to the moment.
        pub act_by: Option<Instant>,
        /// The promised date.
        pub promised_due: Option<Date>,
        /// Place of the desk where it waits.
        pub desk_path: PlacePath,
        /// Department of that desk.
        pub desk_department: String,
        /// Place of the office where it lies.
        pub office_path: PlacePath,
        /// Its department.
        pub office_department: String,
        /// 1 when only named posts may see it.
        pub confidential: i64,
    }
}

/// How a case was counted until now, from its row.
pub fn stood(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Stood>, StoreError> {
    let sql = "select open, clock, rank, sort_at, act_by, promised_due, desk_path, desk_department, office_path, office_department, confidential \
               from cases_case where district = $1 and id = $2";
    store::one(tx, sql, &args![district, id])
}

/// What the clock of a case does, and by when it is due, as it is counted at the desk where it waits and at its office.
/// The time that a desk has of its own is the desk's alone: what it lets lie is not late at the office.
fn buckets(case: &Stood, zone: Zone) -> [(&'static str, Option<Date>); 2] {
    let waits = ("not_started", Some(zone.date(case.sort_at)));
    match (case.clock.as_str(), case.act_by) {
        ("running", _) => [("running", case.promised_due); 2],
        ("not_started", Some(_)) if case.rank == 0 => [waits, ("not_started", None)],
        ("not_started", None) if case.rank == 0 => [waits; 2],
        ("stopped", Some(_)) => [waits, ("stopped", None)],
        ("stopped", None) => [("stopped", None); 2],
        _ => [("other", None); 2],
    }
}

/// How one open case is counted: at the desk where it waits, at the office, and in the desk's district, there by the
/// office too; and at the desk once more in one row without its day, unless its clocks stand still. Not at all once it
/// ended.
fn standings(case: &Stood, zone: Zone) -> Vec<Standing> {
    if !case.open {
        return Vec::new();
    }
    let [at_desk, at_office] = buckets(case, zone);
    let at = |side: &'static str, at: &PlacePath, place: &str, department: &str| {
        let (bucket, due) = if side == "office" { at_office } else { at_desk };
        Standing {
            side,
            place: place.to_owned(),
            district: at.district(),
            department: department.to_owned(),
            confidential: case.confidential,
            bucket,
            due: due.map(|due| due.to_string()).unwrap_or_default(),
        }
    };
    let (desk, office) = (&case.desk_path, &case.office_path);
    let mut found = vec![
        at("desk", desk, desk.as_str(), &case.desk_department),
        at("district", desk, "", ""),
        at("office", office, office.as_str(), &case.office_department),
        at("unit", desk, office.as_str(), &case.office_department),
    ];
    if at_desk.0 != "stopped" {
        let waits = at("waits", desk, desk.as_str(), &case.desk_department);
        found.push(Standing { bucket: "", due: String::new(), ..waits });
    }
    found
}

/// Moves a case from where it stood to where it stands.
pub fn shift(tx: &mut dyn Tx, from: Option<&Stood>, to: &Stood, zone: Zone) -> Result<(), StoreError> {
    let mut changes: BTreeMap<Standing, i64> = BTreeMap::new();
    for standing in from.map(|case| standings(case, zone)).unwrap_or_default() {
        *changes.entry(standing).or_default() -= 1;
    }
    for standing in standings(to, zone) {
        *changes.entry(standing).or_default() += 1;
    }
    let sql = "insert into cases_open (district, side, place, department, confidential, bucket, due, cases) values ($1, $2, $3, $4, $5, $6, $7, $8) \
               on conflict (district, side, place, department, confidential, bucket, due) do update set cases = cases_open.cases + excluded.cases";
    for (at, change) in changes.into_iter().filter(|(_, change)| *change != 0) {
        let Standing { side, place, district, department, confidential, bucket, due } = at;
        tx.put(sql, &args![district, side, place, department, confidential, bucket, due, change])?;
    }
    Ok(())
}

record! {
    struct OpenRow {
        open: i64,
        late: i64,
        soon: i64,
        stopped: i64,
        place: PlacePath,
    }
}

record! {
    struct DistrictRow {
        open: i64,
        late: i64,
        soon: i64,
        stopped: i64,
        district: PlaceId,
    }
}

/// The sums of open cases, all, late, near and stopped, by their days, with the columns they are grouped by last. What
/// became late today is added by [`passed`].
pub(super) fn sums(by: &str, near: Nearness) -> (String, Vec<Val>) {
    // asks all districts: only of the city, see `within`; its districts side by side are few rows
    let sql = format!(
        "select sum(cases), sum(case when due <> '' and due < $1 then cases else 0 end), \
         sum(case when due >= $2 and due <= $3 then cases else 0 end), \
         sum(case when bucket = 'stopped' then cases else 0 end), {by} from cases_open"
    );
    (sql, args![near.today, near.today, near.soon].to_vec())
}

/// How the rows are called that count by a column.
const fn side(column: Column) -> &'static str {
    match column {
        Column::Desk => "desk",
        Column::Office => "office",
    }
}

/// How many open cases there are inside a scope, place by place: all, late, near, and stopped. What is not accepted
/// yet is late and near by the day until which it is to be accepted.
pub fn open_by_place(
    tx: &mut dyn Tx,
    column: Column,
    share: &Share,
    near: Nearness,
) -> Result<BTreeMap<PlacePath, Counts>, StoreError> {
    let (from, to) = share.scope.place.range();
    let (mut sql, mut values) = sums("place", near);
    values.extend(args![side(column), from, to]);
    sql.push_str(" where side = $4 and place >= $5 and place < $6");
    within(&mut sql, &mut values, &share.scope.place);
    share.restrict(&mut sql, &mut values, "department");
    sql.push_str(" group by place");
    let read = |row: OpenRow| {
        let counts = Counts { open: row.open, late: row.late, soon: row.soon, stopped: row.stopped };
        (row.place, counts)
    };
    let rows = store::all::<OpenRow>(tx, &sql, &values)?.into_iter().filter(|row| row.open != 0);
    let mut found: BTreeMap<PlacePath, Counts> = rows.map(read).collect();
    for (place, cases) in passed::by_place(tx, column, share, near)? {
        if let Some(counts) = found.get_mut(&place) {
            counts.passed(cases);
        }
    }
    Ok(found)
}

/// As [`open_by_place`] for the desks of the whole city and every department, district by district; the city's own
/// under the city. Confidential cases are not counted.
pub fn open_by_district(tx: &mut dyn Tx, near: Nearness) -> Result<BTreeMap<PlaceId, Counts>, StoreError> {
    let (sql, values) = sums("district", near);
    let sql = format!("{sql} where side = 'district' and confidential = 0 group by district");
    let read = |row: DistrictRow| {
        let counts = Counts { open: row.open, late: row.late, soon: row.soon, stopped: row.stopped };
        (row.district, counts)
    };
    let rows = store::all::<DistrictRow>(tx, &sql, &values)?.into_iter().filter(|row| row.open != 0);
    let mut found: BTreeMap<PlaceId, Counts> = rows.map(read).collect();
    for (district, cases) in passed::by_district(tx, near)? {
        if let Some(counts) = found.get_mut(&district) {
            counts.passed(cases);
        }
    }
    Ok(found)
}

/// How many open cases the desks inside a scope have, but for those whose clocks stand still: their clocks run, they
/// wait to be accepted, or they are decided and wait to be handed over. Each desk has one row for all of them.
pub fn to_do(tx: &mut dyn Tx, share: &Share) -> Result<i64, StoreError> {
    // asks all districts: only of the city, see `within`
    let (from, to) = share.scope.place.range();
    let mut sql =
        "select coalesce(sum(cases), 0) from cases_open where side = 'waits' and place >= $1 and place < $2".to_owned();
    let mut values = args![from, to].to_vec();
    within(&mut sql, &mut values, &share.scope.place);
    share.restrict(&mut sql, &mut values, "department");
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// How many open cases of a share, which are found by a column, passed their promised date, or the moment where they
/// were due at one.
pub fn overdue(tx: &mut dyn Tx, column: Column, share: &Share, near: Nearness) -> Result<i64, StoreError> {
    // asks all districts: only of the city, see `within`
    let (from, to) = share.scope.place.range();
    let mut sql = "select coalesce(sum(cases), 0) from cases_open where side = $1 and place >= $2 and place < $3 \
                   and bucket = 'running' and due < $4"
        .to_owned();
    let mut values = args![side(column), from, to, near.today].to_vec();
    within(&mut sql, &mut values, &share.scope.place);
    share.restrict(&mut sql, &mut values, "department");
    let by_day = store::scalar::<i64>(tx, &sql, &values)?.unwrap_or(0);
    Ok(by_day.saturating_add(passed::running(tx, column, share, near)?))
}

/// Forgets rows of days long past that count nothing any more.
pub fn sweep(tx: &mut dyn Tx, before: Date) -> Result<u64, StoreError> {
    // asks all districts: days long past are forgotten everywhere
    tx.exec("delete from cases_open where cases = 0 and due < $1 and due <> ''", &args![before])
}

record! {
    /// A row of open cases, for comparing with a recount.
    pub struct OpenCount {
        /// The district.
        pub district: PlaceId,
        /// `desk`, `office`, `district`, `unit` or `waits`.
        pub side: String,
        /// The place; empty for a district.
        pub place: String,
        /// The department.
        pub department: String,
        /// 1 for confidential ones.
        pub confidential: i64,
        /// What the clock does.
        pub bucket: String,
        /// The day.
        pub due: String,
        /// How many.
        pub cases: i64,
    }
}

impl OpenCount {
    /// Everything but the number, as one text.
    #[must_use]
    pub fn key(&self) -> String {
        let Self { district, side, place, department, confidential, bucket, due, .. } = self;
        format!("{} {side} {place} {department} {confidential} {bucket} {due}", district.0)
    }
}

/// The rows in which an open case is counted, as [`OpenCount::key`] writes them: for a recount.
#[must_use]
pub fn keys(case: &Stood, zone: Zone) -> Vec<String> {
    let key = |at: Standing| {
        let Standing { side, place, district, department, confidential, bucket, due } = at;
        format!("{} {side} {place} {department} {confidential} {bucket} {due}", district.0)
    };
    standings(case, zone).into_iter().map(key).collect()
}

/// Every row of open cases that counts something, for comparing with a recount.
pub fn every_open(tx: &mut dyn Tx, limit: i64) -> Result<Vec<OpenCount>, StoreError> {
    // asks all districts: a recount compares the whole city
    store::all(
        tx,
        "select district, side, place, department, confidential, bucket, due, cases from cases_open where cases <> 0 \
         order by side, place, department, confidential, bucket, due, district limit $1",
        &args![limit],
    )
}
