//! What those who take part in a case wish, each for herself: to look herself and not be told outside of the platform,
//! and to be told when somebody looked at her data. A party is named by her sealed record; none is the person whom the
//! case is mainly about, whose wishes are kept apart.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

use super::lists::Key;
use super::{looks, talk};

record! {
    /// A party who wants to be told of looks at her data.
    pub struct WatchedParty {
        /// The shard of the case.
        pub district: PlaceId,
        /// The identity of her wish.
        pub id: Uuid,
        /// The case.
        pub case_id: Uuid,
        /// Her sealed record.
        pub party: Uuid,
        /// Looks after this moment are not told yet.
        pub told_until: Instant,
    }
}

/// The identity of what a party of a case wishes.
fn identity(case: &Key, party: Uuid) -> Uuid {
    Uuid::new_v5(&case.id, party.as_bytes())
}

fn is_there(tx: &mut dyn Tx, sql: &'static str, case: &Key, party: Uuid) -> Result<bool, StoreError> {
    Ok(store::scalar::<i64>(tx, sql, &args![case.district, identity(case, party)])?.unwrap_or(0) > 0)
}

/// Whether somebody looks herself and is not to be told outside of the platform.
pub fn looks_herself(tx: &mut dyn Tx, case: &Key, party: Option<Uuid>) -> Result<bool, StoreError> {
    let Some(party) = party else { return talk::is_quiet(tx, case) };
    let sql = "select count(*) from cases_party_wish where district = $1 and id = $2 and quiet = 1";
    is_there(tx, sql, case, party)
}

/// Keeps whether somebody looks herself; said again it stays the same.
pub fn set_looks_herself(
    tx: &mut dyn Tx,
    case: &Key,
    party: Option<Uuid>,
    quiet: bool,
    now: Instant,
) -> Result<(), StoreError> {
    let Some(party) = party else { return talk::set_quiet(tx, case, quiet, now) };
    let sql = "insert into cases_party_wish (district, id, case_id, party, quiet) values ($1, $2, $3, $4, $5) \
               on conflict (district, id) do update set quiet = excluded.quiet";
    tx.exec(sql, &args![case.district, identity(case, party), case.id, party, quiet]).map(drop)
}

/// Whether somebody wants to be told when somebody looks at her data.
pub fn wants_looks(tx: &mut dyn Tx, case: &Key, party: Option<Uuid>) -> Result<bool, StoreError> {
    let Some(party) = party else { return looks::is_told_of_looks(tx, case) };
    let sql = "select count(*) from cases_party_wish where district = $1 and id = $2 and told_until is not null";
    is_there(tx, sql, case, party)
}

/// Keeps whether somebody wants to be told of looks; said again it stays the same. She is told of looks from now on.
pub fn set_wants_looks(
    tx: &mut dyn Tx,
    case: &Key,
    party: Option<Uuid>,
    told: bool,
    now: Instant,
) -> Result<(), StoreError> {
    let Some(party) = party else { return looks::set_told_of_looks(tx, case, told, now) };
    let id = identity(case, party);
    if told {
        let sql = "insert into cases_party_wish (district, id, case_id, party, quiet, told_until) \
                   values ($1, $2, $3, $4, 0, $5) on conflict (district, id) \
                   do update set told_until = coalesce(cases_party_wish.told_until, excluded.told_until)";
        tx.exec(sql, &args![case.district, id, case.id, party, now]).map(drop)
    } else {
        let sql = "update cases_party_wish set told_until = null where district = $1 and id = $2";
        tx.exec(sql, &args![case.district, id]).map(drop)
    }
}

/// Keeps that a party was told of the looks until a moment.
pub fn told_of_looks(tx: &mut dyn Tx, district: PlaceId, id: Uuid, until: Instant) -> Result<(), StoreError> {
    let sql = "update cases_party_wish set told_until = $3 where district = $1 and id = $2 and told_until is not null";
    tx.exec(sql, &args![district, id, until]).map(drop)
}

/// Returns a batch of the parties who want to be told of looks, after the wish of that district and identity.
pub fn watched(tx: &mut dyn Tx, district: PlaceId, id: Uuid, limit: i64) -> Result<Vec<WatchedParty>, StoreError> {
    // asks all districts: the chore goes through all who want to be told
    let sql = "select district, id, case_id, party, told_until from cases_party_wish \
               where told_until is not null and (district, id) > ($1, $2) order by district, id limit $3";
    store::all(tx, sql, &args![district, id, limit])
}

/// Forgets what a party wished, with her sealed record.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, party: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from cases_party_wish where district = $1 and party = $2", &args![district, party]).map(drop)
}
