//! This page shows what laying the buildings of a sheet would change, and lays them when a person says so.

use askama::Template;
use axum::extract::State;
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jobs::{NewWork, Work, WorkState};
use kernel::refusal::{Code, Refusal};
use uuid::Uuid;
use web::{Crumb, InPath, Page, PostForm, Problem, WebError, Working, render_status};

use super::drawing::{self, Drawing, Legend, Spot};
use super::{Desk, allowed, crumbs, odd::why};
use crate::actions::bring::{Answer, BRING, CHANGED, LAY, Laying};
use crate::actions::grids::ask;
use crate::permissions::May;
use crate::rules::geography::{Bringing, Changed, Compared, Geography, Moved, Seen};

/// Says after how many seconds the page asks again while the work goes on.
const SECONDS: &str = "2";
/// How many buildings of each list are shown.
const SHOWN: usize = 100;
/// How many reasons are shown why the buildings cannot be laid.
const TOLD: usize = 20;
/// How many buildings are drawn on a map.
const DRAWN: usize = 3_000;

#[derive(Template)]
#[template(path = "places/brought.html")]
struct BroughtPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: String,
    place: i64,
    name: String,
    asked: String,
    working: Option<Working>,
    /// Why the work came to nothing. It is empty if it did not.
    ended: String,
    /// The buildings are laid.
    laid: bool,
    /// What was found in the sheet, and how it was read.
    found: Vec<String>,
    told: Vec<String>,
    /// Why the buildings cannot be laid.
    odd: Vec<String>,
    facts: Vec<(String, String)>,
    /// The buildings among today's ways. It is empty where there are none, or too many to tell them apart.
    map: String,
    lists: Vec<List>,
    /// The visitor may lay them now.
    ready: bool,
    /// What is agreed to before they are laid. It is empty if no building is gone.
    sure: String,
    /// Why they were not laid.
    problem: Option<Problem>,
}

/// Some buildings under a heading.
struct List {
    title: String,
    lines: Vec<String>,
    /// How many more there are, in words. It is empty if all are shown.
    more: String,
}

/// The work of an address, when this visitor may draw grids at its place.
async fn work_of(desk: &Desk, page: &Page, id: Uuid) -> Result<Work, WebError> {
    let found = desk.places.store().read(move |tx| jobs::work(tx, id)).await?;
    let work = found.filter(|work| work.kind == BRING || work.kind == LAY).ok_or(WebError::NotFound)?;
    allowed(page, &work.place, May::GridPlan)?;
    Ok(work)
}

/// `GET /places/bring/{work}`
pub(super) async fn get(State(desk): State<Desk>, InPath(id): InPath<Uuid>, page: Page) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let work = work_of(&desk, &page, id).await?;
    let (open, still) = (work.state.open(), page.query.get("still") == "1");
    let (laid, asking) = (desk.places.geography().await?, page.clone());
    let draw = move || render_status(StatusCode::OK, &view(&desk, page, &work, laid.as_deref()));
    let mut response = asking.aside(draw).await??;
    if open && !still {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static(SECONDS));
    }
    Ok(response)
}

/// `POST /places/bring/{work}/lay`
pub(super) async fn lay(
    State(desk): State<Desk>,
    InPath(id): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let work = work_of(&desk, &page, id).await?;
    let Some(Ok(different)) = compared(&work) else { return Err(WebError::NotFound) };
    // What is gone cannot be brought back but by another sheet.
    if !different.gone.is_empty() && form.get("sure") != "1" {
        let label = sure(&page, different.gone.len());
        let problem = page.problem(&Refusal::new(Code::FormConsent).field("sure").with("label", label));
        let (laid, asking) = (desk.places.geography().await?, page.clone());
        let draw = move || BroughtPage { problem: Some(problem), ..view(&desk, page, &work, laid.as_deref()) };
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &asking.aside(draw).await?);
    }
    let asked = serde_json::to_value(Laying { bring: work.id });
    let new = NewWork {
        id: Uuid::now_v7(),
        kind: LAY.to_owned(),
        place: work.place.clone(),
        asked: asked.map_err(|fault| WebError::Failed(fault.to_string()))?,
        by: page.visitor.actor.account,
        by_name: page.visitor.actor.name.clone(),
    };
    let (key, now) = (form.key().to_owned(), page.now);
    let laying = desk.places.store().write(move |tx| ask(tx, &new, &key, now)).await?;
    Ok(Redirect::to(&format!("/places/bring/{laying}")).into_response())
}

/// `POST /places/bring/{work}/stop`
pub(super) async fn stop(
    State(desk): State<Desk>,
    InPath(id): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let work = work_of(&desk, &page, id).await?;
    let (id, now) = (work.id, page.now);
    desk.places.store().write(move |tx| jobs::stop(tx, id, now)).await?;
    Ok(Redirect::to(&format!("/places/bring/{id}")).into_response())
}

/// What somebody agrees to who lays buildings while others are gone.
fn sure(page: &Page, gone: usize) -> String {
    page.t1("places-bring-sure", "count", gone)
}

/// What the comparison came to. There is nothing before it is done.
fn compared(work: &Work) -> Option<Answer> {
    let bytes = work.answer.as_deref().filter(|_| work.kind == BRING && work.state == WorkState::Done)?;
    serde_json::from_slice(bytes).ok()
}

fn view(desk: &Desk, page: Page, work: &Work, ground: Option<&Geography>) -> BroughtPage {
    let tree = desk.places.tree();
    let place = tree.at(&work.place);
    let mut above = place.map(|place| crumbs(desk, &page, place)).unwrap_or_default();
    let grids = format!("/places/{}/grids", work.place.id());
    above.push(Crumb { text: page.t("places-grids-title"), href: grids });
    let address = format!("/places/bring/{}", work.id);
    let (still, lays) = (page.query.get("still") == "1", work.kind == LAY);
    let working = work.state.open().then(|| Working {
        share: work.share,
        text: page.t(if lays { "places-bring-laying" } else { "places-bring-comparing" }),
        stop: Some(format!("{address}/stop")),
        still: if still { String::new() } else { format!("{address}?still=1") },
    });
    let ended = match work.state {
        WorkState::Stopped => page.t("places-bring-stopped"),
        WorkState::Failed if work.said == CHANGED => page.t("places-bring-changed"),
        WorkState::Failed => page.t1("places-grids-failed", "why", &work.said),
        _ => String::new(),
    };
    let brought = serde_json::from_value(work.asked.clone()).ok();
    let brought = brought.map(|Bringing { brought, .. }| brought).unwrap_or_default();
    let said = |all: &[kernel::language::Bilingual]| all.iter().map(|one| one.get(page.lang).to_owned()).collect();
    let answer = compared(work);
    let different = answer.as_ref().and_then(|answer| answer.as_ref().ok());
    let odd = answer.as_ref().and_then(|answer| answer.as_ref().err()).map(Vec::as_slice).unwrap_or_default();
    let hidden = odd.len().saturating_sub(TOLD);
    let others = (hidden > 0).then(|| page.t1("places-hand-faults", "count", hidden));
    let when = page.minute(work.asked_at);
    BroughtPage {
        crumbs: above,
        id: work.id.to_string(),
        place: work.place.id().0,
        name: place.map(|place| place.named(page.lang).to_owned()).unwrap_or_default(),
        asked: page.t2("places-bring-asked", "by", &work.asked_name, "when", when),
        working,
        ended,
        laid: lays && work.state == WorkState::Done,
        found: said(&brought.found),
        told: said(&brought.told),
        odd: odd.iter().take(TOLD).map(|one| why(desk, &page, &work.place, one)).chain(others).collect(),
        facts: different.map(|different| facts(&page, different, brought.parting.is_some())).unwrap_or_default(),
        map: ground.zip(different).map(|(ground, different)| drawn(&page, ground, different)).unwrap_or_default(),
        lists: different.map(|different| lists(&page, different)).unwrap_or_default(),
        ready: different.is_some(),
        sure: different.filter(|one| !one.gone.is_empty()).map(|one| sure(&page, one.gone.len())).unwrap_or_default(),
        problem: None,
        page,
    }
}

/// Draws the buildings over the ways of today, so that coordinates of another map are seen at once.
fn drawn(page: &Page, ground: &Geography, different: &Compared) -> String {
    if different.seen.is_empty() || different.seen.len() > DRAWN {
        return String::new();
    }
    let spot = |one: &Seen| {
        let (x, y) = one.at;
        Spot { at: planning::shape::Point { x, y }, grid: None, moved: one.differs, title: one.title.clone() }
    };
    let spots: Vec<Spot> = different.seen.iter().map(spot).collect();
    let points: Vec<_> = spots.iter().map(|spot| spot.at).collect();
    let said = |shown: bool, key: &str| if shown { page.t(key) } else { String::new() };
    let legend = Legend {
        moved: said(spots.iter().any(|spot| spot.moved), "places-bring-ringed"),
        without: said(spots.iter().any(|spot| !spot.moved), "places-bring-dot"),
    };
    let ways = drawing::ways(ground, &points);
    let drawing = Drawing { spots: &spots, patches: &[], classes: &[], ways: &ways, legend: &legend };
    drawing::figure(&drawing, &page.t("places-bring-map"))
}

/// Says what would be different in figures, and where there is a map, what it parts.
fn facts(page: &Page, different: &Compared, has_map: bool) -> Vec<(String, String)> {
    let Compared { buildings, households, before, after, parted, new, gone, same, .. } = different;
    let both = page.t2("places-grids-both", "before", before, "after", after);
    let fact = |key: &str, text: String| (page.t(key), text);
    let counts =
        [new.len(), buildings.saturating_sub(new.len() + same), *same, gone.len()].map(|count| count.to_string());
    let [new, changed, same, gone] = counts.each_ref().map(String::as_str);
    let counts = [("new", new), ("changed", changed), ("same", same), ("gone", gone)];
    let known = [
        fact("places-bring-counts", page.text("places-bring-counted", &counts)),
        fact("places-grids-column-buildings", buildings.to_string()),
        fact("places-grids-column-households", households.to_string()),
        fact("places-bring-households", both),
    ];
    known.into_iter().chain(has_map.then(|| fact("places-bring-parted", parted.to_string()))).collect()
}

fn lists(page: &Page, different: &Compared) -> Vec<List> {
    let Compared { new, changed, moved, gone, .. } = different;
    let named = |all: &[String]| all.iter().take(SHOWN).cloned().collect::<Vec<String>>();
    let change = |one: &Changed| {
        let both = page.t2("places-grids-both", "before", one.before, "after", one.after);
        format!("{} {both}", one.building)
    };
    let shift = |one: &Moved| page.t2("places-bring-shifted", "building", &one.building, "metres", one.metres);
    let list = |key: &str, count: usize, lines: Vec<String>| List {
        title: page.t1(key, "count", count),
        lines,
        more: match count.saturating_sub(SHOWN) {
            0 => String::new(),
            more => page.t1("places-bring-more", "count", more),
        },
    };
    let all = [
        list("places-bring-new", new.len(), named(new)),
        list("places-bring-other", changed.len(), changed.iter().take(SHOWN).map(change).collect()),
        list("places-bring-moved", moved.len(), moved.iter().take(SHOWN).map(shift).collect()),
        list("places-bring-gone", gone.len(), named(gone)),
    ];
    all.into_iter().filter(|list| !list.lines.is_empty()).collect()
}
