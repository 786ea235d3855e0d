//! The outbox holds what others should hear of. It is written in the same transaction as the change itself.

use kernel::place::PlaceId;
use kernel::time::Instant;
use uuid::Uuid;

use crate::error::StoreError;
use crate::record::all;
use crate::transaction::Tx;
use crate::{args, record};

record! {
    /// A message that waits for its listeners.
    pub struct Message {
        /// The identity (UUIDv7), made outside the unit of work.
        pub id: Uuid,
        /// The district that the message is about.
        pub district: PlaceId,
        /// What happened, for example `cases.decided`.
        pub topic: String,
        /// The particulars. They are never personal data.
        pub payload: serde_json::Value,
        /// When it was put into the outbox.
        pub at: Instant,
    }
}

/// Puts a message into the outbox.
pub fn put(
    tx: &mut dyn Tx,
    id: Uuid,
    district: PlaceId,
    topic: &str,
    payload: &serde_json::Value,
    now: Instant,
) -> Result<(), StoreError> {
    tx.put(
        "insert into store_outbox (id, district, topic, payload, at, done_at) values ($1, $2, $3, $4, $5, null)",
        &args![id, district, topic, payload, now],
    )
}

/// Returns the oldest messages that are not handled yet, at most `limit`.
pub fn pending(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Message>, StoreError> {
    // asks all districts: what happened anywhere is heard in its order
    all(
        tx,
        "select id, district, topic, payload, at from store_outbox where done_at is null order by at, id limit $1",
        &args![limit],
    )
}

/// Marks a message as dealt with. A second call succeeds and keeps the first moment.
pub fn done(tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update store_outbox set done_at = $1 where district = $2 and id = $3 and done_at is null";
    tx.exec(sql, &args![now, district, id]).map(drop)
}

/// Removes messages that were handled before a moment, the oldest first and at most `limit`, and returns how many.
pub fn forget(tx: &mut dyn Tx, before: Instant, limit: i64) -> Result<u64, StoreError> {
    // asks all districts: what was heard is forgotten everywhere
    let sql = "delete from store_outbox where (district, id) in (select district, id from store_outbox \
               where done_at is not null and done_at < $1 order by done_at limit $2)";
    tx.exec(sql, &args![before, limit])
}
