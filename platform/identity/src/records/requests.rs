//! What was asked for and waits for a second person, and whether this is a demonstration.

use super::scoped;
use crate::rules::Outcome;
use crate::words;
use kernel::permission::{Permission, Scope};
use kernel::place::PlacePath;
use kernel::time::Instant;
use std::fmt::Write as _;
use store::{StoreError, Tx, Val, all, args, one, record};
use uuid::Uuid;

macro_rules! request_columns {
    () => {
        "p.id, p.kind, p.permission, p.place, p.department, p.subject, p.detail, p.why, p.asked_by, p.asked_name, \
         p.asked_at, p.expires_at, p.outcome, p.decided_by, p.decided_name, p.decided_at, p.answer"
    };
}

record! {
    /// Something that one person asked for and another confirms (双人确认).
    pub struct Request {
        /// The identity. What the request makes gets the same one.
        pub id: Uuid,
        /// The kind, as in `identity.post`.
        pub kind: String,
        /// What both people must be permitted at the place.
        pub permission: String,
        /// The place that it is about.
        pub place: PlacePath,
        /// The one department that it is about, if there is one.
        pub department: Option<String>,
        /// What it is about: an account, a system.
        pub subject: Option<Uuid>,
        /// What is asked for, as JSON. It holds nothing secret.
        pub detail: String,
        /// Why, in words of the person who asks. It may be empty.
        pub why: String,
        /// Who asked.
        pub asked_by: Uuid,
        /// The name of that person.
        pub asked_name: String,
        /// When it was asked for.
        pub asked_at: Instant,
        /// Until when it can be confirmed, and until when what was confirmed for the command line is good.
        pub expires_at: Instant,
        /// How it ended: `confirmed`, `declined` or `withdrawn`. There is none while it waits.
        pub outcome: Option<String>,
        /// Who decided.
        pub decided_by: Option<Uuid>,
        /// The name of that person.
        pub decided_name: Option<String>,
        /// When it was decided.
        pub decided_at: Option<Instant>,
        /// Why it was declined, in words of the person who declined it, if she wrote any.
        pub answer: Option<String>,
    }
}

/// Stores a request and what makes it the same as another. Returns false when one with this id is there already (the
/// same form was sent twice).
pub fn insert_request(tx: &mut dyn Tx, new: &Request, same_as: &str) -> Result<bool, StoreError> {
    let written = tx.exec(
        "insert into identity_request (id, kind, permission, place, department, subject, detail, why, asked_by, \
         asked_name, asked_at, expires_at, same_as) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         on conflict (id) do nothing",
        &args![
            new.id,
            new.kind.as_str(),
            new.permission.as_str(),
            &new.place,
            new.department.clone(),
            new.subject,
            new.detail.as_str(),
            new.why.as_str(),
            new.asked_by,
            new.asked_name.as_str(),
            new.asked_at,
            new.expires_at,
            same_as
        ],
    )?;
    Ok(written == 1)
}

pub fn request(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Request>, StoreError> {
    one(tx, concat!("select ", request_columns!(), " from identity_request p where p.id = $1"), &args![id])
}

/// Reads a request that will be decided.
pub fn request_to_change(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Request>, StoreError> {
    let sql =
        format!(concat!("select ", request_columns!(), " from identity_request p where p.id = $1{}"), tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Says whether a request of this kind waits that asks for the same.
pub fn same_request(tx: &mut dyn Tx, kind: &str, same_as: &str, now: Instant) -> Result<bool, StoreError> {
    let sql = "select id from identity_request where expires_at > $1 and outcome is null and kind = $2 and \
               same_as = $3 limit 1";
    Ok(!tx.rows(sql, &args![now, kind, same_as])?.is_empty())
}

/// Returns how many requests of somebody wait.
pub fn open_requests(tx: &mut dyn Tx, account: Uuid, now: Instant) -> Result<i64, StoreError> {
    let sql = "select count(*) from identity_request where asked_by = $1 and outcome is null and expires_at > $2";
    Ok(store::scalar::<i64>(tx, sql, &args![account, now])?.unwrap_or_default())
}

/// Writes down how a request ended.
pub fn decide_request(tx: &mut dyn Tx, decided: &Request) -> Result<(), StoreError> {
    tx.exec(
        "update identity_request set outcome = $1, decided_by = $2, decided_name = $3, decided_at = $4, answer = $5 \
         where id = $6",
        &args![
            decided.outcome.clone(),
            decided.decided_by,
            decided.decided_name.clone(),
            decided.decided_at,
            decided.answer.clone(),
            decided.id
        ],
    )?;
    Ok(())
}

/// Whose requests are looked for, and where.
pub struct Confirmer<'a> {
    /// The account. What it asked for itself, and what is about it, waits for others.
    pub account: Uuid,
    /// The places where it holds what requests need.
    pub held: &'a [(Permission, Vec<Scope>)],
}

/// Returns the requests that wait for somebody, the oldest first, after one of them.
pub fn waiting_requests(
    tx: &mut dyn Tx,
    who: &Confirmer<'_>,
    now: Instant,
    after: Option<(Instant, Uuid)>,
    limit: i64,
) -> Result<Vec<Request>, StoreError> {
    let (until, last) = after.unwrap_or((now, Uuid::max()));
    let mut values = args![now, who.account, until, last].to_vec();
    let mut parts = Vec::new();
    for (permission, scopes) in who.held.iter().filter(|(_, scopes)| !scopes.is_empty()) {
        values.push(Val::from(permission.as_str()));
        let mut part = format!("(p.permission = ${} and (", values.len());
        part.push_str(&scoped(scopes, &mut values));
        part.push_str("))");
        parts.push(part);
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    values.push(Val::from(limit));
    let mut sql = String::from(concat!(
        "select ",
        request_columns!(),
        " from identity_request p where p.expires_at > $1 and p.outcome is null and p.asked_by <> $2 \
         and (p.subject is null or p.subject <> $2) and (p.expires_at, p.id) > ($3, $4) and ("
    ));
    // Writing to a String does not fail.
    let _ = write!(sql, "{}) order by p.expires_at, p.id limit ${}", parts.join(" or "), values.len());
    all(tx, &sql, &values)
}

/// Returns what somebody asked for, the newest first.
pub fn requests_by(tx: &mut dyn Tx, account: Uuid, limit: i64) -> Result<Vec<Request>, StoreError> {
    let sql = concat!(
        "select ",
        request_columns!(),
        " from identity_request p where p.asked_by = $1 order by p.id desc limit $2"
    );
    all(tx, sql, &args![account, limit])
}

/// Returns what was asked for about an account or a system, the newest first.
pub fn requests_about(tx: &mut dyn Tx, subject: Uuid, limit: i64) -> Result<Vec<Request>, StoreError> {
    let sql = concat!(
        "select ",
        request_columns!(),
        " from identity_request p where p.subject = $1 order by p.id desc limit $2"
    );
    all(tx, sql, &args![subject, limit])
}

/// Says whether two others removed the one-time code of an account, as far back as requests are kept.
pub fn was_code_removed(tx: &mut dyn Tx, account: Uuid) -> Result<bool, StoreError> {
    let sql = "select id from identity_request where subject = $1 and kind = $2 and outcome = $3 limit 1";
    Ok(!tx.rows(sql, &args![account, words::ASK_CODE, Outcome::Confirmed.code()])?.is_empty())
}

record! {
    struct Over {
        id: Uuid,
    }
}

/// Removes requests that ended or expired before a moment, and returns their identities. Their events stay.
pub fn sweep_requests(tx: &mut dyn Tx, before: Instant, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let sql = "select id from identity_request where expires_at < $1 order by expires_at, id limit $2";
    let over: Vec<Uuid> = all::<Over>(tx, sql, &args![before, limit])?.into_iter().map(|over| over.id).collect();
    for id in &over {
        tx.exec("delete from identity_request where id = $1", &args![*id])?;
    }
    Ok(over)
}

/// Says whether this installation was filled as a demonstration.
pub fn is_demonstration(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    Ok(!tx.rows("select since from identity_demonstration limit 1", &[])?.is_empty())
}

/// Says from now on that this installation is a demonstration.
pub fn mark_demonstration(tx: &mut dyn Tx, now: Instant) -> Result<(), StoreError> {
    tx.exec("insert into identity_demonstration (since) values ($1) on conflict do nothing", &args![now])?;
    Ok(())
}
