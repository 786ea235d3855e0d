//! This file keeps those who offer help. Each has one row under the account, with a handle of the sealed person.

use std::collections::BTreeMap;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record, scalar};
use uuid::Uuid;

use crate::words::{Key, Parts, Roles};

record! {
    /// Somebody who offers help. Columns in the order of [`COLUMNS`].
    pub struct Responder {
        /// Shard: the district of her home.
        pub district: PlaceId,
        /// Her account.
        pub id: Uuid,
        /// Her home, no finer than a grid.
        pub path: PlacePath,
        /// What she can do.
        pub roles: Roles,
        /// When she can come.
        pub parts: Parts,
        /// False while she pauses.
        pub ready: bool,
        /// The sealed record.
        pub person: Uuid,
        /// Since when she offers help.
        pub since: Instant,
    }
}

impl Responder {
    /// Returns the key of the row.
    #[must_use]
    pub const fn key(&self) -> Key {
        Key { district: self.district, id: self.id }
    }
}

/// People by district and account.
pub type Responders = BTreeMap<Key, Responder>;

const COLUMNS: &str = "district, id, path, roles, parts, ready, person, since";

/// Returns somebody by her account, wherever she lives.
pub fn of_account(tx: &mut dyn Tx, account: Uuid) -> Result<Option<Responder>, StoreError> {
    // asks all districts: her account does not say where she lives
    let sql = format!("select {COLUMNS} from mobilization_responder where id = $1 order by district limit 1");
    one(tx, &sql, &args![account])
}

/// Returns somebody by district and account. Her row is locked on engines that lock rows.
pub fn held(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Responder>, StoreError> {
    let sql = format!("select {COLUMNS} from mobilization_responder where district = $1 and id = $2{}", tx.lock_rows());
    one(tx, &sql, &args![district, id])
}

/// Returns those who were sent for a call at a place or inside it.
pub fn of_call(tx: &mut dyn Tx, Key { district, id: call }: Key, place: &PlacePath) -> Result<Responders, StoreError> {
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from mobilization_responder w where exists (select 1 from mobilization_post p where p.district = $1 \
         and p.call = $2 and p.path >= $3 and p.path < $4 and p.home = w.district and p.responder = w.id)"
    );
    let found = all::<Responder>(tx, &sql, &args![district, call, low, high])?;
    Ok(found.into_iter().map(|who| (who.key(), who)).collect())
}

/// Returns people by district and account; those who left are not among them.
pub fn several(tx: &mut dyn Tx, keys: &[(PlaceId, Uuid)]) -> Result<Responders, StoreError> {
    let found = store::several::<Responder>(tx, keys, |marks| {
        format!("select {COLUMNS} from mobilization_responder where district = $1 and id in ({marks})")
    })?;
    Ok(found.into_iter().map(|who| (who.key(), who)).collect())
}

/// Writes somebody who offers help, or what changed of her.
pub fn put(tx: &mut dyn Tx, who: &Responder, now: Instant) -> Result<(), StoreError> {
    let sql = "insert into mobilization_responder (district, id, path, roles, parts, ready, person, since, changed_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (district, id) do update set path = excluded.path, \
               roles = excluded.roles, parts = excluded.parts, ready = excluded.ready, person = excluded.person, \
               changed_at = excluded.changed_at";
    let values = args![
        who.district,
        who.id,
        &who.path,
        who.roles.to_string(),
        who.parts.to_string(),
        who.ready,
        who.person,
        who.since,
        now
    ];
    tx.exec(sql, &values).map(drop)
}

/// Removes somebody who no longer offers help.
pub fn remove(tx: &mut dyn Tx, Key { district, id }: Key) -> Result<(), StoreError> {
    tx.exec("delete from mobilization_responder where district = $1 and id = $2", &args![district, id]).map(drop)
}

/// Returns those ready to help who live in a place, in a fixed order, at most `limit`.
pub fn ready_in(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Responder>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from mobilization_responder where path >= $1 and path < $2 and ready = 1 order by path, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Returns how many are ready to help in a place.
pub fn count_ready(tx: &mut dyn Tx, place: &PlacePath) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select count(*) from mobilization_responder where path >= $1 and path < $2 and ready = 1";
    scalar(tx, sql, &args![low, high]).map(Option::unwrap_or_default)
}

/// Returns the people who offer help and come after a key in the order of keys, at most `limit`.
pub fn after(tx: &mut dyn Tx, after: Key, limit: i64) -> Result<Vec<Responder>, StoreError> {
    // asks all districts: everybody who offers help is gone through
    let sql = format!(
        "select {COLUMNS} from mobilization_responder where (district, id) > ($1, $2) order by district, id limit $3"
    );
    all(tx, &sql, &args![after.district, after.id, limit])
}
