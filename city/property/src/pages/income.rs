//! The income of shared parts: what came in, what it cost, and what falls to each unit by its area, for everybody; and
//! the form by which a community publishes it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::{Fault, Sent};
use kernel::money::Fen;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Crumb, Form, InPath, Page, PostForm, WebError, render};

use super::typed::{Around, Drawn, Typed};
use crate::Companies;
use crate::actions::by::{By, places_of};
use crate::actions::income as actions;
use crate::permissions::May;
use crate::records::income as records;
use crate::refusals::Why;
use crate::rules::area::square_metres;
use crate::rules::income::{divided, units};
use crate::words::company::LINE_MOST;
use crate::words::income::{Income, LIST_MOST, Portion, Unit};

/// The most on a page.
const MOST: i64 = 500;

#[derive(Template)]
#[template(path = "property/incomes.html")]
struct IncomesPage {
    page: Page,
    title: String,
    list: Table,
    may_publish: bool,
}

#[derive(Template)]
#[template(path = "property/income.html")]
struct IncomePage {
    page: Page,
    crumbs: Vec<Crumb>,
    income: Income,
    place: String,
    days: String,
    came_in: String,
    cost: String,
    left: String,
    list: Table,
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
    let found = desk.hall.store.read(move |tx| records::inside(tx, &asked, MOST)).await?;
    let may_publish = places_of(&page.visitor.actor, May::PropertyIncome).iter().any(|place| place.contains(&path));
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("property-of-{name}")));
    let columns = vec![
        column(ColumnKind::Link, "income-title"),
        column(ColumnKind::Text, "compound"),
        column(ColumnKind::Date, "from-on"),
        column(ColumnKind::Date, "to-on"),
        column(ColumnKind::Money, "left"),
    ];
    let row = |one: &Income| -> Vec<Cell> {
        vec![
            Cell::link(one.title.as_str(), format!("/property/income/{}", one.id)),
            one.compound.clone().into(),
            one.from_on.into(),
            one.to_on.into(),
            Fen::new(one.income_fen.saturating_sub(one.cost_fen)).into(),
        ]
    };
    let list = Table::new(page.t("property-income"), columns).with(found.iter().map(row));
    let name = desk.hall.places.tree().chain(&path, page.lang);
    let title = page.t1("property-income-of", "place", name);
    render(&IncomesPage { page, title, list, may_publish })
}

/// `GET /property/income/{id}`
///
/// # Errors
/// 404 if there is no such income, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (income, portions) = desk.income(id).await?;
    let list = listed(&page, &income, &portions);
    let amount = |fen: i64| Fen::new(fen).to_string();
    let here = Crumb { text: page.t("property-income"), href: format!("/property/income/of/{}", income.path.id()) };
    render(&IncomePage {
        crumbs: vec![here],
        place: desk.hall.places.tree().chain(&income.path, page.lang),
        days: format!("{} – {}", page.full_date(income.from_on), page.full_date(income.to_on)),
        came_in: amount(income.income_fen),
        cost: amount(income.cost_fen),
        left: amount(income.income_fen.saturating_sub(income.cost_fen)),
        list,
        income,
        page,
    })
}

/// `GET /property/income/{id}/file?format=…`
///
/// # Errors
/// As [`get`].
pub async fn file(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (income, portions) = desk.income(id).await?;
    let format = page.query.get("format").to_owned();
    listed(&page, &income, &portions).file(&page, "income", &format).await
}

/// `GET /property/income/new`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    desk.income_form(&page, &Form::default(), &[])
}

/// `POST /property/income/new`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn publish(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    let id = form.id_of(page.visitor.actor.account.unwrap_or_default());
    let (income, portions) = match desk.read_income(&page, &form, id) {
        Ok(read) => read,
        Err(faults) => return desk.income_form(&page, &form, &faults),
    };
    let by = By { actor: page.visitor.actor.clone(), sent: Sent::of(&form, ""), now: page.now };
    let done = desk.hall.store.write(move |tx| actions::publish(tx, &income, &portions, &by)).await;
    let again = |refusal| async move { desk.income_form(&page, &form, &[refusal]) };
    web::answer_permitted(done.map(|()| format!("/property/income/{id}")), again).await
}

fn listed(page: &Page, income: &Income, portions: &[Portion]) -> Table {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("property-of-{name}")));
    let columns =
        vec![column(ColumnKind::Text, "unit"), column(ColumnKind::Text, "area"), column(ColumnKind::Money, "share")];
    let row = |one: &Portion| -> Vec<Cell> {
        vec![one.unit.clone().into(), square_metres(one.area_cm2).into(), Fen::new(one.share_fen).into()]
    };
    Table::new(income.title.as_str(), columns).with(portions.iter().map(row))
}

/// What falls to each unit.
fn portions(fen: i64, units: Vec<Unit>) -> Option<Vec<Portion>> {
    let areas: Vec<i64> = units.iter().map(|unit| unit.cm2).collect();
    let shares = divided(fen, &areas)?;
    let portion = |(place, (unit, share_fen)): (i64, (Unit, i64))| Portion {
        place,
        unit: unit.name,
        area_cm2: unit.cm2,
        share_fen,
    };
    Some((1..).zip(units.into_iter().zip(shares)).map(portion).collect())
}

impl Companies {
    async fn income(&self, id: Uuid) -> Result<(Income, Vec<Portion>), WebError> {
        let read = move |tx: &mut dyn Tx| {
            let income = records::find(tx, id)?.ok_or(Fault::NotFound)?;
            let portions = records::portions(tx, &income)?;
            Ok::<_, Fault>((income, portions))
        };
        Ok(self.hall.store.read(read).await?)
    }

    fn income_form(&self, page: &Page, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
        let drawn = Drawn::of(page, form, faults)
            .choice("community", self.communities(page, May::PropertyIncome, form.get("community")))
            .field("compound", "line")
            .field("income_title", "line")
            .field("from_on", "date")
            .field("to_on", "date")
            .field("income", "number")
            .field("cost", "number")
            .field("units", "area");
        drawn.answer(Around {
            crumbs: Vec::new(),
            title: page.t("property-income-new"),
            lead: page.t("property-income-lead"),
            action: "/property/income/new".to_owned(),
        })
    }

    fn read_income(&self, page: &Page, form: &Form, id: Uuid) -> Result<(Income, Vec<Portion>), Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let path = typed.one_of("community", |id| self.community(id));
        let (compound, title) = (typed.line("compound", LINE_MOST), typed.line("income_title", LINE_MOST));
        let (from_on, to_on) = (typed.day("from_on"), typed.day("to_on"));
        let (income, cost) = (typed.money("income"), typed.money("cost"));
        if from_on.zip(to_on).is_some_and(|days| days.1 < days.0) {
            typed.fault(Refusal::new(Why::PropertyDays).field("to_on"));
        }
        let left = income.fen().saturating_sub(cost.fen());
        if left < 0 {
            typed.fault(Refusal::new(Why::PropertyCost).field("cost"));
        }
        let portions = if typed.text("units").chars().count() > LIST_MOST {
            Err(Refusal::new(Code::FormTooLong).field("units").with("limit", LIST_MOST))
        } else {
            units(typed.text("units")).map(|units| portions(left, units).unwrap_or_default())
        };
        let portions = match portions {
            Ok(portions) => portions,
            Err(refusal) => {
                typed.fault(refusal);
                Vec::new()
            }
        };
        match (path, from_on, to_on) {
            (Some(path), Some(from_on), Some(to_on)) if !typed.is_wrong() => {
                let (published_name, published_at) = (page.visitor.actor.name.clone(), page.now);
                let income = Income {
                    district: path.district(),
                    id,
                    path,
                    compound,
                    title,
                    from_on,
                    to_on,
                    income_fen: income.fen(),
                    cost_fen: cost.fen(),
                    published_name,
                    published_at,
                };
                Ok((income, portions))
            }
            _ => Err(typed.faults()),
        }
    }
}
