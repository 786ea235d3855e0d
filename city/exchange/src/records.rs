//! This file holds what is remembered of other systems: the systems, the digests of their tokens, how often they
//! called, and the messages that they got. Only this file contains SQL.
//!
//! The tables are small, and every place asks for them. On Citus they are reference tables.

use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use crate::words::{ApiScope, CallCount, Delivery, System, TokenFacts};

/// Limits how many systems are told of one case, and how many tokens of one system are read.
const MANY: i64 = 500;
/// How many messages one statement reads by their identities.
const LISTED: usize = 100;

record! {
    struct SystemRow {
        id: Uuid,
        district: PlaceId,
        name: String,
        place: PlacePath,
        department: Option<String>,
        scopes: String,
        calls_per_minute: i64,
        webhook_url: Option<String>,
        created_at: Instant,
        created_by: String,
        closed_at: Option<Instant>,
    }
}

impl From<SystemRow> for System {
    fn from(row: SystemRow) -> Self {
        Self {
            id: row.id,
            district: row.district,
            name: row.name,
            place: row.place,
            department: row.department,
            scopes: row.scopes.split(' ').filter_map(ApiScope::parse).collect(),
            calls_per_minute: row.calls_per_minute,
            webhook_url: row.webhook_url,
            created_at: row.created_at,
            created_by: row.created_by,
            closed_at: row.closed_at,
        }
    }
}

const SYSTEM: &str =
    "id, district, name, place, department, scopes, calls_per_minute, webhook_url, created_at, created_by, closed_at";

/// Writes a new system. Returns false if a system of that identity exists already.
pub fn insert_system(tx: &mut dyn Tx, system: &System) -> Result<bool, StoreError> {
    let scopes: Vec<&str> = system.scopes.iter().map(|scope| scope.code()).collect();
    let sql = "insert into exchange_system (id, district, name, place, department, scopes, calls_per_minute, webhook_url, created_at, \
               created_by, closed_at) values ($1, $2, $3, $4, $5, $6, $7, null, $8, $9, null) on conflict (id) do nothing";
    let values = args![
        system.id,
        system.district,
        &system.name,
        &system.place,
        &system.department,
        scopes.join(" "),
        system.calls_per_minute,
        system.created_at,
        &system.created_by
    ];
    Ok(tx.exec(sql, &values)? == 1)
}

/// Returns a system by its identity.
pub fn system(tx: &mut dyn Tx, id: Uuid) -> Result<Option<System>, StoreError> {
    let sql = format!("select {SYSTEM} from exchange_system where id = $1{}", tx.lock_rows());
    Ok(store::one::<SystemRow>(tx, &sql, &args![id])?.map(System::from))
}

/// Returns the name of a system.
pub fn name(tx: &mut dyn Tx, id: Uuid) -> Result<Option<String>, StoreError> {
    store::scalar(tx, "select name from exchange_system where id = $1", &args![id])
}

/// Returns the systems of some scopes, the newest first, after a system, at most `limit`.
pub fn systems(tx: &mut dyn Tx, scopes: &[Scope], before: Uuid, limit: i64) -> Result<Vec<System>, StoreError> {
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = args![before].to_vec();
    let mut inside = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let (from, to) = scope.place.range();
        values.extend(args![from, to]);
        let mut part = format!("(place >= ${} and place < ${}", values.len() - 1, values.len());
        if let Some(department) = &scope.department {
            values.push(Val::from(department.as_str()));
            let _ = write!(part, " and department = ${}", values.len());
        }
        part.push(')');
        inside.push(part);
    }
    values.push(Val::from(limit));
    let places = inside.join(" or ");
    let sql = format!(
        "select {SYSTEM} from exchange_system where id < $1 and ({places}) order by id desc limit ${}",
        values.len()
    );
    Ok(store::all::<SystemRow>(tx, &sql, &values)?.into_iter().map(System::from).collect())
}

/// Returns the open systems that get messages about cases.
pub fn listening(tx: &mut dyn Tx) -> Result<Vec<System>, StoreError> {
    let sql = format!(
        "select {SYSTEM} from exchange_system where closed_at is null and webhook_url is not null order by id limit $1"
    );
    Ok(store::all::<SystemRow>(tx, &sql, &args![MANY])?.into_iter().map(System::from).collect())
}

/// Closes a system. If it was closed before, the first moment is kept.
pub fn close(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let sql = "update exchange_system set closed_at = $1 where id = $2 and closed_at is null";
    Ok(tx.exec(sql, &args![now, id])? == 1)
}

/// Sets or removes the address that gets a system's messages about cases.
pub fn set_webhook(tx: &mut dyn Tx, id: Uuid, url: Option<&str>) -> Result<(), StoreError> {
    tx.exec("update exchange_system set webhook_url = $1 where id = $2", &args![url, id]).map(drop)
}

/// Moves the systems inside a place that now lies elsewhere to its new path.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "exchange_system", "place", from, to)
}

/// A new token that is going to be written.
pub struct NewToken<'a> {
    /// Its identity.
    pub id: Uuid,
    /// What is stored of the secret.
    pub digest: &'a [u8; 32],
    /// The system that owns it.
    pub system: Uuid,
    /// When it is made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

/// Writes a new token. Returns false if a token of that identity exists already.
pub fn insert_token(tx: &mut dyn Tx, token: &NewToken<'_>) -> Result<bool, StoreError> {
    let sql = "insert into exchange_token (id, digest, system, created_at, expires_at, last_used_at, revoked_at) \
               values ($1, $2, $3, $4, $5, null, null) on conflict (id) do nothing";
    let values = args![token.id, token.digest.to_vec(), token.system, token.created_at, token.expires_at];
    Ok(tx.exec(sql, &values)? == 1)
}

record! {
    struct TokenRow {
        id: Uuid,
        created_at: Instant,
        expires_at: Instant,
        last_used_at: Option<Instant>,
        revoked_at: Option<Instant>,
    }
}

/// Returns the tokens of a system, the newest first.
pub fn tokens(tx: &mut dyn Tx, system: Uuid) -> Result<Vec<TokenFacts>, StoreError> {
    let sql = "select id, created_at, expires_at, last_used_at, revoked_at from exchange_token where system = $1 order by id desc limit $2";
    let facts = |row: TokenRow| TokenFacts {
        id: row.id,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    };
    Ok(store::all::<TokenRow>(tx, sql, &args![system, MANY])?.into_iter().map(facts).collect())
}

/// Revokes a token of a system. Returns false if there is no valid one.
pub fn revoke(tx: &mut dyn Tx, system: Uuid, token: Uuid, now: Instant) -> Result<bool, StoreError> {
    let sql = "update exchange_token set revoked_at = $1 where system = $2 and id = $3 and revoked_at is null";
    Ok(tx.exec(sql, &args![now, system, token])? == 1)
}

record! {
    struct TokenOwner {
        token: Uuid,
        system: Uuid,
    }
}

/// Returns the token of a digest and its system, while both are valid.
pub fn holder(tx: &mut dyn Tx, digest: &[u8; 32], now: Instant) -> Result<Option<(Uuid, System)>, StoreError> {
    let sql = "select id, system from exchange_token where digest = $1 and expires_at > $2 and revoked_at is null";
    let Some(owner) = store::one::<TokenOwner>(tx, sql, &args![digest.to_vec(), now])? else { return Ok(None) };
    let sql = format!("select {SYSTEM} from exchange_system where id = $1 and closed_at is null");
    let found = store::one::<SystemRow>(tx, &sql, &args![owner.system])?;
    Ok(found.map(|row| (owner.token, System::from(row))))
}

/// Notes that a token was used, at most once between `since` and now.
pub fn used(tx: &mut dyn Tx, token: Uuid, since: Instant, now: Instant) -> Result<(), StoreError> {
    let sql =
        "update exchange_token set last_used_at = $1 where id = $2 and (last_used_at is null or last_used_at < $3)";
    tx.exec(sql, &args![now, token, since]).map(drop)
}

/// Counts calls of a system: the day, the route, the first digit of the status, how many.
pub fn count_calls(tx: &mut dyn Tx, system: Uuid, count: &CallCount) -> Result<(), StoreError> {
    let sql = "insert into exchange_call (system, day, route, class, calls) values ($1, $2, $3, $4, $5) \
               on conflict (system, day, route, class) do update set calls = exchange_call.calls + excluded.calls";
    tx.exec(sql, &args![system, count.day, &count.route, count.class, count.calls]).map(drop)
}

record! {
    struct CallRow {
        day: Date,
        route: String,
        class: i64,
        calls: i64,
    }
}

/// Returns how often a system called, the latest day first, at most `limit` lines.
pub fn calls(tx: &mut dyn Tx, system: Uuid, limit: i64) -> Result<Vec<CallCount>, StoreError> {
    let sql =
        "select day, route, class, calls from exchange_call where system = $1 order by day desc, route, class limit $2";
    let count = |row: CallRow| CallCount { day: row.day, route: row.route, class: row.class, calls: row.calls };
    Ok(store::all::<CallRow>(tx, sql, &args![system, limit])?.into_iter().map(count).collect())
}

record! {
    struct DeliveryRow {
        id: Uuid,
        system: Uuid,
        number: String,
        state: String,
        at: Instant,
        attempts: i64,
        attempted_at: Option<Instant>,
        failure: Option<String>,
        sent_at: Option<Instant>,
        failed_at: Option<Instant>,
        sequence: i64,
    }
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id,
            system: row.system,
            number: row.number,
            sequence: row.sequence,
            state: row.state,
            at: row.at,
            attempts: row.attempts,
            attempted_at: row.attempted_at,
            failure: row.failure,
            sent_at: row.sent_at,
            failed_at: row.failed_at,
        }
    }
}

const DELIVERY: &str = "id, system, number, state, at, attempts, attempted_at, failure, sent_at, failed_at, sequence";

/// Returns the number of the next message about a case to a system. It begins again at 1 where no message is kept.
pub fn next_sequence(tx: &mut dyn Tx, system: Uuid, number: &str) -> Result<i64, StoreError> {
    let sql = "select coalesce(max(sequence), 0) + 1 from exchange_delivery \
               where system = $1 and number = $2 and sequence > 0";
    Ok(store::scalar(tx, sql, &args![system, number])?.unwrap_or(1))
}

/// Writes a message that is going to be sent. It does nothing if the message exists already.
pub fn insert_delivery(tx: &mut dyn Tx, delivery: &Delivery) -> Result<(), StoreError> {
    let sql = "insert into exchange_delivery (id, system, number, state, at, attempts, attempted_at, failure, sent_at, failed_at, \
               sequence) values ($1, $2, $3, $4, $5, 0, null, null, null, null, $6) on conflict (id) do nothing";
    let values = args![delivery.id, delivery.system, &delivery.number, &delivery.state, delivery.at, delivery.sequence];
    tx.exec(sql, &values).map(drop)
}

/// Returns a message by its identity.
pub fn delivery(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Delivery>, StoreError> {
    let sql = format!("select {DELIVERY} from exchange_delivery where id = $1");
    Ok(store::one::<DeliveryRow>(tx, &sql, &args![id])?.map(Delivery::from))
}

/// Returns messages by their identities, in no particular order; what is not there is left out.
pub fn several(tx: &mut dyn Tx, ids: &[Uuid]) -> Result<Vec<Delivery>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(LISTED) {
        let marks: Vec<String> = (1..=LISTED).map(|at| format!("${at}")).collect();
        let sql = format!("select {DELIVERY} from exchange_delivery where id in ({})", marks.join(", "));
        // The last one is repeated, so that one statement serves lists of any length.
        let filler = part.last().into_iter().cycle();
        let values: Vec<Val> = part.iter().chain(filler).take(LISTED).map(|id| Val::from(*id)).collect();
        found.extend(store::all::<DeliveryRow>(tx, &sql, &values)?.into_iter().map(Delivery::from));
    }
    Ok(found)
}

/// Returns the messages to a system, the latest first, at most `limit`.
pub fn deliveries(tx: &mut dyn Tx, system: Uuid, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    let sql = format!("select {DELIVERY} from exchange_delivery where system = $1 order by at desc, id desc limit $2");
    Ok(store::all::<DeliveryRow>(tx, &sql, &args![system, limit])?.into_iter().map(Delivery::from).collect())
}

/// Notes an attempt. Without a failure the message was taken. With a failure it is given up if this was the `last`
/// attempt.
pub fn attempted(tx: &mut dyn Tx, id: Uuid, failure: Option<&str>, last: bool, now: Instant) -> Result<(), StoreError> {
    let sent = failure.is_none().then_some(now);
    let failed = (failure.is_some() && last).then_some(now);
    let sql = "update exchange_delivery set attempts = attempts + 1, attempted_at = $1, failure = $2, sent_at = $3, failed_at = $4 \
               where id = $5";
    tx.exec(sql, &args![now, failure, sent, failed, id]).map(drop)
}

/// Sets a message that was taken or given up to be sent once more.
pub fn again(tx: &mut dyn Tx, id: Uuid) -> Result<(), StoreError> {
    let sql = "update exchange_delivery set sent_at = null, failed_at = null, failure = null where id = $1";
    tx.exec(sql, &args![id]).map(drop)
}

/// Returns how many messages to the systems of some scopes were given up and not sent since.
pub fn count_failed(tx: &mut dyn Tx, scopes: &[Scope]) -> Result<i64, StoreError> {
    let mut values = Vec::new();
    let mut inside = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let (from, to) = scope.place.range();
        values.extend(args![from, to]);
        let mut part = format!("(s.place >= ${} and s.place < ${}", values.len() - 1, values.len());
        if let Some(department) = &scope.department {
            values.push(Val::from(department.as_str()));
            let _ = write!(part, " and s.department = ${}", values.len());
        }
        part.push(')');
        inside.push(part);
    }
    if inside.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "select count(*) from exchange_delivery d join exchange_system s on s.id = d.system \
         where d.failed_at is not null and d.sent_at is null and ({})",
        inside.join(" or ")
    );
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// Deletes the counts of calls and the messages from before a day. Returns how many lines it deleted.
pub fn forget(tx: &mut dyn Tx, day: Date, before: Instant) -> Result<u64, StoreError> {
    let calls = tx.exec("delete from exchange_call where day < $1", &args![day])?;
    Ok(calls + tx.exec("delete from exchange_delivery where at < $1", &args![before])?)
}
