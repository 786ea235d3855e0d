//! The form by which a vote is called: what is decided, by which owners, when, and that everybody was told in time.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::{Fault, Sent};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, read_minute_of_day};
use store::Tx;
use uuid::Uuid;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError};

use super::LABELS;
use super::call_check::{Looked, looked_at};
use super::call_offer::Offer;
use super::choices::with_none;
use super::cover::{self, Cover};
use super::frame::{self, account, done, form_page};
use crate::Property;
use crate::actions::votes::Call;
use crate::permissions::May;
use crate::records::parts::{self, Span};
use crate::records::register::{self, Building, Compound};
use crate::rules::register::called as name_of;
use crate::rules::votes::{CallDays, MatterDraft, VoteDraft, earliest, faults};
use crate::words::votes::{Caller, MATTERS_MOST, MatterKind};
use crate::words::{CALL_SHARE, NOTICE_DAYS, VOTE_DAYS};

/// When a vote opens and ends if nobody says otherwise.
const OPENS: &str = "9:00";
const ENDS: &str = "20:00";

#[derive(Template)]
#[template(path = "property/call.html")]
struct CallPage {
    page: Page,
    action: String,
    name: String,
    title: String,
    /// The ranges to choose from; none if there is but one.
    buildings: Vec<Choice>,
    stair: String,
    callers: Vec<Choice>,
    /// The units of those who ask; nothing where nobody asks.
    asking: Option<String>,
    asking_hint: String,
    told: Vec<Choice>,
    opens_on: String,
    opens_time: String,
    ends_on: String,
    ends_time: String,
    matters: Vec<MatterFields>,
    notice: String,
    /// How much of the compound the register has, beside what the places know; empty where they know nothing.
    cover: String,
    /// The box that says that she knows what is missing; none where nothing is.
    partial: Vec<Choice>,
    partial_reason: String,
    problems: Vec<Problem>,
}

/// The fields of one matter.
struct MatterFields {
    number: usize,
    is_first: bool,
    /// Whether its fields stand open: of the first, and of what was begun.
    is_open: bool,
    kinds: Vec<Choice>,
    kind: MatterField,
    title: MatterField,
    content: MatterField,
    candidates: MatterField,
    seats: MatterField,
}

/// A field of a matter.
struct MatterField {
    name: String,
    value: String,
    error: String,
}

/// Where a vote is called.
struct CalledIn {
    compound: Compound,
    buildings: Vec<Building>,
    /// A unit as the register calls it; empty while it has none.
    example: String,
}

/// `GET /property/compounds/{compound}/votes`
///
/// # Errors
/// 404 for a compound that is not hers, or a failure.
pub async fn get(State(desk): State<Arc<Property>>, page: Page, InPath(id): InPath<i64>) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let place = desk.called_in(&page, id).await?;
    let offer = desk.any(&place).await?;
    desk.call_form(page, &Form::default(), &offer, &[])
}

/// `POST /property/compounds/{compound}/votes`
///
/// # Errors
/// 404 for a compound that is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<i64>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let place = desk.called_in(&page, id).await?;
    let offer = desk.any(&place).await?;
    let draft = match desk.looked(&page, &form, &offer).await? {
        Looked::Ready(draft) => draft,
        Looked::Page(answer) => return Ok(answer),
    };
    let call = called(&page, &form, &place.compound, draft)?;
    let (own, vote, actor) = (desk.clone(), call.id, page.visitor.actor.clone());
    let act = move |tx: &mut dyn Tx| own.call(tx, &call, &actor);
    let again = |refusal| async { desk.call_form(page, &form, &offer, &[refusal]) };
    done(&desk.hall, act, |()| format!("/property/votes/{vote}"), again).await
}

/// The command that a form gives.
pub(super) fn called(page: &Page, form: &PostForm, compound: &Compound, draft: VoteDraft) -> Result<Call, WebError> {
    let (id, seal, sent) = (form.id_of(account(page)?), Uuid::now_v7(), Sent::of(form, compound.id));
    Ok(Call { compound: compound.id, draft, looked_at: looked_at(form), id, seal, sent, now: page.now })
}

/// Reads the form.
fn draft(page: &Page, form: &Form, offer: &Offer<'_>) -> Result<VoteDraft, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let caller = Caller::parse(form.get("caller")).filter(|caller| offer.callers.contains(caller));
    if caller.is_none() {
        wrong.push(Refusal::new(Code::FormChoice).field("caller"));
    }
    let mut date = |name: &'static str| {
        let read: Option<Date> = form.get(name).parse().ok();
        if read.is_none() {
            wrong.push(Refusal::new(Code::FormDate).field(name));
        }
        read
    };
    let (opens_on, ends_on) = (date("opens_on"), date("ends_on"));
    let mut time = |name: &'static str| {
        let read = read_minute_of_day(form.get(name));
        if read.is_none() {
            wrong.push(Refusal::new(Code::FormInvalid).field(name));
        }
        read
    };
    let (opens, ends) = (time("opens_time"), time("ends_time"));
    let matters = matters(form, &mut wrong);
    // A building that cannot be read is not the whole compound, and a stair is one of a building.
    let building = form.get("building").parse::<i64>().ok();
    let stair = form.get("stair").trim();
    let is_offered = building.is_none_or(|id| offer.buildings.iter().any(|one| one.id == id));
    if !is_offered || building.is_none() && !(form.get("building").is_empty() && stair.is_empty()) {
        wrong.push(Refusal::new(Code::FormChoice).field("building"));
    }
    let zone = page.zone();
    match (caller, opens_on.zip(opens), ends_on.zip(ends)) {
        (Some(caller), Some((opens_on, opens)), Some((ends_on, ends))) if wrong.is_empty() => Ok(VoteDraft {
            title: form.get("title").to_owned(),
            building,
            stair: stair.to_owned(),
            caller,
            asking: asking(form.get("asking")),
            is_committee_told: form.has("told"),
            opens_on,
            opens_at: zone.instant(opens_on, opens),
            ends_on,
            ends_at: zone.instant(ends_on, ends),
            matters,
            coverage: offer.cover.of(building, stair),
            is_partial_known: form.has("partial"),
            partial_reason: form.get("partial_reason").to_owned(),
        }),
        _ => Err(wrong),
    }
}

/// The matters of the form. One of which nothing stands there is none.
fn matters(form: &Form, wrong: &mut Vec<Refusal>) -> Vec<MatterDraft> {
    let mut matters = Vec::new();
    for number in 1..=MATTERS_MOST {
        let field = |part: &str| format!("matter{number}_{part}");
        let (title, text) = (form.get(&field("title")).to_owned(), form.get(&field("text")).to_owned());
        let candidates: Vec<String> = asking(form.get(&field("candidates")));
        if title.is_empty() && text.is_empty() && candidates.is_empty() {
            continue;
        }
        let seats = form.get(&field("seats")).parse().unwrap_or_default();
        match MatterKind::parse(form.get(&field("kind"))) {
            Some(kind) => matters.push(MatterDraft { candidates, seats, ..MatterDraft::new(kind, title, text) }),
            None => wrong.push(Refusal::new(Code::FormChoice).field(field("kind"))),
        }
    }
    matters
}

/// The units of those who ask, or candidates, one a line, with single blanks.
fn asking(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

impl Property {
    /// What is offered for any vote of a compound.
    async fn any<'o>(&self, place: &'o CalledIn) -> Result<Offer<'o>, WebError> {
        let CalledIn { compound, buildings, example } = place;
        let action = format!("/property/compounds/{}/votes", compound.id);
        let cover = Cover::read(&self.hall, compound).await?;
        Ok(Offer { action, compound, buildings, callers: &Caller::LATER, not_before: None, cover, example })
    }

    /// The compound in which a vote is called, with its buildings.
    async fn called_in(&self, page: &Page, id: i64) -> Result<CalledIn, WebError> {
        let actor = page.visitor.actor.clone();
        let places = crate::actions::reach(&actor);
        let read = move |tx: &mut dyn Tx| {
            let compound = register::compound(tx, id)?.ok_or(Fault::NotFound)?;
            if !places.iter().any(|place| place.contains(&compound.path)) {
                return Err(Fault::NotFound);
            }
            let buildings = register::buildings(tx, compound.district, id)?;
            let mut example = String::new();
            if let Some(building) = buildings.first() {
                let units = parts::units_of(tx, compound.district, building.id, Span { skip: 0, limit: 1 })?;
                let first = units.first().map(|unit| name_of(&building.name, &unit.stair, &unit.label));
                example = first.unwrap_or_default();
            }
            Ok(CalledIn { compound, buildings, example })
        };
        Ok(self.hall.store.read(read).await?)
    }

    /// Reads the form of a call, or says everything that is wrong with it.
    pub(super) fn read_call(
        &self,
        page: &Page,
        form: &Form,
        offer: &Offer<'_>,
    ) -> Result<Result<VoteDraft, Vec<Refusal>>, Fault> {
        let draft = match draft(page, form, offer) {
            Ok(draft) => draft,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let (place, today) = (&offer.compound.path, page.today());
        let days = CallDays {
            notice: self.hall.figure_at(NOTICE_DAYS, place, today)?,
            most: self.hall.figure_at(VOTE_DAYS, place, today)?,
            today,
        };
        let wrong = faults(&draft, &days, page.now);
        Ok(if wrong.is_empty() { Ok(draft) } else { Err(wrong) })
    }

    /// Draws the form of a call with what was typed and what is wrong with it.
    pub(super) fn call_form(
        &self,
        page: Page,
        form: &Form,
        offer: &Offer<'_>,
        wrong: &[Refusal],
    ) -> Result<Response, WebError> {
        let days = self.hall.figure_at(NOTICE_DAYS, &offer.compound.path, page.today())?;
        let first = earliest(page.today(), days).max(offer.not_before);
        let told = |first: Date| page.t2("property-notice-hint", "days", days, "earliest", page.full_date(first));
        let notice = first.map(told).unwrap_or_default();
        let first = first.map(|date| date.to_string()).unwrap_or_default();
        let or = |name: &str, other: &str| form.opt(name).unwrap_or(other).to_owned();
        let problems = frame::problems(&page, LABELS, wrong);
        let whole = Choice::new("", page.t("property-range-whole"), form.get("building"));
        let each = offer.buildings.iter().map(|one| Choice::new(one.id.to_string(), &one.name, form.get("building")));
        let ranges = if offer.buildings.is_empty() { Vec::new() } else { std::iter::once(whole).chain(each).collect() };
        let caller = form.get("caller");
        let share = self.hall.figure_at(CALL_SHARE, &offer.compound.path, page.today())?;
        let callers = offer.callers.iter();
        let callers =
            callers.map(|one| Choice::new(one.code(), page.t(&format!("property-caller-{}", one.code())), caller));
        let callers = with_none(&page, callers.collect(), caller);
        let coverage = offer.cover.of(form.get("building").parse().ok(), form.get("stair"));
        let asking = offer.callers.contains(&Caller::Owners).then(|| form.get("asking").to_owned());
        let told = if form.has("told") { "1" } else { "" };
        let drawn = CallPage {
            action: offer.action.clone(),
            name: offer.compound.name.clone(),
            title: form.get("title").to_owned(),
            buildings: ranges,
            stair: form.get("stair").to_owned(),
            callers,
            asking,
            asking_hint: page.t2("property-asking-hint", "percent", per_cent(share), "example", offer.example),
            told: vec![Choice::new("1", page.t("property-told"), told)],
            opens_on: or("opens_on", &first),
            opens_time: or("opens_time", OPENS),
            ends_on: or("ends_on", ""),
            ends_time: or("ends_time", ENDS),
            matters: (1..=MATTERS_MOST).map(|number| matter(&page, form, &problems, number)).collect(),
            notice,
            cover: cover::told(&page, &coverage),
            partial: cover::known(&page, &coverage, form),
            partial_reason: form.get("partial_reason").to_owned(),
            problems,
            page,
        };
        form_page(wrong, &drawn)
    }
}

/// Thousandths as a number of hundredths: `20`, `12.5`.
fn per_cent(share: u32) -> String {
    let (whole, rest) = (share / 10, share % 10);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest}") }
}

fn matter(page: &Page, form: &Form, problems: &[Problem], number: usize) -> MatterFields {
    let field = |part: &str| {
        let name = format!("matter{number}_{part}");
        let (value, error) = (form.get(&name).to_owned(), web::problem_of(problems, &name).to_owned());
        MatterField { name, value, error }
    };
    let kind = field("kind");
    let (title, content, candidates) = (field("title"), field("text"), field("candidates"));
    let is_begun = [&kind, &title, &content, &candidates].iter().any(|one| !one.value.is_empty());
    let kinds = MatterKind::ALL.iter().map(|kind| (kind.code(), kind.code().replace('_', "-")));
    let kinds = kinds.map(|one| Choice::new(one.0, page.t(&format!("property-matter-{}", one.1)), &kind.value));
    MatterFields {
        number,
        is_first: number == 1,
        is_open: number == 1 || is_begun,
        kinds: with_none(page, kinds.collect(), &kind.value),
        kind,
        title,
        content,
        candidates,
        seats: field("seats"),
    }
}
