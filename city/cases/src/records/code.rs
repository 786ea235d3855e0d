//! The codes of receipts, each as a digest: one a sealed record.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, args};
use uuid::Uuid;

/// Keeps the digest of a first code. Returns false, and changes nothing, if the record has a code already.
pub fn add(
    tx: &mut dyn Tx,
    district: PlaceId,
    record: Uuid,
    digest: Vec<u8>,
    now: Instant,
) -> Result<bool, StoreError> {
    let sql = "insert into cases_code (district, record, digest, given_at) values ($1, $2, $3, $4) \
               on conflict (district, record) do nothing";
    Ok(tx.exec(sql, &args![district, record, digest, now])? == 1)
}

/// Keeps the digest of a new code. The one before ends.
pub fn put(tx: &mut dyn Tx, district: PlaceId, record: Uuid, digest: Vec<u8>, now: Instant) -> Result<(), StoreError> {
    let sql = "insert into cases_code (district, record, digest, given_at) values ($1, $2, $3, $4) \
               on conflict (district, record) do update set digest = excluded.digest, given_at = excluded.given_at";
    tx.exec(sql, &args![district, record, digest, now]).map(drop)
}

/// Returns the digest of a record's code, if it has one.
pub fn digest(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    store::scalar(tx, "select digest from cases_code where district = $1 and record = $2", &args![district, record])
}

/// Forgets the code of a record.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from cases_code where district = $1 and record = $2", &args![district, record]).map(drop)
}
