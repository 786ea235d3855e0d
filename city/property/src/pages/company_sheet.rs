//! The form that takes a table of companies and their contracts in. A table that cannot be taken is answered row by
//! row; of another one the page says what it adds, and it is taken once somebody confirms that.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Fault;
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use tables::Limits;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Choice, Crumb, Form, Page, Problem, UploadForm, WebError, render_status};

use super::companies::crumbs;
use super::frame::{heads, sender};
use super::in_each;
use super::sheet::{Sheet, TOLD, Wrong};
use super::typed::LABELS;
use crate::Companies;
use crate::actions::by::places_of;
use crate::actions::company_sheet::{self as actions, Taken};
use crate::permissions::May;
use crate::records::company as records;
use crate::rules::company_sheet::{COLUMNS, CompanyDraft, REQUIRED, SheetWords, read};
use crate::words::company::{Bond, Company, Contract, Party};

/// The value of the field `step` by which a table is taken in that somebody looked at.
const CONFIRM: &str = "confirm";
/// The table of companies: all those of a city with every contract that they ever had.
const SHEET: Sheet = Sheet {
    titles: LABELS,
    columns: &COLUMNS,
    required: &REQUIRED,
    limits: Limits { rows: 4_000, columns: 40, bytes: 8 * 1024 * 1024 },
};

#[derive(Template)]
#[template(path = "property/company_sheet.html")]
struct SheetPage {
    page: Page,
    crumbs: Vec<Crumb>,
    /// The places whose posts may keep the entries.
    places: Vec<Choice>,
    columns: String,
    parties: String,
    kinds: String,
    problems: Vec<Problem>,
    faults: Option<Table>,
    more: usize,
}

/// What a table adds, to be confirmed.
#[derive(Template)]
#[template(path = "property/company_plan.html")]
struct PlanPage {
    page: Page,
    crumbs: Vec<Crumb>,
    /// The place whose posts will keep the entries, in words and by its identity.
    place: String,
    at: String,
    /// How many companies and contracts are new, in one sentence.
    count: String,
    /// The companies and contracts that are new, as far as there are any.
    lists: Vec<Table>,
    /// The most lines of each list.
    most: usize,
    /// The numbers that are shown, to be sent back.
    seen: Taken,
    /// The rows of the table, to be sent back.
    sent: Vec<String>,
    problems: Vec<Problem>,
}

/// A table that was brought.
struct Brought {
    place: PlacePath,
    drafts: Vec<CompanyDraft>,
    /// Its rows as texts for a form.
    rows: Vec<String>,
}

/// `GET /property/companies/import`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    desk.sheet_page(page, &Form::default(), &Wrong::default())
}

/// `GET /property/companies/template`: the columns of the table.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn template(page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    SHEET.template(&page, "companies").await
}

/// `POST /property/companies/import`: says what a table adds; with `step=confirm` it takes in what was looked at.
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn post(State(desk): State<Arc<Companies>>, page: Page, form: UploadForm) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let Some(place) = desk.place(form.get("where")) else {
        return desk.sheet_page(page, &form, &Refusal::new(Code::FormChoice).field("where").into());
    };
    let is_confirmed = form.get("step") == CONFIRM;
    let table = match table_of(&page, &form, is_confirmed).await? {
        Ok(table) => table,
        Err(refusal) => return desk.sheet_page(page, &form, &refusal.into()),
    };
    let drafts = match read(&table, &desk.sheet_words(&page, &table)) {
        Ok(drafts) => drafts,
        Err(rows) => return desk.sheet_page(page, &form, &rows.into()),
    };
    let brought = Brought { place, drafts, rows: Sheet::sent(&table) };
    if !is_confirmed {
        return desk.company_plan(page, &form, brought, None).await;
    }
    let (by, drafts, place) = (sender(&page, &form, ""), brought.drafts.clone(), brought.place.clone());
    let (seen, counter) = (seen(&form), desk.votes.counter.clone());
    let act = move |tx: &mut dyn Tx| actions::import(tx, &place, &drafts, seen, &counter, &by);
    let taken = match desk.hall.store.write(act).await {
        Ok(Err(rows)) => return desk.sheet_page(page, &form, &rows.into()),
        Ok(Ok(taken)) => Ok(taken),
        Err(fault) => Err(fault),
    };
    let to = |taken: Taken| {
        let Taken { companies, contracts, before } = taken;
        format!("/property/companies?companies={companies}&contracts={contracts}&before={before}")
    };
    let again = |refusal: Refusal| async { desk.company_plan(page, &form, brought, Some(refusal)).await };
    web::answer_permitted(taken.map(to), again).await
}

/// The table that a form brings: one that somebody looked at, or a file.
async fn table_of(
    page: &Page,
    form: &UploadForm,
    is_confirmed: bool,
) -> Result<Result<tables::Table, Refusal>, WebError> {
    if let Some(table) = SHEET.sent_back(form).filter(|_| is_confirmed) {
        return Ok(Ok(table));
    }
    let bytes = form.files().first().map(|file| file.bytes.to_vec()).unwrap_or_default();
    let asking = page.clone();
    page.aside(move || SHEET.read(&asking, &bytes)).await
}

/// What somebody saw before she confirmed it.
fn seen(form: &Form) -> Taken {
    let number = |name: &str| form.get(name).parse().unwrap_or_default();
    Taken { companies: number("companies"), contracts: number("contracts"), before: number("before") }
}

impl Companies {
    /// What the words of a table mean.
    fn sheet_words(&self, page: &Page, table: &tables::Table) -> SheetWords {
        let (tree, own) = (self.hall.places.tree(), places_of(&page.visitor.actor, May::PropertyCompany));
        let named: BTreeSet<String> = table.rows.iter().map(|row| row.plain("community")).collect();
        let called = |name: &str| -> Vec<PlacePath> {
            let found = tree.exactly(name).into_iter().filter(|place| place.path.level() == Level::Community);
            let paths = found.map(|place| place.path.clone());
            paths.filter(|path| own.iter().any(|place| place.contains(path))).collect()
        };
        SheetWords {
            parties: meant(page, "property-party-", Party::ALL.iter().copied(), Party::code),
            kinds: meant(page, "property-bond-", Bond::ALL.iter().copied(), Bond::code),
            communities: named.into_iter().map(|name| (name.clone(), called(&name))).collect(),
        }
    }

    /// What a table adds, with its rows to be sent back.
    async fn company_plan(
        self: &Arc<Self>,
        page: Page,
        form: &UploadForm,
        brought: Brought,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let (place, drafts, by) = (brought.place.clone(), brought.drafts, sender(&page, form, ""));
        let look = move |tx: &mut dyn Tx| {
            let plan = match actions::plan(tx, &place, &drafts, &by)? {
                Ok(plan) => plan,
                Err(rows) => return Ok(Err(rows)),
            };
            let mut names: BTreeMap<Uuid, String> =
                plan.companies.iter().map(|one| (one.id, one.name.clone())).collect();
            for contract in &plan.contracts {
                if let Entry::Vacant(free) = names.entry(contract.company_id) {
                    let known = records::company(tx, contract.company_id)?;
                    free.insert(known.map(|company| company.name).unwrap_or_default());
                }
            }
            Ok::<_, Fault>(Ok((plan, names)))
        };
        let (plan, names) = match self.hall.store.read(look).await? {
            Ok(found) => found,
            Err(rows) => return self.sheet_page(page, form, &rows.into()),
        };
        let taken = Taken { companies: plan.companies.len(), contracts: plan.contracts.len(), before: plan.before };
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let lists = [added(&page, &plan.companies), self.contracts_added(&page, &plan.contracts, &names)];
        let drawn = PlanPage {
            crumbs: crumbs(&page),
            place: self.hall.places.tree().chain(&brought.place, page.lang),
            at: brought.place.id().to_string(),
            count: told(&page, "property-company-plan-count", taken),
            lists: lists.into_iter().filter(|list| !list.rows.is_empty()).collect(),
            most: TOLD,
            seen: taken,
            sent: brought.rows,
            problems: page.problems(LABELS, refusal.as_slice()),
            page,
        };
        render_status(status, &drawn)
    }

    /// The first contracts that a table adds.
    fn contracts_added(&self, page: &Page, contracts: &[Contract], known: &BTreeMap<Uuid, String>) -> Table {
        let tree = self.hall.places.tree();
        let named = [
            (ColumnKind::Text, "company-name"),
            (ColumnKind::Text, "compound"),
            (ColumnKind::Text, "community"),
            (ColumnKind::Date, "starts-on"),
            (ColumnKind::Date, "ends-on"),
        ];
        let row = |one: &Contract| -> Vec<Cell> {
            vec![
                known.get(&one.company_id).cloned().unwrap_or_default().into(),
                one.compound.clone().into(),
                tree.chain(&one.path, page.lang).into(),
                one.starts_on.into(),
                one.ends_on.into(),
            ]
        };
        let rows = contracts.iter().take(TOLD).map(row);
        Table::new(page.t("property-plan-contracts"), heads(page, named)).with(rows)
    }

    fn sheet_page(&self, page: Page, form: &Form, wrong: &Wrong) -> Result<Response, WebError> {
        let status = if wrong.is_nothing() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let words = |beginning: &str, codes: Vec<&'static str>| -> String {
            let texts: Vec<String> = codes.into_iter().map(|code| page.t(&format!("{beginning}{code}"))).collect();
            texts.join(page.lang.pick("、", ", "))
        };
        let drawn = SheetPage {
            crumbs: crumbs(&page),
            places: self.posts(&page, May::PropertyCompany, form.get("where")),
            columns: SHEET.told(&page),
            parties: words("property-party-", Party::ALL.iter().copied().map(Party::code).collect()),
            kinds: words("property-bond-", Bond::ALL.iter().copied().map(Bond::code).collect()),
            problems: page.problems(LABELS, wrong.refusal.as_slice()),
            faults: SHEET.faults(&page, wrong),
            more: wrong.more(),
            page,
        };
        render_status(status, &drawn)
    }
}

/// The first companies that a table adds.
fn added(page: &Page, companies: &[Company]) -> Table {
    let named = [(ColumnKind::Text, "company-name"), (ColumnKind::Text, "credit-code"), (ColumnKind::Text, "hotline")];
    let row = |one: &Company| -> Vec<Cell> {
        vec![one.name.clone().into(), one.credit_code.clone().into(), one.hotline.clone().into()]
    };
    let rows = companies.iter().take(TOLD).map(row);
    Table::new(page.t("property-plan-companies"), heads(page, named)).with(rows)
}

/// How many companies and contracts are new, in words.
fn told(page: &Page, key: &str, taken: Taken) -> String {
    let Taken { companies, contracts, before } = taken;
    let numbers = [companies, contracts, before].map(|number| number.to_string());
    let [companies, contracts, before] = numbers.each_ref().map(String::as_str);
    page.text(key, &[("companies", companies), ("contracts", contracts), ("before", before)])
}

/// The words that stand for each of some codes, in any language.
fn meant<T: Copy>(
    page: &Page,
    beginning: &str,
    all: impl Iterator<Item = T>,
    code: impl Fn(T) -> &'static str,
) -> BTreeMap<String, T> {
    let mut words = BTreeMap::new();
    for one in all {
        let texts = in_each(page, &format!("{beginning}{}", code(one)));
        words.extend(texts.iter().map(|text| (tables::folded(text), one)));
    }
    words
}
