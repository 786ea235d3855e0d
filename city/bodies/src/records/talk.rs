//! Remembers what a place talks about: open questions, what was agreed, and meetings.

use kernel::place::PlacePath;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one};
use uuid::Uuid;

use crate::words::{Meeting, Question};

const QUESTION: &str = "district, id, path, title, raised_on, agreed_on, outcome, link, noted_name, noted_at";
const MEETING: &str = "district, id, path, title, room, starts_at, ends_at, cancelled, noted_name, noted_at";

/// Keeps a question, in place of what was said of it before.
///
/// # Errors
/// The store failed.
pub fn put_question(tx: &mut dyn Tx, question: &Question) -> Result<(), StoreError> {
    let sql = format!(
        "insert into bodies_question ({QUESTION}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (district, id) do update set agreed_on = excluded.agreed_on, outcome = excluded.outcome, \
         link = excluded.link, noted_name = excluded.noted_name, noted_at = excluded.noted_at"
    );
    let values = args![
        question.district,
        question.id,
        &question.path,
        &question.title,
        question.raised_on,
        question.agreed_on,
        &question.outcome,
        &question.link,
        &question.noted_name,
        question.noted_at
    ];
    tx.put_one(&sql, &values)
}

/// The questions of a place, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn questions(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Question>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql =
        format!("select {QUESTION} from bodies_question where path = $1 order by raised_on desc, id desc limit $2");
    all(tx, &sql, &args![place, limit])
}

/// A question of a place.
///
/// # Errors
/// The store failed.
pub fn question(tx: &mut dyn Tx, place: &PlacePath, id: Uuid) -> Result<Option<Question>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    one(tx, &format!("select {QUESTION} from bodies_question where path = $1 and id = $2"), &args![place, id])
}

/// Keeps a meeting, in place of what was said of it before.
///
/// # Errors
/// The store failed.
pub fn put_meeting(tx: &mut dyn Tx, meeting: &Meeting) -> Result<(), StoreError> {
    let sql = format!(
        "insert into bodies_meeting ({MEETING}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (district, id) do update set cancelled = excluded.cancelled, noted_name = excluded.noted_name, \
         noted_at = excluded.noted_at"
    );
    let values = args![
        meeting.district,
        meeting.id,
        &meeting.path,
        &meeting.title,
        &meeting.room,
        meeting.starts_at,
        meeting.ends_at,
        meeting.cancelled,
        &meeting.noted_name,
        meeting.noted_at
    ];
    tx.put_one(&sql, &values)
}

/// The meetings of a place that end after a moment, the nearest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn meetings(tx: &mut dyn Tx, place: &PlacePath, after: Instant, limit: i64) -> Result<Vec<Meeting>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!(
        "select {MEETING} from bodies_meeting where path = $1 and ends_at > $2 order by starts_at, id limit $3"
    );
    all(tx, &sql, &args![place, after, limit])
}

/// A meeting of a place.
///
/// # Errors
/// The store failed.
pub fn meeting(tx: &mut dyn Tx, place: &PlacePath, id: Uuid) -> Result<Option<Meeting>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    one(tx, &format!("select {MEETING} from bodies_meeting where path = $1 and id = $2"), &args![place, id])
}
