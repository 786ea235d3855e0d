//! The income of shared parts: what came in and what it cost, for everybody; what falls to each unit by its area, for
//! owners of the compound and those who keep it; and the form by which a community publishes it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::money::Fen;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use store::{StoreError, Tx};
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Choice, Crumb, Form, InPath, Page, Pager, PostForm, WebError, render};

use super::choices::with_none;
use super::frame::{Part, done, heads, holds, own_id, place_above, sender};
use super::typed::{Around, Drawn, Typed, said, worded};
use crate::Companies;
use crate::actions::income as actions;
use crate::permissions::May;
use crate::records::income as records;
use crate::records::parts;
use crate::records::register;
use crate::refusals::Why;
use crate::rules::income::{divided, units};
use crate::rules::register::called;
use crate::words::area::Area;
use crate::words::company::LINE_MOST;
use crate::words::income::{Income, LIST_MOST, Payer, Portion, Unit};
use crate::words::register::Ground;

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

/// `GET /property/income/new`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    let grounds = desk.compounds(&page, May::PropertyIncome).await?;
    desk.income_form(&page, &Form::default(), &grounds, &[])
}

/// `POST /property/income/new`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn publish(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    let id = own_id(&page, &form);
    let grounds = desk.compounds(&page, May::PropertyIncome).await?;
    let registered = desk.registered(&grounds, form.get("ground")).await?;
    let (income, portions) = match desk.read_income(&page, &form, &grounds, registered) {
        Ok((income, portions)) => (Income { id, ..income }, portions),
        Err(faults) => return desk.income_form(&page, &form, &grounds, &faults),
    };
    let by = sender(&page, &form, "");
    let act = move |tx: &mut dyn Tx| actions::publish(tx, &income, &portions, &by);
    let again = |refusal| async { desk.income_form(&page, &form, &grounds, &[refusal]) };
    done(&desk.hall, act, |()| format!("/property/income/{id}"), again).await
}

/// What an income is called: the class of who pays, and what was written beside it.
pub(super) fn titled(page: &Page, income: &Income) -> String {
    let classed = income.payer.filter(|payer| *payer != Payer::Other || income.title.is_empty());
    let payer = classed.map(|payer| said(page, "property-payer-", payer.code()));
    let parts = [payer, Some(income.title.clone()).filter(|title| !title.is_empty())];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" · ")
}

fn listed(page: &Page, income: &Income, portions: &[Portion]) -> Table {
    let named = [(ColumnKind::Text, "unit"), (ColumnKind::Text, "area"), (ColumnKind::Money, "share")];
    let row = |one: &Portion| -> Vec<Cell> {
        vec![one.unit.clone().into(), one.area.show().into(), Fen::new(one.share_fen).into()]
    };
    Table::new(titled(page, income), heads(page, named)).with(portions.iter().map(row))
}

/// What falls to each unit.
fn portions(fen: i64, units: Vec<Unit>) -> Option<Vec<Portion>> {
    let areas: Vec<Area> = units.iter().map(|unit| unit.area).collect();
    let shares = divided(fen, &areas)?;
    let portion =
        |(place, (unit, share_fen)): (i64, (Unit, i64))| Portion { place, unit: unit.name, area: unit.area, share_fen };
    Some((1..).zip(units.into_iter().zip(shares)).map(portion).collect())
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

    /// The units of the register of a chosen compound; none where it has no register.
    async fn registered(&self, grounds: &[Ground], chosen: &str) -> Result<Vec<Unit>, WebError> {
        let Some(id) = grounds.iter().map(|one| one.id).find(|id| id.to_string() == chosen) else {
            return Ok(Vec::new());
        };
        let read = move |tx: &mut dyn Tx| {
            let Some(compound) = register::compound(tx, id)? else { return Ok(Vec::new()) };
            let buildings = register::buildings(tx, compound.district, id)?;
            let name = |id: i64| buildings.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str());
            let unit = |unit: &register::Unit| Unit {
                name: called(name(unit.building), &unit.stair, &unit.label),
                area: unit.area,
            };
            Ok::<Vec<Unit>, StoreError>(register::units(tx, compound.district, id)?.iter().map(unit).collect())
        };
        Ok(self.hall.store.read(read).await?)
    }

    fn income_form(
        &self,
        page: &Page,
        form: &Form,
        grounds: &[Ground],
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let drawn = Drawn::of(page, form, faults)
            .compound(self, grounds, May::PropertyIncome)
            .choice("payer", payers(page, form.get("payer")))
            .optional("note", "line")
            .field("from_on", "date")
            .field("to_on", "date")
            .field("income", "number")
            .field("cost", "number")
            .optional("units", "area");
        drawn.answer(Around {
            crumbs: Vec::new(),
            title: page.t("property-income-new"),
            lead: page.t("property-income-lead"),
            action: "/property/income/new".to_owned(),
        })
    }

    /// Reads the form. The units come from the register of the compound, or where it has none, from the list.
    fn read_income(
        &self,
        page: &Page,
        form: &Form,
        grounds: &[Ground],
        registered: Vec<Unit>,
    ) -> Result<(Income, Vec<Portion>), Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let named = typed.compound(self, grounds);
        let payer = typed.one_of("payer", Payer::parse);
        let title = typed.line_if_any("note", LINE_MOST);
        if payer == Some(Payer::Other) && title.is_empty() {
            typed.fault(Refusal::new(Code::FormMissing).field("note"));
        }
        let (from_on, to_on) = (typed.day("from_on"), typed.day("to_on"));
        let (income, cost) = (typed.money("income"), typed.money("cost"));
        if from_on.zip(to_on).is_some_and(|days| days.1 < days.0) {
            typed.fault(Refusal::new(Why::PropertyDays).field("to_on"));
        }
        if to_on.is_some_and(|day| day > page.today()) {
            typed.fault(Refusal::new(Why::PropertyFundDay).field("to_on"));
        }
        let left = income.fen().saturating_sub(cost.fen());
        if left < 0 {
            typed.fault(Refusal::new(Why::PropertyCost).field("cost"));
        }
        let units = if registered.is_empty() { listed_units(typed.text("units")) } else { Ok(registered) };
        let portions = match units.map(|units| portions(left, units).unwrap_or_default()) {
            Ok(portions) => portions,
            Err(refusal) => {
                typed.fault(refusal);
                Vec::new()
            }
        };
        match (named, from_on, to_on) {
            (Some((path, compound)), Some(from_on), Some(to_on)) if !typed.is_wrong() => {
                let (published_name, published_at) = (page.visitor.actor.name.clone(), page.now);
                let income = Income {
                    district: path.district(),
                    id: Uuid::nil(),
                    path,
                    compound,
                    title,
                    from_on,
                    to_on,
                    income_fen: income.fen(),
                    cost_fen: cost.fen(),
                    published_name,
                    published_at,
                    payer,
                };
                Ok((income, portions))
            }
            _ => Err(typed.faults()),
        }
    }
}

/// Who may pay, as a choice.
fn payers(page: &Page, current: &str) -> Vec<Choice> {
    with_none(page, worded(page, "property-payer-", Payer::ALL.iter().copied().map(Payer::code), current), current)
}

/// The units of a list, one a line.
fn listed_units(text: &str) -> Result<Vec<Unit>, Refusal> {
    if text.chars().count() > LIST_MOST {
        return Err(Refusal::new(Code::FormTooLong).field("units").with("limit", LIST_MOST));
    }
    units(text)
}
