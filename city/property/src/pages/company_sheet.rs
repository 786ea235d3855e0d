//! The form that takes a table of companies and their contracts in. A table that cannot be taken is answered row by
//! row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use tables::Limits;
use web::table::Table;
use web::{Choice, Crumb, Form, Page, Problem, UploadForm, WebError, render_status};

use super::companies::crumbs;
use super::frame::sender;
use super::in_each;
use super::sheet::{Sheet, Wrong};
use super::typed::LABELS;
use crate::Companies;
use crate::actions::by::places_of;
use crate::actions::company_sheet as actions;
use crate::permissions::May;
use crate::rules::company_sheet::{COLUMNS, REQUIRED, SheetWords, read};
use crate::words::company::{Bond, Party};

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

/// `GET /property/companies/import`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    desk.sheet_page(page, &Form::default(), &Wrong::default())
}

/// `POST /property/companies/import`: takes a table in.
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn post(State(desk): State<Arc<Companies>>, page: Page, form: UploadForm) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let Some(place) = desk.place(form.get("where")) else {
        return desk.sheet_page(page, &form, &Refusal::new(Code::FormChoice).field("where").into());
    };
    let bytes = form.files().first().map(|file| file.bytes.to_vec()).unwrap_or_default();
    let asking = page.clone();
    let table = match page.aside(move || SHEET.read(&asking, &bytes)).await? {
        Ok(table) => table,
        Err(refusal) => return desk.sheet_page(page, &form, &refusal.into()),
    };
    let drafts = match read(&table, &desk.sheet_words(&page, &table)) {
        Ok(drafts) => drafts,
        Err(rows) => return desk.sheet_page(page, &form, &rows.into()),
    };
    let by = sender(&page, &form, "");
    let act = move |tx: &mut dyn Tx| actions::import(tx, &place, &drafts, &by);
    let taken = match desk.hall.store.write(act).await {
        Ok(Err(rows)) => return desk.sheet_page(page, &form, &rows.into()),
        Ok(Ok(taken)) => Ok(taken),
        Err(fault) => Err(fault),
    };
    let to = |taken: actions::Taken| {
        let actions::Taken { companies, contracts, before } = taken;
        format!("/property/companies?companies={companies}&contracts={contracts}&before={before}")
    };
    let again = |refusal: Refusal| async { desk.sheet_page(page, &form, &refusal.into()) };
    web::answer_permitted(taken.map(to), again).await
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
