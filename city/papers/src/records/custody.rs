//! This file keeps originals (原件): who holds each now, and the trail of every hand through which it went. Each paper
//! has one row, so that no original is in two places.

use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::{DeskColumns, OF_A_CASE, counted, within};
use crate::words::{Deed, Doer, Holder, PaperOf};

record! {
    /// An original. Its columns have the order of [`COLUMNS`].
    pub struct Original {
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
        /// The state: `held`, `moving` (on a list that is not confirmed) or `returned`.
        pub state: String,
        /// The place of the desk that holds it. While it moves, this is the desk that sent it.
        pub holder_path: PlacePath,
        /// The department of that desk, which is empty for a counter.
        pub holder_department: String,
        /// The place of the desk where it was taken in.
        pub home_path: PlacePath,
        /// The department of the desk where it was taken in.
        pub home_department: String,
        /// Since when it is in this state.
        pub since: Instant,
        /// By when the resident should have it back.
        pub back_by: Date,
        /// The list on which it is.
        pub sheet: Option<String>,
        /// Whether only named posts may see it.
        pub confidential: bool,
    }
}

impl Original {
    /// Returns who holds it.
    #[must_use]
    pub fn holder(&self) -> Holder {
        Holder { place: self.holder_path.clone(), department: self.holder_department.clone() }
    }

    /// Returns where it was taken in.
    #[must_use]
    pub fn home(&self) -> Holder {
        Holder { place: self.home_path.clone(), department: self.home_department.clone() }
    }

    /// Returns which paper it is.
    #[must_use]
    pub fn paper(&self) -> PaperOf {
        PaperOf { district: self.district, case: self.case, material: self.material.clone() }
    }
}

/// Says that somebody holds it.
pub const HELD: &str = "held";
/// Says that it is on its way.
pub const MOVING: &str = "moving";
/// Says that the resident has it back.
pub const RETURNED: &str = "returned";

const COLUMNS: &str = "district, case_id, material, number, item, state, holder_path, holder_department, home_path, home_department, since, back_by, sheet, \
                       confidential";
const HOLDER: DeskColumns =
    DeskColumns { path: "holder_path", department: "holder_department", confidential: Some("confidential") };
const HOME: DeskColumns =
    DeskColumns { path: "home_path", department: "home_department", confidential: Some("confidential") };

/// Writes an original. It replaces the row of one that was given back before.
pub fn put(tx: &mut dyn Tx, one: &Original) -> Result<(), StoreError> {
    let sql = format!(
        "insert into papers_original ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         on conflict (district, case_id, material) do update set state = excluded.state, holder_path = excluded.holder_path, \
         holder_department = excluded.holder_department, home_path = excluded.home_path, home_department = excluded.home_department, \
         since = excluded.since, back_by = excluded.back_by, sheet = excluded.sheet"
    );
    let values = args![
        one.district,
        one.case,
        &one.material,
        &one.number,
        &one.item,
        &one.state,
        &one.holder_path,
        &one.holder_department,
        &one.home_path,
        &one.home_department,
        one.since,
        one.back_by,
        one.sheet.clone(),
        one.confidential
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns one original. It locks the row on engines that lock rows.
pub fn find(tx: &mut dyn Tx, paper: &PaperOf) -> Result<Option<Original>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_original where district = $1 and case_id = $2 and material = $3{}",
        tx.lock_rows()
    );
    store::one(tx, &sql, &args![paper.district, paper.case, &paper.material])
}

/// Returns the originals of a case.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<Original>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_original where district = $1 and case_id = $2 order by material limit $3"
    );
    store::all(tx, &sql, &args![district, case, OF_A_CASE])
}

/// Returns how many originals of a case the resident does not have back.
pub fn count(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<i64, StoreError> {
    let sql = "select count(*) from papers_original where district = $1 and case_id = $2 and state <> $3";
    Ok(store::scalar(tx, sql, &args![district, case, RETURNED])?.unwrap_or(0))
}

/// Returns how many originals are held at the desks of some scopes.
pub fn count_held(tx: &mut dyn Tx, scopes: &[Scope]) -> Result<i64, StoreError> {
    // asks all districts: a desk holds papers of residents of any district
    let begun = "select count(*) from papers_original where state = $1 and";
    counted(tx, begun, args![HELD].to_vec(), scopes, &HOLDER)
}

/// Returns what is held at the desks of a scope, the longest first, at most `limit`.
pub fn held_at(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Original>, StoreError> {
    // asks all districts: a desk holds papers of residents of any district
    let mut sql = format!("select {COLUMNS} from papers_original where state = $1 and ");
    let mut values = args![HELD].to_vec();
    within(&mut sql, &mut values, scope, &HOLDER);
    values.push(Val::from(limit));
    let _ = write!(sql, " order by since, case_id, material limit ${}", values.len());
    store::all(tx, &sql, &values)
}

/// Returns what was taken in at the desks of a scope, or is held there, and should have been given back before a day,
/// at most `limit`.
pub fn overdue_at(tx: &mut dyn Tx, scope: &Scope, today: Date, limit: i64) -> Result<Vec<Original>, StoreError> {
    // asks all districts: a desk holds papers of residents of any district
    let mut sql = format!("select {COLUMNS} from papers_original where state <> $1 and back_by < $2 and (");
    let mut values = args![RETURNED, today].to_vec();
    within(&mut sql, &mut values, scope, &HOLDER);
    sql.push_str(" or ");
    within(&mut sql, &mut values, scope, &HOME);
    values.push(Val::from(limit));
    let _ = write!(sql, ") order by back_by, case_id, material limit ${}", values.len());
    store::all(tx, &sql, &values)
}

record! {
    /// A move of an original. Its columns have the order of [`MOVE_COLUMNS`].
    pub struct Move {
        /// The code of the material.
        pub material: String,
        /// When it moved.
        pub at: Instant,
        /// The deed: `taken`, `sent`, `received`, `missing` or `returned`.
        pub deed: String,
        /// The name of the person who did it.
        pub by_name: String,
        /// The place from which it came, or nothing if the resident brought it.
        pub from_path: Option<PlacePath>,
        /// The department there.
        pub from_department: Option<String>,
        /// The place to which it went, or nothing if the resident got it.
        pub to_path: Option<PlacePath>,
        /// The department there.
        pub to_department: Option<String>,
        /// The list on which it was.
        pub sheet: Option<String>,
    }
}

const MOVE_COLUMNS: &str = "material, at, deed, by_name, from_path, from_department, to_path, to_department, sheet";

/// Holds what is written about a move.
pub struct NewMove<'m> {
    /// Its identity.
    pub id: Uuid,
    /// What was done.
    pub deed: Deed,
    /// The desk that gave it, or nothing if it was the resident.
    pub from: Option<&'m Holder>,
    /// The desk that got it, or nothing if it was the resident.
    pub to: Option<&'m Holder>,
    /// The list on which it was.
    pub sheet: Option<&'m str>,
}

/// Writes a move.
pub fn moved(tx: &mut dyn Tx, paper: &PaperOf, new: &NewMove<'_>, doer: &Doer, now: Instant) -> Result<(), StoreError> {
    let sql = "insert into papers_move (district, id, case_id, material, at, deed, by_name, by_role, from_path, from_department, to_path, to_department, \
               sheet) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let values = args![
        paper.district,
        new.id,
        paper.case,
        &paper.material,
        now,
        new.deed.code(),
        &doer.name,
        &doer.role,
        new.from.map(|holder| holder.place.clone()),
        new.from.map(|holder| holder.department.clone()),
        new.to.map(|holder| holder.place.clone()),
        new.to.map(|holder| holder.department.clone()),
        new.sheet.map(str::to_owned)
    ];
    tx.exec(sql, &values).map(drop)
}

/// Returns the trail of a case's originals, the oldest first.
pub fn trail(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<Move>, StoreError> {
    let sql =
        format!("select {MOVE_COLUMNS} from papers_move where district = $1 and case_id = $2 order by at, id limit $3");
    store::all(tx, &sql, &args![district, case, OF_A_CASE])
}
