//! Registers companies, their contracts and who is on duty, each in one transaction.

use std::collections::BTreeSet;

use bodies::Known;
use counter::Counter;
use hall::Fault;
use kernel::permission::{Actor, Target, may};
use kernel::place::{Level, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::Date;
use serde_json::json;
use store::{StoreError, Tx};
use uuid::Uuid;

use super::by::{By, Deed};
use super::turns;
use crate::permissions::May;
use crate::records::company as records;
use crate::refusals::Why;
use crate::rules::company::{self as rules, NoticeDays};
use crate::words::company::{Company, Contract, Notice, OnDuty};

/// The most contracts of a compound that are looked at for an overlap.
pub(super) const CONTRACTS_MOST: i64 = 5_000;

/// The kind of a company among the bodies of a community.
const BODY: &str = "property";

/// The companies that serve compounds of a community on a day, as they stand among its bodies: each once, with the
/// compounds. None at another level.
///
/// # Errors
/// The store failed.
pub fn known(tx: &mut dyn Tx, place: &PlacePath, on: Date) -> Result<Vec<Known>, StoreError> {
    if place.level() != Level::Community {
        return Ok(Vec::new());
    }
    let mut contracts = records::contracts_inside(tx, place, CONTRACTS_MOST)?;
    contracts.retain(|contract| contract.is_in_force(on));
    let ids: BTreeSet<Uuid> = contracts.iter().map(|contract| contract.company_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut companies = records::several(tx, &ids)?;
    companies.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    let served = |company: &Company| {
        let own = contracts.iter().filter(|contract| contract.company_id == company.id);
        let own: BTreeSet<&str> = own.map(|contract| contract.compound.as_str()).collect();
        own.into_iter().collect::<Vec<&str>>().join("、")
    };
    let known = |company: &Company| Known {
        id: company.id,
        kind: BODY,
        name: company.name.clone(),
        telephone: company.hotline.clone(),
        address: served(company),
    };
    Ok(companies.iter().map(known).collect())
}

/// Says whether somebody keeps the entry of a company.
#[must_use]
pub fn keeps(actor: &Actor, company: &Company) -> bool {
    may(actor, May::PropertyCompany, &Target::at(company.path.clone())).is_ok()
}

/// Registers a company. Sent twice it is registered once.
///
/// # Errors
/// No permission there, or a company of that credit code is registered.
pub fn register(tx: &mut dyn Tx, company: &Company, counter: &Counter, by: &By) -> Result<(), Fault> {
    by.may_at(May::PropertyCompany, &company.path)?;
    if !by.is_first(tx, "property.company")? {
        return Ok(());
    }
    turns::of_companies(tx, counter, by.now)?;
    if let Some(known) = records::company_of_code(tx, &company.credit_code)? {
        return Err(Refusal::new(Why::PropertyCompanyKnown).field("credit_code").with("name", known.name).into());
    }
    put_company(tx, company, by)
}

/// Keeps a new company, and notes it.
pub(super) fn put_company(tx: &mut dyn Tx, company: &Company, by: &By) -> Result<(), Fault> {
    records::put_company(tx, company)?;
    let detail = json!({ "name": company.name, "credit_code": company.credit_code });
    let kind = "property.company_registered";
    by.note(tx, &Deed { place: &company.path, stream: company.id, kind, detail })
}

/// Changes what is entered of a company; its credit code stays. Sent twice it is changed once.
///
/// # Errors
/// `NotFound` if its entry is not hers to keep.
pub fn change(tx: &mut dyn Tx, company: &Company, by: &By) -> Result<(), Fault> {
    let before = kept(tx, company.id, by)?;
    by.may_at(May::PropertyCompany, &company.path)?;
    if !by.is_first(tx, "property.company_change")? {
        return Ok(());
    }
    let changed = changed(&before, company);
    let company = Company { credit_code: before.credit_code, ..company.clone() };
    records::put_company(tx, &company)?;
    // What somebody wrote stays out of the log, which forgets nothing: it says which fields were changed.
    let detail = json!({ "changed": changed });
    let kind = "property.company_changed";
    by.note(tx, &Deed { place: &company.path, stream: company.id, kind, detail })
}

/// Which fields of a company are changed.
fn changed(before: &Company, after: &Company) -> Vec<&'static str> {
    let fields = [
        ("name", before.name != after.name),
        ("hotline", before.hotline != after.hotline),
        ("party", before.party != after.party),
        ("party_since", before.party_since != after.party_since),
        ("place", before.path != after.path),
    ];
    fields.into_iter().filter(|field| field.1).map(|field| field.0).collect()
}

/// The company of an identity, for whoever keeps its entry.
fn kept(tx: &mut dyn Tx, id: Uuid, by: &By) -> Result<Company, Fault> {
    let found = records::company(tx, id)?.ok_or(Fault::NotFound)?;
    if keeps(&by.actor, &found) { Ok(found) } else { Err(Fault::NotFound) }
}

/// Enters a contract. Sent twice it is entered once.
///
/// # Errors
/// No permission in the community, no such company, or the compound has a contract for some of these days.
pub fn add_contract(tx: &mut dyn Tx, contract: &Contract, counter: &Counter, by: &By) -> Result<(), Fault> {
    by.may_at(May::PropertyCompany, &contract.path)?;
    if records::company(tx, contract.company_id)?.is_none() {
        return Err(Fault::NotFound);
    }
    if !by.is_first(tx, "property.contract")? {
        return Ok(());
    }
    turns::of_community(tx, counter, &contract.path, by.now)?;
    let standing = records::contracts_inside(tx, &contract.path, CONTRACTS_MOST)?;
    if let Some(other) = standing.iter().find(|other| rules::overlap(contract, other)) {
        let company = records::company(tx, other.company_id)?.map(|company| company.name).unwrap_or_default();
        return Err(Refusal::new(Why::PropertyOverlap).field("starts_on").with("name", company).into());
    }
    put_contract(tx, contract, by)
}

/// Keeps a contract, and notes it.
pub(super) fn put_contract(tx: &mut dyn Tx, contract: &Contract, by: &By) -> Result<(), Fault> {
    records::add_contract(tx, contract)?;
    by.note(
        tx,
        &Deed {
            place: &contract.path,
            stream: contract.company_id,
            kind: "property.contract_entered",
            detail: json!({
                "contract": contract.id, "community": contract.path.id(), "compound": contract.compound,
                "paper": contract.paper, "kind": contract.kind.code(), "from": contract.starts_on.to_string(),
                "to": contract.ends_on.to_string(),
            }),
        },
    )
}

/// Enters that a contract ends, because somebody gave notice. Sent twice it is entered once.
///
/// # Errors
/// `NotFound` if the compound is not hers; the days of the notice are not kept.
pub fn give_notice(tx: &mut dyn Tx, id: Uuid, notice: &Notice, days: NoticeDays, by: &By) -> Result<(), Fault> {
    let contract = records::contract(tx, id)?.ok_or(Fault::NotFound)?;
    by.may_at(May::PropertyCompany, &contract.path).map_err(|_| Fault::NotFound)?;
    if !by.is_first(tx, "property.notice")? {
        return Ok(());
    }
    rules::notice(&contract, notice, days)?;
    let contract = Contract { changed_name: by.actor.name.clone(), changed_at: by.now, ..contract };
    records::end_contract(tx, &contract, notice)?;
    by.note(
        tx,
        &Deed {
            place: &contract.path,
            stream: contract.company_id,
            kind: "property.notice_given",
            detail: json!({
                "contract": id, "by": notice.by.code(), "on": notice.on.to_string(),
                "leaves_on": notice.leaves_on.to_string(), "own_days": notice.own_days,
                "late": rules::lateness(&contract, notice, days).is_some(),
            }),
        },
    )
}

/// Enters who is on duty. Sent twice they are entered once.
///
/// # Errors
/// No permission in the community, or no such company.
pub fn add_staff(tx: &mut dyn Tx, staff: &OnDuty, by: &By) -> Result<(), Fault> {
    by.may_at(May::PropertyCompany, &staff.path)?;
    if records::company(tx, staff.company_id)?.is_none() {
        return Err(Fault::NotFound);
    }
    if !by.is_first(tx, "property.staff")? {
        return Ok(());
    }
    records::add_staff(tx, staff)?;
    let detail = json!({
        "community": staff.path.id(), "compound": staff.compound, "work": staff.work.code(), "number": staff.number,
    });
    let deed = Deed { place: &staff.path, stream: staff.company_id, kind: "property.staff_entered", detail };
    by.note(tx, &deed)
}

/// Takes people on duty out. Sent twice they are taken out once.
///
/// # Errors
/// `NotFound` if there are none, or the compound is not hers.
pub fn remove_staff(tx: &mut dyn Tx, id: Uuid, by: &By) -> Result<(), Fault> {
    if !by.is_first(tx, "property.staff_out")? {
        return Ok(());
    }
    let staff = records::on_duty(tx, id)?.ok_or(Fault::NotFound)?;
    by.may_at(May::PropertyCompany, &staff.path).map_err(|_| Fault::NotFound)?;
    records::remove_staff(tx, id)?;
    let detail = json!({ "community": staff.path.id(), "compound": staff.compound, "work": staff.work.code() });
    let deed = Deed { place: &staff.path, stream: staff.company_id, kind: "property.staff_removed", detail };
    by.note(tx, &deed)
}
