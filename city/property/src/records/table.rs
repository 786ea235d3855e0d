//! Remembers three-party tables, what was on their agenda and what was promised.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one};
use uuid::Uuid;

use crate::words::table::{Commitment, CompoundDay, Issue, LateTable, ServedAt, Table, Tally};

const TABLE: &str =
    "district, id, path, compound, held_on, room, state, attended, envoy, minutes, changed_name, changed_at, begins_at";
const ISSUE: &str = "district, id, table_id, title, committee, owners, company, street, entered_at";
const COMMITMENT: &str = "district, id, table_id, issue_id, path, compound, company_id, side, text, promised_on, \
                          due_on, state, reason, times_put_off, settled_on";

/// Writes a table, or what changed of it.
///
/// # Errors
/// The store failed.
pub fn put_table(tx: &mut dyn Tx, table: &Table) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_table ({TABLE}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         on conflict (district, id) do update set held_on = excluded.held_on, room = excluded.room, \
         state = excluded.state, attended = excluded.attended, envoy = excluded.envoy, minutes = excluded.minutes, \
         changed_name = excluded.changed_name, changed_at = excluded.changed_at, begins_at = excluded.begins_at"
    );
    let values = args![
        table.district,
        table.id,
        &table.path,
        &table.compound,
        table.held_on,
        &table.room,
        table.state.code(),
        &table.attended,
        &table.envoy,
        &table.minutes,
        &table.changed_name,
        table.changed_at,
        table.begins_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns a table, held for a change.
///
/// # Errors
/// The store failed.
pub fn table(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Table>, StoreError> {
    // asks all districts: the identity of a table does not say which district keeps it
    let sql = format!("select {TABLE} from property_table where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns the tables of a place and everything inside it, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn tables_inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Table>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {TABLE} from property_table where path >= $1 and path < $2 order by held_on desc, id desc limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Returns the day of the last table that was held in each compound of a place.
///
/// # Errors
/// The store failed.
pub fn last_held(tx: &mut dyn Tx, place: &PlacePath) -> Result<Vec<CompoundDay>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select path, compound, max(held_on) from property_table \
               where state = 'held' and path >= $1 and path < $2 group by path, compound order by path, compound";
    all(tx, sql, &args![low, high])
}

/// Returns the latest day for which a table is called in each compound of a place.
///
/// # Errors
/// The store failed.
pub fn last_called(tx: &mut dyn Tx, place: &PlacePath) -> Result<Vec<CompoundDay>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select path, compound, max(held_on) from property_table \
               where state = 'called' and path >= $1 and path < $2 group by path, compound order by path, compound";
    all(tx, sql, &args![low, high])
}

/// Returns the compounds of a place that a company serves on a day, with the first day of the contract.
///
/// # Errors
/// The store failed.
pub fn served(tx: &mut dyn Tx, place: &PlacePath, day: Date) -> Result<Vec<CompoundDay>, StoreError> {
    let (low, high) = place.range();
    let sql = "select path, compound, min(starts_on) from property_contract where path >= $1 and path < $2 \
               and starts_on <= $3 and coalesce(leaves_on, ends_on) >= $4 group by path, compound \
               order by path, compound";
    all(tx, sql, &args![low, high, day, day])
}

/// Returns the contracts that are in force on a day, in the order of their identities after one of them; at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn served_after(tx: &mut dyn Tx, after: Uuid, day: Date, limit: i64) -> Result<Vec<ServedAt>, StoreError> {
    let sql = "select id, path from property_contract where id > $1 and starts_on <= $2 \
               and coalesce(leaves_on, ends_on) >= $3 order by id limit $4";
    all(tx, sql, &args![after, day, day, limit])
}

/// Writes an issue, or what changed of it.
///
/// # Errors
/// The store failed.
pub fn put_issue(tx: &mut dyn Tx, issue: &Issue) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_issue ({ISSUE}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict (district, id) do update set title = excluded.title, committee = excluded.committee, \
         owners = excluded.owners, company = excluded.company, street = excluded.street"
    );
    let values = args![
        issue.district,
        issue.id,
        issue.table_id,
        &issue.title,
        &issue.committee,
        &issue.owners,
        &issue.company,
        &issue.street,
        issue.entered_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns an issue.
///
/// # Errors
/// The store failed.
pub fn issue(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Issue>, StoreError> {
    // asks all districts: the identity of an issue does not say which district keeps it
    one(tx, &format!("select {ISSUE} from property_issue where id = $1"), &args![id])
}

/// Returns the issues of a table in the order in which they were entered.
///
/// # Errors
/// The store failed.
pub fn issues(tx: &mut dyn Tx, table: &Table) -> Result<Vec<Issue>, StoreError> {
    let sql =
        format!("select {ISSUE} from property_issue where district = $1 and table_id = $2 order by entered_at, id");
    all(tx, &sql, &args![table.district, table.id])
}

/// Writes a commitment, or what became of it.
///
/// # Errors
/// The store failed.
pub fn put_commitment(tx: &mut dyn Tx, commitment: &Commitment) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_commitment ({COMMITMENT}) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         on conflict (district, id) do update set due_on = excluded.due_on, state = excluded.state, \
         reason = excluded.reason, times_put_off = excluded.times_put_off, settled_on = excluded.settled_on"
    );
    let values = args![
        commitment.district,
        commitment.id,
        commitment.table_id,
        commitment.issue_id,
        &commitment.path,
        &commitment.compound,
        commitment.company_id,
        commitment.side.code(),
        &commitment.text,
        commitment.promised_on,
        commitment.due_on,
        commitment.state.code(),
        &commitment.reason,
        commitment.times_put_off,
        commitment.settled_on
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns a commitment, held for a change.
///
/// # Errors
/// The store failed.
pub fn commitment(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Commitment>, StoreError> {
    // asks all districts: the identity of a commitment does not say which district keeps it
    let sql = format!("select {COMMITMENT} from property_commitment where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns what was promised at a table, by the day it is due.
///
/// # Errors
/// The store failed.
pub fn commitments_of(tx: &mut dyn Tx, table: &Table) -> Result<Vec<Commitment>, StoreError> {
    let sql = format!(
        "select {COMMITMENT} from property_commitment where district = $1 and table_id = $2 order by due_on, id"
    );
    all(tx, &sql, &args![table.district, table.id])
}

/// Returns what was promised in a place and everything inside it and is still to be kept, by the day it is due; at
/// most `limit`.
///
/// # Errors
/// The store failed.
pub fn open_commitments(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Commitment>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COMMITMENT} from property_commitment where state = 'open' and path >= $1 and path < $2 \
         order by due_on, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Returns what was promised in a place and everything inside it and was kept or broken, the latest first; at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn settled(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Commitment>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COMMITMENT} from property_commitment where state <> 'open' and path >= $1 and path < $2 \
         order by settled_on desc, id desc limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Returns the tables of a place and everything inside it of which something is still to be kept after its day, those
/// first that are late the longest; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn late(tx: &mut dyn Tx, place: &PlacePath, today: Date, limit: i64) -> Result<Vec<LateTable>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select district, table_id, path, compound, min(due_on), count(*) from property_commitment \
               where state = 'open' and due_on < $1 and path >= $2 and path < $3 \
               group by district, table_id, path, compound order by min(due_on), table_id limit $4";
    all(tx, sql, &args![today, low, high, limit])
}

/// Returns the tables of the city of which something is still to be kept after its day, in the order of district and
/// identity after one of them; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn late_after(
    tx: &mut dyn Tx,
    after: (PlaceId, Uuid),
    today: Date,
    limit: i64,
) -> Result<Vec<LateTable>, StoreError> {
    // asks all districts: the chore goes through the whole city
    let sql = "select district, table_id, path, compound, min(due_on), count(*) from property_commitment \
               where state = 'open' and due_on < $1 and (district > $2 or (district = $2 and table_id > $3)) \
               group by district, table_id, path, compound order by district, table_id limit $4";
    all(tx, sql, &args![today, after.0, after.1, limit])
}

/// How many commitments of a company stand in each state.
///
/// # Errors
/// The store failed.
pub fn tallies(tx: &mut dyn Tx, company: Uuid) -> Result<Vec<Tally>, StoreError> {
    // asks all districts: a company works in several of them
    let sql = "select state, count(*) from property_commitment where company_id = $1 and side = 'company' \
               group by state order by state";
    all(tx, sql, &args![company])
}

/// Returns what a company promised, the latest first; at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_company(tx: &mut dyn Tx, company: Uuid, limit: i64) -> Result<Vec<Commitment>, StoreError> {
    // asks all districts: a company works in several of them
    let sql = format!(
        "select {COMMITMENT} from property_commitment where company_id = $1 and side = 'company' \
         order by promised_on desc, id desc limit $2"
    );
    all(tx, &sql, &args![company, limit])
}

/// Returns commitments by district and identity, in no particular order.
///
/// # Errors
/// The store failed.
pub fn several(tx: &mut dyn Tx, keys: &[(PlaceId, Uuid)]) -> Result<Vec<Commitment>, StoreError> {
    store::several(tx, keys, |marks| {
        format!("select {COMMITMENT} from property_commitment where district = $1 and id in ({marks})")
    })
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    for table in ["property_table", "property_commitment"] {
        store::follow_places(tx, table, "path", from, to)?;
    }
    Ok(())
}
