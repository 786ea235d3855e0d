//! Remembers posts and who holds them.

use kernel::place::PlaceId;
use kernel::time::Date;
use store::{StoreError, Tx, all, args};
use uuid::Uuid;

use crate::words::{Body, Holding, Post};

const POST: &str = "district, id, body, title_zh, title_en, rank, ended_on";
const HOLDING: &str = "district, id, body, post, name, from_on, until_on, noted_name, noted_at, until_elected";

/// Adds a post.
///
/// # Errors
/// The store failed.
pub fn add_post(tx: &mut dyn Tx, post: &Post) -> Result<(), StoreError> {
    let sql = format!("insert into bodies_post ({POST}) values ($1, $2, $3, $4, $5, $6, $7)");
    let values = args![post.district, post.id, post.body, &post.title_zh, &post.title_en, post.rank, post.ended_on];
    tx.put_one(&sql, &values)
}

/// Ends a post.
///
/// # Errors
/// The store failed.
pub fn end_post(tx: &mut dyn Tx, post: &Post, on: Date) -> Result<(), StoreError> {
    let sql = "update bodies_post set ended_on = $1 where district = $2 and id = $3";
    tx.put_one(sql, &args![on, post.district, post.id])
}

/// The posts of a body in their order, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn posts(tx: &mut dyn Tx, body: &Body, limit: i64) -> Result<Vec<Post>, StoreError> {
    let sql = format!("select {POST} from bodies_post where district = $1 and body = $2 order by rank, id limit $3");
    all(tx, &sql, &args![body.district, body.id, limit])
}

/// Adds who holds a post.
///
/// # Errors
/// The store failed.
pub fn add_holding(tx: &mut dyn Tx, holding: &Holding) -> Result<(), StoreError> {
    let sql = format!("insert into bodies_holding ({HOLDING}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let values = args![
        holding.district,
        holding.id,
        holding.body,
        holding.post,
        &holding.name,
        holding.from_on,
        holding.until_on,
        &holding.noted_name,
        holding.noted_at,
        holding.until_elected
    ];
    tx.put_one(&sql, &values)
}

/// Ends the holding of a post as of a day. `elected` says that this is the day of an election.
///
/// # Errors
/// The store failed.
pub fn end_holding(tx: &mut dyn Tx, holding: &Holding, until: Date, elected: bool) -> Result<(), StoreError> {
    let sql = "update bodies_holding set until_on = $1, until_elected = $2 where district = $3 and id = $4";
    tx.put_one(sql, &args![until, elected, holding.district, holding.id])
}

/// Who holds and held the posts of a body, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn holdings(tx: &mut dyn Tx, body: &Body, limit: i64) -> Result<Vec<Holding>, StoreError> {
    let sql = format!(
        "select {HOLDING} from bodies_holding where district = $1 and body = $2 order by from_on desc, id limit $3"
    );
    all(tx, &sql, &args![body.district, body.id, limit])
}

/// Forgets the name that lies under a sealed record that is erased.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    tx.exec("update bodies_holding set name = null where district = $1 and id = $2", &args![district, record]).map(drop)
}
