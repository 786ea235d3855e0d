//! This page lists the reports that wait at a worker's desk or with a unit: what, where, by when, and how near that is.
//! A click opens the case, and a click there takes the step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{CaseRow, Key};
use hall::Fault;
use kernel::permission::{Actor, Permission, Scope};
use places::geography::Geography;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::table::{self, Cell, ColumnKind, Table};
use web::{Form, Page, WebError, render};

use crate::Grid;
use crate::records::{self, handling, worker};
use crate::words::{NEXT, REPORT, Report};

/// A list of reports at some steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// To be looked at before they are filed (待核查).
    Look,
    /// To be sent out, or sent out again (待派遣).
    Send,
    /// More time is asked for (待批延期).
    Time,
    /// It is asked that one is put off (待批挂账).
    Shelve,
    /// The unit asks whoever sent it out (待回话).
    Answer,
    /// To be checked before they are closed (待核实).
    Check,
    /// With a unit, to be handled (待处置).
    Handle,
}

impl Waiting {
    /// All of them, in the order in which a report comes to them.
    pub const ALL: [Self; 7] =
        [Self::Look, Self::Send, Self::Handle, Self::Time, Self::Shelve, Self::Answer, Self::Check];

    /// The word of an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Send => "send",
            Self::Time => "time",
            Self::Shelve => "shelve",
            Self::Answer => "answer",
            Self::Check => "check",
            Self::Handle => "handle",
        }
    }

    /// The key of its name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Look => "grid-lane-look",
            Self::Send => "grid-lane-send",
            Self::Time => "grid-lane-time",
            Self::Shelve => "grid-lane-shelve",
            Self::Answer => "grid-lane-answer",
            Self::Check => "grid-lane-check",
            Self::Handle => "grid-lane-handle",
        }
    }

    /// The states of the procedure in which a report stands in it.
    const fn states(self) -> &'static [&'static str] {
        match self {
            Self::Look => &["reported"],
            Self::Send => &["filed", "disputed"],
            Self::Time => &["asking_time"],
            Self::Shelve => &["asking_to_shelve"],
            Self::Answer => &["asked_back"],
            Self::Check => &["handled"],
            Self::Handle => &["handling", "asking_time", "asking_to_shelve", "asked_back", "queried", "above"],
        }
    }

    /// How many wait for an actor at her desks.
    ///
    /// # Errors
    /// The store failed.
    pub fn count(self, tx: &mut dyn Tx, actor: &Actor) -> Result<i64, StoreError> {
        self.count_in(tx, &desks(actor))
    }

    fn count_in(self, tx: &mut dyn Tx, scopes: &[Scope]) -> Result<i64, StoreError> {
        let mut waiting = 0;
        for scope in scopes {
            for state in self.states() {
                waiting += handling::count_at(tx, state, scope)?;
            }
        }
        Ok(waiting)
    }

    /// Whether somebody finds the reports of this list by her unit: those that wait with units, unless she only
    /// watches.
    fn is_by_unit(self, actor: &Actor) -> bool {
        self == Self::Handle && !only_watches(actor)
    }
}

/// The places where somebody sends reports out and checks them: her posts that are no department's.
fn desks(actor: &Actor) -> Vec<Scope> {
    let scopes = actor.scopes(Permission::CaseAccept).into_iter();
    scopes.filter(|scope| scope.department.is_none()).collect()
}

/// Whether somebody neither sends reports out nor belongs to a unit that puts them right: a leader, who reads them.
fn only_watches(actor: &Actor) -> bool {
    desks(actor).is_empty() && actor.scopes(Permission::CaseHandle).is_empty()
}

/// The places whose reports somebody finds in the lists: those of her desks, or those that she watches.
fn places_of(actor: &Actor) -> Vec<Scope> {
    if !only_watches(actor) {
        return desks(actor);
    }
    let scopes = actor.scopes(Permission::CaseRead).into_iter();
    scopes.filter(|scope| scope.department.is_none()).collect()
}

#[derive(Template)]
#[template(path = "grid/work.html")]
struct WorkPage {
    page: Page,
    tabs: Vec<Tab>,
    may_find: bool,
    is_empty: bool,
    list: Table,
}

/// One of the lists.
struct Tab {
    text: String,
    href: String,
    is_current: bool,
}

/// `GET /report/work?list=…`: the first list in which something waits, where none is asked for. With `next=NUMBER` it
/// leads on to the first report of the list that is another.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let asked = Waiting::ALL.into_iter().find(|one| one.code() == page.query.get("list"));
    let limit = grid.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
    let ground = grid.hall.places.geography().await?;
    let (desk, drawn, earth) = (grid.clone(), page.clone(), ground.clone());
    let read = move |tx: &mut dyn Tx| {
        let actor = &drawn.visitor.actor;
        let amounts = Waiting::ALL.into_iter().map(|one| Ok::<_, Fault>((one, amount(tx, actor, one, limit)?)));
        let amounts = amounts.collect::<Result<Vec<_>, Fault>>()?;
        let waiting = asked.unwrap_or_else(|| first_of(actor, &amounts));
        let mut rows = desk.waiting(tx, &drawn, waiting, limit)?;
        if let Some(earth) = earth.as_deref().filter(|_| matches!(waiting, Waiting::Look | Waiting::Check)) {
            own_first(tx, &drawn, earth, &mut rows)?;
        }
        let reports = rows.iter().filter_map(|(_, report)| report.as_ref());
        let keys: Vec<Key> = reports.map(|one| Key { district: one.district, id: one.case_id }).collect();
        let written = desk.written_of(tx, &keys)?;
        let alarms = alarms_of(tx, &rows)?;
        Ok::<_, Fault>((waiting, amounts, rows, written, alarms))
    };
    let (waiting, amounts, rows, mut written, alarms) = grid.hall.store.read(read).await?;
    let list = address(waiting);
    let next = page.query.opt(NEXT).and_then(|last| rows.iter().find(|(row, _)| row.number != last));
    if let Some((row, _)) = next {
        let from = Form::default().with("from", list).address_with(&[]);
        return Ok(Redirect::to(&format!("/cases/{}{from}", row.number)).into_response());
    }
    let tab = |(one, amount): (Waiting, i64)| {
        let n = if amount > limit { format!("{limit}+") } else { amount.to_string() };
        let text = page.t2("grid-tab", "name", page.t(one.key()), "n", n);
        Tab { text, href: address(one), is_current: one == waiting }
    };
    let tabs = amounts.into_iter().map(tab).collect();
    let (is_empty, may_find) = (rows.is_empty(), page.may(Permission::CaseAccept));
    let list = Table::new(page.t(waiting.key()), columns(&page));
    let cells = |(row, report): (cases::Row, Option<Report>)| {
        let said = report.as_ref().and_then(|report| written.remove(&report.case_id));
        let danger = report.as_ref().filter(|report| alarms.contains(&report.case_id));
        let danger = danger.map(|_| page.t("grid-fact-danger"));
        grid.cells(&page, ground.as_deref(), row, report, Told { written: said, danger })
    };
    let list = list.with(rows.into_iter().map(cells));
    render(&WorkPage { page, tabs, may_find, is_empty, list })
}

/// The address of a list.
fn address(list: Waiting) -> String {
    format!("/report/work?list={}", list.code())
}

/// The first list in which something waits for an actor; where nothing does, the first one of her desk.
fn first_of(actor: &Actor, amounts: &[(Waiting, i64)]) -> Waiting {
    let own = if places_of(actor).is_empty() { Waiting::Handle } else { Waiting::Look };
    amounts.iter().find(|(_, amount)| *amount > 0).map_or(own, |(one, _)| *one)
}

fn columns(page: &Page) -> Vec<table::Column> {
    let column = |kind, name: &str| table::Column::new(kind, page.t(&format!("grid-column-{name}")));
    vec![
        column(ColumnKind::Link, "what"),
        column(ColumnKind::Text, "where"),
        column(ColumnKind::Text, "light"),
        column(ColumnKind::Text, "due"),
        column(ColumnKind::Text, "state"),
    ]
}

/// Puts those first, below what is dangerous, that lie in grids for which this visitor is responsible, and says at each
/// that she is asked first.
fn own_first(
    tx: &mut dyn Tx,
    page: &Page,
    ground: &Geography,
    rows: &mut [(cases::Row, Option<Report>)],
) -> Result<(), StoreError> {
    let Some(account) = page.visitor.actor.account else { return Ok(()) };
    let grids = places::in_hand(tx, account, page.today())?;
    if grids.is_empty() {
        return Ok(());
    }
    let mut own = BTreeSet::new();
    for (row, report) in rows.iter_mut() {
        let Some(report) = report else { continue };
        if worker::grid_of(tx, ground, report, page.today())?.is_some_and(|grid| grids.contains(&grid)) {
            own.insert(report.case_id);
            let told = [page.t("grid-field-asked"), std::mem::take(&mut row.said)];
            row.said = told.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
        }
    }
    let alarms = alarms_of(tx, rows)?;
    let is_in = |set: &BTreeSet<Uuid>, report: Option<&Report>| report.is_some_and(|one| set.contains(&one.case_id));
    rows.sort_by_key(|(_, report)| (!is_in(&alarms, report.as_ref()), !is_in(&own, report.as_ref())));
    Ok(())
}

/// In which of the reports of a list danger was heard.
fn alarms_of(tx: &mut dyn Tx, rows: &[(cases::Row, Option<Report>)]) -> Result<BTreeSet<Uuid>, StoreError> {
    let reports = rows.iter().filter_map(|(_, report)| report.as_ref());
    let keys: Vec<_> = reports.map(|one| (one.district, one.case_id)).collect();
    records::alarm::of_cases(tx, &keys)
}

/// What a line of a list tells of a report beside what its desk does.
struct Told {
    /// Where it is as it was written.
    written: Option<String>,
    /// That there may be danger.
    danger: Option<String>,
}

/// How many reports are in a list, of those with units no more than one above what the list shows.
fn amount(tx: &mut dyn Tx, actor: &Actor, waiting: Waiting, limit: i64) -> Result<i64, Fault> {
    if !waiting.is_by_unit(actor) {
        return Ok(waiting.count_in(tx, &places_of(actor))?);
    }
    let scopes = actor.scopes(Permission::CaseHandle);
    let found = cases::queue_at_offices(tx, &scopes, waiting.states(), REPORT, limit.saturating_add(1))?;
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}

impl Grid {
    /// A line of a list: what, where, how near it is, by when, and how it stands.
    fn cells(
        &self,
        page: &Page,
        ground: Option<&Geography>,
        row: cases::Row,
        report: Option<Report>,
        Told { written, danger }: Told,
    ) -> Vec<Cell> {
        let href = format!("/cases/{}", row.number);
        let compound = report.as_ref().and_then(|report| report.compound);
        let named = compound.and_then(|id| ground?.compound(id)).map(|(_, compound)| compound.name.clone());
        let wher = [written, named, Some(row.origin)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let key = report.map(|report| format!("{}/{}", report.kind, report.condition));
        let condition = key.and_then(|key| self.catalogue.condition_ever(&key)).map(|(_, condition)| condition);
        let what = condition.map(|condition| format!("{} · {}", row.item, condition.when.get(page.lang)));
        let what = danger.into_iter().chain([what.unwrap_or(row.item)]).collect::<Vec<_>>().join(" · ");
        vec![
            Cell::numbered(what, href, row.number),
            wher.into(),
            row.light.into(),
            row.due.into(),
            if row.said.is_empty() { row.state } else { format!("{} · {}", row.state, row.said) }.into(),
        ]
    }

    /// The reports of a list that this visitor may read, as the desk and as the grid remember them. What is dangerous
    /// is at the top, then what is due first.
    fn waiting(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        waiting: Waiting,
        limit: i64,
    ) -> Result<Vec<(cases::Row, Option<Report>)>, Fault> {
        let actor = &page.visitor.actor;
        let is_by_unit = waiting.is_by_unit(actor);
        let scopes = if is_by_unit { actor.scopes(Permission::CaseHandle) } else { places_of(actor) };
        let key = |place: &handling::Place| Key { district: place.district, id: place.case_id };
        let mut keys: Vec<Key> = Vec::new();
        for scope in &scopes {
            keys.extend(records::alarm::within(tx, scope, limit)?.iter().map(key));
        }
        let alarms: BTreeSet<Uuid> = keys.iter().map(|key| key.id).collect();
        for scope in scopes.iter().filter(|_| !is_by_unit) {
            for state in waiting.states() {
                keys.extend(handling::at(tx, state, scope, limit)?.iter().map(key));
            }
        }
        let mut found: Vec<CaseRow> = cases::readable(tx, &keys, &actor.scopes(Permission::CaseRead))?;
        found.retain(|row| waiting.states().contains(&row.state.as_str()));
        if is_by_unit {
            found.extend(cases::queue_at_offices(tx, &scopes, waiting.states(), REPORT, limit)?);
        }
        found.retain(|row| row.kind == REPORT);
        found.sort_by_key(|row| (!alarms.contains(&row.id), row.rank, row.sort_at, row.id));
        found.dedup_by_key(|row| row.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let keys: Vec<_> = found.iter().map(|row| (row.district, row.id)).collect();
        let mut reports: BTreeMap<_, _> =
            records::of_cases(tx, &keys)?.into_iter().map(|report| (report.case_id, report)).collect();
        let reports: Vec<_> = found.iter().map(|row| reports.remove(&row.id)).collect();
        Ok(self.cases.rows(tx, page, &found)?.into_iter().zip(reports).collect())
    }
}
