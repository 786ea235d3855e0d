//! Remembers the work for which somebody waits.

use kernel::place::PlacePath;
use kernel::time::Instant;
use serde_json::Value;
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use crate::words::{NewWork, WorkState};

record! {
    /// A piece of work as it is stored.
    pub struct Work {
        /// The identity.
        pub id: Uuid,
        /// The kind.
        pub kind: String,
        /// The place that the work is about.
        pub place: PlacePath,
        /// The state of the work.
        pub state: WorkState,
        /// How much of it is done, in thousandths.
        pub share: i64,
        /// The particulars.
        pub asked: Value,
        /// The answer, once the work is done.
        pub answer: Option<Vec<u8>>,
        /// The reason why it could not be done.
        pub said: String,
        /// Who asked.
        pub asked_by: Option<Uuid>,
        /// The name of whoever asked.
        pub asked_name: String,
        /// When somebody asked for it.
        pub asked_at: Instant,
        /// When its state last changed.
        pub changed_at: Instant,
    }
}

const COLUMNS: &str = "id, kind, place, state, share, asked, answer, said, asked_by, asked_name, asked_at, changed_at";

pub(crate) fn insert(tx: &mut dyn Tx, new: &NewWork, now: Instant) -> Result<bool, StoreError> {
    let sql = "insert into jobs_work (id, kind, place, state, share, asked, answer, said, asked_by, asked_name, asked_at, changed_at) \
               values ($1, $2, $3, 'waiting', 0, $4, null, '', $5, $6, $7, $8) on conflict (id) do nothing";
    let values = args![new.id, &new.kind, &new.place, &new.asked, new.by, &new.by_name, now, now];
    Ok(tx.exec(sql, &values)? == 1)
}

/// Returns one piece of work with its answer.
pub fn work(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Work>, StoreError> {
    one(tx, &format!("select {COLUMNS} from jobs_work where id = $1"), &args![id])
}

/// Returns the newest work of a kind about a place or inside it, without answers, at most `limit`.
pub fn works(tx: &mut dyn Tx, kind: &str, place: &PlacePath, limit: i64) -> Result<Vec<Work>, StoreError> {
    let (low, high) = place.range();
    let columns = COLUMNS.replace("answer", "null");
    let sql = format!(
        "select {columns} from jobs_work where kind = $1 and place >= $2 and place < $3 order by asked_at desc, id desc limit $4"
    );
    all(tx, &sql, &args![kind, low, high, limit])
}

/// Records that a process began the work. Returns none when somebody called it off or it is over.
pub(crate) fn begin(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<Option<Work>, StoreError> {
    let sql =
        "update jobs_work set state = 'running', changed_at = $2 where id = $1 and state in ('waiting', 'running')";
    if tx.exec(sql, &args![id, now])? == 1 { work(tx, id) } else { Ok(None) }
}

/// Records how far the work is. Returns false when nobody wants it any more.
pub(crate) fn tell(tx: &mut dyn Tx, id: Uuid, share: i64, now: Instant) -> Result<bool, StoreError> {
    let sql = "update jobs_work set share = $2, changed_at = $3 where id = $1 and state = 'running'";
    Ok(tx.exec(sql, &args![id, share, now])? == 1)
}

pub(crate) fn done(tx: &mut dyn Tx, id: Uuid, answer: &[u8], now: Instant) -> Result<bool, StoreError> {
    let sql = "update jobs_work set state = 'done', share = 1000, answer = $2, changed_at = $3 where id = $1 and state = 'running'";
    Ok(tx.exec(sql, &args![id, answer, now])? == 1)
}

pub(crate) fn failed(tx: &mut dyn Tx, id: Uuid, said: &str, now: Instant) -> Result<bool, StoreError> {
    let sql = "update jobs_work set state = 'failed', said = $2, changed_at = $3 where id = $1 and state = 'running'";
    Ok(tx.exec(sql, &args![id, said, now])? == 1)
}

/// Calls work off. Returns false when it is over already.
pub fn stop(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let sql =
        "update jobs_work set state = 'stopped', changed_at = $2 where id = $1 and state in ('waiting', 'running')";
    Ok(tx.exec(sql, &args![id, now])? == 1)
}

/// Follows places that moved to another path.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "jobs_work", "place", from, to)
}

/// Forgets work that ended before a moment, with its answer.
pub fn forget_work(tx: &mut dyn Tx, before: Instant) -> Result<u64, StoreError> {
    tx.exec("delete from jobs_work where changed_at < $1 and state in ('done', 'stopped', 'failed')", &args![before])
}
