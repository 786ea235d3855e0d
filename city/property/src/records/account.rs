//! Remembers the accounts of the maintenance fund and what came in and went out of them.

use kernel::place::PlacePath;
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use super::parts::Span;
use crate::words::account::{Account, DaySum, Entry, Line, Posting};

const ACCOUNT: &str = "district, id, path, compound, opened_name, opened_at, part";
const ENTRY: &str = "district, id, account, kind, entry_on, amount_fen, number, note, entered_name, entered_at";

/// Amounts are added up in two parts, so that no sum of the engine overflows: how often this many fen are in them, and
/// what is left. It stands in each statement that adds up.
const PARTED: i128 = 1_000_000_000;

/// The whole of a sum of two parts, fen.
pub(super) fn whole(high: i64, low: i64) -> i128 {
    i128::from(high).saturating_mul(PARTED).saturating_add(i128::from(low))
}

record! {
    struct DayParts {
        on: Date,
        high: i64,
        low: i64,
    }
}

record! {
    struct LineParts {
        kind: Posting,
        entry_on: Date,
        amount_fen: i64,
        number: String,
        note: String,
        high: i64,
        low: i64,
    }
}

/// Adds an account. It adds nothing and returns false where there is one already.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, account: &Account) -> Result<bool, StoreError> {
    let sql = format!(
        "insert into property_account ({ACCOUNT}) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (district, path, compound, part) do nothing"
    );
    let Account { district, id, path, compound, opened_name, opened_at, part } = account;
    Ok(tx.exec(&sql, &args![*district, *id, path, compound, opened_name, *opened_at, part])? == 1)
}

/// Returns an account, held for a change.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Account>, StoreError> {
    // asks all districts: the identity does not say which district keeps it
    let sql = format!("select {ACCOUNT} from property_account where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns the account of a building, or of the whole compound where `part` is empty, held for a change. None if nobody
/// keeps one here.
///
/// # Errors
/// The store failed.
pub fn of_part(tx: &mut dyn Tx, path: &PlacePath, compound: &str, part: &str) -> Result<Option<Account>, StoreError> {
    // asks all districts: an account keeps its district when its place moves
    let sql = format!(
        "select {ACCOUNT} from property_account where path = $1 and compound = $2 and part = $3{}",
        tx.lock_rows()
    );
    one(tx, &sql, &args![path, compound, part])
}

/// Returns the accounts of a place and everything inside it, by place, compound and building; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Account>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {ACCOUNT} from property_account where path >= $1 and path < $2 \
         order by path, compound, part, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Adds an entry.
///
/// # Errors
/// The store failed.
pub fn add_entry(tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
    let sql = format!("insert into property_entry ({ENTRY}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let values = args![
        entry.district,
        entry.id,
        entry.account,
        entry.kind.code(),
        entry.entry_on,
        entry.amount_fen,
        &entry.number,
        &entry.note,
        &entry.entered_name,
        entry.entered_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns what came in and went out of an account on each day, in the order of the days.
///
/// # Errors
/// The store failed.
pub fn days(tx: &mut dyn Tx, account: &Account) -> Result<Vec<DaySum>, StoreError> {
    let sql = "select entry_on, sum(amount_fen / 1000000000), sum(amount_fen % 1000000000) from property_entry \
               where district = $1 and account = $2 group by entry_on order by entry_on";
    let days: Vec<DayParts> = all(tx, sql, &args![account.district, account.id])?;
    Ok(days.into_iter().map(|day| DaySum { on: day.on, fen: whole(day.high, day.low) }).collect())
}

/// Returns the lines of an account with what was there after each, the latest first.
///
/// # Errors
/// The store failed.
pub fn lines(tx: &mut dyn Tx, account: &Account, span: Span) -> Result<Vec<Line>, StoreError> {
    let sql = "select kind, entry_on, amount_fen, number, note, \
               sum(amount_fen / 1000000000) over (order by entry_on, entered_at, id rows unbounded preceding), \
               sum(amount_fen % 1000000000) over (order by entry_on, entered_at, id rows unbounded preceding) \
               from property_entry where district = $1 and account = $2 \
               order by entry_on desc, entered_at desc, id desc limit $3 offset $4";
    let found: Vec<LineParts> = all(tx, sql, &args![account.district, account.id, span.limit, span.skip])?;
    let line = |one: LineParts| {
        let LineParts { kind, entry_on, amount_fen, number, note, high, low } = one;
        Line { kind, entry_on, amount_fen, number, note, balance_fen: whole(high, low) }
    };
    Ok(found.into_iter().map(line).collect())
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "property_account", "path", from, to)
}
