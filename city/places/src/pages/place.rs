//! This page shows one place: what it is, whom to ask there and how to reach them, what goes on there, its figures, its
//! map and what lies in it; what it was called comes last.

use super::nearby::MY_PLACE;
use super::picture::picture;
use super::{DecidedItem, Desk, Link, OnDuty, day_asked, export, home::tree_of, kept, link};
use crate::permissions::May;
use crate::records::{grids, history, unit, worker};
use crate::rules::geography::Geography;
use crate::words::{Change, ChangeKind, Dated, Unit};
use crate::{History, Kind, Place, Tree};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use house::{Panel, PlaceAt};
use kernel::{
    language::Bilingual,
    permission::{Target, may},
    place::{Level, PlaceId},
    refusal::{Code, Refusal},
    time::Date,
};
use std::collections::BTreeSet;
use store::once::Once;
use store::{StoreError, Tx};
use web::{Crumb, InPath, Page, PostForm, Problem, WebError};

/// A unit as it is shown.
struct Office {
    unit: Unit,
    short: String,
    items: Vec<DecidedItem>,
    people: Vec<OnDuty>,
}

/// A change in the words of the page.
struct Told {
    on: String,
    text: String,
    certainty: String,
    other: Option<(i64, String)>,
}

#[derive(Template)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
#[template(path = "places/place.html")]
struct PlacePage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: i64,
    base: String,
    name: String,
    other_name: String,
    kind: String,
    level: String,
    code: String,
    on: String,
    kept: String,
    past: bool,
    ended: String,
    /// Where what it was lies today. It is empty while it lives, and where nobody knows.
    heirs: Vec<Crumb>,
    problems: Vec<Problem>,
    children: Vec<Link>,
    names: Vec<Dated>,
    codes: Vec<Dated>,
    parents: Vec<Dated>,
    changes: Vec<Told>,
    offices: Vec<Office>,
    people: Vec<OnDuty>,
    /// Who is responsible for the grid; empty where nobody is, and for whoever does not see who works there.
    responsible: String,
    sees_people: bool,
    may_edit: bool,
    /// What goes on there, told by other departments.
    panels: Vec<Panel>,
    /// Whether it is a community, where money and notices are published.
    community: bool,
    /// Whether a resident chose it as her own; nothing where nobody may choose.
    mine: Option<bool>,
    /// The map as HTML. It is empty if nothing is laid there.
    map: String,
    invented: bool,
    /// The address of the page of its grids. It is empty if there are no buildings or the visitor may not see them.
    grids: String,
}

/// Holds what the database knows of a place.
struct Known {
    history: History,
    units: Vec<Unit>,
    people: Vec<OnDuty>,
    /// Who is responsible for the grid.
    responsible: String,
    ended: Option<history::Ended>,
    /// The grids in which the buildings of a grid lie today that ended.
    heirs: Vec<PlaceId>,
    panels: Vec<Panel>,
}

/// Holds what a visitor asks about a place, and what she may.
struct Asked {
    on: Option<Date>,
    problems: Vec<Problem>,
    /// Whether the place lives on that day.
    alive: bool,
    reads: bool,
    edits: bool,
}

/// `GET /places/{id}?on=…&format=…`
pub async fn place(
    State(desk): State<Desk>,
    InPath(PlaceId(id)): InPath<PlaceId>,
    page: Page,
) -> Result<Response, WebError> {
    let (on, problems) = day_asked(&page);
    let tree = tree_of(&desk, on).await?;
    let alive = tree.get(PlaceId(id)).cloned();
    if let Some(place) = alive.as_ref().filter(|place| place.id.0 != id) {
        return Ok(Redirect::to(&format!("/places/{}{}", place.id, kept(on))).into_response());
    }
    if let Some(place) = &alive
        && let Some(file) = export::file(&page, &tree, place.id).await?
    {
        return Ok(file);
    }
    let target = alive.as_ref().map(|place| Target::at(place.path.clone()));
    let sees = |permission| target.as_ref().is_some_and(|target| may(&page.visitor.actor, permission, target).is_ok());
    let asked = Asked {
        alive: alive.is_some(),
        reads: sees(May::PlaceRead),
        edits: sees(May::PlaceEdit) && on.is_none(),
        on,
        problems,
    };
    let known = known(&desk, &page, PlaceId(id), alive.clone(), &asked).await?;
    let status = if asked.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let today = alive.clone().filter(|_| on.is_none());
    let laid = if today.is_some() { desk.places.geography().await? } else { None };
    let place = shown(alive.as_ref(), known.ended.as_ref())?;
    let mut view = view(&desk, page, &tree, &place, known, asked);
    if let (Some(place), Some(laid)) = (today, laid) {
        let (asking, drawn, sees_people) = (view.page.clone(), view.page.clone(), view.sees_people);
        let draw = move || {
            let map = picture(&drawn, &tree, &laid, &place);
            let grids = if sees_people { grids_of(&tree, &laid, &place) } else { String::new() };
            (laid.invented && !map.is_empty(), map, grids)
        };
        (view.invented, view.map, view.grids) = asking.aside(draw).await?;
    }
    web::render_status(status, &view)
}

/// Returns the address of the page of a place's grids. It is empty if no buildings are laid.
fn grids_of(tree: &Tree, laid: &Geography, place: &Place) -> String {
    let has = place.level <= Level::Community && !laid.inside(tree, &place.path).buildings.is_empty();
    if has { format!("/places/{}/grids", place.id) } else { String::new() }
}

async fn known(
    desk: &Desk,
    page: &Page,
    id: PlaceId,
    alive: Option<Place>,
    asked: &Asked,
) -> Result<Known, StoreError> {
    let (around, departments, drawn) = (desk.around.clone(), desk.shown.clone(), page.clone());
    let now = page.today();
    let (on, reads, today) = (asked.on.unwrap_or(now), asked.reads, asked.on.is_none());
    let read = move |tx: &mut dyn store::Tx| {
        let people = match &alive {
            Some(place) if reads => around.on_duty(tx, &place.path, on)?,
            _ => Vec::new(),
        };
        let is_grid = alive.as_ref().is_some_and(|place| place.level == Level::Grid);
        let responsible = if reads && is_grid { worker::on(tx, id, on)? } else { None };
        let responsible = responsible.map(|one| one.name).unwrap_or_default();
        let panels = match &alive {
            Some(place) if today => {
                let at = PlaceAt { id: place.id, path: &place.path, level: place.level };
                departments.sections(tx, &drawn, at)?
            }
            _ => Vec::new(),
        };
        let ended = history::ever(tx, id)?;
        let until = ended.as_ref().and_then(|ended| ended.alive_to).filter(|_| alive.is_none());
        let heirs = until.map(|until| grids::heirs(tx, id, until, now)).transpose()?.unwrap_or_default();
        let (history, units) = (history::history(tx, id)?, unit::units(tx, id)?);
        Ok(Known { history, units, people, responsible, ended, heirs, panels })
    };
    desk.places.store().read(read).await
}

/// Returns the place of the day. If it did not live then, it returns what is remembered of it. An unknown place is not
/// found.
fn shown(alive: Option<&Place>, ended: Option<&history::Ended>) -> Result<Place, WebError> {
    if let Some(place) = alive {
        return Ok(place.clone());
    }
    let ended = ended.ok_or(WebError::NotFound)?;
    let kind = Kind::parse(&ended.kind).ok_or(WebError::NotFound)?;
    let name = Bilingual { zh: ended.name.clone(), en: crate::rules::naming::english(&ended.name, kind) };
    let path = kernel::place::PlacePath::root(ended.id);
    Ok(Place { id: ended.id, level: kind.level(), kind, name, path, code: ended.code.clone(), parent: ended.parent })
}

/// Says in words that a place no longer lives on the day, or does not live yet. Empty while it lives.
fn gone(page: &Page, alive: bool, known: &Known, on: Option<Date>) -> String {
    let until = known.ended.as_ref().and_then(|ended| ended.alive_to);
    match (alive, until) {
        (true, _) => String::new(),
        (false, Some(until)) => page.t1("places-ended", "date", page.full_date(until)),
        (false, None) => page.t1("places-not-yet", "date", page.full_date(on.unwrap_or_else(|| page.today()))),
    }
}

/// The places in which something lies today that ended: those into which it merged, and the grids of its buildings.
fn heirs(desk: &Desk, page: &Page, alive: bool, known: &Known) -> Vec<Crumb> {
    let tree = desk.places.tree();
    let merged = known.history.changes.iter().filter(|change| change.own && change.kind == ChangeKind::MergedInto);
    let all: BTreeSet<PlaceId> = merged.filter_map(|change| change.other).chain(known.heirs.iter().copied()).collect();
    let living = all.into_iter().filter(|_| !alive).filter_map(|id| tree.get(id));
    living
        .map(|place| Crumb { text: place.named(page.lang).to_owned(), href: format!("/places/{}", place.id) })
        .collect()
}

fn view(desk: &Desk, page: Page, tree: &Tree, place: &Place, known: Known, asked: Asked) -> PlacePage {
    let (lang, on, alive) = (page.lang, asked.on, asked.alive);
    let link_to =
        |place: &Place| Crumb { text: place.named(lang).to_owned(), href: format!("/places/{}{}", place.id, kept(on)) };
    let community = place.level == Level::Community && alive && on.is_none();
    let chosen = page.cookie(MY_PLACE) == Some(place.id.to_string());
    PlacePage {
        crumbs: tree.ancestors(place.id).into_iter().map(link_to).collect(),
        id: place.id.0,
        base: format!("/places/{}", place.id),
        name: place.named(lang).to_owned(),
        other_name: if lang == kernel::language::Lang::Zh { place.name.en.clone() } else { place.name.zh.clone() },
        kind: page.t(place.kind.key()),
        level: page.t(&format!("places-level-{}", place.level.code())),
        code: place.code.clone(),
        on: on.unwrap_or_else(|| page.today()).to_string(),
        kept: kept(on),
        past: on.is_some(),
        ended: gone(&page, alive, &known, on),
        heirs: heirs(desk, &page, alive, &known),
        problems: asked.problems,
        children: tree.children(place.id).map(|child| link(&page, tree, child)).collect(),
        changes: known.history.changes.iter().map(|change| told(desk, &page, change)).collect(),
        names: known.history.names,
        codes: known.history.codes,
        parents: known.history.parents,
        offices: offices(desk, &page, place, known.units, &known.people),
        people: known.people.into_iter().filter(|person| person.department.is_none()).collect(),
        responsible: known.responsible,
        sees_people: asked.reads,
        may_edit: asked.edits,
        panels: known.panels,
        community,
        mine: Some(chosen).filter(|_| community && !page.visitor.staff()),
        map: String::new(),
        invented: false,
        grids: String::new(),
        page,
    }
}

fn offices(desk: &Desk, page: &Page, place: &Place, units: Vec<Unit>, people: &[OnDuty]) -> Vec<Office> {
    let office = |unit: Unit| Office {
        short: desk.places.plan().short(&unit.department).map(|short| page.of(short).to_owned()).unwrap_or_default(),
        items: desk.around.items(place, &unit.department),
        people: people.iter().filter(|person| person.department.as_ref() == Some(&unit.department)).cloned().collect(),
        unit,
    };
    units.into_iter().map(office).collect()
}

fn told(desk: &Desk, page: &Page, change: &Change) -> Told {
    let tree = desk.places.tree();
    let side = if change.own { "" } else { "-here" };
    let other = change.other.map(|id| {
        (id.0, tree.get(id).map_or_else(|| page.t("places-former"), |place| place.named(page.lang).to_owned()))
    });
    Told {
        on: change.on.to_string(),
        text: page
            .text(&format!("{}{side}", change.kind.key()), &[("before", &change.before), ("after", &change.after)]),
        certainty: page.t(change.certainty.key()),
        other,
    }
}

/// Limits the characters of an address, a telephone number or opening hours.
const TEXT_LIMIT: usize = 120;

/// Answers `POST /places/units/{number}`, which changes how people reach a unit. The visitor needs `place.edit` there.
pub async fn change_unit(
    State(desk): State<Desk>,
    InPath(number): InPath<i64>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    let unit = desk.places.store().read(move |tx| unit::unit(tx, number)).await?.ok_or(WebError::NotFound)?;
    let tree = desk.places.tree();
    let place = tree.get(unit.place).ok_or(WebError::NotFound)?;
    if !page.visitor.signed_in() {
        return Err(WebError::SignIn);
    }
    may(&page.visitor.actor, May::PlaceEdit, &Target::at(place.path.clone()))?;
    let mut texts = Vec::new();
    for field in ["address", "telephone", "hours"] {
        let text = form.get(field).to_owned();
        if text.chars().count() > TEXT_LIMIT {
            let label = page.t(&format!("places-unit-{field}"));
            return Err(Refusal::new(Code::FormTooLong)
                .field(field)
                .with("label", label)
                .with("limit", TEXT_LIMIT)
                .into());
        }
        texts.push(text);
    }
    let [address, telephone, hours] = <[String; 3]>::try_from(texts).unwrap_or_default();
    let (command, now) = (form.command(number), page.now);
    let write = move |tx: &mut dyn Tx| {
        let once = store::once::take(tx, command.once("places.unit"), "", now)?;
        // Sent again it was done before, whatever somebody changed in between.
        if once == Once::New {
            unit::change(tx, number, &address, &telephone, &hours)?;
        }
        Ok::<_, StoreError>(once)
    };
    if desk.places.store().write(write).await? == Once::Conflict {
        return Err(Refusal::new(Code::RequestSentDifferently).into());
    }
    Ok(Redirect::to(&format!("/places/{}#units", place.id)).into_response())
}
