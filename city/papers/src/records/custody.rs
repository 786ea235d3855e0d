//! Originals 原件: who holds each now, and the trail of every hand they went through. One row for each paper, so that nothing is at two places.

use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::{DeskColumns, OF_A_CASE, within};
use crate::words::{Deed, Doer, Holder, PaperOf};

record! {
    /// An original. Columns in the order of [`COLUMNS`].
    pub struct Original {
        /// Shard of the case.
        pub district: PlaceId,
        /// The case.
        pub case: Uuid,
        /// Code of the material.
        pub material: String,
        /// Number of the case.
        pub number: String,
        /// Code of its item.
        pub item: String,
        /// `held`, `moving` (on a list that is not confirmed), `returned`.
        pub state: String,
        /// Who holds it; while it moves, who sent it.
        pub holder_path: PlacePath,
        /// Department of the holder; empty for a counter.
        pub holder_department: String,
        /// Where it was taken in.
        pub home_path: PlacePath,
        /// Department of that desk.
        pub home_department: String,
        /// Since when.
        pub since: Instant,
        /// By when the resident should have it back.
        pub back_by: Date,
        /// The list it is on.
        pub sheet: Option<String>,
        /// Only named posts may see it.
        pub confidential: bool,
    }
}

impl Original {
    /// Who holds it.
    #[must_use]
    pub fn holder(&self) -> Holder {
        Holder { place: self.holder_path.clone(), department: self.holder_department.clone() }
    }

    /// Where it was taken in.
    #[must_use]
    pub fn home(&self) -> Holder {
        Holder { place: self.home_path.clone(), department: self.home_department.clone() }
    }

    /// Which paper it is.
    #[must_use]
    pub fn paper(&self) -> PaperOf {
        PaperOf { district: self.district, case: self.case, material: self.material.clone() }
    }
}

/// Somebody holds it.
pub const HELD: &str = "held";
/// It is on its way.
pub const MOVING: &str = "moving";
/// The resident has it back.
pub const RETURNED: &str = "returned";

const COLUMNS: &str = "district, case_id, material, number, item, state, holder_path, holder_department, home_path, home_department, since, back_by, sheet, \
                       confidential";
const HOLDER: DeskColumns =
    DeskColumns { path: "holder_path", department: "holder_department", confidential: Some("confidential") };
const HOME: DeskColumns =
    DeskColumns { path: "home_path", department: "home_department", confidential: Some("confidential") };

/// Writes an original, over the row of one that was given back before.
///
/// # Errors
/// Whatever the store reports.
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

/// One original; locks the row on engines that lock rows.
///
/// # Errors
/// Whatever the store reports.
pub fn find(tx: &mut dyn Tx, paper: &PaperOf) -> Result<Option<Original>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_original where district = $1 and case_id = $2 and material = $3{}",
        tx.lock_rows()
    );
    store::one(tx, &sql, &args![paper.district, paper.case, &paper.material])
}

/// The originals of a case.
///
/// # Errors
/// Whatever the store reports.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<Original>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_original where district = $1 and case_id = $2 order by material limit $3"
    );
    store::all(tx, &sql, &args![district, case, OF_A_CASE])
}

/// How many originals of a case the resident does not have back.
///
/// # Errors
/// Whatever the store reports.
pub fn count(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<i64, StoreError> {
    let sql = "select count(*) from papers_original where district = $1 and case_id = $2 and state <> $3";
    Ok(store::scalar(tx, sql, &args![district, case, RETURNED])?.unwrap_or(0))
}

/// What is held at the desks of a scope, the longest first, at most `limit`.
///
/// # Errors
/// Whatever the store reports.
pub fn held_at(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Original>, StoreError> {
    // asks all districts: a desk holds papers of residents of any district
    let mut sql = format!("select {COLUMNS} from papers_original where state = $1 and ");
    let mut values = args![HELD].to_vec();
    within(&mut sql, &mut values, scope, &HOLDER);
    values.push(Val::from(limit));
    let _ = write!(sql, " order by since, case_id, material limit ${}", values.len());
    store::all(tx, &sql, &values)
}

/// What was taken in at the desks of a scope, or is held there, and should have been given back before a day; at most `limit`.
///
/// # Errors
/// Whatever the store reports.
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
    /// A move of an original. Columns in the order of [`MOVE_COLUMNS`].
    pub struct Move {
        /// Code of the material.
        pub material: String,
        /// When.
        pub at: Instant,
        /// `taken`, `sent`, `received`, `missing`, `returned`.
        pub deed: String,
        /// Name of whoever did it.
        pub by_name: String,
        /// From where; none from the resident.
        pub from_path: Option<PlacePath>,
        /// Department there.
        pub from_department: Option<String>,
        /// To where; none to the resident.
        pub to_path: Option<PlacePath>,
        /// Department there.
        pub to_department: Option<String>,
        /// The list it was on.
        pub sheet: Option<String>,
    }
}

const MOVE_COLUMNS: &str = "material, at, deed, by_name, from_path, from_department, to_path, to_department, sheet";

/// What to write of a move.
pub struct NewMove<'m> {
    /// Identity.
    pub id: Uuid,
    /// What was done.
    pub deed: Deed,
    /// From whom; none from the resident.
    pub from: Option<&'m Holder>,
    /// To whom; none to the resident.
    pub to: Option<&'m Holder>,
    /// The list it was on.
    pub sheet: Option<&'m str>,
}

/// Writes a move.
///
/// # Errors
/// Whatever the store reports.
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

/// The trail of a case's originals, the oldest first.
///
/// # Errors
/// Whatever the store reports.
pub fn trail(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<Move>, StoreError> {
    let sql =
        format!("select {MOVE_COLUMNS} from papers_move where district = $1 and case_id = $2 order by at, id limit $3");
    store::all(tx, &sql, &args![district, case, OF_A_CASE])
}
