//! Remembers which days of elections were corrected, and what they were before.

use kernel::time::Date;
use store::{StoreError, Tx, all, args};

use crate::words::corrections::Correction;
use crate::words::{Body, Election};

const CORRECTION: &str = "district, id, body, held_before, held_after, ends_before, ends_after, file_before, \
                          file_after, reason, by_name, corrected_at";

/// Adds a correction.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, one: &Correction) -> Result<(), StoreError> {
    let sql = format!(
        "insert into bodies_correction ({CORRECTION}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        one.district,
        one.id,
        one.body,
        one.held_before,
        one.held_after,
        one.ends_before,
        one.ends_after,
        one.file_before,
        one.file_after,
        &one.reason,
        &one.by_name,
        one.at
    ];
    tx.put_one(&sql, &values)
}

/// The corrections of the elections of a body, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_body(tx: &mut dyn Tx, body: &Body, limit: i64) -> Result<Vec<Correction>, StoreError> {
    let sql = format!(
        "select {CORRECTION} from bodies_correction where district = $1 and body = $2 \
         order by corrected_at desc, id desc limit $3"
    );
    all(tx, &sql, &args![body.district, body.id, limit])
}

/// Gives an election its right day, with the term and the last day for its papers that follow.
///
/// # Errors
/// The store failed.
pub fn put_right(tx: &mut dyn Tx, before: &Election, after: &Election) -> Result<(), StoreError> {
    let sql = "update bodies_election set id = $1, held_on = $2, term_ends = $3, file_by = $4 \
               where district = $5 and id = $6";
    tx.put_one(sql, &args![after.id, after.held_on, after.term_ends, after.file_by, before.district, before.id])
}

/// Lets those who took their posts on the day that was entered hold them from the right one on. Who had left by then
/// stays as entered.
///
/// # Errors
/// The store failed.
pub fn move_holdings(tx: &mut dyn Tx, body: &Body, from: Date, to: Date) -> Result<(), StoreError> {
    let sql = "update bodies_holding set from_on = $1 where district = $2 and body = $3 and from_on = $4 \
               and (until_on is null or until_on > $5)";
    tx.exec(sql, &args![to, body.district, body.id, from, to]).map(drop)
}
