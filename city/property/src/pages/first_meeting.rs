//! The way to the first owners' meeting: the compounds of somebody's places, and for each whether it is possible, which
//! step comes next, and by which day. Everybody may see a compound.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Crumb, Form, InPath, Light, Page, Pager, PostForm, WebError, render};

use super::first_vote::Meeting;
use super::frame::{Part, done, heads, holds, only_theirs, own_id, sender, staff_note, way_from};
use super::typed::{Around, Drawn, Typed};
use crate::Companies;
use crate::actions::by::places_of;
use crate::actions::first_meeting as actions;
use crate::permissions::May;
use crate::records::first_meeting as records;
use crate::rules::first_meeting::{self as rules, Step};
use crate::words::area::Area;
use crate::words::first_meeting::{First, OWNERS_MOST, Variant};
use crate::words::register::Ground;

/// What a form begins with.
#[derive(Clone, Copy)]
enum Start<'s> {
    /// A compound of these.
    New(&'s [Ground]),
    /// How far a compound is.
    Known(&'s First),
}

#[derive(Template)]
#[template(path = "property/firsts.html")]
struct FirstsPage {
    page: Page,
    list: Table,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "property/first.html")]
struct FirstPage {
    page: Page,
    crumbs: Vec<Crumb>,
    first: First,
    place: String,
    total: String,
    delivered: String,
    light: Light,
    steps: Vec<(String, Light)>,
    variant: String,
    source: String,
    /// What the city's staff should know of the source; empty for everybody else.
    note: String,
    may_edit: bool,
    meeting: Meeting,
}

/// `GET /property/first`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyFirst)?;
    let (places, part) = (places_of(&page.visitor.actor, May::PropertyFirst), Part::asked(&page));
    let read = move |tx: &mut dyn Tx| {
        let mut found = Vec::new();
        for place in &places {
            found.extend(records::inside(tx, place, part.most())?);
        }
        Ok::<_, Fault>(found)
    };
    let mut found = desk.hall.store.read(read).await?;
    let pager = part.cut(&page, &mut found);
    let (variant, tree) = (desk.variant(page.today())?, desk.hall.places.tree());
    let named = [
        (ColumnKind::Link, "compound"),
        (ColumnKind::Text, "community"),
        (ColumnKind::Text, "state"),
        (ColumnKind::Text, "next-step"),
    ];
    let row = |one: &First| -> Vec<Cell> {
        let next = rules::steps(variant, one).into_iter().find(|step| step.done.is_none());
        vec![
            Cell::link(one.compound.as_str(), format!("/property/first/{}", one.id)),
            tree.chain(&one.path, page.lang).into(),
            possible(&page, variant, one).into(),
            next.map(|step| page.t(step.key)).into(),
        ]
    };
    let list = Table::new(page.t("property-firsts"), heads(&page, named)).with(found.iter().map(row));
    render(&FirstsPage { page, list, pager })
}

/// `GET /property/first/{id}`
///
/// # Errors
/// 404 if there is no such compound, or a failure.
pub async fn one(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (first, meeting) = desk.meeting(&page, id).await?;
    let variant = desk.variant(page.today())?;
    let may_edit = holds(&page, May::PropertyFirst, &first.path);
    let is_possible = rules::is_possible(variant, &first, page.today());
    let steps = rules::steps(variant, &first);
    let now = steps.iter().position(|step| step.done.is_none()).filter(|_| is_possible);
    let line = |(at, step): (usize, &Step)| (page.t(step.key), step_light(&page, step, Some(at) == now));
    render(&FirstPage {
        crumbs: way_from(&desk, &page, crumbs(&page), &first.path),
        place: desk.hall.places.tree().chain(&first.path, page.lang),
        total: first.total.show(),
        delivered: first.delivered.show(),
        light: possible(&page, variant, &first),
        steps: steps.iter().enumerate().map(line).collect(),
        variant: page.of(&variant.title).to_owned(),
        source: page.of(&variant.source).to_owned(),
        note: staff_note(&page, variant.note.as_ref()),
        may_edit,
        meeting,
        first,
        page,
    })
}

/// `GET /property/first/new`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyFirst)?;
    let grounds = desk.compounds(&page, May::PropertyFirst).await?;
    desk.first_form(&page, &Form::default(), Start::New(&grounds), &[])
}

/// `POST /property/first/new`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn enter(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyFirst)?;
    let id = own_id(&page, &form);
    desk.take_first(page, id, None, form).await
}

/// `GET /property/first/{id}/edit`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a compound that is not hers, or a failure.
pub async fn edit(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let first = desk.own_first(&page, id).await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = [
        ("total", first.total.plain()),
        ("delivered", first.delivered.plain()),
        ("first_on", day(first.first_on)),
        ("applied", first.applied.to_string()),
        ("reached_on", day(first.reached_on)),
        ("told_on", day(first.told_on)),
        ("group_on", day(first.group_on)),
        ("group_owners", first.group_owners.to_string()),
        ("drafts_on", day(first.drafts_on)),
        ("meeting_on", day(first.meeting_on)),
    ];
    let form = fields.into_iter().fold(Form::default(), |form, (name, value)| form.with(name, value));
    desk.first_form(&page, &form, Start::Known(&first), &[])
}

/// `POST /property/first/{id}/edit`
///
/// # Errors
/// As [`edit`].
pub async fn change(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let before = desk.own_first(&page, id).await?;
    desk.take_first(page, id, Some(before), form).await
}

fn crumbs(page: &Page) -> Vec<Crumb> {
    let list = Crumb { text: page.t("property-firsts"), href: "/property/first".to_owned() };
    if page.may(May::PropertyFirst) { vec![list] } else { Vec::new() }
}

/// Whether it is possible, in words.
fn possible(page: &Page, variant: &Variant, first: &First) -> Light {
    if first.meeting_on.is_some() {
        return Light { class: "ok", text: page.t("property-first-held") };
    }
    let is_possible = rules::is_possible(variant, first, page.today());
    let (class, key) =
        if is_possible { ("soon", "property-first-possible") } else { ("none", "property-first-not-yet") };
    Light { class, text: page.t(key) }
}

/// How a step stands, in words.
fn step_light(page: &Page, step: &Step, is_now: bool) -> Light {
    let (class, text) = match (step.done, step.last, step.first) {
        (Some(done), ..) => ("ok", page.t1("property-step-done", "date", page.full_date(done))),
        (None, Some(last), _) if last < page.today() => {
            ("late", page.t1("property-step-late", "date", page.full_date(last)))
        }
        (None, Some(last), _) => ("soon", page.t1("property-step-last", "date", page.full_date(last))),
        (None, None, Some(first)) => ("soon", page.t1("property-step-first", "date", page.full_date(first))),
        (None, None, None) if is_now => ("soon", page.t("property-step-now")),
        (None, None, None) => ("none", page.t("property-step-later")),
    };
    Light { class, text }
}

impl Companies {
    /// How far a compound is, for whoever enters it.
    async fn own_first(&self, page: &Page, id: Uuid) -> Result<First, WebError> {
        page.require(May::PropertyFirst)?;
        let found = self.hall.store.read(move |tx| records::find(tx, id)).await?.ok_or(WebError::NotFound)?;
        only_theirs(page, May::PropertyFirst, &found.path)?;
        Ok(found)
    }

    async fn take_first(
        &self,
        page: Page,
        id: Uuid,
        before: Option<First>,
        form: PostForm,
    ) -> Result<Response, WebError> {
        let grounds = self.compounds(&page, May::PropertyFirst).await?;
        let start = || before.as_ref().map_or(Start::New(&grounds), Start::Known);
        let first = match self.read_first(&page, &form, id, start()) {
            Ok(first) => first,
            Err(faults) => return self.first_form(&page, &form, start(), &faults),
        };
        let (by, counter) = (sender(&page, &form, id), self.votes.counter.clone());
        let act = move |tx: &mut dyn Tx| actions::enter(tx, &first, &counter, &by);
        let again = |refusal| async { self.first_form(&page, &form, start(), &[refusal]) };
        done(&self.hall, act, |()| format!("/property/first/{id}"), again).await
    }

    fn first_form(&self, page: &Page, form: &Form, start: Start<'_>, faults: &[Refusal]) -> Result<Response, WebError> {
        let drawn = Drawn::of(page, form, faults);
        let drawn = match start {
            Start::Known(_) => drawn,
            Start::New(grounds) => drawn.compound(self, grounds, May::PropertyFirst),
        };
        let drawn = ["reached_on", "told_on", "group_on"].into_iter().fold(
            drawn
                .field("total", "number")
                .field("delivered", "number")
                .optional("first_on", "date")
                .optional("applied", "number"),
            |drawn, name| drawn.optional(name, "date"),
        );
        let drawn =
            drawn.optional("group_owners", "number").optional("drafts_on", "date").optional("meeting_on", "date");
        let (title, action) = match start {
            Start::Known(first) => (first.compound.clone(), format!("/property/first/{}/edit", first.id)),
            Start::New(_) => (page.t("property-first-new"), "/property/first/new".to_owned()),
        };
        let lead = page.t("property-first-lead");
        drawn.answer(Around { crumbs: crumbs(page), title, lead, action })
    }

    fn read_first(&self, page: &Page, form: &Form, id: Uuid, start: Start<'_>) -> Result<First, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let named = match start {
            Start::Known(first) => Some((first.path.clone(), first.compound.clone())),
            Start::New(grounds) => typed.compound(self, grounds),
        };
        let (total, delivered) = (area(&mut typed, "total"), area(&mut typed, "delivered"));
        let (applied, group_owners) = (number(&mut typed, "applied"), number(&mut typed, "group_owners"));
        let (first_on, reached_on) = (typed.day_if_any("first_on"), typed.day_if_any("reached_on"));
        let (told_on, group_on) = (typed.day_if_any("told_on"), typed.day_if_any("group_on"));
        let (drafts_on, meeting_on) = (typed.day_if_any("drafts_on"), typed.day_if_any("meeting_on"));
        let Some((path, compound)) = named.filter(|_| !typed.is_wrong()) else { return Err(typed.faults()) };
        let first = First {
            district: match start {
                Start::Known(first) => first.district,
                Start::New(_) => path.district(),
            },
            id,
            path,
            compound,
            total,
            delivered,
            first_on,
            applied,
            reached_on,
            told_on,
            group_on,
            group_owners,
            drafts_on,
            meeting_on,
            changed_name: page.visitor.actor.name.clone(),
            changed_at: page.now,
            vote: match start {
                Start::Known(first) => first.vote,
                Start::New(_) => None,
            },
        };
        let before = match start {
            Start::Known(before) => Some(before),
            Start::New(_) => None,
        };
        let found = |variant: &Variant| rules::faults(variant, &first, before, page.today());
        let faults = self.variants.on(page.today()).map(found).unwrap_or_default();
        if faults.is_empty() { Ok(first) } else { Err(faults) }
    }
}

/// An area in square metres.
fn area(typed: &mut Typed<'_>, name: &'static str) -> Area {
    let area = Area::parse(&typed.digits(name));
    if area.is_none() {
        let code = if typed.text(name).is_empty() { Code::FormMissing } else { Code::FormInvalid };
        typed.fault(Refusal::new(code).field(name));
    }
    area.unwrap_or_default()
}

/// A number of owners; none is nothing.
fn number(typed: &mut Typed<'_>, name: &'static str) -> i64 {
    if typed.text(name).is_empty() { 0 } else { typed.number(name, 0, OWNERS_MOST) }
}
