//! These pages say who is responsible for a grid, hand it over to somebody else of the community from a day on, and
//! list what is open there.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use house::{At, Dot, Window};
use kernel::day::{DECIDED_DAYS, not_ahead};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::{Choice, Crumb, InPath, Page, PostForm, Problem, WebError, render, render_status};

use super::{Desk, allowed, crumbs};
use crate::actions::worker::{HandingOver, hand_over};
use crate::pages::Worker;
use crate::permissions::May;
use crate::records::{grids, history, worker};
use crate::rules::geography::Geography;
use crate::words::{Author, POINT_METRES, Place};

/// Limits the characters of a note.
const NOTE_LIMIT: usize = 400;
/// The layer of the map that holds reports.
const REPORTS: &str = "reports";

/// Somebody who is, was or is going to be responsible.
struct Line {
    from: String,
    until: String,
    name: String,
    open: i64,
    note: String,
    by: String,
}

#[derive(Template)]
#[template(path = "places/grid_worker.html")]
struct WorkerPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: i64,
    name: String,
    /// Who is responsible today. It is empty if nobody is.
    now: String,
    open: usize,
    unplaced: usize,
    workers: Vec<Choice>,
    /// Whether somebody is responsible today or later, so that something is written down for the successor.
    takes_over: bool,
    typed: Typed,
    problems: Vec<Problem>,
    lines: Vec<Line>,
}

/// An open report in the grid.
struct Report {
    title: String,
    href: String,
}

#[derive(Template)]
#[template(path = "places/grid_open.html")]
struct OpenPage {
    page: Page,
    crumbs: Vec<Crumb>,
    name: String,
    reports: Vec<Report>,
    unplaced: usize,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    account: String,
    on: String,
    note: String,
}

/// What is known of a grid.
struct Read {
    grid: Place,
    workers: Vec<Worker>,
    history: Vec<worker::GridWorker>,
    open: Vec<Dot>,
    /// How many reports of the community stand nowhere on the map.
    unplaced: usize,
}

/// The grid of an address, when this visitor may draw grids there.
fn grid_of(desk: &Desk, page: &Page, id: PlaceId) -> Result<Place, WebError> {
    let tree = desk.places.tree();
    let grid = tree.get(id).filter(|place| place.level == Level::Grid).ok_or(WebError::NotFound)?;
    allowed(page, &grid.path, May::GridPlan)?;
    Ok(grid.clone())
}

async fn read(desk: &Desk, page: &Page, id: PlaceId) -> Result<Read, WebError> {
    let grid = grid_of(desk, page, id)?;
    let laid = desk.places.geography().await?;
    let metres: u32 = desk.rulebook.get(POINT_METRES, &grid.path, page.today())?;
    let (desk, page) = (desk.clone(), page.clone());
    let store = desk.places.store().clone();
    let reading = move |tx: &mut dyn Tx| {
        let community = grid.path.parent().unwrap_or_else(|| grid.path.clone());
        let workers = desk.around.workers(tx, &community, page.today())?;
        let history = worker::history(tx, grid.id)?;
        let today = grids::today(tx, &community, page.today())?;
        let lies = |id: i64| today.grid.get(&id) == Some(&grid.id);
        let window = laid.as_ref().and_then(|laid| window(laid, &community, &lies, f64::from(metres)));
        let reports = desk.shown.dots().iter().find(|dots| dots.layer == REPORTS);
        let dots = match (window, reports) {
            (Some(window), Some(reports)) => (reports.show)(tx, &page, Some(&window))?,
            _ => Vec::new(),
        };
        let unplaced = dots.iter().filter(|dot| dot.place == community && !matches!(dot.at, At::Ground(..))).count();
        let inside = |dot: &Dot| {
            let At::Ground(east, north) = dot.at else { return false };
            let found = laid.as_ref().and_then(|laid| {
                let (at, _) = laid.nearest_building((east, north))?;
                laid.buildings.get(at as usize)
            });
            found.is_some_and(|building| lies(building.id))
        };
        let open = dots.into_iter().filter(inside).collect();
        Ok::<_, StoreError>(Read { grid: grid.clone(), workers, history, open, unplaced })
    };
    Ok(store.read(reading).await?)
}

/// What lies so many metres around the buildings of a grid, and what is known only to be in its community; nothing if
/// the grid has no buildings.
fn window(laid: &Arc<Geography>, community: &PlacePath, lies: &dyn Fn(i64) -> bool, metres: f64) -> Option<Window> {
    let inside: Vec<_> = laid.buildings.iter().filter(|one| lies(one.id)).map(|one| one.at).collect();
    let edge = |of: fn(f64, f64) -> f64, values: &mut dyn Iterator<Item = f64>| values.reduce(of);
    Some(Window {
        west: edge(f64::min, &mut inside.iter().map(|at| at.x))? - metres,
        south: edge(f64::min, &mut inside.iter().map(|at| at.y))? - metres,
        east: edge(f64::max, &mut inside.iter().map(|at| at.x))? + metres,
        north: edge(f64::max, &mut inside.iter().map(|at| at.y))? + metres,
        together: 0.0,
        places: Some(vec![community.clone()]),
    })
}

/// `GET /places/{id}/worker`
pub(super) async fn get(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    // A grid that ended has nobody any more. Its page says where its buildings went.
    if desk.places.tree().get(id).is_none() {
        let known = desk.places.store().read(move |tx| history::ever(tx, id)).await?;
        known.filter(|known| known.alive_to.is_some()).ok_or(WebError::NotFound)?;
        return Ok(Redirect::to(&format!("/places/{id}")).into_response());
    }
    let read = read(&desk, &page, id).await?;
    let typed = Typed { on: page.today().to_string(), ..Typed::default() };
    render_status(StatusCode::OK, &view(&desk, page, &read, typed, Vec::new()))
}

/// `POST /places/{id}/worker`
pub(super) async fn post(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let read = read(&desk, &page, id).await?;
    let text = |field: &str| form.get(field).to_owned();
    let typed = Typed { account: text("account"), on: text("on"), note: text("note") };
    let asked = match asked(&page, &form, &read) {
        Ok(asked) => asked,
        Err(refusals) => {
            let problems = refusals.iter().map(|refusal| page.problem(refusal)).collect();
            return render_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&desk, page, &read, typed, problems));
        }
    };
    let now = page.now;
    let done = desk.places.store().write(move |tx| hand_over(tx, &asked, now)).await;
    let done = done.map(|()| format!("/places/{id}/worker"));
    web::answer(done, |refusal| async move {
        let problems = vec![page.problem(&refusal)];
        render_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&desk, page, &read, typed, problems))
    })
    .await
}

/// Reads what the form asks for.
fn asked(page: &Page, form: &PostForm, read: &Read) -> Result<HandingOver, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut say = |refusal: Refusal| {
        let label = page.t(&format!("places-worker-{}", refusal.field.as_deref().unwrap_or_default()));
        refusals.push(refusal.with("label", label).with("limit", NOTE_LIMIT));
    };
    let chosen = form.get("account").parse::<Uuid>().ok();
    let chosen = read.workers.iter().find(|one| Some(one.account) == chosen);
    if chosen.is_none() {
        say(Refusal::new(Code::FormChoice).field("account"));
    }
    let day = form.get("on").parse::<Date>();
    match &day {
        Err(_) if form.get("on").is_empty() => say(Refusal::new(Code::FormMissing).field("on")),
        Err(_) => say(Refusal::new(Code::FormDate).field("on")),
        Ok(day) => {
            if let Some(refusal) = not_ahead("on", *day, page.today(), DECIDED_DAYS) {
                say(refusal);
            }
        }
    }
    let note = form.get("note").trim().to_owned();
    if note.chars().count() > NOTE_LIMIT {
        say(Refusal::new(Code::FormTooLong).field("note"));
    }
    match (chosen, day) {
        (Some(chosen), Ok(day)) if refusals.is_empty() => Ok(HandingOver {
            id: Uuid::now_v7(),
            grid: read.grid.id,
            district: read.grid.path.district(),
            day,
            begun: day <= page.today(),
            account: chosen.account,
            name: chosen.name.clone(),
            note,
            open_reports: i64::try_from(read.open.len()).unwrap_or(i64::MAX),
            by: Author::of(&page.visitor.actor),
            key: form.key().to_owned(),
        }),
        _ => Err(refusals),
    }
}

fn view(desk: &Desk, page: Page, read: &Read, typed: Typed, problems: Vec<Problem>) -> WorkerPage {
    let today = page.today();
    let holds = |one: &&worker::GridWorker| one.from <= today && one.until.is_none_or(|until| until > today);
    let now = read.history.iter().find(holds).map(|one| {
        let since = page.full_date(one.from);
        page.t2("places-worker-now", "name", &one.name, "since", since)
    });
    let until = |one: &worker::GridWorker| match one.until {
        Some(until) if until == one.from => page.t("places-worker-same-day"),
        until => until.map(|until| page.full_date(until)).unwrap_or_default(),
    };
    let line = |one: &worker::GridWorker| Line {
        from: page.full_date(one.from),
        until: until(one),
        name: one.name.clone(),
        open: one.open_reports,
        note: one.note.clone(),
        by: one.noted_name.clone(),
    };
    let worker = |one: &Worker| {
        let text = format!("{} · {}", one.name, page.of(&one.role));
        Choice::new(one.account.to_string(), text, &typed.account)
    };
    WorkerPage {
        crumbs: crumbs(desk, &page, &read.grid),
        id: read.grid.id.0,
        name: read.grid.named(page.lang).to_owned(),
        now: now.unwrap_or_default(),
        open: read.open.len(),
        unplaced: read.unplaced,
        workers: read.workers.iter().map(worker).collect(),
        takes_over: read.history.iter().any(|one| one.until.is_none_or(|until| until > today)),
        lines: read.history.iter().map(line).collect(),
        typed,
        problems,
        page,
    }
}

/// `GET /places/{id}/worker/open`: the reports that are open in the grid, as far as this visitor may read them.
pub(super) async fn open(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let read = read(&desk, &page, id).await?;
    let mut above = crumbs(&desk, &page, &read.grid);
    above.push(Crumb { text: page.t("places-worker-title"), href: format!("/places/{id}/worker") });
    let report = |dot: Dot| Report { title: dot.title, href: dot.href };
    let view = OpenPage {
        crumbs: above,
        name: read.grid.named(page.lang).to_owned(),
        reports: read.open.into_iter().map(report).collect(),
        unplaced: read.unplaced,
        page,
    };
    render(&view)
}
