//! Remembers bodies and their elections.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one, scalar};
use uuid::Uuid;

use crate::words::{Body, Election};

const BODY: &str = "district, id, path, kind, name, purpose, telephone, address, hours, elected_on, term_ends, \
                    file_by, ended_on, changed_name, changed_at, compound";
const ELECTION: &str =
    "district, id, body, held_on, members, women, term_ends, file_by, filed_on, noted_name, noted_at, link";
/// Bodies of which something is due: the papers of an election, or the next one.
const DUE: &str = "ended_on is null and (file_by is not null or term_ends <= $3)";

/// Adds a body. It adds nothing and returns false if its place has one of that name.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, body: &Body) -> Result<bool, StoreError> {
    let sql = format!(
        "insert into bodies_body ({BODY}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $16) on conflict (district, path, name) do nothing"
    );
    let values = args![
        body.district,
        body.id,
        &body.path,
        &body.kind,
        &body.name,
        &body.purpose,
        &body.telephone,
        &body.address,
        &body.hours,
        body.elected_on,
        body.term_ends,
        body.file_by,
        body.ended_on,
        &body.changed_name,
        body.changed_at,
        &body.compound
    ];
    Ok(tx.exec(&sql, &values)? == 1)
}

/// Changes what is said of a body.
///
/// # Errors
/// The store failed.
pub fn change(tx: &mut dyn Tx, body: &Body) -> Result<(), StoreError> {
    let sql = "update bodies_body set name = $1, purpose = $2, telephone = $3, address = $4, hours = $5, \
               elected_on = $6, term_ends = $7, file_by = $8, ended_on = $9, changed_name = $10, changed_at = $11, \
               compound = $12 where district = $13 and id = $14";
    let values = args![
        &body.name,
        &body.purpose,
        &body.telephone,
        &body.address,
        &body.hours,
        body.elected_on,
        body.term_ends,
        body.file_by,
        body.ended_on,
        &body.changed_name,
        body.changed_at,
        &body.compound,
        body.district,
        body.id
    ];
    tx.put_one(sql, &values)
}

/// The body of an identity.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Body>, StoreError> {
    // asks all districts: an address names a body by its identity alone
    one(tx, &format!("select {BODY} from bodies_body where id = $1"), &args![id])
}

/// The body of an identity, held for a change, so that those who change it come one after the other.
///
/// # Errors
/// The store failed.
pub fn held(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Body>, StoreError> {
    // asks all districts: an address names a body by its identity alone
    let sql = format!("select {BODY} from bodies_body where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Whether a place has another body of that name.
///
/// # Errors
/// The store failed.
pub fn is_named(tx: &mut dyn Tx, body: &Body) -> Result<bool, StoreError> {
    let sql = "select 1 from bodies_body where district = $1 and path = $2 and name = $3 and id <> $4";
    Ok(!tx.rows(sql, &args![body.district, &body.path, &body.name, body.id])?.is_empty())
}

/// The bodies of exactly this place that have not ended, by name, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn at(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Body>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!("select {BODY} from bodies_body where path = $1 and ended_on is null order by name, id limit $2");
    all(tx, &sql, &args![place, limit])
}

/// The bodies of a place and of everything inside it, by place and name, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Body>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!("select {BODY} from bodies_body where path >= $1 and path < $2 order by path, name, id limit $3");
    all(tx, &sql, &args![low, high, limit])
}

/// Those of which something is due on a day or before it, by place and name, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn due(tx: &mut dyn Tx, place: &PlacePath, until: Date, limit: i64) -> Result<Vec<Body>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {BODY} from bodies_body where path >= $1 and path < $2 and {DUE} order by path, name, id limit $4"
    );
    all(tx, &sql, &args![low, high, until, limit])
}

/// How many there are of which something is due on a day or before it.
///
/// # Errors
/// The store failed.
pub fn count_due(tx: &mut dyn Tx, place: &PlacePath, until: Date) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!("select count(*) from bodies_body where path >= $1 and path < $2 and {DUE}");
    Ok(scalar(tx, &sql, &args![low, high, until])?.unwrap_or_default())
}

/// A batch of the bodies of all places of which something is due, after one, by district and identity.
///
/// # Errors
/// The store failed.
pub fn due_after(tx: &mut dyn Tx, after: (PlaceId, Uuid), until: Date, limit: i64) -> Result<Vec<Body>, StoreError> {
    // asks all districts: the chore goes through the whole city
    let sql = format!(
        "select {BODY} from bodies_body where (district > $1 or (district = $1 and id > $2)) and {DUE} \
         order by district, id limit $4"
    );
    all(tx, &sql, &args![after.0, after.1, until, limit])
}

/// Adds an election. It adds nothing and returns false if one of that day is there.
///
/// # Errors
/// The store failed.
pub fn add_election(tx: &mut dyn Tx, election: &Election) -> Result<bool, StoreError> {
    let sql = format!(
        "insert into bodies_election ({ELECTION}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         on conflict (district, body, held_on) do nothing"
    );
    let values = args![
        election.district,
        election.id,
        election.body,
        election.held_on,
        election.members,
        election.women,
        election.term_ends,
        election.file_by,
        election.filed_on,
        &election.noted_name,
        election.noted_at,
        &election.link
    ];
    Ok(tx.exec(&sql, &values)? == 1)
}

/// The body that a vote elected, by the address of its page; none where no election names it.
///
/// # Errors
/// The store failed.
pub fn elected_by(tx: &mut dyn Tx, link: &str) -> Result<Option<Uuid>, StoreError> {
    // asks all districts: the address of a vote does not say which district keeps the body
    scalar(tx, "select body from bodies_election where link = $1 order by noted_at, id limit 1", &args![link])
}

/// The day of the election that a vote was, by the address of its page; none where no election names it.
///
/// # Errors
/// The store failed.
pub fn elected_on(tx: &mut dyn Tx, link: &str) -> Result<Option<Date>, StoreError> {
    // asks all districts: the address of a vote does not say which district keeps the body
    scalar(tx, "select held_on from bodies_election where link = $1 order by noted_at, id limit 1", &args![link])
}

/// Notes on which day the papers of an election were filed.
///
/// # Errors
/// The store failed.
pub fn file(tx: &mut dyn Tx, body: &Body, held_on: Date, filed_on: Date) -> Result<(), StoreError> {
    let sql = "update bodies_election set filed_on = $1 where district = $2 and body = $3 and held_on = $4";
    tx.put_one(sql, &args![filed_on, body.district, body.id, held_on])
}

/// The elections of a body, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn elections(tx: &mut dyn Tx, body: &Body, limit: i64) -> Result<Vec<Election>, StoreError> {
    let sql = format!(
        "select {ELECTION} from bodies_election where district = $1 and body = $2 order by held_on desc limit $3"
    );
    all(tx, &sql, &args![body.district, body.id, limit])
}
