//! The tables of identity: accounts, posts, sessions, requests. This folder has the only SQL of this crate.
//!
//! The tables are small and asked for by login from everywhere, so on Citus they are reference tables and not sharded.

mod held;
mod requests;

pub use held::{Managing, end_post, end_posts, holders, holders_for, insert_post, posts, posts_begun, posts_of};
pub use requests::{
    Confirmer, Request, decide_request, insert_request, is_demonstration, mark_demonstration, open_requests, request,
    request_to_change, requests_about, requests_by, same_request, sweep_requests, waiting_requests, was_code_removed,
};

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use std::fmt::Write as _;
use store::{Migration, StoreError, Tx, Val, all, args, one, record};
use uuid::Uuid;

/// The tables of identity.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "identity/0001_identity", sql: FIRST },
    Migration { name: "identity/0002_requests", sql: include_str!("../../migrations/0002_requests.sql") },
    Migration { name: "identity/0003_address", sql: include_str!("../../migrations/0003_address.sql") },
    Migration { name: "identity/0004_answer", sql: include_str!("../../migrations/0004_answer.sql") },
];

/// The tables with which identity began.
const FIRST: &str = "create table identity_account (
  id {uuid} not null primary key,
  district {int} not null,
  kind {text} not null,
  login {text} unique,
  telephone_digest {bytes} unique,
  name {text} not null,
  password {text},
  must_change {int} not null,
  code_on {int} not null,
  code_step {int},
  failures {int} not null,
  failed_at {int},
  locked_until {int},
  person {uuid},
  opened_at {int} not null,
  closed_at {int}
) {strict};
create table identity_post (
  id {uuid} not null primary key,
  account {uuid} not null references identity_account (id),
  role {text} not null,
  place {text} not null,
  department {text},
  from_date {text} not null,
  to_date {text}
) {strict};
create index identity_post_account on identity_post (account, id);
create index identity_post_place on identity_post (place, account);
create table identity_session (
  digest {bytes} not null primary key,
  id {uuid} not null unique,
  account {uuid} not null references identity_account (id),
  stage {text} not null,
  device {text} not null,
  opened_at {int} not null,
  seen_at {int} not null,
  expires_at {int} not null
) {strict};
create index identity_session_account on identity_session (account, id);
create index identity_session_expires on identity_session (expires_at, digest);
create table identity_address (
  digest {bytes} not null primary key,
  failures {int} not null,
  failed_at {int},
  locked_until {int}
) {strict};
create index identity_address_failed on identity_address (failed_at, digest)";

/// The greatest number of posts or sessions of one account that are read.
const MANY: i64 = 200;

macro_rules! account_columns {
    () => {
        "id, district, kind, login, name, password, must_change, code_on, code_step, failures, failed_at, \
         locked_until, person, opened_at, closed_at, password_until"
    };
}

record! {
    /// An account as it is stored.
    pub struct Account {
        pub id: Uuid,
        pub district: PlaceId,
        pub kind: String,
        pub login: Option<String>,
        pub name: String,
        pub password: Option<String>,
        pub must_change: bool,
        pub code_on: bool,
        pub code_step: Option<i64>,
        pub failures: i64,
        pub failed_at: Option<Instant>,
        pub locked_until: Option<Instant>,
        pub person: Option<Uuid>,
        pub opened_at: Instant,
        pub closed_at: Option<Instant>,
        /// Until when the password of two halves is good, if it is one.
        pub password_until: Option<Instant>,
    }
}

impl Account {
    /// Says whether the password was one for a short time, and that time is over.
    pub fn lapsed(&self, now: Instant) -> bool {
        self.password_until.is_some_and(|until| until <= now)
    }

    /// Says whether the next try of a stranger waits, as of the last wrong one.
    pub fn slowed(&self, now: Instant) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }
}

record! {
    /// A session as it is stored.
    pub struct Session {
        pub id: Uuid,
        pub account: Uuid,
        pub stage: String,
        pub device: String,
        pub opened_at: Instant,
        pub seen_at: Instant,
        pub expires_at: Instant,
    }
}

record! {
    /// One line of the list of staff.
    pub struct StaffRow {
        pub id: Uuid,
        pub login: String,
        pub name: String,
        pub code_on: bool,
        pub locked_until: Option<Instant>,
        pub closed_at: Option<Instant>,
    }
}

/// A new account that is about to be stored.
pub struct NewAccount<'a> {
    pub id: Uuid,
    pub district: PlaceId,
    pub kind: &'a str,
    pub login: Option<&'a str>,
    pub telephone_digest: Option<&'a [u8]>,
    pub name: &'a str,
    pub password: &'a str,
    pub must_change: bool,
    pub person: Option<Uuid>,
}

/// Stores a new account. Returns false when the login or the telephone is taken.
pub fn insert_account(tx: &mut dyn Tx, account: &NewAccount<'_>, now: Instant) -> Result<bool, StoreError> {
    let written = tx.exec(
        "insert into identity_account (id, district, kind, login, telephone_digest, name, password, must_change, \
         code_on, failures, person, opened_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         on conflict do nothing",
        &args![
            account.id,
            account.district,
            account.kind,
            account.login,
            account.telephone_digest,
            account.name,
            account.password,
            account.must_change,
            false,
            0,
            account.person,
            now
        ],
    )?;
    Ok(written == 1)
}

pub fn account(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Account>, StoreError> {
    one(tx, concat!("select ", account_columns!(), " from identity_account where id = $1"), &args![id])
}

/// Reads an account that will be changed.
pub fn account_to_change(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Account>, StoreError> {
    let sql = format!(concat!("select ", account_columns!(), " from identity_account where id = $1{}"), tx.lock_rows());
    one(tx, &sql, &args![id])
}

pub fn account_by_login(tx: &mut dyn Tx, login: &str) -> Result<Option<Account>, StoreError> {
    one(tx, concat!("select ", account_columns!(), " from identity_account where login = $1"), &args![login])
}

pub fn account_by_telephone(tx: &mut dyn Tx, digest: &[u8]) -> Result<Option<Account>, StoreError> {
    let sql = concat!("select ", account_columns!(), " from identity_account where telephone_digest = $1");
    one(tx, sql, &args![digest])
}

/// Notes for whoever looks after the account how many wrong tries strangers made, and until when the next one waits.
/// What decides stands in the counts of `tries`.
pub fn note_tries(tx: &mut dyn Tx, id: Uuid, wrong: i64, now: Instant, until: Instant) -> Result<(), StoreError> {
    tx.exec(
        "update identity_account set failures = $1, failed_at = $2, locked_until = $3 where id = $4",
        &args![wrong, now, until, id],
    )?;
    Ok(())
}

/// Forgets that note.
pub fn clear_tries(tx: &mut dyn Tx, id: Uuid) -> Result<(), StoreError> {
    tx.exec(
        "update identity_account set failures = 0, failed_at = null, locked_until = null where id = $1",
        &args![id],
    )?;
    Ok(())
}

pub fn update_password(tx: &mut dyn Tx, id: Uuid, password: &str, must_change: bool) -> Result<(), StoreError> {
    tx.exec(
        "update identity_account set password = $1, must_change = $2, password_until = null where id = $3",
        &args![password, must_change, id],
    )?;
    Ok(())
}

/// Says until when the password of an account is good.
pub fn limit_password(tx: &mut dyn Tx, id: Uuid, until: Instant) -> Result<(), StoreError> {
    tx.exec("update identity_account set password_until = $1 where id = $2", &args![until, id])?;
    Ok(())
}

pub fn update_code(tx: &mut dyn Tx, id: Uuid, on: bool, step: Option<i64>) -> Result<(), StoreError> {
    tx.exec("update identity_account set code_on = $1, code_step = $2 where id = $3", &args![on, step, id])?;
    Ok(())
}

/// Says whether an account was closed. It is false for an account that never existed.
pub fn is_closed(tx: &mut dyn Tx, id: Uuid) -> Result<bool, StoreError> {
    Ok(account(tx, id)?.is_some_and(|account| account.closed_at.is_some()))
}

/// Closes an account: it has no password, no telephone and no code any more. Login, posts and events stay.
pub fn close_account(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<(), StoreError> {
    tx.exec(
        "update identity_account set password = null, telephone_digest = null, code_on = $1, code_step = null, \
         closed_at = $2 where id = $3 and closed_at is null",
        &args![false, now, id],
    )?;
    Ok(())
}

/// Moves posts and requests inside a place to the path where the place lies now. A post keeps a path, and the account's
/// own log says what the path was when the post was given.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "identity_post", "place", from, to)?;
    store::follow_places(tx, "identity_request", "place", from, to)
}

pub fn insert_session(tx: &mut dyn Tx, digest: &[u8], session: &Session) -> Result<(), StoreError> {
    tx.exec(
        "insert into identity_session (digest, id, account, stage, device, opened_at, seen_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &args![
            digest,
            session.id,
            session.account,
            session.stage.as_str(),
            session.device.as_str(),
            session.opened_at,
            session.seen_at,
            session.expires_at
        ],
    )?;
    Ok(())
}

pub fn session(tx: &mut dyn Tx, digest: &[u8]) -> Result<Option<Session>, StoreError> {
    let sql = "select id, account, stage, device, opened_at, seen_at, expires_at from identity_session \
               where digest = $1";
    one(tx, sql, &args![digest])
}

pub fn sessions(tx: &mut dyn Tx, account: Uuid, now: Instant) -> Result<Vec<Session>, StoreError> {
    let sql = "select id, account, stage, device, opened_at, seen_at, expires_at from identity_session \
               where account = $1 and expires_at > $2 order by seen_at desc, id limit $3";
    all(tx, sql, &args![account, now, MANY])
}

pub fn touch_session(tx: &mut dyn Tx, digest: &[u8], now: Instant) -> Result<(), StoreError> {
    tx.exec("update identity_session set seen_at = $1 where digest = $2 and seen_at < $3", &args![now, digest, now])?;
    Ok(())
}

pub fn delete_session(tx: &mut dyn Tx, digest: &[u8]) -> Result<(), StoreError> {
    tx.exec("delete from identity_session where digest = $1", &args![digest])?;
    Ok(())
}

/// Ends one session of an account by its id, and returns how many there were.
pub fn revoke_session(tx: &mut dyn Tx, account: Uuid, id: Uuid) -> Result<u64, StoreError> {
    tx.exec("delete from identity_session where id = $1 and account = $2", &args![id, account])
}

/// Ends every session of an account but one.
pub fn revoke_sessions(tx: &mut dyn Tx, account: Uuid, keep: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from identity_session where account = $1 and id <> $2", &args![account, keep])?;
    Ok(())
}

/// The days after which the note of an account's wrong tries is removed.
const NOTE_DAYS: i64 = 2;

/// Removes sessions that ended and old notes of wrong tries, and returns how many rows that were.
pub fn sweep(tx: &mut dyn Tx, now: Instant, limit: i64) -> Result<u64, StoreError> {
    let sessions = tx.exec(
        "delete from identity_session where digest in \
         (select digest from identity_session where expires_at <= $1 order by expires_at, digest limit $2)",
        &args![now, limit],
    )?;
    // The note of an account is as old as the counts that it speaks of.
    let notes = tx.exec(
        "update identity_account set failures = 0, failed_at = null, locked_until = null \
         where failed_at is not null and failed_at < $1",
        &args![now.plus_days(-NOTE_DAYS)],
    )?;
    Ok(sessions + notes)
}

/// Returns staff with a post, held or past, inside one of the scopes, by login, after a login. `words` is the beginning
/// of a login or of a name.
pub fn staff(
    tx: &mut dyn Tx,
    scopes: &[Scope],
    words: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<StaffRow>, StoreError> {
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = String::from(
        "select a.id, a.login, a.name, a.code_on, a.locked_until, a.closed_at from identity_account a \
         where a.kind = 'staff' and a.login > $1 and ((a.login >= $2 and a.login < $3) or (a.name >= $2 and a.name < $3)) \
         and exists (select 1 from identity_post p where p.account = a.id and (",
    );
    let mut values = args![after, words, format!("{words}\u{10FFFF}")].to_vec();
    sql.push_str(&scoped(scopes, &mut values));
    values.push(Val::from(limit));
    // Writing to a String does not fail.
    let _ = write!(sql, ")) order by a.login limit ${}", values.len());
    all(tx, &sql, &values)
}

/// Says whether any member of staff has an account. An installation without one is not finished.
pub fn any_staff(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    Ok(!tx.rows("select id from identity_account where kind = 'staff' limit 1", &[])?.is_empty())
}

record! {
    /// A person on duty at a place (在岗人员).
    pub struct OnDuty {
        /// The account.
        pub account: Uuid,
        /// The name that colleagues and residents see.
        pub name: String,
        /// The code of the role.
        pub role: String,
        /// The department that the post names.
        pub department: Option<String>,
    }
}

/// Returns who holds a post at exactly this place on a day, by role and name, at most `limit`.
pub fn on_duty(tx: &mut dyn Tx, place: &PlacePath, on: Date, limit: i64) -> Result<Vec<OnDuty>, StoreError> {
    let sql = "select a.id, a.name, p.role, p.department from identity_post p join identity_account a on a.id = p.account \
               where p.place = $1 and p.from_date <= $2 and (p.to_date is null or p.to_date >= $2) and a.closed_at is null \
               order by p.role, a.name limit $3";
    all(tx, sql, &args![place, on, limit])
}

record! {
    /// A kind of post that somebody holds at a place (在岗岗位).
    pub struct HeldPost {
        /// The code of the role.
        pub role: String,
        /// The department that the post names.
        pub department: Option<String>,
    }
}

/// Returns which posts somebody holds at exactly this place on a day, each role and department once, at most `limit`.
pub fn held_posts(tx: &mut dyn Tx, place: &PlacePath, on: Date, limit: i64) -> Result<Vec<HeldPost>, StoreError> {
    let sql = "select distinct p.role, p.department from identity_post p join identity_account a on a.id = p.account \
               where p.place = $1 and p.from_date <= $2 and (p.to_date is null or p.to_date >= $2) and a.closed_at is null \
               order by p.role, p.department limit $3";
    all(tx, sql, &args![place, on, limit])
}

/// Says whether an account has a post, held or past, inside one of the scopes.
pub fn staff_in_scope(tx: &mut dyn Tx, scopes: &[Scope], account: Uuid) -> Result<bool, StoreError> {
    if scopes.is_empty() {
        return Ok(false);
    }
    let mut values = args![account].to_vec();
    let places = scoped(scopes, &mut values);
    let sql = format!("select p.id from identity_post p where p.account = $1 and ({places}) limit 1");
    Ok(!tx.rows(&sql, &values)?.is_empty())
}

fn scoped(scopes: &[Scope], values: &mut Vec<Val>) -> String {
    let mut parts = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let (from, to) = scope.place.range();
        values.extend(args![from, to]);
        let mut part = format!("(p.place >= ${} and p.place < ${}", values.len() - 1, values.len());
        if let Some(department) = &scope.department {
            values.push(Val::from(department.as_str()));
            let _ = write!(part, " and p.department = ${}", values.len());
        }
        part.push(')');
        parts.push(part);
    }
    parts.join(" or ")
}
