//! Who sits at a three-party table, by what is known elsewhere: the residents' committee and the owners' committee
//! among the bodies of the community, and the company that has a contract for the compound.

use bodies::Body;
use hall::Fault;
use store::Tx;
use web::Page;

use super::companies::MOST;
use super::typed::said;
use crate::Companies;
use crate::records::company as records;
use crate::words::table::{Parties, Party, Table};

/// The kind of a residents' committee among the bodies of a community.
const RESIDENTS: &str = "residents";
/// The kind of an owners' committee.
const OWNERS: &str = "owners";

/// The sides of a table.
pub(super) struct Sides {
    bodies: Vec<Body>,
    companies: Vec<String>,
}

impl Sides {
    /// The sides in words: each once, who it is, and until when a term lasts.
    pub(super) fn lines(&self, page: &Page) -> Vec<(String, String)> {
        let line = |body: &Body| {
            let party = if body.kind == OWNERS { Party::Owners } else { Party::Committee };
            let until = body.term_ends.map(|day| page.t1("property-side-until", "date", page.full_date(day)));
            let told = [Some(body.name.clone()), until].into_iter().flatten();
            (party, told.collect::<Vec<String>>().join(" · "))
        };
        let companies = self.companies.iter().map(|name| (Party::Company, name.clone()));
        let all: Vec<(Party, String)> = self.bodies.iter().map(line).chain(companies).collect();
        let told = |party: Party| {
            let own: Vec<&str> = all.iter().filter(|one| one.0 == party).map(|one| one.1.as_str()).collect();
            let text = || own.join(page.lang.pick("；", "; "));
            (!own.is_empty()).then(|| (said(page, "property-party-at-", party.code()), text()))
        };
        [Party::Committee, Party::Owners, Party::Company].into_iter().filter_map(told).collect()
    }

    /// The sides of which it is known who they are.
    pub(super) fn known(&self) -> Parties {
        let has = |kind: &str| self.bodies.iter().any(|body| body.kind == kind);
        let known = [
            (Party::Committee, has(RESIDENTS)),
            (Party::Owners, has(OWNERS)),
            (Party::Company, !self.companies.is_empty()),
        ];
        Parties::parse(known.into_iter().filter(|side| side.1).map(|side| side.0.code()))
    }
}

impl Companies {
    /// The sides of a table.
    pub(super) fn sides(&self, tx: &mut dyn Tx, table: &Table) -> Result<Sides, Fault> {
        let mut bodies = self.bodies.bodies_at(tx, &table.path)?;
        bodies.retain(|body| sits(&body.kind, [&body.compound, &body.name], &table.compound));
        let mut companies = Vec::new();
        for contract in records::contracts_inside(tx, &table.path, MOST)? {
            if contract.compound == table.compound && contract.is_in_force(table.held_on) {
                companies.extend(records::company(tx, contract.company_id)?.map(|company| company.name));
            }
        }
        Ok(Sides { bodies, companies })
    }
}

/// Whether a body sits at the table of a compound. An owners' committee is that of the compound for which it is kept;
/// where that is not known, it is if its name begins with the compound's.
fn sits(kind: &str, [of, name]: [&str; 2], compound: &str) -> bool {
    let is_its = if of.is_empty() { name.starts_with(compound) } else { of == compound };
    kind == RESIDENTS || (kind == OWNERS && is_its)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owners_committee_of_the_compound_sits_at_its_table_and_no_other() {
        for (kind, of, name, expected) in [
            (RESIDENTS, "", "华炉社区居委会", true),
            (OWNERS, "翠湖", "翠湖小区业主委员会", true),
            (OWNERS, "翠湖", "第一届业主委员会", true),
            (OWNERS, "翠湖二期", "翠湖二期业主委员会", false),
            (OWNERS, "", "翠湖业主委员会", true),
            (OWNERS, "", "北苑业主委员会", false),
            ("police", "翠湖", "翠湖警务室", false),
        ] {
            assert_eq!(sits(kind, [of, name], "翠湖"), expected, "{kind} {of} {name}");
        }
    }
}
