//! This file keeps data checks of papers: what was asked and what came of it. The answer itself is sealed with the
//! person's record.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

use super::OF_A_CASE;

record! {
    /// A check.
    pub struct Checked {
        /// Its identity.
        pub id: Uuid,
        /// The code of the material.
        pub material: String,
        /// The outcome: `confirmed`, `refuted` or `unavailable`.
        pub outcome: String,
        /// The source that was asked.
        pub adapter: String,
        /// The name of the staff who asked, which is empty for the platform.
        pub by_name: String,
        /// When it was asked.
        pub at: Instant,
        /// When the applicant said that the answer is wrong and that she will hand the paper in.
        pub objected_at: Option<Instant>,
    }
}

record! {
    /// A paper that a source confirmed.
    pub struct Confirmed {
        /// The case.
        pub case: Uuid,
        /// The code of the material.
        pub material: String,
        /// When it was asked.
        pub at: Instant,
        /// The identity of the check.
        pub id: Uuid,
    }
}

/// A check that is going to be written.
pub struct NewCheck {
    /// The shard of the case.
    pub district: PlaceId,
    /// Its identity.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The sealed record.
    pub person: Uuid,
    /// The code of the material.
    pub material: String,
    /// What came of it.
    pub outcome: &'static str,
    /// The source that was asked.
    pub adapter: &'static str,
    /// The name of the staff who asked, which is empty for the platform.
    pub by_name: String,
    /// When it was asked.
    pub at: Instant,
    /// The sealed answer.
    pub reply: Option<Vec<u8>>,
}

/// Writes a check.
pub fn insert(tx: &mut dyn Tx, new: &NewCheck) -> Result<(), StoreError> {
    let sql = "insert into papers_check (district, id, case_id, person, material, outcome, adapter, by_name, at, reply, objected_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null)";
    let values = args![
        new.district,
        new.id,
        new.case,
        new.person,
        &new.material,
        new.outcome,
        new.adapter,
        &new.by_name,
        new.at,
        new.reply.clone()
    ];
    tx.exec(sql, &values).map(drop)
}

/// Returns the checks of a case, the newest first.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<Checked>, StoreError> {
    let sql = "select id, material, outcome, adapter, by_name, at, objected_at from papers_check \
               where district = $1 and case_id = $2 order by at desc, id desc limit $3";
    store::all(tx, sql, &args![district, case, OF_A_CASE])
}

/// Returns the papers of some cases that sources confirmed, the earliest first.
pub fn confirmed(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<Vec<Confirmed>, StoreError> {
    let mut found = store::several::<Confirmed>(tx, cases, |marks| {
        format!(
            "select case_id, material, at, id from papers_check \
             where district = $1 and outcome = 'confirmed' and case_id in ({marks})"
        )
    })?;
    found.sort_by_key(|one| (one.at, one.id));
    Ok(found)
}

/// Notes that the applicant objects to what data said of one of her papers; how many checks that concerns.
pub fn object(tx: &mut dyn Tx, district: PlaceId, case: Uuid, material: &str, now: Instant) -> Result<u64, StoreError> {
    let sql = "update papers_check set objected_at = $1 where district = $2 and case_id = $3 and material = $4 and objected_at is null";
    tx.exec(sql, &args![now, district, case, material])
}

/// Drops the sealed answers of an erased record, because nobody can open them any more.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, person: Uuid) -> Result<u64, StoreError> {
    let sql = "update papers_check set reply = null where district = $1 and person = $2 and reply is not null";
    tx.exec(sql, &args![district, person])
}
