//! Steps that were decided and have not left yet. A case has at most one.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

use super::lists::Key;

record! {
    /// A step that was decided and has not left yet.
    pub struct HeldRow {
        /// The account of whoever decided it.
        pub account: Option<Uuid>,
        /// The step's name in its procedure.
        pub action: String,
        /// When it was decided.
        pub held_at: Instant,
        /// When it leaves.
        pub leaves_at: Instant,
        /// What is recorded then, as JSON. Free words stand in it as handles.
        pub events: String,
        /// The key of the form that decided it. A step that was held by an earlier version has none.
        pub once: Option<String>,
    }
}

impl HeldRow {
    /// Whether it leaves now. A clock that was set back before the decision holds nothing back any longer.
    #[must_use]
    pub fn is_due(&self, now: Instant) -> bool {
        self.leaves_at <= now || now < self.held_at
    }
}

/// Keeps a step until it leaves. A second one for the same case is a conflict: somebody was faster.
pub fn insert(tx: &mut dyn Tx, case: &Key, row: &HeldRow) -> Result<(), StoreError> {
    let sql = "insert into cases_held (district, case_id, account, action, held_at, leaves_at, events, once) \
               values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    let HeldRow { account, action, held_at, leaves_at, events, once } = row.clone();
    tx.put_one(sql, &args![case.district, case.id, account, action, held_at, leaves_at, events, once])
}

/// Returns the step of a case that has not left yet.
pub fn of_case(tx: &mut dyn Tx, case: &Key) -> Result<Option<HeldRow>, StoreError> {
    let sql = "select account, action, held_at, leaves_at, events, once from cases_held \
               where district = $1 and case_id = $2";
    store::one(tx, sql, &args![case.district, case.id])
}

/// Returns the case of a number if a step of it waits whose seconds are over.
pub fn due_of_number(
    tx: &mut dyn Tx,
    district: PlaceId,
    number: &str,
    now: Instant,
) -> Result<Option<Uuid>, StoreError> {
    let sql = "select cases_held.case_id from cases_held join cases_case on cases_case.district = cases_held.district \
               and cases_case.id = cases_held.case_id where cases_held.district = $1 and cases_case.number = $2 \
               and (cases_held.leaves_at <= $3 or cases_held.held_at > $4)";
    store::scalar(tx, sql, &args![district, number, now, now])
}

/// Removes the step of a case, because it leaves or because it was undone.
pub fn remove(tx: &mut dyn Tx, case: &Key) -> Result<(), StoreError> {
    tx.exec("delete from cases_held where district = $1 and case_id = $2", &args![case.district, case.id]).map(drop)
}
