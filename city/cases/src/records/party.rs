//! Who takes part in cases: one row a party, but for the one whose sealed record the case's own row names.

use kernel::case::{Case, Event, Holder, Party};
use kernel::place::{PlaceId, PlacePath};
use kernel::procedure::Procedure;
use store::{StoreError, Tx, Val, args};
use uuid::Uuid;

use super::lists::Key;

/// Writes a party of a case, in its place within its role.
const INSERT: &str = "insert into cases_party (district, case_id, role, ordinal, kind, record, account, place_path, department, organisation) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// Writes the parties of a new case. The record that its own row names is left out, so that an application at a counter
/// costs no row more.
pub fn insert(tx: &mut dyn Tx, case: &Case, person: Option<Uuid>) -> Result<(), StoreError> {
    for (role, parties) in &case.parties {
        for (party, ordinal) in parties.iter().zip(0_i64..) {
            if named_by_row(party, person) {
                continue;
            }
            put(tx, case, role, ordinal, party)?;
        }
    }
    Ok(())
}

fn put(tx: &mut dyn Tx, case: &Case, role: &str, ordinal: i64, party: &Party) -> Result<(), StoreError> {
    let mut values = args![case.shard, case.id.0, role, ordinal, party.holder.kind().code()].to_vec();
    values.extend(columns(&party.holder));
    tx.put(INSERT, &values)
}

/// Keeps the rows in step with what happened: who joined is written, and units follow their places.
pub fn note(tx: &mut dyn Tx, case: &Case, procedure: &Procedure, event: &Event) -> Result<(), StoreError> {
    match event {
        Event::Relocated { .. } => follow(tx, case),
        Event::Acted { action, fields, .. } => {
            let joins = procedure.actions.get(action).and_then(|step| step.joins.as_ref());
            let Some(role) = joins.and_then(|joins| fields.get(&joins.role)) else { return Ok(()) };
            match (0_i64..).zip(case.parties_of(role)).last() {
                Some((ordinal, party)) => put(tx, case, role, ordinal, party),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn named_by_row(party: &Party, person: Option<Uuid>) -> bool {
    matches!(&party.holder, Holder::Record(record) if Some(*record) == person)
}

/// The columns from `record` to `organisation`.
fn columns(holder: &Holder) -> [Val; 5] {
    match holder {
        Holder::Record(record) => [Val::from(*record), Val::Null, Val::Null, Val::Null, Val::Null],
        Holder::Account(account) => [Val::Null, Val::from(*account), Val::Null, Val::Null, Val::Null],
        Holder::Unit(unit) => {
            [Val::Null, Val::Null, Val::from(&unit.place), Val::from(unit.department.clone()), Val::Null]
        }
        Holder::Organisation { code, account } => {
            [Val::Null, Val::from(*account), Val::Null, Val::Null, Val::from(code.as_str())]
        }
        Holder::Nobody => [Val::Null, Val::Null, Val::Null, Val::Null, Val::Null],
    }
}

/// Keeps the places of units in step with the case, whose places lie elsewhere now.
fn follow(tx: &mut dyn Tx, case: &Case) -> Result<(), StoreError> {
    let sql =
        "update cases_party set place_path = $1 where district = $2 and case_id = $3 and role = $4 and ordinal = $5";
    for (role, parties) in &case.parties {
        for (party, ordinal) in parties.iter().zip(0_i64..) {
            if let Holder::Unit(unit) = &party.holder {
                tx.exec(sql, &args![&unit.place, case.shard, case.id.0, role, ordinal])?;
            }
        }
    }
    Ok(())
}

/// The cases in which a sealed record takes part beside those whose rows name it, newest first, at most `limit`.
pub fn of_record(tx: &mut dyn Tx, district: PlaceId, record: Uuid, limit: i64) -> Result<Vec<Key>, StoreError> {
    let sql = "select p.district, p.case_id from cases_party p join cases_case c on c.district = p.district and c.id = p.case_id \
               where p.district = $1 and p.record = $2 order by c.opened_at desc, c.id limit $3";
    store::all(tx, sql, &args![district, record, limit])
}

/// The cases in which an account takes part, newest first, at most `limit`.
pub fn of_account(tx: &mut dyn Tx, account: Uuid, limit: i64) -> Result<Vec<Key>, StoreError> {
    // asks all districts: she may take part in cases of several
    let sql = "select p.district, p.case_id from cases_party p join cases_case c on c.district = p.district and c.id = p.case_id \
               where p.account = $1 order by c.opened_at desc, c.id limit $2";
    store::all(tx, sql, &args![account, limit])
}

/// The open cases that a unit inside a place takes part in as somebody of that role, those due first, at most `limit`:
/// what the next meeting asks
/// after.
pub fn owed_by(tx: &mut dyn Tx, place: &PlacePath, role: &str, limit: i64) -> Result<Vec<Key>, StoreError> {
    // asks all districts: a unit owes what was resolved anywhere in the city
    let (from, to) = place.range();
    let sql = "select p.district, p.case_id from cases_party p join cases_case c on c.district = p.district and c.id = p.case_id \
               where p.place_path >= $1 and p.place_path < $2 and p.role = $3 and c.open = 1 order by c.sort_at, c.id limit $4";
    store::all(tx, sql, &args![from, to, role, limit])
}
