//! The tables of the vault: records, their keys, blind index, access log, secrets. This folder has the only SQL of this
//! crate.

mod access;

use crate::words::NewRecord;
use crate::{VaultError, cipher};
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use std::collections::BTreeMap;
use store::{Migration, Tx, Val, args, record};
use uuid::Uuid;

pub use access::{
    Access, Deed, Logged, Looker, SeenAt, accesses, accesses_before, insert_access, lookers, looks, persons_seen, saw,
    seen,
};

/// The vault's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "vault/0001_vault",
        sql: "create table vault_record (
  district {int} not null,
  id {uuid} not null,
  purpose {text} not null,
  sealed_at {int} not null,
  changed_at {int} not null,
  retain_until {text},
  algorithm {text} not null,
  key_id {text} not null,
  wrapped_key {bytes},
  ciphertext {bytes},
  erased_at {int},
  primary key (district, id)
) {strict};
create index vault_record_retain_until on vault_record (retain_until, district, id);
create index vault_record_key_id on vault_record (key_id, district, id);
create table vault_index (
  district {int} not null,
  record {uuid} not null,
  field {text} not null,
  digest {bytes} not null,
  primary key (district, record, field)
) {strict};
create index vault_index_digest on vault_index (digest, field);
create table vault_access (
  district {int} not null,
  record {uuid} not null,
  id {uuid} not null,
  at {int} not null,
  deed {text} not null,
  account {uuid},
  name {text} not null,
  place {text} not null,
  purpose {text} not null,
  case_number {text},
  primary key (district, record, id)
) {strict};
create table vault_secret (
  purpose {text} not null,
  id {uuid} not null,
  algorithm {text} not null,
  key_id {text} not null,
  wrapped {bytes} not null,
  primary key (purpose, id)
) {strict};
create index vault_secret_key_id on vault_secret (key_id, purpose, id)",
    },
    Migration { name: "vault/0002_access_at", sql: "create index vault_access_at on vault_access (district, at)" },
    Migration {
        name: "vault/0003_access_account",
        sql: "create index vault_access_account on vault_access (account, at)",
    },
    Migration { name: "vault/0004_keys", sql: include_str!("../../migrations/0004_keys.sql") },
];

/// The table of the records' keys, which is rewritten after erasures.
pub const KEY_TABLE: &str = "vault_key";

/// The greatest number of ids in one statement.
const LIST_MOST: usize = 64;
/// The sizes of an id list in one statement. A shorter list is filled up with its last id, so that few texts are
/// prepared.
const LIST_SIZES: [usize; 3] = [1, 8, LIST_MOST];

/// The key of a record, as a master key wraps it.
pub struct WrappedKey {
    pub key_id: String,
    pub wrapped: Vec<u8>,
}

record! {
    /// A record as it is stored. Once it is erased it has no key and no ciphertext.
    pub struct Stored {
        pub id: Uuid,
        pub algorithm: String,
        pub key_id: Option<String>,
        pub wrapped: Option<Vec<u8>>,
        pub ciphertext: Option<Vec<u8>>,
    }
}

record! {
    /// A record whose key is wrapped by an older master key.
    pub struct OutdatedRecord {
        pub district: PlaceId,
        pub id: Uuid,
        pub key_id: String,
        pub wrapped: Vec<u8>,
    }
}

record! {
    /// A wrapped secret of the platform.
    pub struct StoredSecret {
        pub purpose: String,
        pub id: Uuid,
        pub algorithm: String,
        pub key_id: String,
        pub wrapped: Vec<u8>,
    }
}

record! {
    /// The district and id of a record.
    pub struct Handle {
        pub district: PlaceId,
        pub id: Uuid,
    }
}

record! {
    /// How often a master key is used.
    pub struct KeyUse {
        pub key_id: String,
        pub count: i64,
    }
}

pub fn insert(tx: &mut dyn Tx, record: &NewRecord, key: &WrappedKey, ciphertext: &[u8]) -> Result<(), VaultError> {
    // Whose identity is reckoned may be sealed by two at the same moment: one of them was faster.
    tx.put_one(
        "insert into vault_record (district, id, purpose, sealed_at, changed_at, retain_until, algorithm, ciphertext) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        &args![
            record.district,
            record.id,
            record.purpose.as_str(),
            record.at,
            record.at,
            record.retain_until,
            cipher::ALGORITHM,
            ciphertext.to_vec()
        ],
    )?;
    tx.put(
        "insert into vault_key (district, record, key_id, wrapped) values ($1, $2, $3, $4)",
        &args![record.district, record.id, key.key_id.as_str(), key.wrapped.clone()],
    )?;
    Ok(())
}

/// What is read of a record, with its key beside it; an erased record has none.
const COLUMNS: &str = "r.id, r.algorithm, k.key_id, k.wrapped, r.ciphertext";
const RECORDS: &str = "vault_record r left join vault_key k on k.district = r.district and k.record = r.id";

pub fn one(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Stored>, VaultError> {
    let sql = format!("select {COLUMNS} from {RECORDS} where r.district = $1 and r.id = $2");
    Ok(store::one(tx, &sql, &args![district, id])?)
}

/// Locks a record until the end of the transaction, so that two changes do not overwrite one another.
pub fn lock(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<(), VaultError> {
    let sql = format!("select id from vault_record where district = $1 and id = $2{}", tx.lock_rows());
    tx.rows(&sql, &args![district, id])?;
    Ok(())
}

/// Returns the records of a district with these ids, in no particular order.
pub fn several(tx: &mut dyn Tx, district: PlaceId, ids: &[Uuid]) -> Result<Vec<Stored>, VaultError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(LIST_MOST) {
        let size = LIST_SIZES.into_iter().find(|size| *size >= chunk.len()).unwrap_or(chunk.len());
        let places: Vec<String> = (0..size).map(|index| format!("${}", index + 2)).collect();
        let places = places.join(", ");
        let sql = format!("select {COLUMNS} from {RECORDS} where r.district = $1 and r.id in ({places})");
        let filler = chunk.last().into_iter().cycle();
        let values: Vec<Val> = std::iter::once(Val::from(district))
            .chain(chunk.iter().chain(filler).take(size).map(|id| Val::from(*id)))
            .collect();
        found.extend(store::all::<Stored>(tx, &sql, &values)?);
    }
    Ok(found)
}

pub fn update_sealed(
    tx: &mut dyn Tx,
    district: PlaceId,
    id: Uuid,
    ciphertext: &[u8],
    now: Instant,
) -> Result<(), VaultError> {
    tx.exec(
        "update vault_record set changed_at = $1, algorithm = $2, ciphertext = $3 \
         where district = $4 and id = $5 and erased_at is null",
        &args![now, cipher::ALGORITHM, ciphertext.to_vec(), district, id],
    )?;
    Ok(())
}

pub fn update_retention(
    tx: &mut dyn Tx,
    district: PlaceId,
    id: Uuid,
    last_day: Option<Date>,
) -> Result<u64, VaultError> {
    Ok(tx.exec(
        "update vault_record set retain_until = $1 where district = $2 and id = $3",
        &args![last_day, district, id],
    )?)
}

/// Takes the sealed text and the key away, and notes that the table of keys is to be rewritten. Returns how many
/// records were erased: none when it was erased before.
pub fn erase(tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<u64, VaultError> {
    let erased = tx.exec(
        "update vault_record set ciphertext = null, erased_at = $1 \
         where district = $2 and id = $3 and erased_at is null",
        &args![now, district, id],
    )?;
    if erased > 0 {
        tx.exec("delete from vault_key where district = $1 and record = $2", &args![district, id])?;
        tx.exec(
            "insert into vault_trace (district, record, erased_at) values ($1, $2, $3) \
             on conflict (district, record) do nothing",
            &args![district, id, now],
        )?;
    }
    Ok(erased)
}

/// Returns records that were erased and whose key may have left traces, those erased first before the others.
pub fn traces(tx: &mut dyn Tx, limit: i64) -> Result<Vec<(PlaceId, Uuid)>, VaultError> {
    // asks all districts: the table of keys is rewritten as a whole
    handles(tx, "select district, record from vault_trace order by erased_at, district, record limit $1", &args![limit])
}

pub fn delete_trace(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), VaultError> {
    tx.put("delete from vault_trace where district = $1 and record = $2", &args![district, record])?;
    Ok(())
}

pub fn expired(tx: &mut dyn Tx, on: Date, limit: i64) -> Result<Vec<(PlaceId, Uuid)>, VaultError> {
    // asks all districts: the platform erases what is due in the whole city
    handles(
        tx,
        "select district, id from vault_record where retain_until < $1 and erased_at is null \
         order by retain_until, district, id limit $2",
        &args![on, limit],
    )
}

pub fn insert_index(tx: &mut dyn Tx, district: PlaceId, id: Uuid, code: &str, digest: &[u8]) -> Result<(), VaultError> {
    tx.put(
        "insert into vault_index (district, record, field, digest) values ($1, $2, $3, $4)",
        &args![district, id, code, digest.to_vec()],
    )?;
    Ok(())
}

pub fn delete_index(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<(), VaultError> {
    tx.exec("delete from vault_index where district = $1 and record = $2", &args![district, id])?;
    Ok(())
}

/// The records that are not erased and have no digest of a name as it is compared.
const WITHOUT_NAME: &str = "from vault_record where erased_at is null and not exists (select 1 from vault_index \
                            where vault_index.district = vault_record.district and record = id \
                            and field = 'name_key')";

/// Returns how many records have no digest of a name.
pub fn count_without_name(tx: &mut dyn Tx) -> Result<u64, VaultError> {
    // asks all districts: every record is to be found
    let count = store::scalar::<i64>(tx, &format!("select count(*) {WITHOUT_NAME}"), &[])?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// Returns the records without a digest of a name after one of them, in the order of district and identity, at most
/// `limit`.
pub fn without_name(tx: &mut dyn Tx, after: (PlaceId, Uuid), limit: i64) -> Result<Vec<(PlaceId, Uuid)>, VaultError> {
    // asks all districts: every record is to be found
    let sql =
        format!("select district, id {WITHOUT_NAME} and (district, id) > ($1, $2) order by district, id limit $3");
    handles(tx, &sql, &args![after.0, after.1, limit])
}

pub fn find(tx: &mut dyn Tx, code: &str, digest: &[u8], limit: i64) -> Result<Vec<(PlaceId, Uuid)>, VaultError> {
    // asks all districts: who is looked for may live anywhere
    handles(
        tx,
        "select district, record from vault_index where digest = $1 and field = $2 order by record desc limit $3",
        &args![digest.to_vec(), code, limit],
    )
}

fn handles(tx: &mut dyn Tx, sql: &str, values: &[Val]) -> Result<Vec<(PlaceId, Uuid)>, VaultError> {
    let rows = store::all::<Handle>(tx, sql, values)?;
    Ok(rows.into_iter().map(|handle| (handle.district, handle.id)).collect())
}

pub fn insert_secret(tx: &mut dyn Tx, purpose: &str, id: Uuid, key_id: &str, wrapped: &[u8]) -> Result<(), VaultError> {
    tx.exec(
        "insert into vault_secret (purpose, id, algorithm, key_id, wrapped) values ($1, $2, $3, $4, $5) \
         on conflict (purpose, id) do nothing",
        &args![purpose, id, cipher::ALGORITHM, key_id, wrapped.to_vec()],
    )?;
    Ok(())
}

pub fn secret(tx: &mut dyn Tx, purpose: &str, id: Uuid) -> Result<Option<StoredSecret>, VaultError> {
    Ok(store::one(
        tx,
        "select purpose, id, algorithm, key_id, wrapped from vault_secret where purpose = $1 and id = $2",
        &args![purpose, id],
    )?)
}

pub fn delete_secret(tx: &mut dyn Tx, purpose: &str, id: Uuid) -> Result<(), VaultError> {
    tx.exec("delete from vault_secret where purpose = $1 and id = $2", &args![purpose, id])?;
    Ok(())
}

pub fn outdated_records(tx: &mut dyn Tx, newest: &str, limit: i64) -> Result<Vec<OutdatedRecord>, VaultError> {
    // asks all districts: every key is changed
    Ok(store::all(
        tx,
        "select district, record, key_id, wrapped from vault_key where key_id <> $1 \
         order by key_id, district, record limit $2",
        &args![newest, limit],
    )?)
}

/// Replaces a wrapped key unless somebody changed the record in the meantime.
pub fn rewrap_record(
    tx: &mut dyn Tx,
    district: PlaceId,
    id: Uuid,
    old: &[u8],
    key_id: &str,
    wrapped: &[u8],
) -> Result<(), VaultError> {
    tx.exec(
        "update vault_key set key_id = $1, wrapped = $2 where district = $3 and record = $4 and wrapped = $5",
        &args![key_id, wrapped.to_vec(), district, id, old.to_vec()],
    )?;
    Ok(())
}

pub fn outdated_secrets(tx: &mut dyn Tx, newest: &str, limit: i64) -> Result<Vec<StoredSecret>, VaultError> {
    Ok(store::all(
        tx,
        "select purpose, id, algorithm, key_id, wrapped from vault_secret where key_id <> $1 \
         order by key_id, purpose, id limit $2",
        &args![newest, limit],
    )?)
}

/// Replaces a wrapped secret unless somebody changed it in the meantime.
pub fn rewrap_secret(
    tx: &mut dyn Tx,
    purpose: &str,
    id: Uuid,
    old: &[u8],
    key_id: &str,
    wrapped: &[u8],
) -> Result<(), VaultError> {
    tx.exec(
        "update vault_secret set key_id = $1, wrapped = $2 where purpose = $3 and id = $4 and wrapped = $5",
        &args![key_id, wrapped.to_vec(), purpose, id, old.to_vec()],
    )?;
    Ok(())
}

/// Master keys whose use is counted at most.
const KEYS: i64 = 500;

pub fn key_use(tx: &mut dyn Tx) -> Result<BTreeMap<String, u64>, VaultError> {
    // asks all districts: every key is counted
    let mut used = BTreeMap::new();
    for sql in [
        "select key_id, count(*) from vault_key group by key_id order by key_id limit $1",
        "select key_id, count(*) from vault_secret group by key_id order by key_id limit $1",
    ] {
        for row in store::all::<KeyUse>(tx, sql, &args![KEYS])? {
            *used.entry(row.key_id).or_default() += u64::try_from(row.count).unwrap_or_default();
        }
    }
    Ok(used)
}
