//! The companies of the places of somebody's posts, with their sums and grades, as a list and as a file; and the form
//! of a company.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::identifier::CreditCode;
use kernel::refusal::Refusal;
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Crumb, Form, InPath, Page, Pager, PostForm, WebError, render};

use super::frame::{Part, done, own_id, sender, staff_note};
use super::typed::{Around, Drawn, Typed, said, worded};
use crate::Companies;
use crate::actions::by::places_of;
use crate::actions::company as actions;
use crate::permissions::May;
use crate::records::{company as records, grade as grades};
use crate::rules::grade::{self, points};
use crate::words::company::{Company, Contract, LINE_MOST, Party};
use crate::words::grade::{Noted, Scale};

/// The most companies, contracts and records that are read at once.
pub(super) const MOST: i64 = 5_000;

#[derive(Template)]
#[template(path = "property/companies.html")]
struct CompaniesPage {
    page: Page,
    list: Table,
    pager: Pager,
    /// By which scale they are graded.
    scale: String,
    /// What the city's staff should know of the scale; empty for everybody else.
    note: String,
    /// What a table added that was taken just now; empty otherwise.
    taken: String,
}

/// What is read for the list.
#[derive(Default)]
struct Read {
    companies: Vec<Company>,
    contracts: Vec<Contract>,
    records: BTreeMap<Uuid, Vec<Noted>>,
}

/// A scale with the document it is from, in words.
pub(super) fn scaled(page: &Page, scale: &Scale) -> String {
    page.t2("property-scale-is", "scale", page.of(&scale.title), "source", page.of(&scale.source))
}

/// `GET /property/companies`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let (list, pager) = desk.companies(&page, Some(Part::asked(&page))).await?;
    let used = desk.scales.used();
    let scale = used.map(|scale| scaled(&page, scale)).unwrap_or_default();
    let note = staff_note(&page, used.and_then(|scale| scale.note.as_ref()));
    let taken = taken(&page);
    render(&CompaniesPage { page, list, pager, scale, note, taken })
}

/// `GET /property/companies/file?format=…`
///
/// # Errors
/// As [`get`].
pub async fn file(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let format = page.query.get("format").to_owned();
    let (list, _) = desk.companies(&page, None).await?;
    list.file(&page, "companies", &format).await
}

/// `GET /property/companies/new`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    desk.company_form(&page, &Form::default(), None, &[])
}

/// `POST /property/companies/new`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn register(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let id = own_id(&page, &form);
    let company = match desk.read_company(&page, &form, id, None) {
        Ok(company) => company,
        Err(faults) => return desk.company_form(&page, &form, None, &faults),
    };
    let (by, counter) = (sender(&page, &form, ""), desk.votes.counter.clone());
    let act = move |tx: &mut dyn Tx| actions::register(tx, &company, &counter, &by);
    let again = |refusal| async { desk.company_form(&page, &form, None, &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// `GET /property/companies/{id}/edit`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a company whose entry is not hers to keep, or a failure.
pub async fn edit(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let company = desk.kept(&page, id).await?;
    let form = [
        ("company_name", company.name.clone()),
        ("where", company.path.id().to_string()),
        ("hotline", company.hotline.clone()),
        ("party", company.party.code().to_owned()),
        ("party_since", company.party_since.map(|day| day.to_string()).unwrap_or_default()),
    ];
    let form = form.into_iter().fold(Form::default(), |form, (name, value)| form.with(name, value));
    desk.company_form(&page, &form, Some(&company), &[])
}

/// `POST /property/companies/{id}/edit`
///
/// # Errors
/// As [`edit`].
pub async fn change(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let before = desk.kept(&page, id).await?;
    let company = match desk.read_company(&page, &form, id, Some(&before)) {
        Ok(company) => company,
        Err(faults) => return desk.company_form(&page, &form, Some(&before), &faults),
    };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::change(tx, &company, &by);
    let again = |refusal| async { desk.company_form(&page, &form, Some(&before), &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// The address of a company.
pub(super) fn address(id: Uuid) -> String {
    format!("/property/companies/{id}")
}

/// The way to the list, for whoever may see it.
pub(super) fn crumbs(page: &Page) -> Vec<Crumb> {
    let text = page.t("property-companies");
    let list = Crumb { text, href: "/property/companies".to_owned() };
    if page.may(May::PropertyCompany) { vec![list] } else { Vec::new() }
}

/// What a table added, where the list is shown after it was taken; empty otherwise.
fn taken(page: &Page) -> String {
    let number = |name: &str| page.query.get(name).parse::<usize>().ok().map(|number| number.to_string());
    let (Some(companies), Some(contracts), Some(before)) = (number("companies"), number("contracts"), number("before"))
    else {
        return String::new();
    };
    let numbers = [("companies", companies.as_str()), ("contracts", contracts.as_str()), ("before", before.as_str())];
    page.text("property-companies-imported", &numbers)
}

impl Companies {
    /// The company of an identity, for whoever keeps its entry.
    async fn kept(&self, page: &Page, id: Uuid) -> Result<Company, WebError> {
        let found = self.hall.store.read(move |tx| records::company(tx, id)).await?.ok_or(WebError::NotFound)?;
        if actions::keeps(&page.visitor.actor, &found) { Ok(found) } else { Err(WebError::NotFound) }
    }

    /// The companies of this person's places, a part of them or all, and where the other parts are.
    async fn companies(&self, page: &Page, part: Option<Part>) -> Result<(Table, Pager), WebError> {
        let (places, asked) = (places_of(&page.visitor.actor, May::PropertyCompany), page.clone());
        let read = move |tx: &mut dyn Tx| {
            let mut read = Read::default();
            for place in &places {
                read.companies.extend(records::companies_inside(tx, place, MOST)?);
                read.contracts.extend(records::contracts_inside(tx, place, MOST)?);
            }
            read.companies.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
            read.companies.dedup_by_key(|company| company.id);
            let pager = part.map(|part| part.cut(&asked, &mut read.companies)).unwrap_or_default();
            let ids: Vec<Uuid> = read.companies.iter().map(|company| company.id).collect();
            for record in grades::of_companies(tx, &ids)? {
                read.records.entry(record.company_id).or_default().push(record);
            }
            Ok::<_, Fault>((read, pager))
        };
        let (read, pager) = self.hall.store.read(read).await?;
        let today = page.today();
        let rows = read.companies.iter().map(|company| self.row(page, company, &read, today));
        Ok((Table::new(page.t("property-companies"), columns(page)).with(rows), pager))
    }

    fn row(&self, page: &Page, company: &Company, read: &Read, today: Date) -> Vec<Cell> {
        let records = read.records.get(&company.id).map(Vec::as_slice).unwrap_or_default();
        let sum = self.scales.used().map(|scale| grade::sum(scale, records, today));
        let is_own = |contract: &&Contract| contract.company_id == company.id && contract.is_in_force(today);
        let compounds = read.contracts.iter().filter(is_own).count();
        let grade = sum.as_ref().and_then(|sum| sum.grade.clone()).unwrap_or_else(|| "–".to_owned());
        vec![
            Cell::link(company.name.as_str(), address(company.id)),
            company.credit_code.clone().into(),
            self.hall.places.tree().chain(&company.path, page.lang).into(),
            company.hotline.clone().into(),
            said(page, "property-party-", company.party.code()).into(),
            Cell::Number(i64::try_from(compounds).unwrap_or(i64::MAX)),
            sum.map(|sum| points(sum.total)).unwrap_or_default().into(),
            grade.into(),
        ]
    }

    fn company_form(
        &self,
        page: &Page,
        form: &Form,
        before: Option<&Company>,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let drawn = Drawn::of(page, form, faults).field("company_name", "line");
        let drawn = if before.is_none() { drawn.field("credit_code", "line") } else { drawn };
        let drawn = drawn
            .choice("where", self.posts(page, May::PropertyCompany, form.get("where")))
            .field("hotline", "tel")
            .choice("party", worded(page, "property-party-", codes(), form.get("party")))
            .optional("party_since", "date");
        let (title, action) = match before {
            Some(company) => (page.t("property-company-edit"), format!("{}/edit", address(company.id))),
            None => (page.t("property-company-new"), "/property/companies/new".to_owned()),
        };
        let lead = page.t("property-company-lead");
        drawn.answer(Around { crumbs: crumbs(page), title, lead, action })
    }

    fn read_company(
        &self,
        page: &Page,
        form: &Form,
        id: Uuid,
        before: Option<&Company>,
    ) -> Result<Company, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let (name, hotline) = (typed.line("company_name", LINE_MOST), typed.numbered("hotline", LINE_MOST));
        let credit_code = match (before, CreditCode::parse(form.get("credit_code"))) {
            (Some(company), _) => company.credit_code.clone(),
            (None, Ok(code)) => code.to_string(),
            (None, Err(fault)) => {
                typed.fault(fault.refusal("credit_code"));
                String::new()
            }
        };
        let place = typed.one_of("where", |id| self.place(id));
        let party = typed.one_of("party", Party::parse);
        let party_since = typed.past_day_if_any("party_since", page.today()).filter(|_| party != Some(Party::None));
        match (place, party) {
            (Some(path), Some(party)) if !typed.is_wrong() => Ok(Company {
                id,
                path,
                name,
                credit_code,
                hotline,
                party,
                party_since,
                changed_name: page.visitor.actor.name.clone(),
                changed_at: page.now,
            }),
            _ => Err(typed.faults()),
        }
    }
}

fn codes() -> impl Iterator<Item = &'static str> {
    Party::ALL.iter().copied().map(Party::code)
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("property-of-{name}")));
    vec![
        column(ColumnKind::Link, "company-name"),
        column(ColumnKind::Text, "credit-code").in_files(),
        column(ColumnKind::Text, "where").in_files(),
        column(ColumnKind::Text, "hotline"),
        column(ColumnKind::Text, "party"),
        column(ColumnKind::Number, "compounds"),
        column(ColumnKind::Text, "sum"),
        column(ColumnKind::Text, "grade"),
    ]
}
