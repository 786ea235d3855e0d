//! This file keeps posts: who was sent where and when, and what became of it.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record, scalar};
use uuid::Uuid;

pub use crate::words::Post;
use crate::words::{Key, PostState, Slot};

const COLUMNS: &str =
    "district, id, call, compound, shift, role, path, home, responder, state, starts, ends, walk, checked_at, left_at";

/// Writes a post. Returns false if it was written before.
pub fn insert(tx: &mut dyn Tx, post: &Post, now: Instant) -> Result<bool, StoreError> {
    let sql = "insert into mobilization_post (district, id, call, compound, shift, role, path, home, responder, state, starts, ends, \
               walk, checked_at, left_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, null, $14) \
               on conflict do nothing";
    let values = args![
        post.district,
        post.id,
        post.call,
        post.compound,
        post.shift,
        post.role.code(),
        &post.path,
        post.home,
        post.responder,
        post.state.code(),
        post.starts,
        post.ends,
        post.walk,
        now
    ];
    Ok(tx.exec(sql, &values)? == 1)
}

/// Returns a post by its district and identity. Its row is locked on engines that lock rows.
pub fn held(tx: &mut dyn Tx, Key { district, id }: Key) -> Result<Option<Post>, StoreError> {
    let sql = format!("select {COLUMNS} from mobilization_post where district = $1 and id = $2{}", tx.lock_rows());
    one(tx, &sql, &args![district, id])
}

/// Returns a post by its identity alone, and locks it as [`held`] does.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Post>, StoreError> {
    // asks all districts: an address names the post alone; the row is locked in its district
    let sql = "select district from mobilization_post where id = $1";
    let district = scalar::<PlaceId>(tx, sql, &args![id])?;
    district.map_or(Ok(None), |district| held(tx, Key { district, id }))
}

/// Returns the posts of a call at a place or inside it, whatever became of them, by compound, shift and role, at most
/// `limit`.
pub fn of_call(
    tx: &mut dyn Tx,
    Key { district, id }: Key,
    place: &PlacePath,
    limit: i64,
) -> Result<Vec<Post>, StoreError> {
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from mobilization_post where district = $1 and call = $2 and path >= $3 and path < $4 \
         order by path, compound, starts, role, id limit $5"
    );
    all(tx, &sql, &args![district, id, low, high, limit])
}

/// Returns posts by district and identity, in no particular order.
pub fn several(tx: &mut dyn Tx, keys: &[(PlaceId, Uuid)]) -> Result<Vec<Post>, StoreError> {
    store::several(tx, keys, |marks| {
        format!("select {COLUMNS} from mobilization_post where district = $1 and id in ({marks})")
    })
}

/// Returns the posts of somebody, the newest first, at most `limit`.
pub fn of_responder(tx: &mut dyn Tx, responder: Uuid, limit: i64) -> Result<Vec<Post>, StoreError> {
    // asks all districts: she is sent for calls of any district
    let sql =
        format!("select {COLUMNS} from mobilization_post where responder = $1 order by starts desc, id desc limit $2");
    all(tx, &sql, &args![responder, limit])
}

record! {
    /// When somebody is taken.
    pub struct Taken {
        /// Who.
        pub responder: Uuid,
        /// From.
        pub starts: Instant,
        /// Until.
        pub ends: Instant,
    }
}

/// Returns when people are taken by posts of any call that hold and end after a moment, at most `limit`.
pub fn taken_after(tx: &mut dyn Tx, after: Instant, limit: i64) -> Result<Vec<Taken>, StoreError> {
    // asks all districts: people are sent for calls of any district
    let sql = "select responder, starts, ends from mobilization_post where responder is not null and ends > $1 \
               and state in ('sent', 'present') order by responder, starts limit $2";
    all(tx, sql, &args![after, limit])
}

/// Says whether somebody holds a post that is less than `apart` seconds away from a span of time. The post `but` does
/// not count.
pub fn clashes(
    tx: &mut dyn Tx,
    responder: Uuid,
    starts: Instant,
    ends: Instant,
    apart: i64,
    but: Option<Uuid>,
) -> Result<bool, StoreError> {
    // asks all districts: she is sent for calls of any district
    let sql = "select count(*) from mobilization_post where responder = $1 and state in ('sent', 'present') \
               and starts < $2 and ends > $3 and id <> $4";
    let values = args![responder, ends.plus_seconds(apart), starts.plus_seconds(-apart), but.unwrap_or_default()];
    Ok(scalar::<i64>(tx, sql, &values)?.unwrap_or(0) > 0)
}

/// Returns how many people hold a slot of a call.
pub fn holding(tx: &mut dyn Tx, Key { district, id: call }: Key, slot: &Slot) -> Result<i64, StoreError> {
    let sql = "select count(*) from mobilization_post where district = $1 and call = $2 and compound = $3 and shift = $4 and role = $5 \
               and state in ('sent', 'present')";
    let values = args![district, call, slot.compound, slot.shift, slot.role.code()];
    scalar(tx, sql, &values).map(Option::unwrap_or_default)
}

/// Changes the state of a post. Returns false if the post has another state by now.
pub fn change(tx: &mut dyn Tx, post: &Post, to: PostState, now: Instant) -> Result<bool, StoreError> {
    let checked = if to == PostState::Present { Some(now) } else { None };
    let sql = "update mobilization_post set state = $1, checked_at = $2, changed_at = $3 where district = $4 and id = $5 and state = $6";
    let values = args![to.code(), checked, now, post.district, post.id, post.state.code()];
    Ok(tx.exec(sql, &values)? == 1)
}

/// Does to posts what the end of a call means: who was sent need not come, and who is there may leave.
pub fn stand_down(tx: &mut dyn Tx, Key { district, id: call }: Key, now: Instant) -> Result<(), StoreError> {
    let sql = "update mobilization_post set state = 'off', changed_at = $3 where district = $1 and call = $2 and state = 'sent' and ends > $3";
    tx.exec(sql, &args![district, call, now])?;
    let sql = "update mobilization_post set left_at = $3, changed_at = $3 where district = $1 and call = $2 and state = 'present' \
               and ends > $3 and left_at is null";
    tx.exec(sql, &args![district, call, now]).map(drop)
}

/// Returns the posts that the end of a call touches and that come after a given one in the order of identities, at most
/// `limit`.
pub fn to_tell(
    tx: &mut dyn Tx,
    Key { district, id: call }: Key,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Post>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from mobilization_post where district = $1 and call = $2 and state in ('sent', 'present') and id > $3 \
         order by id limit $4"
    );
    all(tx, &sql, &args![district, call, after, limit])
}

/// Takes the name of somebody whose data are erased from her posts. The posts stay as numbers.
pub fn forget(tx: &mut dyn Tx, responder: Uuid) -> Result<(), StoreError> {
    // asks all districts: she is sent for calls of any district
    tx.exec("update mobilization_post set responder = null where responder = $1", &args![responder]).map(drop)
}
