//! Remembers the income of shared parts, and what falls to each unit.

use kernel::place::PlacePath;
use store::{StoreError, Tx, all, args, one};
use uuid::Uuid;

use crate::words::income::{Income, Payer, Portion};

const INCOME: &str = "district, id, path, compound, title, from_on, to_on, income_fen, cost_fen, published_name, \
                      published_at, payer, replaces, replaced_by, reason, partial_reason";

/// Adds an income with what falls to each unit.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, income: &Income, portions: &[Portion]) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_income ({INCOME}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, \
         $14, $15)"
    );
    let values = args![
        income.district,
        income.id,
        &income.path,
        &income.compound,
        &income.title,
        income.from_on,
        income.to_on,
        income.income_fen,
        income.cost_fen,
        &income.published_name,
        income.published_at,
        income.payer.map(Payer::code),
        income.replaces,
        income.reason.as_deref(),
        income.partial_reason.as_deref()
    ];
    tx.exec(&sql, &values)?;
    let sql = "insert into property_portion (district, income_id, place, unit, area_cm2, share_fen) \
               values ($1, $2, $3, $4, $5, $6)";
    for portion in portions {
        let values = args![income.district, income.id, portion.place, &portion.unit, portion.area, portion.share_fen];
        tx.exec(sql, &values)?;
    }
    Ok(())
}

/// Notes which version corrects an income.
///
/// # Errors
/// The store failed.
pub fn set_replaced(tx: &mut dyn Tx, before: &Income, by: Uuid) -> Result<(), StoreError> {
    let sql = "update property_income set replaced_by = $1 where district = $2 and id = $3";
    tx.exec(sql, &args![by, before.district, before.id]).map(drop)
}

/// Whether an income of the same compound, payer and title is published that has a day in common with this one. One
/// that was corrected, or that this one corrects, is none.
///
/// # Errors
/// The store failed.
pub fn is_published(tx: &mut dyn Tx, income: &Income) -> Result<bool, StoreError> {
    let sql = "select count(*) from property_income where district = $1 and path = $2 and compound = $3 and title = $4 \
               and from_on <= $5 and to_on >= $6 and coalesce(payer, '') = $7 and replaced_by is null and id <> $8";
    let Income { district, path, compound, title, from_on, to_on, payer, replaces, .. } = income;
    let (payer, but) = (payer.map_or("", Payer::code), replaces.unwrap_or_default());
    let values = args![*district, path, compound, title, *to_on, *from_on, payer, but];
    Ok(store::scalar::<i64>(tx, sql, &values)?.unwrap_or_default() > 0)
}

/// Returns an income, held for a change.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Income>, StoreError> {
    // asks all districts: the identity does not say which district keeps it
    let sql = format!("select {INCOME} from property_income where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns what falls to each unit, in the order of the list.
///
/// # Errors
/// The store failed.
pub fn portions(tx: &mut dyn Tx, income: &Income) -> Result<Vec<Portion>, StoreError> {
    let sql = "select place, unit, area_cm2, share_fen from property_portion \
               where district = $1 and income_id = $2 order by place";
    all(tx, sql, &args![income.district, income.id])
}

/// Returns the income of a place and everything inside it as it is published now, the latest first; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Income>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {INCOME} from property_income where path >= $1 and path < $2 and replaced_by is null \
         order by to_on desc, id desc limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "property_income", "path", from, to)
}
