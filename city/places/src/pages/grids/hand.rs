//! These pages take grids that a person draws: building by building, by merging or splitting, or as a table of
//! buildings. What she sends becomes a proposal, which is looked at and adopted like the planner's.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::earth::Datum;
use kernel::place::{Level, PlaceId};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use tables::Wanted;
use web::{Choice, Crumb, InPath, Page, Problem, UploadForm, WebError, render_status};

use super::calling::CallLine;
use super::ground::{NEW, Read};
use super::hand_counted::{self, Typed};
use super::place::{titled, work_for};
use super::rows::{Named, SIZE, TOLD, TableGround, building_of, table_ground, titles};
use super::{Desk, Names, calling, crumbs, hand_shapes, limits, limits_text, place_of};
use crate::actions::grids::ask;
use crate::permissions::May;
use crate::records::grids;
use crate::refusals::Why;
use crate::rules::grids::counted::Counted;
use crate::rules::grids::given::{Calls, Fault, Given, Target, drawn, merged, split};
use crate::rules::grids::ground::Ground;
use crate::rules::grids::proposal::{Asked, Mode};

#[derive(Template)]
#[template(path = "places/hand.html")]
struct HandPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: i64,
    name: String,
    limits: String,
    problems: Vec<Problem>,
    /// The grids of today, to choose from; empty above a community, where only a table is taken.
    grids: Vec<Choice>,
    compounds: Vec<CompoundLines>,
    /// The grids with their names and kinds.
    called: Vec<CallLine>,
    /// What the coordinates of a file may mean.
    datums: Vec<Choice>,
    /// What was typed to balance something else than households.
    typed: Typed,
    modes: Vec<Choice>,
}

/// A compound with its buildings.
struct CompoundLines {
    name: String,
    lines: Vec<Line>,
}

/// A building, and where it may lie.
struct Line {
    id: i64,
    title: String,
    targets: Vec<Choice>,
}

/// `GET /places/{id}/grids/hand`
pub(super) async fn get(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let read = read(&desk, &page, id).await?;
    show(&desk, page, &read, Form::default())
}

/// `POST /places/{id}/grids/hand`
pub(super) async fn post(
    State(desk): State<Desk>,
    InPath(id): InPath<PlaceId>,
    page: Page,
    form: UploadForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let read = read(&desk, &page, id).await?;
    let on = page.today();
    let mut bounds = limits(&desk, &read.place.path, on)?;
    let (mut mode, mut calls, mut counted) = (Mode::Given, Calls::default(), Counted::default());
    let given = match form.get("do") {
        "merge" => merge(&page, &read, &form),
        "split" => grid_of(&page, &read, &form, "grid").and_then(|grid| {
            let halves = split(&read.ground, &read.today, grid, &bounds);
            halves.map_err(|fault| refusal(&page, &read, &fault).field("grid"))
        }),
        "table" => {
            let file = form.files().first().map(|file| file.bytes.to_vec()).unwrap_or_default();
            let (asking, held) = (page.clone(), table_ground(&desk, &read));
            match page.aside(move || from_table(&asking, &file, &held)).await? {
                Ok(given) => Ok(given),
                Err(problems) => return show(&desk, page, &read, Form { problems, ..Form::default() }),
            }
        }
        "counted" => match hand_counted::asked(&page, &form, table_ground(&desk, &read), &bounds).await? {
            Ok(asked) => {
                (mode, bounds, counted) = (asked.mode, asked.limits, asked.counted);
                Ok(Given::new())
            }
            Err(problems) => {
                let typed = Typed::of(&form);
                return show(&desk, page, &read, Form { problems, typed, ..Form::default() });
            }
        },
        "shapes" => match hand_shapes::given(&desk, &page, &read, &form).await? {
            Ok((given, shaped)) => {
                calls = shaped;
                Ok(given)
            }
            Err(problems) => {
                let datum = form.get("datum").to_owned();
                return show(&desk, page, &read, Form { problems, datum, ..Form::default() });
            }
        },
        _ => calling::called(&page, &read, &form).map(|named| {
            calls = named;
            chosen(&read, &form)
        }),
    };
    let asked = given.and_then(|given| {
        if mode == Mode::Given {
            drawn(&read.ground, &read.today, &given).map_err(|fault| refusal(&page, &read, &fault))?;
        }
        let asked = Asked { mode, revision: read.laid.revision, on, limits: bounds, given, calls, counted };
        work_for(&page, &read.place, &asked)
    });
    let new = match asked {
        Ok(new) => new,
        Err(refusal) => {
            let problems = vec![page.problem(&refusal)];
            return show(&desk, page, &read, Form { problems, ..Form::default() });
        }
    };
    let (key, now) = (form.key().to_owned(), page.now);
    let work = desk.places.store().write(move |tx| ask(tx, &new, &key, now)).await?;
    Ok(Redirect::to(&format!("/places/grids/{work}")).into_response())
}

/// Reads the buildings and grids of a district, street or community where this visitor may draw grids. Without
/// buildings there is nothing to draw.
async fn read(desk: &Desk, page: &Page, id: PlaceId) -> Result<Read, WebError> {
    let place = place_of(desk, page, id, May::GridPlan)?;
    let laid = desk.places.geography().await?.filter(|_| place.level != Level::City).ok_or(WebError::NotFound)?;
    let ground = Ground::of(&laid, &desk.places.tree(), &place.path);
    if ground.ids.is_empty() {
        return Err(WebError::NotFound);
    }
    let (path, on) = (place.path.clone(), page.today());
    let read =
        move |tx: &mut dyn Tx| Ok::<_, store::StoreError>((grids::today(tx, &path, on)?, grids::known(tx, &path)?));
    let (today, known) = desk.places.store().read(read).await?;
    Ok(Read { place, laid, ground, today, names: Names::new(page, known) })
}

/// What the page says of a form that was sent.
#[derive(Default)]
struct Form {
    problems: Vec<Problem>,
    /// What the coordinates were said to mean. It is empty before the first sending.
    datum: String,
    /// What was typed to balance something else than households.
    typed: Typed,
}

fn show(desk: &Desk, page: Page, read: &Read, form: Form) -> Result<Response, WebError> {
    let Form { problems, datum, typed } = form;
    let datum = if datum.is_empty() { Datum::default().code().to_owned() } else { datum };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let bounds = limits(desk, &read.place.path, page.today())?;
    let by_building = read.place.level == Level::Community;
    let living = if by_building { living(read) } else { Vec::new() };
    let name = |grid: &i64| read.names.name(*grid);
    let mut above = crumbs(desk, &page, &read.place);
    let text = page.t("places-grids-title");
    above.push(Crumb { text, href: format!("/places/{}/grids", read.place.id) });
    let shown = HandPage {
        crumbs: above,
        id: read.place.id.0,
        name: read.place.named(page.lang).to_owned(),
        limits: limits_text(&page, &bounds),
        problems,
        grids: living.iter().map(|grid| Choice::new(grid.to_string(), name(grid), "")).collect(),
        compounds: if by_building { compounds(&page, read, &living) } else { Vec::new() },
        called: if by_building { calling::lines(&page, read, &living) } else { Vec::new() },
        datums: hand_shapes::datums(&page, &datum),
        modes: hand_counted::modes(&page, typed.mode(!read.today.living.is_empty())),
        typed,
        page,
    };
    render_status(status, &shown)
}

/// The grids that live in the place, by code.
fn living(read: &Read) -> Vec<i64> {
    let mut living: Vec<i64> = read.today.of_community(read.place.id).into_iter().map(|grid| grid.0).collect();
    living.sort_by_key(|grid| read.names.code(*grid));
    living
}

/// Every building with the grids in which it may lie, today's chosen.
fn compounds(page: &Page, read: &Read, living: &[i64]) -> Vec<CompoundLines> {
    let mut lines: BTreeMap<u32, CompoundLines> = BTreeMap::new();
    for (id, from) in read.ground.ids.iter().zip(read.ground.from(&read.today)) {
        let Some((building, title)) = titled(page, &read.laid, *id) else { continue };
        let now = from.map(|grid| grid.0.to_string()).unwrap_or_default();
        let none = from.is_none().then(|| Choice::new("", page.t("places-grids-none"), ""));
        let grids = living.iter().map(|grid| Choice::new(grid.to_string(), read.names.name(*grid), &now));
        let new = (1..=NEW)
            .map(|number| Choice::new(format!("new{number}"), page.t1("places-grids-new", "number", number), &now));
        let targets = none.into_iter().chain(grids).chain(new).collect();
        let compound = read.laid.compound_of(building).map(|compound| compound.name.clone()).unwrap_or_default();
        let own = lines.entry(building.compound).or_insert_with(|| CompoundLines { name: compound, lines: Vec::new() });
        own.lines.push(Line { id: *id, title, targets });
    }
    lines.into_values().collect()
}

/// What was chosen for each building.
fn chosen(read: &Read, form: &UploadForm) -> Given {
    let target = |id: &i64| {
        let typed = form.get(&format!("to{id}"));
        let new = typed.strip_prefix("new").map(|word| Target::New(word.to_owned()));
        Some((*id, new.or_else(|| typed.parse().ok().map(Target::Living))?))
    };
    read.ground.ids.iter().filter_map(target).collect()
}

/// A living grid that a field names.
fn grid_of(page: &Page, read: &Read, form: &UploadForm, field: &'static str) -> Result<i64, Refusal> {
    let grid = form.get(field).parse::<i64>().ok();
    let living = grid.filter(|grid| read.today.of_community(read.place.id).contains(&PlaceId(*grid)));
    let key = match field {
        "from" => "places-hand-from",
        "into" => "places-hand-into",
        _ => "places-grids-column-grid",
    };
    living.ok_or_else(|| Refusal::new(Code::FormChoice).field(field).with("label", page.t(key)))
}

fn merge(page: &Page, read: &Read, form: &UploadForm) -> Result<Given, Refusal> {
    let (from, into) = (grid_of(page, read, form, "from")?, grid_of(page, read, form, "into")?);
    if from == into {
        return Err(Refusal::new(Why::GridSame).field("into"));
    }
    Ok(merged(&read.ground, &read.today, from, into))
}

/// Says in words why grids cannot be drawn so.
fn refusal(page: &Page, read: &Read, fault: &Fault) -> Refusal {
    let title = |id: i64| titled(page, &read.laid, id).map(|(_, title)| title).unwrap_or_default();
    match fault {
        Fault::Without(ids) => {
            let first = ids.first().map(|id| title(*id)).unwrap_or_default();
            Refusal::new(Why::GridWithout).with("count", ids.len()).with("first", first)
        }
        Fault::Elsewhere(id) => Refusal::new(Why::GridElsewhere).with("building", title(*id)),
        Fault::Whole => Refusal::new(Why::GridWhole),
    }
}

/// Reads which building lies in which grid: by name or code a grid of today, by any other word a new one of its
/// community. Buildings that the table does not name stay where they are.
fn from_table(page: &Page, bytes: &[u8], ground: &TableGround) -> Result<Given, Vec<Problem>> {
    let called = |column: &'static str| page.t(&format!("places-grids-column-{column}"));
    let titles = titles(page, &["community", "compound", "building", "grid"]);
    let column = |title: &str| titles.get(title).copied();
    let wanted = Wanted { limits: SIZE, required: &["compound", "building", "grid"], column: &column, called: &called };
    let told = |refusal: Refusal| vec![page.problem(&refusal.field("file"))];
    if bytes.is_empty() {
        return Err(told(Refusal::new(tables::Why::TableEmpty)));
    }
    let table = tables::read(bytes, &wanted).map_err(told)?;
    let (mut given, mut faults, mut seen) = (Given::new(), Vec::new(), BTreeSet::new());
    for row in &table.rows {
        match of_row(row, ground) {
            Ok((id, target)) if seen.insert(id) => drop(given.insert(id, target)),
            Ok(_) => faults.push(Refusal::new(Why::GridRowTwice).with("line", row.line)),
            Err(fault) => faults.push(fault.with("line", row.line)),
        }
    }
    if faults.is_empty() {
        return Ok(given);
    }
    Err(faults.iter().take(TOLD).map(|fault| page.problem(&fault.clone().field("file"))).collect())
}

/// The building of a row, and where it is to lie.
fn of_row(row: &tables::Row, ground: &TableGround) -> Result<(i64, Target), Refusal> {
    let (Named { id, community, words }, grid) = (building_of(row, ground)?, row.plain("grid"));
    if grid.is_empty() {
        return Err(Refusal::new(Why::GridRowEmpty).with("building", words));
    }
    let living = ground.grids.get(&(community, grid.clone())).map(|grid| Target::Living(*grid));
    Ok((id, living.unwrap_or(Target::New(grid))))
}
