//! This file keeps which files of papers lie on the shelf under which digest. Their content is sealed, and their names
//! are never kept.

use kernel::place::PlaceId;
use kernel::time::Instant;
use std::collections::BTreeSet;
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

use super::OF_A_CASE;

record! {
    /// A file. Its columns have the order of [`COLUMNS`].
    pub struct File {
        /// The shard of the case.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The case.
        pub case: Uuid,
        /// The applicant's sealed record, under whose key it is sealed.
        pub person: Uuid,
        /// The code of the material.
        pub material: String,
        /// The kind: `jpeg`, `png` or `pdf`.
        pub kind: String,
        /// How many bytes it had before it was sealed.
        pub bytes: i64,
        /// The width of a picture.
        pub width: Option<i64>,
        /// The height of a picture.
        pub height: Option<i64>,
        /// The SM3 digest of the sealed bytes.
        pub digest: String,
        /// The code of the role of the person who added it, or `applicant`.
        pub by_role: String,
        /// The name of the staff who added it, which is empty for the applicant.
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

/// Returns the files of a case that were not removed, the oldest first.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<Vec<File>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_file where district = $1 and case_id = $2 and removed_at is null order by at, id limit $3"
    );
    store::all(tx, &sql, &args![district, case, OF_A_CASE])
}

/// Returns when files of a paper were added, also those that were removed since.
pub fn added(tx: &mut dyn Tx, district: PlaceId, case: Uuid, material: &str) -> Result<BTreeSet<Instant>, StoreError> {
    let sql = "select distinct at from papers_file where district = $1 and case_id = $2 and material = $3 \
               order by at desc limit $4";
    tx.rows(sql, &args![district, case, material, OF_A_CASE])?.iter().map(|row| row.get(0)).collect()
}

record! {
    /// What an applicant has sent for a case.
    pub struct Sent {
        /// How many files.
        pub files: i64,
        /// How many bytes they have together.
        pub bytes: i64,
    }
}

/// Returns what somebody in a role has sent for a case, with what was taken back since a moment: that still lies on the
/// shelf.
pub fn sent(tx: &mut dyn Tx, district: PlaceId, case: Uuid, by_role: &str, since: Instant) -> Result<Sent, StoreError> {
    let sql = "select count(*), cast(coalesce(sum(bytes), 0) as bigint) from papers_file \
               where district = $1 and case_id = $2 and by_role = $3 and (removed_at is null or removed_at >= $4)";
    let found = store::one::<Sent>(tx, sql, &args![district, case, by_role, since])?;
    Ok(found.unwrap_or(Sent { files: 0, bytes: 0 }))
}

/// Returns one file of a case if it was not removed. It locks the row on engines that lock rows.
pub fn find(tx: &mut dyn Tx, district: PlaceId, case: Uuid, id: Uuid) -> Result<Option<File>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from papers_file where district = $1 and case_id = $2 and id = $3 and removed_at is null{}",
        tx.lock_rows()
    );
    store::one(tx, &sql, &args![district, case, id])
}

/// Returns how many files a case has.
pub fn count(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<i64, StoreError> {
    let sql = "select count(*) from papers_file where district = $1 and case_id = $2 and removed_at is null";
    Ok(store::scalar(tx, sql, &args![district, case])?.unwrap_or(0))
}

/// Notes that staff looked at a file. The first look is kept.
pub fn seen(tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update papers_file set seen_at = $1 where district = $2 and id = $3 and seen_at is null";
    tx.exec(sql, &args![now, district, id]).map(drop)
}

/// Takes a file away. Its content is removed from the shelf in the night.
pub fn remove(tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update papers_file set removed_at = $1 where district = $2 and id = $3 and removed_at is null";
    tx.exec(sql, &args![now, district, id]).map(drop)
}

/// Takes away all files of an erased record.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, person: Uuid, now: Instant) -> Result<u64, StoreError> {
    let sql = "update papers_file set removed_at = $1 where district = $2 and person = $3 and removed_at is null";
    tx.exec(sql, &args![now, district, person])
}

record! {
    /// Says to whom a file belongs.
    pub struct Owner {
        /// The district of the sealed record.
        pub district: PlaceId,
        /// The sealed record.
        pub person: Uuid,
    }
}

/// Returns to whom a file on the shelf belongs, or nothing if no row names it any more.
pub fn owner(tx: &mut dyn Tx, digest: &str) -> Result<Option<Owner>, StoreError> {
    // asks all districts: the shelf knows files by what they hold alone
    let sql = "select district, person from papers_file where digest = $1 and removed_at is null order by at limit 1";
    store::one(tx, sql, &args![digest])
}

/// Returns the digests of files that were not removed, in their order: those after `after`, at most `limit`.
pub fn digests(tx: &mut dyn Tx, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    // asks all districts: the shelf knows files by what they hold alone
    let sql =
        "select distinct digest from papers_file where digest > $1 and removed_at is null order by digest limit $2";
    tx.rows(sql, &args![after, limit])?.iter().map(|row| row.get(0)).collect()
}
