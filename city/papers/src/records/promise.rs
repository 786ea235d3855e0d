//! This file keeps promises to supply a paper later (容缺后补). Each paper of a case has at most one, until a day.

use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::{DeskColumns, OF_A_CASE, counted, within};

record! {
    /// A promise. Its columns have the order of [`COLUMNS`].
    pub struct Promise {
        /// The shard of the case.
        pub district: PlaceId,
        /// The case.
        pub case: Uuid,
        /// The code of the material.
        pub material: String,
        /// The number of the case.
        pub number: String,
        /// The code of its item.
        pub item: String,
        /// The last day on which the paper may come.
        pub until: Date,
        /// The name of the staff with whom it was agreed.
        pub made_by: String,
        /// When it was agreed.
        pub made_at: Instant,
        /// The desk where it was agreed.
        pub place: PlacePath,
        /// The department of that desk, which is empty for a counter.
        pub department: String,
        /// Whether only named posts may see it.
        pub confidential: bool,
        /// When the paper came.
        pub kept_at: Option<Instant>,
        /// When the case ended without it.
        pub ended_at: Option<Instant>,
    }
}

const COLUMNS: &str = "district, case_id, material, number, item, until, made_by, made_at, place_path, department, confidential, kept_at, ended_at";
const DESK: DeskColumns =
    DeskColumns { path: "place_path", department: "department", confidential: Some("confidential") };

/// Writes a promise. It replaces an older one for the same paper.
pub fn put(tx: &mut dyn Tx, promise: &Promise) -> Result<(), StoreError> {
    let sql = format!(
        "insert into papers_promise ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null, null) \
         on conflict (district, case_id, material) do update set until = excluded.until, made_by = excluded.made_by, made_at = excluded.made_at, \
         place_path = excluded.place_path, department = excluded.department, kept_at = null, ended_at = null"
    );
    let values = args![
        promise.district,
        promise.case,
        &promise.material,
        &promise.number,
        &promise.item,
        promise.until,
        &promise.made_by,
        promise.made_at,
        &promise.place,
        &promise.department,
        promise.confidential
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns the promises of a case, the nearest first.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<Promise>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_promise where district = $1 and case_id = $2 order by until, material limit $3"
    );
    store::all(tx, &sql, &args![district, case, OF_A_CASE])
}

/// The paper came.
pub fn keep(tx: &mut dyn Tx, district: PlaceId, case: Uuid, material: &str, now: Instant) -> Result<(), StoreError> {
    let sql = "update papers_promise set kept_at = $1 where district = $2 and case_id = $3 and material = $4 and kept_at is null and ended_at is null";
    tx.exec(sql, &args![now, district, case, material]).map(drop)
}

/// Notes that the case ended. Papers that were still promised are no longer expected.
pub fn end(tx: &mut dyn Tx, district: PlaceId, case: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update papers_promise set ended_at = $1 where district = $2 and case_id = $3 and kept_at is null and ended_at is null";
    tx.exec(sql, &args![now, district, case]).map(drop)
}

/// Says where a list of promises goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// The last day of the last row that was shown.
    pub until: String,
    /// Its case.
    pub case: Uuid,
    /// Its material.
    pub material: String,
}

impl After {
    /// Returns the place before the first row.
    #[must_use]
    pub fn start() -> Self {
        Self { until: String::new(), case: Uuid::nil(), material: String::new() }
    }

    /// Reads what [`After::show`] wrote. Any other text means the start.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut parts = text.splitn(3, '~');
        let until = parts.next().filter(|day| day.parse::<Date>().is_ok()).map(str::to_owned);
        let case = parts.next().and_then(|id| Uuid::parse_str(id).ok());
        let material = parts.next().map(str::to_owned);
        match (until, case, material) {
            (Some(until), Some(case), Some(material)) => Self { until, case, material },
            _ => Self::start(),
        }
    }

    /// Returns the text for a link to the next page.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}~{}~{}", self.until, self.case.simple(), self.material)
    }
}

/// Returns how many promises are open at the desks of some scopes.
pub fn count_open(tx: &mut dyn Tx, scopes: &[Scope]) -> Result<i64, StoreError> {
    // asks all districts: a desk waits for residents of any district
    let begun = "select count(*) from papers_promise where kept_at is null and ended_at is null and";
    counted(tx, begun, Vec::new(), scopes, &DESK)
}

/// Returns promises that are open at the desks of a scope, the nearest first, after the cursor, at most `limit`.
pub fn open_at(tx: &mut dyn Tx, scope: &Scope, after: &After, limit: i64) -> Result<Vec<Promise>, StoreError> {
    // asks all districts: a desk waits for residents of any district
    let mut sql = format!(
        "select {COLUMNS} from papers_promise where kept_at is null and ended_at is null and (until, case_id, material) > ($1, $2, $3) and "
    );
    let mut values = args![&after.until, after.case, &after.material].to_vec();
    within(&mut sql, &mut values, scope, &DESK);
    values.push(Val::from(limit));
    let _ = write!(sql, " order by until, case_id, material limit ${}", values.len());
    store::all(tx, &sql, &values)
}

/// Returns open promises for a day or earlier, for reminders. It goes on after the one that day, case and material
/// name, and returns at most `limit`.
pub fn due(tx: &mut dyn Tx, until: Date, after: &After, limit: i64) -> Result<Vec<Promise>, StoreError> {
    // asks all districts: the platform reminds the whole city
    let sql = format!(
        "select {COLUMNS} from papers_promise where kept_at is null and ended_at is null and until <= $1 \
         and (until, case_id, material) > ($2, $3, $4) order by until, case_id, material limit $5"
    );
    store::all(tx, &sql, &args![until, &after.until, after.case, &after.material, limit])
}
