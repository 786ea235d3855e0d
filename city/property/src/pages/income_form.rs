//! The form by which a community publishes the income of shared parts, or corrects what it published. First the page
//! shows what falls to each unit; nothing is published before somebody confirms it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::money::Fen;
use kernel::refusal::{Code, Refusal};
use store::{StoreError, Tx};
use uuid::Uuid;
use web::table::Table;
use web::{Choice, Crumb, Form, InPath, Page, PostForm, Problem, WebError};

use super::choices::with_none;
use super::cover::{self, Cover};
use super::frame::{done, form_page, only_theirs, own_id, place_above, sender};
use super::income::{listed, titled};
use super::sheet::TOLD;
use super::typed::{Around, Drawn, Typed, worded};
use super::{LABELS, grounds_in};
use crate::Companies;
use crate::actions::income as actions;
use crate::permissions::May;
use crate::records::income as records;
use crate::records::register::{self, Compound};
use crate::refusals::Why;
use crate::rules::income::{divided, units};
use crate::rules::register::called;
use crate::rules::votes::partial;
use crate::words::area::Area;
use crate::words::company::{LINE_MOST, LINES_MOST};
use crate::words::income::{Income, LIST_MOST, Payer, Portion, Unit};
use crate::words::register::Ground;
use crate::words::votes::Coverage;

/// The step of the form that publishes, and the one that leads back from what is shown to the fields.
const PUBLISH: &str = "publish";
const EDIT: &str = "edit";
/// The fields that the page which shows the income does not send again as they came.
const OWN: [&str; 5] = ["_token", "_once", "step", "partial", "partial_reason"];

#[derive(Template)]
#[template(path = "property/income_preview.html")]
struct PreviewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    action: String,
    compound: String,
    title: String,
    days: String,
    came_in: String,
    cost: String,
    left: String,
    /// How many units share it, and their area.
    units: String,
    /// What is published until now, in words; empty unless it is corrected.
    was: String,
    reason: String,
    /// How much of the compound the units are; empty where the places know nothing of it.
    cover: String,
    /// The box that says that she knows what is missing; none where nothing is.
    partial: Vec<Choice>,
    partial_reason: String,
    /// What falls to each of the first units.
    list: Table,
    most: usize,
    /// What was typed, name by name.
    sent: Vec<(String, String)>,
    problems: Vec<Problem>,
}

/// What the form offers, and what it divides by.
struct Offer {
    grounds: Vec<Ground>,
    /// The version that is corrected.
    before: Option<Income>,
    /// The units of the register of the chosen compound; none where it has no register.
    registered: Vec<Unit>,
    cover: Cover,
}

/// An income as somebody typed it.
struct Drafted {
    income: Income,
    portions: Vec<Portion>,
    coverage: Coverage,
}

/// `GET /property/income/new`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    let form = Form::default();
    let offer = desk.offer(&page, &form, None).await?;
    desk.income_form(&page, &form, &offer, &[])
}

/// `POST /property/income/new`: shows what would be published, or publishes it.
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn publish(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    let offer = desk.offer(&page, &form, None).await?;
    desk.step(page, &form, &offer).await
}

/// `GET /property/income/{id}/correct`
///
/// # Errors
/// Sign-in needed, 404 for what is not hers, or a failure.
pub async fn correct(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    let (before, portions) = desk.published(&page, id).await?;
    let line = |one: &Portion| format!("{}, {}", one.unit, one.area.plain());
    let form = Form::default()
        .with("payer", before.payer.map_or("", Payer::code))
        .with("note", before.title.as_str())
        .with("from_on", before.from_on.to_string())
        .with("to_on", before.to_on.to_string())
        .with("income", Fen::new(before.income_fen).to_string())
        .with("cost", Fen::new(before.cost_fen).to_string());
    let offer = desk.offer(&page, &form, Some(before)).await?;
    let units: Vec<String> = if offer.registered.is_empty() { portions.iter().map(line).collect() } else { Vec::new() };
    desk.income_form(&page, &form.with("units", units.join("\n")), &offer, &[])
}

/// `POST /property/income/{id}/correct`: shows the corrected version, or publishes it.
///
/// # Errors
/// Sign-in needed, 404 for what is not hers, or a failure.
pub async fn publish_corrected(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyIncome)?;
    let (before, _) = desk.published(&page, id).await?;
    let offer = desk.offer(&page, &form, Some(before)).await?;
    desk.step(page, &form, &offer).await
}

impl Offer {
    /// Where the form is sent.
    fn action(&self) -> String {
        let before = self.before.as_ref();
        before.map_or_else(|| "/property/income/new".to_owned(), |one| format!("/property/income/{}/correct", one.id))
    }
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
    /// What is published, with what falls to each unit, for whoever may correct it.
    async fn published(&self, page: &Page, id: Uuid) -> Result<(Income, Vec<Portion>), WebError> {
        let read = move |tx: &mut dyn Tx| {
            let income = records::find(tx, id)?.ok_or(Fault::NotFound)?;
            let portions = records::portions(tx, &income)?;
            Ok::<_, Fault>((income, portions))
        };
        let found = self.hall.store.read(read).await?;
        only_theirs(page, May::PropertyIncome, &found.0.path)?;
        Ok(found)
    }

    /// What the form offers, and what the register of its compound has.
    async fn offer(&self, page: &Page, form: &Form, before: Option<Income>) -> Result<Offer, WebError> {
        let grounds = match &before {
            Some(before) => grounds_in(&self.hall, std::slice::from_ref(&before.path)).await?,
            None => self.compounds(page, May::PropertyIncome).await?,
        };
        let is_chosen = |one: &&Ground| match &before {
            Some(before) => one.path == before.path && one.name == before.compound,
            None => one.id.to_string() == form.get("ground"),
        };
        let Some(id) = grounds.iter().find(is_chosen).map(|one| one.id) else {
            return Ok(Offer { grounds, before, registered: Vec::new(), cover: Cover::default() });
        };
        let (registered, cover) = match self.registered(id).await? {
            Some((compound, units)) => (units, Cover::read(&self.hall, &compound).await?),
            None => (Vec::new(), Cover::of_ground(&self.hall, id).await?),
        };
        Ok(Offer { grounds, before, registered, cover })
    }

    /// The register of a compound with its units; none where it has no register.
    async fn registered(&self, id: i64) -> Result<Option<(Compound, Vec<Unit>)>, WebError> {
        let read = move |tx: &mut dyn Tx| {
            let Some(compound) = register::compound(tx, id)? else { return Ok(None) };
            let buildings = register::buildings(tx, compound.district, id)?;
            let name = |id: i64| buildings.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str());
            let unit = |unit: &register::Unit| Unit {
                name: called(name(unit.building), &unit.stair, &unit.label),
                area: unit.area,
            };
            let units: Vec<Unit> = register::units(tx, compound.district, id)?.iter().map(unit).collect();
            Ok::<_, StoreError>(Some((compound, units)))
        };
        let found = self.hall.store.read(read).await?;
        Ok(found.filter(|found| !found.1.is_empty()))
    }

    /// Draws the fields again, shows what would be published, or publishes it.
    async fn step(self: &Arc<Self>, page: Page, form: &PostForm, offer: &Offer) -> Result<Response, WebError> {
        if form.get("step") == EDIT {
            return self.income_form(&page, form, offer, &[]);
        }
        let drafted = match self.read_income(&page, form, offer) {
            Ok(drafted) => drafted,
            Err(faults) => return self.income_form(&page, form, offer, &faults),
        };
        if form.get("step") != PUBLISH {
            return self.preview(page, form, offer, &drafted, &[]);
        }
        let wrong = partial(&drafted.coverage, form.has("partial"), form.get("partial_reason"));
        if !wrong.is_empty() {
            return self.preview(page, form, offer, &drafted, &wrong);
        }
        let id = own_id(&page, form);
        let reason = drafted.coverage.is_partial().then(|| form.get("partial_reason").to_owned());
        let income = Income { id, partial_reason: reason, ..drafted.income.clone() };
        let (portions, by) = (drafted.portions.clone(), sender(&page, form, offer.action()));
        let counter = self.votes.counter.clone();
        let act = move |tx: &mut dyn Tx| actions::publish(tx, &income, &portions, &counter, &by);
        let again = |refusal| async { self.income_form(&page, form, offer, &[refusal]) };
        done(&self.hall, act, |()| format!("/property/income/{id}"), again).await
    }

    fn income_form(&self, page: &Page, form: &Form, offer: &Offer, faults: &[Refusal]) -> Result<Response, WebError> {
        let drawn = Drawn::of(page, form, faults);
        let drawn = match offer.before {
            Some(_) => drawn,
            None => drawn.compound(self, &offer.grounds, May::PropertyIncome),
        };
        let drawn = drawn
            .choice("payer", payers(page, form.get("payer")))
            .optional("note", "line")
            .field("from_on", "date")
            .field("to_on", "date")
            .field("income", "number")
            .field("cost", "number");
        // Where the register has the units, nobody lists them.
        let is_listed = offer.before.is_none() || offer.registered.is_empty();
        let drawn = if is_listed { drawn.optional("units", "area") } else { drawn };
        let drawn = if offer.before.is_some() { drawn.field("why", "area") } else { drawn };
        let about = offer.before.as_ref().map(|before| format!("{} · {}", before.compound, titled(page, before)));
        let title = if offer.before.is_some() { "property-income-correct" } else { "property-income-new" };
        drawn.sent_by(page.t("property-income-look")).answer(Around {
            crumbs: self.above(page, offer),
            title: page.t(title),
            lead: about.unwrap_or_else(|| page.t("property-income-lead")),
            action: offer.action(),
        })
    }

    /// The pages above the form: of a correction the page of its place, and what it corrects.
    fn above(&self, page: &Page, offer: &Offer) -> Vec<Crumb> {
        let Some(before) = &offer.before else { return Vec::new() };
        let here = Crumb { text: titled(page, before), href: format!("/property/income/{}", before.id) };
        vec![place_above(self, page, &before.path), here]
    }

    /// Shows what would be published.
    fn preview(
        &self,
        page: Page,
        form: &Form,
        offer: &Offer,
        drafted: &Drafted,
        wrong: &[Refusal],
    ) -> Result<Response, WebError> {
        let Drafted { income, portions, coverage } = drafted;
        let amount = |fen: i64| Fen::new(fen).to_string();
        let sums =
            |one: &Income| [one.income_fen, one.cost_fen, one.income_fen.saturating_sub(one.cost_fen)].map(amount);
        let was = |before: &Income| {
            let [income, cost, left] = sums(before);
            let told = [("income", income.as_str()), ("cost", cost.as_str()), ("left", left.as_str())];
            page.text("property-income-was", &told)
        };
        let [came_in, cost, left] = sums(income);
        let area: Area = portions.iter().map(|one| one.area).sum();
        let sent = form.pairs().filter(|pair| !OWN.contains(&pair.0));
        let drawn = PreviewPage {
            crumbs: self.above(&page, offer),
            action: offer.action(),
            compound: income.compound.clone(),
            title: titled(&page, income),
            days: format!("{} – {}", page.full_date(income.from_on), page.full_date(income.to_on)),
            came_in,
            cost,
            left,
            units: page.t2("property-income-units", "units", portions.len(), "area", area.show()),
            was: offer.before.as_ref().map(was).unwrap_or_default(),
            reason: income.reason.clone().unwrap_or_default(),
            cover: cover::told(&page, coverage),
            partial: cover::known(&page, coverage, form),
            partial_reason: form.get("partial_reason").to_owned(),
            list: listed(&page, income, portions.get(..TOLD).unwrap_or(portions)),
            most: TOLD,
            sent: sent.map(|pair| (pair.0.to_owned(), pair.1.to_owned())).collect(),
            problems: page.problems(LABELS, wrong),
            page,
        };
        form_page(wrong, &drawn)
    }

    /// Reads the form. The units come from the register of the compound, or where it has none, from the list.
    fn read_income(&self, page: &Page, form: &Form, offer: &Offer) -> Result<Drafted, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let named = match &offer.before {
            Some(before) => Some((before.path.clone(), before.compound.clone())),
            None => typed.compound(self, &offer.grounds),
        };
        let payer = typed.one_of("payer", Payer::parse);
        let title = typed.line_if_any("note", LINE_MOST);
        if payer == Some(Payer::Other) && title.is_empty() {
            typed.fault(Refusal::new(Code::FormMissing).field("note"));
        }
        let (from_on, to_on) = (typed.day("from_on"), typed.past_day("to_on", page.today()));
        let (income, cost) = (typed.money("income"), typed.money("cost"));
        let reason = offer.before.is_some().then(|| typed.lines("why", LINES_MOST));
        if from_on.zip(to_on).is_some_and(|days| days.1 < days.0) {
            typed.fault(Refusal::new(Why::PropertyDays).field("to_on"));
        }
        let left = income.fen().saturating_sub(cost.fen());
        if left < 0 {
            typed.fault(Refusal::new(Why::PropertyCost).field("cost"));
        }
        let portions = match divided_among(left, &offer.registered, typed.text("units")) {
            Ok(portions) => portions,
            Err(refusal) => {
                typed.fault(refusal);
                Vec::new()
            }
        };
        match (named, from_on, to_on) {
            (Some((path, compound)), Some(from_on), Some(to_on)) if !typed.is_wrong() => {
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
                    published_name: page.visitor.actor.name.clone(),
                    published_at: page.now,
                    payer,
                    replaces: offer.before.as_ref().map(|before| before.id),
                    replaced_by: None,
                    reason,
                    partial_reason: None,
                };
                let coverage = coverage(offer, portions.len());
                Ok(Drafted { income, portions, coverage })
            }
            _ => Err(typed.faults()),
        }
    }
}

/// How much of the compound the units are that share an income.
fn coverage(offer: &Offer, units: usize) -> Coverage {
    let known = offer.cover.of(None, "");
    if !offer.registered.is_empty() {
        return known;
    }
    // Of a list nobody knows in which buildings its units are.
    Coverage { units: i64::try_from(units).unwrap_or(i64::MAX), buildings: known.ground_buildings, ..known }
}

/// Divides what is left among the units of the register, or where there is none, among those of a list.
fn divided_among(left: i64, registered: &[Unit], list: &str) -> Result<Vec<Portion>, Refusal> {
    let units = if registered.is_empty() { listed_units(list)? } else { registered.to_vec() };
    Ok(portions(left, units).unwrap_or_default())
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
