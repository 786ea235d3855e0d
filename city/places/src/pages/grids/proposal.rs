//! This page shows a proposal of grids beside today's grids: how far the work is, what the proposal changes and gains,
//! and which buildings move where.

use crate::permissions::May;
use askama::Template;
use axum::extract::State;
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jobs::{Work, WorkState};
use kernel::permission::Permission;
use kernel::place::PlaceId;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Table};
use web::{Crumb, InPath, Page, PostForm, Problem, WebError, Working, render_status};

use super::beside::Around;
use super::community::{One, moves_of, note as note_of, one, small};
use super::ending::{self, EndingRow};
use super::{Desk, Names, allowed, columns, limits_text, may_plan};
use crate::actions::grids::{CHANGED, PLAN};
use crate::records::adoption::{self, Adoption};
use crate::records::grids;
use crate::rules::grids::proposal::{Asked, Figures, Mode, Part, Proposal};
use crate::words::AdoptionState;

/// Says after how many seconds the page asks again while the work goes on.
const SECONDS: &str = "2";
/// Limits how many adoptions are looked at.
const LOOKED_AT: i64 = 50;

#[derive(Template)]
#[template(path = "places/proposal.html")]
struct ProposalPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: String,
    name: String,
    asked: String,
    limits: String,
    invented: bool,
    working: Option<Working>,
    /// Why there is no proposal. It is empty if there is a proposal or one will come.
    ended: String,
    body: Option<Body>,
    problems: Vec<Problem>,
}

/// Shows a proposal that is worked out.
struct Body {
    /// The one community that is shown.
    one: Option<One>,
    /// The communities, if there are several and none is chosen.
    rows: Vec<Row>,
    figures: Vec<FigureRow>,
    /// How the grids that do not keep the limits are called.
    out_label: String,
    /// No building moves: only codes change.
    renumbers: bool,
    moved: String,
    /// The grids of today that end, and how many end and are new in words.
    ending: Vec<EndingRow>,
    ends: String,
    proven: String,
    /// Why grids are too small, and what no division can mend.
    notes: Vec<String>,
    /// Why the proposal cannot be adopted, or that it was adopted. It is empty if there is nothing to say.
    notice: String,
    /// What the form of adoption holds, or nothing if there is no form.
    form: Option<Typed>,
}

/// A community in a proposal of several.
struct Row {
    id: i64,
    name: String,
    households: u64,
    grids: String,
    out: String,
    moved: u64,
    recalled: usize,
}

/// A figure of today and the same figure of the proposal.
struct FigureRow {
    label: String,
    before: String,
    after: String,
}

/// The work of an address, when this visitor has the permission at its place.
pub(super) async fn work_of(desk: &Desk, page: &Page, id: Uuid, permission: Permission) -> Result<Work, WebError> {
    let (found, kept) = desk
        .places
        .store()
        .read(move |tx| {
            let found = jobs::work(tx, id)?;
            let kept = if found.is_none() { adoption::of_work(tx, id)? } else { None };
            Ok::<_, store::StoreError>((found, kept))
        })
        .await?;
    let found = found.or_else(|| kept.and_then(|(adoption, plan)| remembered(desk, adoption, plan)));
    let work = found.filter(|work| work.kind == PLAN).ok_or(WebError::NotFound)?;
    allowed(page, &work.place, permission)?;
    Ok(work)
}

/// Rebuilds work that was deleted from what its adoption keeps.
fn remembered(desk: &Desk, adoption: Adoption, plan: Vec<u8>) -> Option<Work> {
    let proposal: Proposal = serde_json::from_slice(&plan).ok()?;
    Some(Work {
        id: adoption.work,
        kind: PLAN.to_owned(),
        place: desk.places.tree().path(adoption.place)?.clone(),
        state: WorkState::Done,
        share: 1_000,
        asked: serde_json::to_value(&proposal.asked).ok()?,
        answer: Some(plan),
        said: String::new(),
        asked_by: None,
        asked_name: adoption.by_name,
        asked_at: adoption.at,
        changed_at: adoption.at,
    })
}

/// `GET /places/grids/{work}?community=…`
pub(super) async fn get(State(desk): State<Desk>, InPath(id): InPath<Uuid>, page: Page) -> Result<Response, WebError> {
    page.require(May::PlaceRead)?;
    let work = work_of(&desk, &page, id, May::PlaceRead).await?;
    show(&desk, page, &work, Typed::default(), Vec::new()).await
}

/// Holds what was typed for an adoption.
#[derive(Default)]
pub(super) struct Typed {
    /// The day from which it holds.
    pub(super) on: String,
    /// The number of the decision, or a note.
    pub(super) note: String,
}

/// Holds what is asked of a page with a proposal: the community that is chosen, and what was typed.
struct Wanted {
    community: Option<i64>,
    typed: Typed,
}

/// Holds what is known of the work that a page shows.
struct Held {
    asked: Option<Asked>,
    body: Option<Body>,
    problems: Vec<Problem>,
}

/// Shows a proposal, with what was typed for its adoption and what is wrong with that.
pub(super) async fn show(
    desk: &Desk,
    page: Page,
    work: &Work,
    typed: Typed,
    problems: Vec<Problem>,
) -> Result<Response, WebError> {
    let proposal = answer(work);
    let asked: Option<Asked> = serde_json::from_value(work.asked.clone()).ok();
    let around = around(desk, &page, work, proposal.as_ref()).await?;
    let chosen = page.query.get("community").parse::<i64>().ok();
    if chosen.is_some_and(|chosen| proposal.as_ref().is_some_and(|proposal| proposal.of(chosen).is_none())) {
        return Err(WebError::NotFound);
    }
    let wanted = Wanted { community: chosen, typed };
    let still = page.query.get("still") == "1";
    let open = work.state.open();
    let (desk, asking, work) = (desk.clone(), page.clone(), work.clone());
    let draw = move || {
        let body = proposal.as_ref().map(|proposal| body(&desk, &page, &work, proposal, &around, wanted));
        let view = view(&desk, page, &work, &around, Held { asked, body, problems });
        let status = if view.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        render_status(status, &view)
    };
    let mut response = asking.aside(draw).await??;
    if open && !still {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static(SECONDS));
    }
    Ok(response)
}

pub(super) fn answer(work: &Work) -> Option<Proposal> {
    let bytes = work.answer.as_deref().filter(|_| work.state == WorkState::Done)?;
    serde_json::from_slice(bytes).ok()
}

pub(super) async fn around(
    desk: &Desk,
    page: &Page,
    work: &Work,
    proposal: Option<&Proposal>,
) -> Result<Around, WebError> {
    let laid = desk.places.geography().await?;
    let (place, on) = (work.place.clone(), page.today());
    let communities = proposal.map(Proposal::communities).unwrap_or_default();
    let read = move |tx: &mut dyn Tx| {
        let known = grids::known(tx, &place)?;
        Ok::<_, store::StoreError>((
            grids::today(tx, &place, on)?,
            known,
            adoption::about(tx, &communities, LOOKED_AT)?,
        ))
    };
    let (today, known, adoptions) = desk.places.store().read(read).await?;
    Ok(Around { laid, today, names: Names::new(page, known), adoptions })
}

fn view(desk: &Desk, page: Page, work: &Work, around: &Around, held: Held) -> ProposalPage {
    let Held { asked, body, problems } = held;
    let tree = desk.places.tree();
    let place = tree.at(&work.place);
    let name = place.map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let mut crumbs = place.map(|place| super::crumbs(desk, &page, place)).unwrap_or_default();
    let grids = format!("/places/{}/grids", work.place.id());
    crumbs.push(Crumb { text: page.t("places-grids-title"), href: grids });
    let address = format!("/places/grids/{}", work.id);
    let still = page.query.get("still") == "1";
    let working = work.state.open().then(|| Working {
        share: work.share,
        text: page.t("places-grids-working"),
        stop: may_plan(&page, &work.place).then(|| format!("{address}/stop")),
        still: if still { String::new() } else { format!("{address}?still=1") },
    });
    let ended = match work.state {
        WorkState::Stopped => page.t("places-grids-stopped"),
        WorkState::Failed if work.said == CHANGED => page.t("places-grids-failed-changed"),
        WorkState::Failed => page.t1("places-grids-failed", "why", &work.said),
        WorkState::Done if body.is_none() => page.t1("places-grids-failed", "why", ""),
        _ => String::new(),
    };
    let mode =
        asked.as_ref().map(|asked| page.t(&format!("places-grids-mode-{}", asked.mode.code()))).unwrap_or_default();
    let when = page.minute(work.asked_at);
    ProposalPage {
        crumbs,
        id: work.id.to_string(),
        name,
        asked: page.text("places-grids-asked", &[("by", &work.asked_name), ("when", &when), ("mode", &mode)]),
        limits: asked.map(|asked| limits_said(&page, &asked)).unwrap_or_default(),
        invented: around.laid.as_ref().is_some_and(|laid| laid.invented),
        working,
        ended,
        body,
        problems,
        page,
    }
}

/// The limits as a sentence, of households or of what was counted in their place.
fn limits_said(page: &Page, asked: &Asked) -> String {
    let Asked { limits, counted, .. } = asked;
    if counted.is_empty() {
        return limits_text(page, limits);
    }
    let [least, most, target] = [limits.least, limits.most, limits.target].map(|one| one.to_string());
    let values = [("name", counted.name.as_str()), ("least", &least), ("most", &most), ("target", &target)];
    page.text("places-counted-limits", &values)
}

/// Says how many households change their grid, and how many had none before.
fn moved(page: &Page, shown: &[&Part]) -> String {
    let sum = |count: fn(&Part) -> u64| shown.iter().map(|part| count(part)).sum::<u64>();
    let (all, moved) = (sum(Part::households), sum(Part::moved));
    let members = shown.iter().flat_map(|part| &part.members).filter(|member| member.from.is_none());
    let fresh: u64 = members.map(|member| u64::from(member.households)).sum();
    if fresh == all && all > 0 {
        return page.t1("places-grids-moved-new", "all", all);
    }
    let told = page.t2("places-grids-moved", "moved", moved, "all", all);
    if fresh == 0 {
        return told;
    }
    format!("{told}{}{}", page.lang.pick("", " "), page.t1("places-grids-moved-fresh", "fresh", fresh))
}

fn body(desk: &Desk, page: &Page, work: &Work, proposal: &Proposal, around: &Around, wanted: Wanted) -> Body {
    let Wanted { community: chosen, typed } = wanted;
    let several = proposal.parts.len() > 1;
    let shown: Vec<&Part> =
        proposal.parts.iter().filter(|part| chosen.is_none_or(|chosen| part.community == chosen)).collect();
    let one = match shown.as_slice() {
        [only] => Some(one(desk, page, work, only, around, proposal)),
        _ => None,
    };
    let rows = if shown.len() > 1 { shown.iter().map(|part| row(desk, page, part)).collect() } else { Vec::new() };
    let renumbers = proposal.asked.mode == Mode::Renumber;
    let pieces: usize = shown.iter().map(|part| part.pieces.len()).sum();
    let proven: usize = shown.iter().map(|part| part.proven()).sum();
    let (notice, may_adopt) = standing(page, work, proposal, around);
    let plans = may_adopt && may_plan(page, &work.place) && (one.is_none() || !several);
    let laid = around.laid_for(proposal);
    let pieces_shown = shown.iter().flat_map(|part| &part.pieces);
    let of_pieces = pieces_shown.filter_map(|piece| note_of(page, laid, piece, &proposal.asked));
    let notes = small(page, &shown, &proposal.asked).into_iter().chain(of_pieces);
    let counted = !proposal.asked.counted.is_empty();
    let on = if typed.on.is_empty() { page.today().to_string() } else { typed.on };
    Body {
        figures: if renumbers { Vec::new() } else { figures(page, &shown, counted) },
        out_label: page.t(&figure_key("out", counted)),
        renumbers,
        moved: moved(page, &shown),
        ending: ending::ending(desk, page, &shown, around, proposal),
        ends: ending::counted(page, &shown),
        proven: match proven {
            _ if pieces == 0 => String::new(),
            0 => page.t1("places-grids-proven-none", "pieces", pieces),
            all if all == pieces => page.t1("places-grids-proven-all", "pieces", pieces),
            some => page.t2("places-grids-proven", "proven", some, "pieces", pieces),
        },
        notes: notes.collect(),
        notice,
        form: plans.then_some(Typed { on, note: typed.note }),
        one,
        rows,
    }
}

/// Returns what to say about adopting the proposal, and whether it can be adopted.
fn standing(page: &Page, work: &Work, proposal: &Proposal, around: &Around) -> (String, bool) {
    let own = around
        .adoptions
        .iter()
        .find(|one| one.work == work.id && matches!(one.state, AdoptionState::Coming | AdoptionState::Done));
    if let Some(own) = own {
        let key = if own.state == AdoptionState::Done { "places-grids-is-adopted" } else { "places-grids-is-coming" };
        let day = page.full_date(own.day);
        return (page.text(key, &[("day", &day), ("by", &own.by_name), ("note", &own.note)]), false);
    }
    if !proposal.changes() {
        let key = match proposal.asked.mode {
            Mode::Renumber => "places-grids-nothing-renumber",
            Mode::Given => "places-grids-nothing-given",
            Mode::Keep | Mode::Anew => "places-grids-nothing",
        };
        return (page.t(key), false);
    }
    let revision = around.laid.as_ref().map(|laid| laid.revision);
    if !proposal.fits(revision, &around.today) {
        return (page.t("places-grids-stale"), false);
    }
    match around.adoptions.iter().find(|one| one.state == AdoptionState::Coming) {
        Some(other) => (page.t1("places-grids-other-coming", "day", page.full_date(other.day)), false),
        None => (String::new(), true),
    }
}

/// Returns the key under which a figure is called. Some are called otherwise where not households are counted.
fn figure_key(name: &str, counted: bool) -> String {
    match name {
        "out" if counted => "places-counted-figure-out".to_owned(),
        "deviation" if counted => "places-counted-figure-deviation".to_owned(),
        _ => format!("places-grids-figure-{name}"),
    }
}

/// Writes one of the figures.
type Shows = fn(&Figures) -> String;

fn figures(page: &Page, parts: &[&Part], counted: bool) -> Vec<FigureRow> {
    let mut after = Figures::default();
    let mut before = Some(Figures::default());
    for part in parts {
        after += part.after;
        before = before.zip(part.before).map(|(mut sum, own)| {
            sum += own;
            sum
        });
    }
    let shown: [(&str, Shows); 8] = [
        ("grids", |one| one.grids.to_string()),
        ("out", |one| one.out.to_string()),
        ("unavoidable", |one| one.unavoidable.to_string()),
        ("torn", |one| one.torn.to_string()),
        ("deviation", |one| format!("{:.0}", one.deviation)),
        ("cut", |one| one.cut.to_string()),
        ("splits", |one| one.splits.to_string()),
        ("objective", |one| format!("{:.0}", one.objective)),
    ];
    let row = |(name, of): (&str, Shows)| FigureRow {
        label: page.t(&figure_key(name, counted)),
        before: before.as_ref().map_or_else(|| "—".to_owned(), of),
        after: of(&after),
    };
    shown.into_iter().map(row).collect()
}

fn row(desk: &Desk, page: &Page, part: &Part) -> Row {
    let tree = desk.places.tree();
    let name = tree.get(PlaceId(part.community)).map(|place| place.named(page.lang).to_owned());
    let both = |of: fn(&Figures) -> u64| {
        let before = part.before.as_ref().map_or_else(|| "—".to_owned(), |before| of(before).to_string());
        page.t2("places-grids-both", "before", before, "after", of(&part.after))
    };
    Row {
        id: part.community,
        name: name.unwrap_or_default(),
        households: part.households(),
        grids: both(|one| one.grids),
        out: both(|one| one.out),
        moved: part.moved(),
        recalled: part.recalled.len(),
    }
}

/// Answers `POST /places/grids/{work}/stop`.
pub(super) async fn stop(
    State(desk): State<Desk>,
    InPath(id): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let work = work_of(&desk, &page, id, May::GridPlan).await?;
    let (id, now) = (work.id, page.now);
    desk.places.store().write(move |tx| jobs::stop(tx, id, now)).await?;
    Ok(Redirect::to(&format!("/places/grids/{id}")).into_response())
}

/// `GET /places/grids/{work}/moves.xlsx`: the buildings that change their grid.
pub(super) async fn moves(
    State(desk): State<Desk>,
    InPath(id): InPath<Uuid>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::PlaceRead)?;
    let work = work_of(&desk, &page, id, May::PlaceRead).await?;
    let proposal = answer(&work).ok_or(WebError::NotFound)?;
    let around = around(&desk, &page, &work, Some(&proposal)).await?;
    let laid = around.laid_for(&proposal);
    let tree = desk.places.tree();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for part in proposal.parts.iter().filter(|_| laid.is_some()) {
        let community = tree.get(PlaceId(part.community)).map(|place| place.named(page.lang).to_owned());
        let community = community.unwrap_or_default();
        for row in laid.iter().flat_map(|laid| moves_of(&page, laid, part, &around.names)) {
            rows.push(vec![
                community.as_str().into(),
                row.compound.into(),
                row.building.into(),
                i64::from(row.households).into(),
                row.from.into(),
                row.to.into(),
            ]);
        }
    }
    let title = page.t("places-grids-moves");
    let name = tree.at(&work.place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let name = format!("{title}-{name}");
    Table::new(title, columns(&page, ["from", "to"])).with(rows).xlsx(&page, &name).await
}
