//! Remembers what is on record of companies, and their appeals.

use kernel::place::PlacePath;
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one, scalar};
use uuid::Uuid;

use super::company::by_ids;
use crate::words::grade::{Appeal, Noted};

const RECORD: &str = "id, company_id, path, kind, tenths, reason, source, given_on, valid_to, entered_by, \
                      entered_name, entered_at, appeal, appealed_on, appeal_says, answer, answered_on, answered_name";

/// The answer to an appeal.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// Whether it is upheld.
    pub appeal: Appeal,
    /// The answer in words.
    pub says: &'a str,
    /// The day of it.
    pub on: Date,
    /// Who answered.
    pub by_name: &'a str,
}

/// Adds a record.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, record: &Noted) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_record ({RECORD}) values \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    );
    let values = args![
        record.id,
        record.company_id,
        &record.path,
        record.kind.code(),
        record.tenths,
        &record.reason,
        &record.source,
        record.given_on,
        record.valid_to,
        record.entered_by,
        &record.entered_name,
        record.entered_at,
        record.appeal.code(),
        record.appealed_on,
        &record.appeal_says,
        &record.answer,
        record.answered_on,
        &record.answered_name
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns a record, held for a change.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Noted>, StoreError> {
    let sql = format!("select {RECORD} from property_record where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns what is on record of a company, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_company(tx: &mut dyn Tx, company: Uuid, limit: i64) -> Result<Vec<Noted>, StoreError> {
    let sql =
        format!("select {RECORD} from property_record where company_id = $1 order by given_on desc, id desc limit $2");
    all(tx, &sql, &args![company, limit])
}

/// Returns what is on record of companies, of each the latest first.
///
/// # Errors
/// The store failed.
pub fn of_companies(tx: &mut dyn Tx, companies: &[Uuid]) -> Result<Vec<Noted>, StoreError> {
    by_ids(tx, companies, |marks| {
        format!(
            "select {RECORD} from property_record where company_id in ({marks}) \
             order by company_id, given_on desc, id desc"
        )
    })
}

/// Returns the records of a place and everything inside it whose appeals wait for an answer, the oldest first; at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn open_appeals(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Noted>, StoreError> {
    let (low, high) = place.range();
    let sql = format!(
        "select {RECORD} from property_record where appeal = 'open' and path >= $1 and path < $2 \
         order by appealed_on, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// How many appeals of a place and everything inside it wait for an answer.
///
/// # Errors
/// The store failed.
pub fn count_open(tx: &mut dyn Tx, place: &PlacePath) -> Result<i64, StoreError> {
    let (low, high) = place.range();
    let sql = "select count(*) from property_record where appeal = 'open' and path >= $1 and path < $2";
    Ok(scalar(tx, sql, &args![low, high])?.unwrap_or(0))
}

/// Writes that the company appeals against a record.
///
/// # Errors
/// The store failed.
pub fn appeal(tx: &mut dyn Tx, id: Uuid, on: Date, says: &str) -> Result<(), StoreError> {
    let sql = "update property_record set appeal = 'open', appealed_on = $1, appeal_says = $2 where id = $3";
    tx.exec(sql, &args![on, says, id]).map(drop)
}

/// Writes the answer to an appeal.
///
/// # Errors
/// The store failed.
pub fn answer(tx: &mut dyn Tx, id: Uuid, answer: &Answer<'_>) -> Result<(), StoreError> {
    let sql = "update property_record set appeal = $1, answer = $2, answered_on = $3, answered_name = $4 where id = $5";
    tx.exec(sql, &args![answer.appeal.code(), answer.says, answer.on, answer.by_name, id]).map(drop)
}
