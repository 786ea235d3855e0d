//! This file keeps hand-over lists (交接清单). A list goes from one desk to another, and the desk that receives
//! confirms it.

use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::{DeskColumns, OF_A_CASE, within};
use crate::words::{Holder, PaperOf};

record! {
    /// A list. Its columns have the order of [`COLUMNS`].
    pub struct Sheet {
        /// The district of the desk that made it.
        pub district: PlaceId,
        /// The number that people read.
        pub number: String,
        /// The place of the sender.
        pub from_path: PlacePath,
        /// The department of the sender, which is empty for a counter.
        pub from_department: String,
        /// The place of the receiver.
        pub to_path: PlacePath,
        /// The department of the receiver, which is empty for a counter.
        pub to_department: String,
        /// The name of the person who made it.
        pub made_by: String,
        /// When it was made.
        pub made_at: Instant,
        /// The name of the person who confirmed it.
        pub confirmed_by: Option<String>,
        /// When it was confirmed.
        pub confirmed_at: Option<Instant>,
        /// What was different.
        pub note: Option<String>,
    }
}

impl Sheet {
    /// Returns who sends it.
    #[must_use]
    pub fn from(&self) -> Holder {
        Holder { place: self.from_path.clone(), department: self.from_department.clone() }
    }

    /// Returns who receives it.
    #[must_use]
    pub fn to(&self) -> Holder {
        Holder { place: self.to_path.clone(), department: self.to_department.clone() }
    }
}

const COLUMNS: &str = "district, number, from_path, from_department, to_path, to_department, made_by, made_at, confirmed_by, confirmed_at, note";
const FROM: DeskColumns = DeskColumns { path: "from_path", department: "from_department", confidential: None };
const TO: DeskColumns = DeskColumns { path: "to_path", department: "to_department", confidential: None };

record! {
    /// A line of a list.
    pub struct Line {
        /// The shard of the case.
        pub case_district: PlaceId,
        /// The case.
        pub case: Uuid,
        /// The code of the material.
        pub material: String,
        /// The number of the case.
        pub case_number: String,
        /// The code of its item.
        pub item: String,
        /// Whether it arrived, or nothing before the list is confirmed.
        pub arrived: Option<bool>,
    }
}

impl Line {
    /// Returns which paper it is.
    #[must_use]
    pub fn paper(&self) -> PaperOf {
        PaperOf { district: self.case_district, case: self.case, material: self.material.clone() }
    }
}

/// Takes the next running number of a district and year.
pub fn next_number(tx: &mut dyn Tx, district: PlaceId, year: i64) -> Result<i64, StoreError> {
    let sql = "insert into papers_sequence (district, year, last) values ($1, $2, 1) \
               on conflict (district, year) do update set last = papers_sequence.last + 1 returning last";
    store::scalar(tx, sql, &args![district, year])?.ok_or_else(|| StoreError::data("papers_sequence gave no number"))
}

/// Writes a new list.
pub fn insert(tx: &mut dyn Tx, sheet: &Sheet) -> Result<(), StoreError> {
    let sql = format!("insert into papers_sheet ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, null, null, null)");
    let values = args![
        sheet.district,
        &sheet.number,
        &sheet.from_path,
        &sheet.from_department,
        &sheet.to_path,
        &sheet.to_department,
        &sheet.made_by,
        sheet.made_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Writes a line of a list.
pub fn insert_line(tx: &mut dyn Tx, district: PlaceId, number: &str, line: &Line) -> Result<(), StoreError> {
    let sql = "insert into papers_sheet_line (district, number, case_district, case_id, material, case_number, item, arrived) \
               values ($1, $2, $3, $4, $5, $6, $7, null)";
    let values = args![district, number, line.case_district, line.case, &line.material, &line.case_number, &line.item];
    tx.exec(sql, &values).map(drop)
}

/// Returns a list by its number. It locks the row on engines that lock rows.
pub fn find(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Option<Sheet>, StoreError> {
    let sql = format!("select {COLUMNS} from papers_sheet where district = $1 and number = $2{}", tx.lock_rows());
    store::one(tx, &sql, &args![district, number])
}

/// Returns the lines of a list, by case and material.
pub fn lines(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Vec<Line>, StoreError> {
    let sql = "select case_district, case_id, material, case_number, item, arrived from papers_sheet_line \
               where district = $1 and number = $2 order by case_number, material limit $3";
    store::all(tx, sql, &args![district, number, OF_A_CASE])
}

/// Says whether a line's paper arrived.
pub fn arrived(tx: &mut dyn Tx, sheet: &Sheet, paper: &PaperOf, arrived: bool) -> Result<(), StoreError> {
    let sql = "update papers_sheet_line set arrived = $1 where district = $2 and number = $3 and case_id = $4 and material = $5";
    tx.exec(sql, &args![arrived, sheet.district, &sheet.number, paper.case, &paper.material]).map(drop)
}

/// Confirms a list.
pub fn confirm(tx: &mut dyn Tx, sheet: &Sheet, by: &str, note: Option<String>, now: Instant) -> Result<(), StoreError> {
    let sql = "update papers_sheet set confirmed_by = $1, confirmed_at = $2, note = $3 where district = $4 and number = $5 and confirmed_at is null";
    tx.exec(sql, &args![by, now, note, sheet.district, &sheet.number]).map(drop)
}

/// Says which end of a list a desk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The desk sends.
    From,
    /// The desk receives.
    To,
}

/// Returns lists from or to the desks of a scope that are not confirmed, the oldest first, at most `limit`.
pub fn open_at(tx: &mut dyn Tx, end: End, scope: &Scope, limit: i64) -> Result<Vec<Sheet>, StoreError> {
    // asks all districts: lists come from desks of any district
    let mut sql = format!("select {COLUMNS} from papers_sheet where confirmed_at is null and ");
    let mut values = Vec::new();
    within(&mut sql, &mut values, scope, if end == End::From { &FROM } else { &TO });
    values.push(Val::from(limit));
    let _ = write!(sql, " order by made_at, number limit ${}", values.len());
    store::all(tx, &sql, &values)
}
