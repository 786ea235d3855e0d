//! Whether an applicant wants to be told when somebody looked at her data, and until when she was told.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, record};
use uuid::Uuid;

use super::lists::Key;

record! {
    /// A case whose applicant wants to be told of looks.
    pub struct Watched {
        /// The shard of the case.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Looks after this moment are not told yet.
        pub told_until: Instant,
    }
}

/// Whether the applicant of a case wants to be told when somebody looks at her data.
pub fn is_told_of_looks(tx: &mut dyn Tx, case: &Key) -> Result<bool, StoreError> {
    let sql = "select count(*) from cases_looks_told where district = $1 and case_id = $2";
    Ok(store::scalar::<i64>(tx, sql, &args![case.district, case.id])?.unwrap_or(0) > 0)
}

/// Keeps what the applicant of a case wishes; said again it stays the same. She is told of looks from now on.
pub fn set_told_of_looks(tx: &mut dyn Tx, case: &Key, told: bool, now: Instant) -> Result<(), StoreError> {
    if told {
        let sql = "insert into cases_looks_told (district, case_id, told_until) values ($1, $2, $3) \
                   on conflict (district, case_id) do nothing";
        tx.exec(sql, &args![case.district, case.id, now]).map(drop)
    } else {
        let sql = "delete from cases_looks_told where district = $1 and case_id = $2";
        tx.exec(sql, &args![case.district, case.id]).map(drop)
    }
}

/// Keeps that the applicant was told of the looks until a moment.
pub fn told_of_looks(tx: &mut dyn Tx, case: &Key, until: Instant) -> Result<(), StoreError> {
    let sql = "update cases_looks_told set told_until = $3 where district = $1 and case_id = $2";
    tx.exec(sql, &args![case.district, case.id, until]).map(drop)
}

/// Returns a batch of the cases whose applicants want to be told of looks.
pub fn watched(tx: &mut dyn Tx, after: &Key, limit: i64) -> Result<Vec<Watched>, StoreError> {
    // asks all districts: the chore goes through all who want to be told
    let sql = "select district, case_id, told_until from cases_looks_told \
               where (district, case_id) > ($1, $2) order by district, case_id limit $3";
    all(tx, sql, &args![after.district, after.id, limit])
}

/// Forgets the wishes of the cases that are mainly about a sealed record.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    let sql = "delete from cases_looks_told where district = $1 and case_id in \
               (select id from cases_case where district = $2 and person = $3)";
    tx.exec(sql, &args![district, district, record]).map(drop)
}
