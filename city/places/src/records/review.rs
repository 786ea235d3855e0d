//! This file keeps the matches that a person decides, and does what the decision means for the two places.

use crate::words::{Author, Certainty, ChangeKind, Doubt, Review};
use kernel::{
    place::{PlaceId, PlacePath},
    time::{Date, Instant},
};
use store::{StoreError, Tx, all, args, one, record};

record! {
    struct Stored {
        id: i64,
        on: Date,
        doubt: String,
        before: PlaceId,
        after: PlaceId,
        before_text: String,
        after_text: String,
        same: Option<bool>,
        decided_name: Option<String>,
    }
}

const COLUMNS: &str = "id, on_date, doubt, before_place, after_place, before_text, after_text, same, decided_name";

fn told(row: Stored) -> Result<Review, StoreError> {
    let doubt =
        Doubt::parse(&row.doubt).ok_or_else(|| StoreError::Data { message: format!("{:?} is no doubt", row.doubt) })?;
    Ok(Review {
        id: row.id,
        on: row.on,
        doubt,
        before: row.before,
        after: row.after,
        before_text: row.before_text,
        after_text: row.after_text,
        same: row.same,
        decided_by: row.decided_name,
    })
}

/// Returns doubts after a number, either the open or the decided ones, at most `limit`.
pub fn reviews(tx: &mut dyn Tx, decided: bool, after: i64, limit: i64) -> Result<Vec<Review>, StoreError> {
    let which = if decided { "same is not null" } else { "same is null" };
    let sql = format!("select {COLUMNS} from places_review where {which} and id > $1 order by id limit $2");
    all::<Stored>(tx, &sql, &args![after, limit])?.into_iter().map(told).collect()
}

/// Returns how many doubts are open.
pub fn open_count(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    store::scalar(tx, "select count(*) from places_review where same is null", &[]).map(Option::unwrap_or_default)
}

/// Reads a doubt that is going to be decided in this transaction.
pub fn to_decide(tx: &mut dyn Tx, id: i64) -> Result<Option<Review>, StoreError> {
    let sql = format!("select {COLUMNS} from places_review where id = $1{}", tx.lock_rows());
    one::<Stored>(tx, &sql, &args![id])?.map(told).transpose()
}

/// Writes a decision.
pub fn decided(tx: &mut dyn Tx, id: i64, same: bool, by: &Author, now: Instant) -> Result<(), StoreError> {
    let sql = "update places_review set same = $2, decided_by = $3, decided_name = $4, decided_at = $5 where id = $1";
    tx.exec(sql, &args![id, same, by.account, &by.name, now]).map(drop)
}

/// Settles every other open doubt about either of two places that are the same. Neither of them can also be a third
/// place.
pub fn settle_others(
    tx: &mut dyn Tx,
    before: PlaceId,
    after: PlaceId,
    by: &Author,
    now: Instant,
) -> Result<(), StoreError> {
    let sql = "update places_review set same = 0, decided_by = $3, decided_name = $4, decided_at = $5 \
               where same is null and (before_place = $1 or after_place = $2)";
    tx.exec(sql, &args![before, after, by.account, &by.name, now]).map(drop)
}

record! {
    /// Holds what is needed of a place to join it with another.
    pub struct Joined {
        /// Its identity.
        pub id: PlaceId,
        /// Its name.
        pub name: String,
        /// Its code.
        pub code: String,
        /// Its kind's code.
        pub kind: String,
        /// What it lies in.
        pub parent: Option<PlaceId>,
        /// Where it lies.
        pub path: PlacePath,
        /// The first day on which it was gone, if it is gone.
        pub alive_to: Option<Date>,
    }
}

/// Returns a place as it is stored, living or ended.
pub fn stored(tx: &mut dyn Tx, id: PlaceId) -> Result<Option<Joined>, StoreError> {
    one(tx, "select id, name, code, kind, parent, path, alive_to from places_place where id = $1", &args![id])
}

/// Makes the place that ended (`before`) live on as the one that began (`after`). The former takes over the facts,
/// grids and units of the latter, and the latter's identity leads to it. Returns who moved.
pub fn join(
    tx: &mut dyn Tx,
    on: Date,
    before: &Joined,
    after: &Joined,
) -> Result<Vec<(PlaceId, PlacePath, PlacePath)>, StoreError> {
    for table in ["places_name", "places_code", "places_parent"] {
        tx.exec(&format!("update {table} set place = $1 where place = $2"), &args![before.id, after.id])?;
    }
    let above = after.path.parent();
    let path = above.map_or_else(|| PlacePath::root(before.id), |above| above.child(before.id));
    let sql = "update places_place set name = $2, code = $3, kind = $4, parent = $5, path = $6, alive_to = null where id = $1";
    tx.exec(sql, &args![before.id, &after.name, &after.code, &after.kind, after.parent, &path])?;
    tx.exec("update places_place set alive_to = alive_from, same_as = $2 where id = $1", &args![after.id, before.id])?;
    tx.exec("delete from places_unit where place = $1", &args![before.id])?;
    tx.exec("update places_unit set place = $1 where place = $2", &args![before.id, after.id])?;
    let moved = follow(tx, after, &path, before.id)?;
    retell(tx, on, before, after)?;
    Ok(moved)
}

record! {
    struct Below {
        id: PlaceId,
        path: PlacePath,
        parent: PlaceId,
    }
}

fn follow(
    tx: &mut dyn Tx,
    after: &Joined,
    path: &PlacePath,
    into: PlaceId,
) -> Result<Vec<(PlaceId, PlacePath, PlacePath)>, StoreError> {
    let (from, to) = after.path.range();
    let sql =
        "select id, path, parent from places_place where path >= $1 and path < $2 and id <> $3 order by path limit $4";
    let below: Vec<Below> = all(tx, sql, &args![from, to, after.id, super::PLACES_LIMIT])?;
    let mut moved = vec![(after.id, after.path.clone(), path.clone())];
    for place in below {
        let rest = place.path.as_str().strip_prefix(after.path.as_str()).unwrap_or_default();
        let now = PlacePath::parse(&format!("{path}{rest}"))
            .map_err(|fault| StoreError::Data { message: fault.to_string() })?;
        let parent = if place.parent == after.id { into } else { place.parent };
        tx.exec("update places_place set path = $2, parent = $3 where id = $1", &args![place.id, &now, parent])?;
        tx.exec(
            "update places_parent set parent = $2 where place = $1 and parent = $3",
            &args![place.id, parent, after.id],
        )?;
        moved.push((place.id, place.path, now));
    }
    Ok(moved)
}

/// Rewrites the end of one place and the beginning of the other as what they were: a new name, code or street of one
/// place.
fn retell(tx: &mut dyn Tx, on: Date, before: &Joined, after: &Joined) -> Result<(), StoreError> {
    let sql = "delete from places_change where on_date = $3 and ((place = $1 and kind = 'abolished') or (place = $2 and kind = 'created'))";
    tx.exec(sql, &args![before.id, after.id, on])?;
    tx.exec("update places_change set place = $1 where place = $2", &args![before.id, after.id])?;
    let told = [
        (before.name != after.name, ChangeKind::Renamed, None, &before.name, &after.name),
        (before.code != after.code, ChangeKind::Recoded, None, &before.code, &after.code),
        (before.parent != after.parent, ChangeKind::Transferred, before.parent, &String::new(), &String::new()),
    ];
    for (_, kind, other, was, is) in told.into_iter().filter(|(changed, ..)| *changed) {
        let id = super::take(tx, "change", 1)?;
        let sql = "insert into places_change (id, place, on_date, kind, certainty, other, before_text, after_text) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        tx.exec(sql, &args![id, before.id, on, kind.code(), Certainty::Decided.code(), other, was, is])?;
    }
    Ok(())
}
