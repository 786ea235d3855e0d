//! Says what a table of companies and their contracts adds, and takes it in, all of it or nothing.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use counter::Counter;
use hall::Fault;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;

use super::by::By;
use super::company::{CONTRACTS_MOST, put_company, put_contract};
use super::turns;
use crate::permissions::May;
use crate::records::company as records;
use crate::refusals::Why;
use crate::rules::company::overlap;
use crate::rules::company_sheet::{CompanyDraft, ContractDraft};
use crate::rules::register::RowFault;
use crate::words::company::{Company, Contract};

/// How many companies and contracts of a table are new, and how many were registered before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Companies that are new.
    pub companies: usize,
    /// Contracts that are new.
    pub contracts: usize,
    /// Companies and contracts that were registered as the table has them, and stay as they are.
    pub before: usize,
}

/// What a table adds to what is registered.
#[derive(Default)]
pub struct Plan {
    /// Companies that are new.
    pub companies: Vec<Company>,
    /// Contracts that are new.
    pub contracts: Vec<Contract>,
    /// How many companies and contracts are registered as the table has them.
    pub before: usize,
    faults: Vec<RowFault>,
    /// The contracts of each community that is named, with those that are added.
    standing: BTreeMap<PlacePath, Vec<Contract>>,
}

/// What the companies of a table would add at a place, with their contracts. A company whose credit code is known stays
/// as it is registered, and so does a contract that is known.
///
/// # Errors
/// No permission at the place or in a community. Rows that cannot be taken are no failure: they are returned.
pub fn plan(
    tx: &mut dyn Tx,
    place: &PlacePath,
    drafts: &[CompanyDraft],
    by: &By,
) -> Result<Result<Plan, Vec<RowFault>>, Fault> {
    by.may_at(May::PropertyCompany, place)?;
    let mut plan = Plan::default();
    for draft in drafts {
        let Some(company) = plan.company(tx, place, draft, by)? else { continue };
        for contract in &draft.contracts {
            by.may_at(May::PropertyCompany, &contract.path)?;
            plan.contract(tx, company, contract, by)?;
        }
    }
    if plan.faults.is_empty() {
        return Ok(Ok(plan));
    }
    plan.faults.sort_by_key(|fault| fault.line);
    Ok(Err(plan.faults))
}

/// Registers the companies of a table at a place, with their contracts, once somebody saw how many are new. Sent twice
/// it is taken once.
///
/// # Errors
/// As [`plan`], and other numbers than those that were seen. Rows that cannot be taken are returned, and nothing is
/// taken then.
pub fn import(
    tx: &mut dyn Tx,
    place: &PlacePath,
    drafts: &[CompanyDraft],
    seen: Taken,
    counter: &Counter,
    by: &By,
) -> Result<Result<Taken, Vec<RowFault>>, Fault> {
    turns::of_companies(tx, counter, by.now)?;
    // Always in one order, so that two tables never wait for each other.
    let communities: BTreeSet<&PlacePath> =
        drafts.iter().flat_map(|draft| &draft.contracts).map(|contract| &contract.path).collect();
    for community in communities {
        turns::of_community(tx, counter, community, by.now)?;
    }
    let Plan { companies, contracts, before, .. } = match plan(tx, place, drafts, by)? {
        Ok(plan) => plan,
        Err(faults) => return Ok(Err(faults)),
    };
    if !by.is_first(tx, "property.company_sheet")? {
        return Ok(Ok(Taken::default()));
    }
    let taken = Taken { companies: companies.len(), contracts: contracts.len(), before };
    if taken != seen {
        return Err(Refusal::new(Why::PropertySheetChanged).into());
    }
    for company in &companies {
        put_company(tx, company, by)?;
    }
    for contract in &contracts {
        put_contract(tx, contract, by)?;
    }
    Ok(Ok(taken))
}

impl Plan {
    /// The company of a draft, the one that is registered or a new one; none if its row cannot be taken.
    fn company(
        &mut self,
        tx: &mut dyn Tx,
        place: &PlacePath,
        draft: &CompanyDraft,
        by: &By,
    ) -> Result<Option<Uuid>, Fault> {
        let wrong = |refusal| RowFault { line: draft.line, refusal };
        if let Some(known) = records::company_of_code(tx, &draft.credit_code)? {
            if tables::plain(&known.name) != tables::plain(&draft.name) {
                let refusal = Refusal::new(Why::PropertyCompanyName).field("company_name").with("name", known.name);
                self.faults.push(wrong(refusal));
                return Ok(None);
            }
            self.before += 1;
            return Ok(Some(known.id));
        }
        if draft.hotline.is_empty() {
            self.faults.push(wrong(Refusal::new(Code::FormMissing).field("hotline")));
            return Ok(None);
        }
        let company = Company {
            id: Uuid::now_v7(),
            path: place.clone(),
            name: draft.name.clone(),
            credit_code: draft.credit_code.clone(),
            hotline: draft.hotline.clone(),
            party: draft.party,
            party_since: draft.party_since,
            changed_name: by.actor.name.clone(),
            changed_at: by.now,
        };
        let id = company.id;
        self.companies.push(company);
        Ok(Some(id))
    }

    /// Adds a contract of a company, or says what is wrong with it.
    fn contract(&mut self, tx: &mut dyn Tx, company: Uuid, draft: &ContractDraft, by: &By) -> Result<(), Fault> {
        let contract = Contract {
            id: Uuid::now_v7(),
            company_id: company,
            path: draft.path.clone(),
            compound: draft.compound.clone(),
            paper: draft.paper.clone(),
            kind: draft.kind,
            starts_on: draft.starts_on,
            ends_on: draft.ends_on,
            noticed_by: None,
            noticed_on: None,
            leaves_on: None,
            changed_name: by.actor.name.clone(),
            changed_at: by.now,
            own_days: None,
        };
        let standing = match self.standing.entry(draft.path.clone()) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(free) => free.insert(records::contracts_inside(tx, &draft.path, CONTRACTS_MOST)?),
        };
        let Some(other) = standing.iter().find(|other| overlap(&contract, other)) else {
            standing.push(contract.clone());
            self.contracts.push(contract);
            return Ok(());
        };
        let is_same = other.company_id == company
            && other.paper == contract.paper
            && (other.starts_on, other.ends_on) == (contract.starts_on, contract.ends_on);
        if is_same {
            self.before += 1;
            return Ok(());
        }
        let owner = other.company_id;
        let name = match self.companies.iter().find(|one| one.id == owner) {
            Some(company) => company.name.clone(),
            None => records::company(tx, owner)?.map(|company| company.name).unwrap_or_default(),
        };
        let refusal = Refusal::new(Why::PropertyOverlap).field("starts_on").with("name", name);
        self.faults.push(RowFault { line: draft.line, refusal });
        Ok(())
    }
}
