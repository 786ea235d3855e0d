//! This page shows the grids of a community as they are today, and the form that asks for a proposal.

use crate::permissions::May;
use crate::refusals::Why;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jobs::{NewWork, Work, WorkState};
use kernel::place::{Level, PlaceId};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Table};
use web::{Choice, InPath, Light, Page, PostForm, Problem, WebError, render_status};

use super::around::{Around, Laid, ProposalLine, Stored};
use super::drawing::{self, Drawing, Legend, Patch, Spot};
use super::{Desk, Names, adoption_line, columns, crumbs, limits, limits_text, may_plan, place_of, standing, wide};
use crate::actions::grids::{PLAN, ask};
use crate::records::adoption::{self, Adoption};
use crate::records::{grids, worker};
use crate::rules::geography::Geography;
use crate::rules::grids::counted::Counted;
use crate::rules::grids::given::{self, Calls, Fault, Given};
use crate::rules::grids::ground::{Ground, Today};
use crate::rules::grids::proposal::{Asked, Mode};
use crate::words::{AdoptionState, Place};

/// Limits how many adoptions and proposals a page lists.
const SHOWN: i64 = 20;

/// The most grids without a responsible person that are named. Of more it is said how many they are.
const NAMED: usize = 5;

/// A grid as the table shows it.
struct GridLine {
    id: i64,
    name: String,
    code: String,
    kind: String,
    households: u64,
    buildings: usize,
    compounds: String,
    /// Who is responsible today. It is empty if nobody is.
    worker: String,
    light: Light,
}

#[derive(Template)]
#[template(path = "places/grids.html")]
struct GridsPage {
    page: Page,
    around: Around,
    lines: Vec<GridLine>,
    households: u64,
    buildings: usize,
    without: usize,
    out: usize,
    /// The map, which is empty if there are no buildings.
    map: String,
}

/// `GET /places/{id}/grids`
pub(super) async fn get(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::PlaceRead)?;
    let place = place_of(&desk, &page, id, May::PlaceRead)?;
    show(&desk, page, place, Vec::new()).await
}

async fn show(desk: &Desk, page: Page, place: Place, problems: Vec<Problem>) -> Result<Response, WebError> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let laid = desk.places.geography().await?;
    let ground = laid.as_ref().map(|laid| Ground::of(laid, &desk.places.tree(), &place.path)).unwrap_or_default();
    let stored = stored(desk, &page, &place, &ground).await?;
    let limits = limits(desk, &place.path, page.today())?;
    let (desk, asking) = (desk.clone(), page.clone());
    let draw = move || {
        let laid = Laid { geography: laid.as_deref(), ground: &ground, limits: &limits };
        let around = around(&desk, &page, &place, laid, &stored, problems);
        if place.level == Level::Community {
            render_status(status, &view(page, around, laid, stored))
        } else {
            render_status(status, &wide::view(&desk, page, &place, around, laid, &stored))
        }
    };
    asking.aside(draw).await?
}

async fn stored(desk: &Desk, page: &Page, place: &Place, ground: &Ground) -> Result<Stored, WebError> {
    let (path, on) = (place.path.clone(), page.today());
    let communities = match place.level {
        Level::Community => vec![place.id],
        Level::City => Vec::new(),
        _ => ground.communities.clone(),
    };
    let read = move |tx: &mut dyn Tx| {
        Ok::<_, store::StoreError>(Stored {
            today: grids::today(tx, &path, on)?,
            known: grids::known(tx, &path)?,
            adoptions: adoption::about(tx, &communities, SHOWN)?,
            works: jobs::works(tx, PLAN, &path, SHOWN)?,
            workers: worker::names(tx, &path, on)?,
        })
    };
    Ok(desk.places.store().read(read).await?)
}

fn around(desk: &Desk, page: &Page, place: &Place, laid: Laid<'_>, stored: &Stored, problems: Vec<Problem>) -> Around {
    let Laid { geography, ground, limits } = laid;
    let first = if stored.today.living.is_empty() { Mode::Anew } else { Mode::Keep };
    let mode = |mode: Mode| {
        Choice::new(mode.code(), page.t(&format!("places-grids-mode-{}", mode.code())), first.code())
            .hint(page.t(&format!("places-grids-mode-{}-hint", mode.code())))
    };
    let brings = place.level != Level::City && may_plan(page, &place.path);
    let plans = brings && !ground.ids.is_empty();
    let done = page.query.opt("done").map(|done| match done {
        "adopted" => adopted(page, &stored.today, &stored.workers),
        "coming" => page.t("places-grids-will"),
        _ => page.t("places-grids-called-off"),
    });
    Around {
        id: place.id.0,
        name: place.named(page.lang).to_owned(),
        crumbs: crumbs(desk, page, place),
        invented: geography.is_some_and(|laid| laid.invented) && !ground.ids.is_empty(),
        limits: limits_text(page, limits),
        geojson: geography
            .filter(|laid| !stored.today.living.is_empty() && !ground.ids.is_empty() && laid.plane().is_some())
            .map(|_| format!("/ogc/collections/grids/items?place={}", place.id))
            .unwrap_or_default(),
        may_plan: plans,
        bring: if brings { format!("/places/{}/bring", place.id) } else { String::new() },
        may_renumber: plans && !stored.today.living.is_empty(),
        modes: vec![mode(Mode::Keep), mode(Mode::Anew)],
        problems,
        notice: done.unwrap_or_default(),
        adoptions: stored.adoptions.iter().map(|one| adoption_line(desk, page, one)).collect(),
        proposals: stored.works.iter().map(|work| proposal_line(page, work, &stored.adoptions)).collect(),
    }
}

/// That a proposal was adopted, and which grids nobody is responsible for by now.
fn adopted(page: &Page, today: &Today, workers: &BTreeMap<PlaceId, String>) -> String {
    let told = page.t("places-grids-adopted");
    let alone = alone(today, workers);
    let (count, communities) =
        (alone.len(), alone.iter().map(|(_, community)| community).collect::<BTreeSet<_>>().len());
    let more = match count {
        0 => return told,
        1..=NAMED => {
            let names: Vec<&str> = alone.iter().map(|(name, _)| *name).collect();
            page.t1("places-grids-alone", "grids", names.join(&page.t("places-grids-comma")))
        }
        _ => page.t2("places-grids-alone-many", "count", count, "communities", communities),
    };
    format!("{told}{}{more}", page.lang.pick("", " "))
}

/// Returns the grids for which nobody is responsible by now, each with its community.
fn alone<'t>(today: &'t Today, workers: &BTreeMap<PlaceId, String>) -> Vec<(&'t str, PlaceId)> {
    let alone = today.living.iter().filter(|(grid, _)| !workers.contains_key(*grid));
    alone.filter_map(|(grid, community)| Some((today.called.get(grid)?.name.as_str(), *community))).collect()
}

fn proposal_line(page: &Page, work: &Work, adoptions: &[Adoption]) -> ProposalLine {
    let mut own = adoptions.iter().filter(|one| one.work == work.id);
    let adopted = own.find_map(|one| match one.state {
        AdoptionState::Done => Some(page.t("places-grids-work-adopted")),
        AdoptionState::Coming => Some(page.t1("places-grids-work-coming", "day", page.date(one.day))),
        AdoptionState::Off | AdoptionState::Void => None,
    });
    let class = match work.state {
        WorkState::Waiting | WorkState::Running => "soon",
        WorkState::Done => "ok",
        WorkState::Stopped => "none",
        WorkState::Failed => "late",
    };
    let text = adopted.unwrap_or_else(|| page.t(&format!("places-grids-work-{}", work.state.code())));
    let light = Light { class, text };
    ProposalLine { id: work.id.to_string(), when: page.minute(work.asked_at), by: work.asked_name.clone(), light }
}

fn view(page: Page, around: Around, laid: Laid<'_>, stored: Stored) -> GridsPage {
    let ground = laid.ground;
    let from = ground.from(&stored.today);
    let names = Names::new(&page, stored.known);
    let living: Vec<PlaceId> = stored.today.of_community(PlaceId(around.id)).into_iter().collect();
    let line = |grid: &PlaceId| line(&page, laid, &from, *grid, &names);
    let mut lines: Vec<GridLine> = living.iter().map(line).collect();
    for line in &mut lines {
        line.worker = stored.workers.get(&PlaceId(line.id)).cloned().unwrap_or_default();
    }
    lines.sort_by(|a, b| a.code.cmp(&b.code));
    let map = laid.geography.map(|laid| drawn(&page, laid, ground, &from, &lines, &names)).unwrap_or_default();
    GridsPage {
        households: ground.buildings.iter().map(|one| u64::from(one.households)).sum(),
        buildings: ground.ids.len(),
        without: from.iter().filter(|grid| grid.is_none()).count(),
        out: lines.iter().filter(|line| line.light.class != "ok").count(),
        map,
        page,
        around,
        lines,
    }
}

fn line(page: &Page, laid: Laid<'_>, from: &[Option<PlaceId>], grid: PlaceId, names: &Names) -> GridLine {
    let Laid { geography, ground, limits } = laid;
    let members: Vec<_> =
        ground.buildings.iter().zip(from).filter(|(_, of)| **of == Some(grid)).map(|(one, _)| one).collect();
    let households = members.iter().map(|one| u64::from(one.households)).sum();
    let compounds: BTreeSet<u32> = members.iter().map(|one| one.compound).collect();
    let within: Vec<&str> =
        compounds.iter().filter_map(|at| Some(geography?.compounds.get(*at as usize)?.name.as_str())).collect();
    GridLine {
        id: grid.0,
        name: names.name(grid.0),
        code: names.code(grid.0),
        kind: page.t(names.kind(grid.0).key()),
        households,
        buildings: members.len(),
        compounds: within.join(&page.t("places-grids-comma")),
        worker: String::new(),
        light: standing(page, limits.standing(households)),
    }
}

fn drawn(
    page: &Page,
    laid: &Geography,
    ground: &Ground,
    from: &[Option<PlaceId>],
    lines: &[GridLine],
    names: &Names,
) -> String {
    let number: BTreeMap<PlaceId, usize> = lines.iter().map(|line| PlaceId(line.id)).zip(0..).collect();
    let of = |at: u32| from.get(at as usize).copied().flatten().and_then(|grid| number.get(&grid).copied());
    let touching = ground.borders.iter().filter_map(|border| Some((of(border.a)?, of(border.b)?))).collect();
    let classes = drawing::classes(lines.len(), &touching);
    let spots: Vec<Spot> = (0..)
        .zip(&ground.ids)
        .filter_map(|(at, id)| {
            let (building, title) = titled(page, laid, *id)?;
            Some(Spot { at: building.at, grid: of(at), moved: false, title })
        })
        .collect();
    let patch = |line: &GridLine| {
        let title = page.t2("places-grids-patch", "name", &line.name, "households", line.households);
        Patch { number: names.number(line.id), title }
    };
    let patches: Vec<Patch> = lines.iter().map(patch).collect();
    let points: Vec<_> = spots.iter().map(|spot| spot.at).collect();
    let without =
        if spots.iter().any(|spot| spot.grid.is_none()) { page.t("places-grids-none") } else { String::new() };
    let legend = Legend { moved: String::new(), without };
    let ways = drawing::ways(laid, &points);
    let drawing = Drawing { spots: &spots, patches: &patches, classes: &classes, ways: &ways, legend: &legend };
    drawing::figure(&drawing, &page.t("places-grids-map"))
}

/// Returns a building with its compound, name and households in words.
pub(super) fn titled<'a>(
    page: &Page,
    laid: &'a Geography,
    id: i64,
) -> Option<(&'a crate::rules::geography::Building, String)> {
    let at = laid.buildings.binary_search_by_key(&id, |building| building.id).ok()?;
    let building = laid.buildings.get(at)?;
    let compound = laid.compound_of(building).map_or("", |compound| compound.name.as_str());
    let name = format!("{compound} {}", building.name);
    Some((building, page.t2("places-grids-patch", "name", name, "households", building.households)))
}

/// `GET /places/{id}/grids.xlsx`: every building with its grid of today.
pub(super) async fn export(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::PlaceRead)?;
    let place = place_of(&desk, &page, id, May::PlaceRead)?;
    let tree = desk.places.tree();
    let laid = desk.places.geography().await?;
    let ground = laid.as_ref().map(|laid| Ground::of(laid, &tree, &place.path)).unwrap_or_default();
    let stored = stored(&desk, &page, &place, &ground).await?;
    let names = Names::new(&page, stored.known);
    let from = ground.from(&stored.today);
    let row = |(at, id): (usize, &i64)| -> Option<Vec<Cell>> {
        let laid = laid.as_ref()?;
        let building = laid.buildings.get(laid.buildings.binary_search_by_key(id, |one| one.id).ok()?)?;
        let community = ground.community(at).and_then(|community| tree.get(community));
        let grid = from.get(at).copied().flatten().map(|grid| (names.name(grid.0), names.code(grid.0)));
        let (grid, code) = grid.unwrap_or_default();
        Some(vec![
            community.map(|one| one.named(page.lang)).into(),
            laid.compound_of(building).map(|compound| compound.name.as_str()).into(),
            building.name.as_str().into(),
            i64::from(building.households).into(),
            grid.into(),
            code.into(),
        ])
    };
    let title = page.t("places-grids-title");
    let name = format!("{title}-{}", place.named(page.lang));
    Table::new(title, columns(&page, ["grid", "code"]))
        .with(ground.ids.iter().enumerate().filter_map(row))
        .xlsx(&page, &name)
        .await
}

/// Answers `POST /places/{id}/grids`, which asks for a proposal.
pub(super) async fn post(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let place = place_of(&desk, &page, id, May::GridPlan)?;
    let laid = desk.places.geography().await?;
    let ground = laid.as_ref().map(|laid| Ground::of(laid, &desk.places.tree(), &place.path)).unwrap_or_default();
    let ready = if form.get("mode") == Mode::Renumber.code() {
        let stored = stored(&desk, &page, &place, &ground).await?;
        ready_to_number(&page, laid.as_deref(), &ground, &stored.today)
    } else {
        Ok(())
    };
    let new = match ready.and_then(|()| new_work(&desk, &page, &place, laid, form.get("mode"))) {
        Ok(new) => new,
        Err(refusal) => {
            let problems = vec![page.problem(&refusal)];
            return show(&desk, page, place, problems).await;
        }
    };
    let (key, now) = (form.key().to_owned(), page.now);
    let work = desk.places.store().write(move |tx| ask(tx, &new, &key, now)).await?;
    Ok(Redirect::to(&format!("/places/grids/{work}")).into_response())
}

/// Refuses to number grids while a building lies in none of them.
fn ready_to_number(page: &Page, laid: Option<&Geography>, ground: &Ground, today: &Today) -> Result<(), Refusal> {
    let Err(Fault::Without(without)) = given::drawn(ground, today, &Given::new()) else { return Ok(()) };
    let first = laid.zip(without.first()).and_then(|(laid, id)| titled(page, laid, *id)).map(|(_, title)| title);
    let refusal = Refusal::new(Why::GridNotNumbered).with("count", without.len());
    Err(refusal.with("first", first.unwrap_or_default()))
}

fn new_work(
    desk: &Desk,
    page: &Page,
    place: &Place,
    laid: Option<Arc<Geography>>,
    mode: &str,
) -> Result<NewWork, Refusal> {
    let label = page.t("places-grids-mode");
    let mode = Mode::parse(mode).ok_or_else(|| Refusal::new(Code::FormChoice).field("mode").with("label", label))?;
    if place.level == Level::City {
        let level = kernel::language::Bilingual::new("区县", "district");
        return Err(Refusal::new(Code::PlaceNotDeepEnough).with_both("level", &level));
    }
    let laid = laid.filter(|laid| !laid.inside(&desk.places.tree(), &place.path).buildings.is_empty());
    let laid = laid.ok_or_else(|| Refusal::new(Why::GridNothing))?;
    let on = page.today();
    let limits = limits(desk, &place.path, on)?;
    work_for(
        page,
        place,
        &Asked {
            mode,
            revision: laid.revision,
            on,
            limits,
            given: Given::new(),
            calls: Calls::default(),
            counted: Counted::default(),
        },
    )
}

/// Makes the work that works out a proposal.
pub(super) fn work_for(page: &Page, place: &Place, asked: &Asked) -> Result<NewWork, Refusal> {
    Ok(NewWork {
        id: Uuid::now_v7(),
        kind: PLAN.to_owned(),
        place: place.path.clone(),
        asked: serde_json::to_value(asked).map_err(|_| Refusal::new(Why::GridNothing))?,
        by: page.visitor.actor.account,
        by_name: page.visitor.actor.name.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::grids::numbering::Called;

    #[test]
    fn grids_without_anybody_are_told_with_their_communities() {
        let mut today = Today::default();
        for (grid, community) in [(1, 7), (2, 7), (3, 8)] {
            today.living.insert(PlaceId(grid), PlaceId(community));
            let called = Called { name: format!("第00{grid}网格"), ..Called::default() };
            today.called.insert(PlaceId(grid), called);
        }
        let workers = BTreeMap::from([(PlaceId(2), "王芳".to_owned())]);
        assert_eq!(alone(&today, &workers), [("第001网格", PlaceId(7)), ("第003网格", PlaceId(8))]);
    }
}
