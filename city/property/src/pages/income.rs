//! The income of shared parts: what came in and what it cost, for everybody; what falls to each unit by its area, for
//! owners of the compound and those who keep it; and which version corrects which.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::money::Fen;
use kernel::place::PlaceId;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Crumb, InPath, Page, Pager, WebError, render};

use super::frame::{Part, heads, holds, place_above};
use super::typed::said;
use crate::Companies;
use crate::permissions::May;
use crate::records::income as records;
use crate::records::parts;
use crate::records::register;
use crate::words::income::{Income, Payer, Portion};

#[derive(Template)]
#[template(path = "property/incomes.html")]
struct IncomesPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    list: Table,
    pager: Pager,
    may_publish: bool,
}

#[derive(Template)]
#[template(path = "property/income.html")]
struct IncomePage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    income: Income,
    place: String,
    days: String,
    came_in: String,
    cost: String,
    left: String,
    /// How many units share it, and their area.
    units: String,
    /// What falls to each unit, for those who may read it.
    list: Option<Table>,
    pager: Pager,
    /// Whether this visitor may correct it.
    can_correct: bool,
}

/// `GET /property/income/of/{id}`: the income that a community published.
///
/// # Errors
/// 404 for what is no community, or a failure.
pub async fn of_place(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let path = desk.community(&id.to_string()).ok_or(WebError::NotFound)?;
    let asked = path.clone();
    let part = Part::asked(&page);
    let mut found = desk.hall.store.read(move |tx| records::inside(tx, &asked, part.most())).await?;
    let pager = part.cut(&page, &mut found);
    let may_publish = holds(&page, May::PropertyIncome, &path);
    let named = [
        (ColumnKind::Link, "income-title"),
        (ColumnKind::Text, "compound"),
        (ColumnKind::Date, "from-on"),
        (ColumnKind::Date, "to-on"),
        (ColumnKind::Money, "left"),
    ];
    let row = |one: &Income| -> Vec<Cell> {
        vec![
            Cell::link(titled(&page, one), format!("/property/income/{}", one.id)),
            one.compound.clone().into(),
            one.from_on.into(),
            one.to_on.into(),
            Fen::new(one.income_fen.saturating_sub(one.cost_fen)).into(),
        ]
    };
    let list = Table::new(page.t("property-income"), heads(&page, named)).with(found.iter().map(row));
    let name = desk.hall.places.tree().chain(&path, page.lang);
    let title = page.t1("property-income-of", "place", name);
    let crumbs = vec![place_above(&desk, &page, &path)];
    render(&IncomesPage { page, crumbs, title, list, pager, may_publish })
}

/// `GET /property/income/{id}`: sums for everybody. With the area of each unit somebody could find its ballot in the
/// sheet of a vote, so the units are for owners and keepers alone.
///
/// # Errors
/// 404 if there is no such income, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let part = Part::asked(&page);
    let read = move |tx: &mut dyn Tx| {
        let income = records::find(tx, id)?.ok_or(Fault::NotFound)?;
        let (shared, portions) = (parts::shared(tx, &income)?, parts::portions(tx, &income, part.span())?);
        Ok::<_, Fault>((income, shared, portions))
    };
    let (income, shared, mut portions) = desk.hall.store.read(read).await?;
    let sees_units = desk.sees_units(&page, &income).await?;
    let pager = if sees_units { part.ends(&page, &mut portions) } else { Pager::default() };
    let amount = |fen: i64| Fen::new(fen).to_string();
    let here = Crumb { text: page.t("property-income"), href: format!("/property/income/of/{}", income.path.id()) };
    render(&IncomePage {
        crumbs: vec![place_above(&desk, &page, &income.path), here],
        title: titled(&page, &income),
        place: desk.hall.places.tree().chain(&income.path, page.lang),
        days: format!("{} – {}", page.full_date(income.from_on), page.full_date(income.to_on)),
        came_in: amount(income.income_fen),
        cost: amount(income.cost_fen),
        left: amount(income.income_fen.saturating_sub(income.cost_fen)),
        units: page.t2("property-income-units", "units", shared.units, "area", shared.area.show()),
        list: sees_units.then(|| listed(&page, &income, &portions)),
        pager,
        can_correct: income.replaced_by.is_none() && holds(&page, May::PropertyIncome, &income.path),
        income,
        page,
    })
}

/// `GET /property/income/{id}/file?format=…`
///
/// # Errors
/// As [`get`], and 404 for whoever may not read what falls to each unit.
pub async fn file(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let read = move |tx: &mut dyn Tx| {
        let income = records::find(tx, id)?.ok_or(Fault::NotFound)?;
        let portions = records::portions(tx, &income)?;
        Ok::<_, Fault>((income, portions))
    };
    let (income, portions) = desk.hall.store.read(read).await?;
    if !desk.sees_units(&page, &income).await? {
        return Err(WebError::NotFound);
    }
    let format = page.query.get("format").to_owned();
    listed(&page, &income, &portions).file(&page, "income", &format).await
}

/// What an income is called: the class of who pays, and what was written beside it.
pub(super) fn titled(page: &Page, income: &Income) -> String {
    let classed = income.payer.filter(|payer| *payer != Payer::Other || income.title.is_empty());
    let payer = classed.map(|payer| said(page, "property-payer-", payer.code()));
    let parts = [payer, Some(income.title.clone()).filter(|title| !title.is_empty())];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" · ")
}

/// What falls to each unit, as a table.
pub(super) fn listed(page: &Page, income: &Income, portions: &[Portion]) -> Table {
    let named = [(ColumnKind::Text, "unit"), (ColumnKind::Number, "area"), (ColumnKind::Money, "share")];
    let row = |one: &Portion| -> Vec<Cell> {
        vec![one.unit.clone().into(), Cell::Hundredths(one.area.hundredths()), Fen::new(one.share_fen).into()]
    };
    Table::new(titled(page, income), heads(page, named)).with(portions.iter().map(row))
}

impl Companies {
    /// Whether somebody may read what falls to each unit: whoever keeps the compound, and its owners.
    async fn sees_units(&self, page: &Page, income: &Income) -> Result<bool, WebError> {
        if [May::PropertyIncome, May::PropertyEdit].into_iter().any(|kept| holds(page, kept, &income.path)) {
            return Ok(true);
        }
        let Some(account) = page.visitor.actor.account else { return Ok(false) };
        let (path, name) = (income.path.clone(), income.compound.clone());
        let read = move |tx: &mut dyn Tx| {
            for head in register::heads_of_account(tx, account)? {
                let compound = register::compound(tx, head.compound)?;
                if compound.is_some_and(|compound| compound.path == path && compound.name == name) {
                    return Ok::<_, StoreError>(true);
                }
            }
            Ok(false)
        };
        Ok(self.hall.store.read(read).await?)
    }
}
