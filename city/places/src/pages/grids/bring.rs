//! This page takes the buildings of a place from a sheet that its people have, with an extract of the map if they have
//! one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jobs::NewWork;
use kernel::language::Bilingual;
use kernel::place::{Level, PlaceId};
use kernel::refusal::{Code, Refusal};
use uuid::Uuid;
use web::{Choice, Crumb, InPath, Page, Problem, UploadForm, WebError, render_status};

use super::{Desk, crumbs, limits, place_of};
use crate::actions::bring::BRING;
use crate::actions::grids::ask;
use crate::pages::Files;
use crate::permissions::May;
use crate::refusals::Why;
use crate::rules::geography::{Bringing, Rest};
use crate::words::Place;

/// How many faults of a sheet are listed.
const TOLD: usize = 20;

#[derive(Template)]
#[template(path = "places/bring.html")]
struct BringPage {
    page: Page,
    crumbs: Vec<Crumb>,
    name: String,
    /// No ways are laid yet, so no buildings can be laid either.
    no_ways: bool,
    crs: String,
    rests: Vec<Choice>,
    problems: Vec<Problem>,
}

/// Holds what was typed beside the sheet.
#[derive(Default)]
struct Typed {
    crs: String,
    rest: Rest,
}

/// `GET /places/{id}/bring`
pub(super) async fn get(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let place = brought_to(&desk, &page, id)?;
    show(&desk, page, &place, Typed::default(), Vec::new()).await
}

/// `POST /places/{id}/bring`
pub(super) async fn post(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
    form: UploadForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let place = brought_to(&desk, &page, id)?;
    let rest = Rest::parse(form.get("rest"));
    let typed = Typed { crs: form.get("crs").to_owned(), rest: rest.unwrap_or_default() };
    let sent = |field: &str| form.files().iter().find(|file| file.field == field);
    let [sheet, map] = ["sheet", "map"].map(|field| sent(field).map(|file| file.bytes.to_vec()).unwrap_or_default());
    let mut problems = Vec::new();
    if sheet.is_empty() {
        problems.push(page.problem(&Refusal::new(tables::Why::TableEmpty).field("sheet")));
    }
    if rest.is_none() {
        let label = page.t("places-bring-rest");
        problems.push(page.problem(&Refusal::new(Code::FormChoice).field("rest").with("label", label)));
    }
    if !problems.is_empty() {
        return show(&desk, page, &place, typed, problems).await;
    }
    let (reader, files) = (desk.around.clone(), Files { sheet, crs: typed.crs.clone(), map });
    let brought = match page.aside(move || reader.buildings(&files)).await? {
        Ok(brought) if brought.buildings.is_empty() => {
            let empty = page.problem(&Refusal::new(tables::Why::TableEmpty).field("sheet"));
            return show(&desk, page, &place, typed, vec![empty]).await;
        }
        Ok(brought) => brought,
        Err(faults) => {
            let problems = told(&page, &faults);
            return show(&desk, page, &place, typed, problems).await;
        }
    };
    let least = limits(&desk, &place.path, page.today())?.least;
    let bringing = Bringing { brought, rest: typed.rest, least };
    let new = NewWork {
        id: Uuid::now_v7(),
        kind: BRING.to_owned(),
        place: place.path.clone(),
        asked: serde_json::to_value(&bringing).map_err(|_| Refusal::new(Why::RequestStale))?,
        by: page.visitor.actor.account,
        by_name: page.visitor.actor.name.clone(),
    };
    let (key, now) = (form.key().to_owned(), page.now);
    let work = desk.places.store().write(move |tx| ask(tx, &new, &key, now)).await?;
    Ok(Redirect::to(&format!("/places/bring/{work}")).into_response())
}

/// The place of an address, when this visitor may draw grids there. A whole city is laid at the command line.
fn brought_to(desk: &Desk, page: &Page, id: PlaceId) -> Result<Place, WebError> {
    let place = place_of(desk, page, id, May::GridPlan)?;
    if place.level == Level::City { Err(WebError::NotFound) } else { Ok(place) }
}

/// The first faults of a sheet, and how many more there are.
fn told(page: &Page, faults: &[Bilingual]) -> Vec<Problem> {
    let problem = |text: String| {
        let field = if Files::MAP.iter().any(|name| text.starts_with(*name)) { "map" } else { "sheet" };
        Problem { field: field.to_owned(), text, remedy: String::new() }
    };
    let first = faults.iter().take(TOLD).map(|fault| problem(fault.get(page.lang).to_owned()));
    let more = faults.len().saturating_sub(TOLD);
    let rest = (more > 0).then(|| problem(page.t1("places-hand-faults", "count", more)));
    first.chain(rest).collect()
}

async fn show(
    desk: &Desk,
    page: Page,
    place: &Place,
    typed: Typed,
    problems: Vec<Problem>,
) -> Result<Response, WebError> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let laid = desk.places.geography().await?;
    let mut above = crumbs(desk, &page, place);
    above.push(Crumb { text: page.t("places-grids-title"), href: format!("/places/{}/grids", place.id) });
    let rest = |rest: Rest| {
        let code = rest.code();
        Choice::new(code, page.t(&format!("places-bring-rest-{code}")), typed.rest.code())
    };
    let shown = BringPage {
        crumbs: above,
        name: place.named(page.lang).to_owned(),
        no_ways: laid.is_none_or(|laid| laid.nodes.is_empty()),
        crs: typed.crs,
        rests: Rest::ALL.into_iter().map(rest).collect(),
        problems,
        page,
    };
    render_status(status, &shown)
}
