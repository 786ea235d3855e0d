//! Files of papers: what lies on the shelf under which digest. Their content is sealed; their names were never kept.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

use super::OF_A_CASE;

record! {
    /// A file. Columns in the order of [`COLUMNS`].
    pub struct File {
        /// Shard of the case.
        pub district: PlaceId,
        /// Identity.
        pub id: Uuid,
        /// The case.
        pub case: Uuid,
        /// The applicant's sealed record, under whose key it is sealed.
        pub person: Uuid,
        /// Code of the material.
        pub material: String,
        /// `jpeg`, `png`, `pdf`.
        pub kind: String,
        /// Bytes before sealing.
        pub bytes: i64,
        /// Width of a picture.
        pub width: Option<i64>,
        /// Height of a picture.
        pub height: Option<i64>,
        /// SM3 of the sealed bytes.
        pub digest: String,
        /// Code of the role of whoever added it, or `applicant`.
        pub by_role: String,
        /// Name of the staff who added it; empty for the applicant.
        pub by_name: String,
        /// When it was added.
        pub at: Instant,
        /// When staff first looked at it.
        pub seen_at: Option<Instant>,
        /// When it was removed or erased.
        pub removed_at: Option<Instant>,
    }
}

const COLUMNS: &str = "district, id, case_id, person, material, kind, bytes, width, height, digest, by_role, by_name, at, seen_at, removed_at";

/// Writes a file's row.
///
/// # Errors
/// Whatever the store reports.
pub fn insert(tx: &mut dyn Tx, file: &File) -> Result<(), StoreError> {
    let sql = format!(
        "insert into papers_file ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    );
    let values = args![
        file.district,
        file.id,
        file.case,
        file.person,
        &file.material,
        &file.kind,
        file.bytes,
        file.width,
        file.height,
        &file.digest,
        &file.by_role,
        &file.by_name,
        file.at,
        file.seen_at,
        file.removed_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// The files of a case that are there, the oldest first.
///
/// # Errors
/// Whatever the store reports.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<File>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_file where district = $1 and case_id = $2 and removed_at is null order by at, id limit $3"
    );
    store::all(tx, &sql, &args![district, case, OF_A_CASE])
}

/// One file of a case, if it is there; locks the row on engines that lock rows.
///
/// # Errors
/// Whatever the store reports.
pub fn find(tx: &mut dyn Tx, district: PlaceId, case: Uuid, id: Uuid) -> Result<Option<File>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_file where district = $1 and case_id = $2 and id = $3 and removed_at is null{}",
        tx.lock_rows()
    );
    store::one(tx, &sql, &args![district, case, id])
}

/// How many files a case has.
///
/// # Errors
/// Whatever the store reports.
pub fn count(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<i64, StoreError> {
    let sql = "select count(*) from papers_file where district = $1 and case_id = $2 and removed_at is null";
    Ok(store::scalar(tx, sql, &args![district, case])?.unwrap_or(0))
}

/// Notes that staff looked at a file; the first look stays.
///
/// # Errors
/// Whatever the store reports.
pub fn seen(tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update papers_file set seen_at = $1 where district = $2 and id = $3 and seen_at is null";
    tx.exec(sql, &args![now, district, id]).map(drop)
}

/// Takes a file away; its content is removed from the shelf in the night.
///
/// # Errors
/// Whatever the store reports.
pub fn remove(tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update papers_file set removed_at = $1 where district = $2 and id = $3 and removed_at is null";
    tx.exec(sql, &args![now, district, id]).map(drop)
}

/// Takes all files of an erased record away.
///
/// # Errors
/// Whatever the store reports.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, person: Uuid, now: Instant) -> Result<u64, StoreError> {
    let sql = "update papers_file set removed_at = $1 where district = $2 and person = $3 and removed_at is null";
    tx.exec(sql, &args![now, district, person])
}

record! {
    /// Whose file it is.
    pub struct Owner {
        /// District of the sealed record.
        pub district: PlaceId,
        /// The sealed record.
        pub person: Uuid,
    }
}

/// Whose a file on the shelf is; none when no row names it any more.
///
/// # Errors
/// Whatever the store reports.
pub fn owner(tx: &mut dyn Tx, digest: &str) -> Result<Option<Owner>, StoreError> {
    // asks all districts: the shelf knows files by what they hold alone
    let sql = "select district, person from papers_file where digest = $1 and removed_at is null order by at limit 1";
    store::one(tx, sql, &args![digest])
}
