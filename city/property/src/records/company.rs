//! Remembers companies, their contracts and who is on duty. They work in several districts, so their tables lie whole
//! on every machine.

use kernel::place::PlacePath;
use store::{LISTED, Record, StoreError, Tx, Val, all, args, listed, one};
use uuid::Uuid;

use crate::words::company::{Company, Contract, Notice, OnDuty, Side};

const COMPANY: &str = "id, path, name, credit_code, hotline, party, party_since, changed_name, changed_at";
const CONTRACT: &str = "id, company_id, path, compound, paper, kind, starts_on, ends_on, noticed_by, noticed_on, \
                        leaves_on, changed_name, changed_at, own_days";
const STAFF: &str = "id, company_id, path, compound, work, number, hours, telephone, changed_name, changed_at";

/// Writes a company, or what changed of it. Its credit code stays as it was.
///
/// # Errors
/// The store failed.
pub fn put_company(tx: &mut dyn Tx, company: &Company) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_company ({COMPANY}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict (id) do update set path = excluded.path, name = excluded.name, hotline = excluded.hotline, \
         party = excluded.party, party_since = excluded.party_since, changed_name = excluded.changed_name, \
         changed_at = excluded.changed_at"
    );
    let values = args![
        company.id,
        &company.path,
        &company.name,
        &company.credit_code,
        &company.hotline,
        company.party.code(),
        company.party_since,
        &company.changed_name,
        company.changed_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns a company.
///
/// # Errors
/// The store failed.
pub fn company(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Company>, StoreError> {
    one(tx, &format!("select {COMPANY} from property_company where id = $1"), &args![id])
}

/// Returns companies by their identities, in no particular order; what is not there is left out.
///
/// # Errors
/// The store failed.
pub fn several(tx: &mut dyn Tx, ids: &[Uuid]) -> Result<Vec<Company>, StoreError> {
    by_ids(tx, ids, |marks| format!("select {COMPANY} from property_company where id in ({marks})"))
}

/// Reads rows by identities. `sql` writes the statement around the marks of a list of them.
pub(super) fn by_ids<T: Record>(
    tx: &mut dyn Tx,
    ids: &[Uuid],
    sql: impl Fn(&str) -> String,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(LISTED) {
        let ids: Vec<Val> = part.iter().map(|id| Val::from(*id)).collect();
        let (marks, values) = listed(1, &ids);
        found.extend(all::<T>(tx, &sql(&marks), &values)?);
    }
    Ok(found)
}

/// Returns the company of a credit code.
///
/// # Errors
/// The store failed.
pub fn company_of_code(tx: &mut dyn Tx, code: &str) -> Result<Option<Company>, StoreError> {
    one(tx, &format!("select {COMPANY} from property_company where credit_code = $1"), &args![code])
}

/// Returns the companies whose entry is kept in a place, or that have or had a contract there, by name; at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn companies_inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Company>, StoreError> {
    let (low, high) = place.range();
    let sql = format!(
        "select {COMPANY} from property_company where (path >= $1 and path < $2) or id in \
         (select company_id from property_contract where path >= $3 and path < $4) order by name, id limit $5"
    );
    all(tx, &sql, &args![&low, &high, &low, &high, limit])
}

/// Adds a contract.
///
/// # Errors
/// The store failed.
pub fn add_contract(tx: &mut dyn Tx, contract: &Contract) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_contract ({CONTRACT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14)"
    );
    let values = args![
        contract.id,
        contract.company_id,
        &contract.path,
        &contract.compound,
        &contract.paper,
        contract.kind.code(),
        contract.starts_on,
        contract.ends_on,
        contract.noticed_by.map(Side::code),
        contract.noticed_on,
        contract.leaves_on,
        &contract.changed_name,
        contract.changed_at,
        contract.own_days
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Writes that a contract ends.
///
/// # Errors
/// The store failed.
pub fn end_contract(tx: &mut dyn Tx, contract: &Contract, notice: &Notice) -> Result<(), StoreError> {
    let sql = "update property_contract set noticed_by = $1, noticed_on = $2, leaves_on = $3, changed_name = $4, \
               changed_at = $5, own_days = $6 where id = $7";
    let Contract { id, changed_name, changed_at, .. } = contract;
    let Notice { by, on, leaves_on, own_days, .. } = *notice;
    let values = args![by.code(), on, leaves_on, changed_name, *changed_at, own_days, *id];
    tx.exec(sql, &values).map(drop)
}

/// Returns a contract, held for a change.
///
/// # Errors
/// The store failed.
pub fn contract(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Contract>, StoreError> {
    let sql = format!("select {CONTRACT} from property_contract where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns the contracts of a company, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn contracts_of(tx: &mut dyn Tx, company: Uuid, limit: i64) -> Result<Vec<Contract>, StoreError> {
    let sql = format!(
        "select {CONTRACT} from property_contract where company_id = $1 order by starts_on desc, compound, id limit $2"
    );
    all(tx, &sql, &args![company, limit])
}

/// Returns the contracts with compounds of a place and everything inside it, by place and compound, the latest first;
/// at most `limit`.
///
/// # Errors
/// The store failed.
pub fn contracts_inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Contract>, StoreError> {
    let (low, high) = place.range();
    let sql = format!(
        "select {CONTRACT} from property_contract where path >= $1 and path < $2 \
         order by path, compound, starts_on desc, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// Adds people on duty.
///
/// # Errors
/// The store failed.
pub fn add_staff(tx: &mut dyn Tx, staff: &OnDuty) -> Result<(), StoreError> {
    let sql = format!("insert into property_staff ({STAFF}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let values = args![
        staff.id,
        staff.company_id,
        &staff.path,
        &staff.compound,
        staff.work.code(),
        staff.number,
        &staff.hours,
        &staff.telephone,
        &staff.changed_name,
        staff.changed_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Returns people on duty.
///
/// # Errors
/// The store failed.
pub fn on_duty(tx: &mut dyn Tx, id: Uuid) -> Result<Option<OnDuty>, StoreError> {
    one(tx, &format!("select {STAFF} from property_staff where id = $1"), &args![id])
}

/// Takes people on duty out.
///
/// # Errors
/// The store failed.
pub fn remove_staff(tx: &mut dyn Tx, id: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from property_staff where id = $1", &args![id]).map(drop)
}

/// Returns who of a company is on duty, by place and compound, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn staff_of(tx: &mut dyn Tx, company: Uuid, limit: i64) -> Result<Vec<OnDuty>, StoreError> {
    let sql =
        format!("select {STAFF} from property_staff where company_id = $1 order by path, compound, work, id limit $2");
    all(tx, &sql, &args![company, limit])
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    for table in ["property_company", "property_contract", "property_staff", "property_record"] {
        store::follow_places(tx, table, "path", from, to)?;
    }
    Ok(())
}
