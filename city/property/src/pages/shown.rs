//! What companies show on the pages of others: who serves a place, what was promised there, and what waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use house::{AskOfPlace, AskWaiting, Lane, Panel, PanelLine, PlaceAt, Section, Sought};
use kernel::money::Fen;
use kernel::permission::{Actor, Permission};
use kernel::place::Level;
use kernel::time::Instant;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::{Heading, Page, Service};

use super::companies::{MOST, address};
use super::income::titled;
use super::tables::address_of;
use super::typed::said;
use crate::Companies;
use crate::actions::by::places_of;
use crate::permissions::May;
use crate::records::{company as records, fund, grade as grades, income as incomes, table as tables};
use crate::rules::grade;
use crate::words::company::Contract;
use crate::words::fund::FundCase;
use crate::words::grade::Noted;
use crate::words::income::Income;
use crate::words::table::Commitment;

/// The most commitments on the page of a place.
const SHOWN: i64 = 6;

/// The sections that are added to the page of a place.
pub(crate) fn sections(desk: &Arc<Companies>) -> Vec<Section> {
    vec![
        Section { order: 35, show: of_place(desk) },
        Section { order: 36, show: promised() },
        Section { order: 37, show: income() },
        Section { order: 38, show: uses(desk) },
    ]
}

/// The lanes that are added to the list of what waits.
pub(crate) fn lanes(desk: &Arc<Companies>) -> Vec<Lane> {
    let appeals: AskWaiting = Arc::new(|tx: &mut dyn Tx, actor: &Actor, _: Instant| {
        let mut open = 0;
        for place in places_of(actor, May::PropertyAppeal) {
            open += grades::count_open(tx, &place)?;
        }
        Ok(open)
    });
    let desk = desk.clone();
    let tables: AskWaiting = Arc::new(move |tx: &mut dyn Tx, actor: &Actor, now: Instant| {
        let mut late = 0;
        for place in places_of(actor, May::PropertyTable) {
            let today = desk.hall.day(now);
            late += desk.overdue(tx, &place, today)?.iter().filter(|one| !one.is_called(today)).count();
        }
        Ok(i64::try_from(late).unwrap_or(i64::MAX))
    });
    let lane = |key, href, permission, order, count| Lane { key, href, permission, order, count };
    vec![
        lane("property-appeals", "/property/appeals", May::PropertyAppeal, 70, appeals),
        lane("property-tables-overdue", "/property/tables", May::PropertyTable, 71, tables),
    ]
}

/// What people find under the headings of the platform.
pub(crate) fn services() -> Vec<Service> {
    let service = |(key, purpose): (&'static str, &'static str), href, permission: Option<Permission>, order| Service {
        heading: if permission.is_some() { Heading::Topics } else { Heading::Nearby },
        key,
        purpose,
        href,
        permission,
        order,
    };
    let companies = ("property-companies", "property-companies-for");
    let tables = ("property-tables", "property-tables-for");
    let income = ("property-income-new", "property-income-new-for");
    let fund = ("property-fund", "property-fund-for");
    let firsts = ("property-firsts", "property-firsts-for");
    let uses = ("property-uses", "property-uses-kept-for");
    let near = ("property-near", "property-near-for");
    vec![
        service(near, "/property/near", None, 59),
        service(companies, "/property/companies", Some(May::PropertyCompany), 60),
        service(tables, "/property/tables", Some(May::PropertyRead), 61),
        service(firsts, "/property/first", Some(May::PropertyFirst), 62),
        service(income, "/property/income/new", Some(May::PropertyIncome), 63),
        // Whoever takes applications in finds it beside the owners' register.
        Service { heading: Heading::Community, ..service(uses, "/property/fund/cases", Some(May::PropertyFund), 63) },
        service(fund, "/property/fund", None, 60),
    ]
}

/// The pages that people look for by other words than their names.
pub(crate) fn sought() -> Vec<Sought> {
    let page = |[key, purpose, words]: [&'static str; 3], href| Sought { key, purpose, words, href, permission: None };
    vec![
        page(["property-near", "property-near-for", "property-words"], "/property/near"),
        page(["property-fund", "property-fund-for", "property-fund-words"], "/property/fund"),
        page(["property-nav-own", "property-nav-own-for", "property-votes-words"], "/property/votes"),
        page(["property-nav-link", "property-nav-link-for", "property-link-words"], "/property/link"),
    ]
}

/// The companies that serve a place.
pub(super) fn of_place(desk: &Arc<Companies>) -> AskOfPlace {
    let desk = desk.clone();
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| {
        if at.level != Level::Community {
            return Ok(None);
        }
        let today = page.today();
        let mut contracts = records::contracts_inside(tx, at.path, MOST)?;
        contracts.retain(|contract| contract.is_in_force(today));
        let lines = desk.lines(tx, page, &contracts)?;
        let (title, empty) = (page.t("property-section"), page.t("property-section-none"));
        Ok(Some(Panel { title, lines, empty, more: (String::new(), String::new()) }))
    })
}

/// What was promised at the three-party tables of a place and is still to be kept.
fn promised() -> AskOfPlace {
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| {
        if at.level != Level::Community {
            return Ok(None);
        }
        let line = |one: Commitment| PanelLine {
            term: format!("{} · {}", one.compound, said(page, "property-party-at-", one.side.code())),
            text: format!("{} · {}", one.text, page.full_date(one.due_on)),
            href: String::new(),
        };
        let lines = tables::open_commitments(tx, at.path, SHOWN)?.into_iter().map(line).collect();
        let (title, empty) = (page.t("property-tables"), page.t("property-commitments-open-none"));
        Ok(Some(Panel { title, lines, empty, more: (page.t("property-tables-all"), address_of(at.id)) }))
    })
}

/// The income of shared parts that was published in a place.
fn income() -> AskOfPlace {
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| {
        if at.level != Level::Community {
            return Ok(None);
        }
        let line = |one: Income| PanelLine {
            term: format!("{} · {}", one.compound, titled(page, &one)),
            text: Fen::new(one.income_fen.saturating_sub(one.cost_fen)).to_string(),
            href: format!("/property/income/{}", one.id),
        };
        let lines = incomes::inside(tx, at.path, SHOWN)?.into_iter().map(line).collect();
        let (title, empty) = (page.t("property-income"), page.t("property-income-none"));
        let more = (page.t("property-income-all"), format!("/property/income/of/{}", at.id));
        Ok(Some(Panel { title, lines, empty, more }))
    })
}

/// The uses of the maintenance fund that were entered in a place.
fn uses(desk: &Arc<Companies>) -> AskOfPlace {
    let desk = desk.clone();
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| {
        if at.level != Level::Community {
            return Ok(None);
        }
        let line = |one: FundCase| PanelLine {
            term: format!("{} · {}", one.compound, one.works),
            text: desk.stage(page, &one),
            href: String::new(),
        };
        let lines = fund::inside(tx, at.path, SHOWN)?.into_iter().map(line).collect();
        let (title, empty) = (page.t("property-uses"), page.t("property-uses-none"));
        let more = (page.t("property-uses-all"), format!("/property/fund/of/{}", at.id));
        Ok(Some(Panel { title, lines, empty, more }))
    })
}

impl Companies {
    /// Who serves compounds: name, grade and telephone.
    fn lines(&self, tx: &mut dyn Tx, page: &Page, contracts: &[Contract]) -> Result<Vec<PanelLine>, StoreError> {
        let ids: BTreeSet<Uuid> = contracts.iter().map(|contract| contract.company_id).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let companies = records::several(tx, &ids)?;
        let mut noted: BTreeMap<Uuid, Vec<Noted>> = BTreeMap::new();
        for record in grades::of_companies(tx, &ids)? {
            noted.entry(record.company_id).or_default().push(record);
        }
        let line = |contract: &Contract| {
            let company = companies.iter().find(|company| company.id == contract.company_id)?;
            let noted = noted.get(&company.id).map(Vec::as_slice).unwrap_or_default();
            let grade = self.scales.used().and_then(|scale| grade::sum(scale, noted, page.today()).grade);
            let grade = grade.map(|grade| page.t1("property-section-grade", "grade", grade));
            let parts = [Some(company.name.clone()), grade, Some(company.hotline.clone())];
            let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            Some(PanelLine { term: contract.compound.clone(), text, href: address(company.id) })
        };
        Ok(contracts.iter().filter_map(line).collect())
    }
}
