//! The three-party tables of a community, for everybody: what was promised, what became of it, and when it met; and for
//! those who lead them, where one is overdue.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, read_minute_of_day};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Crumb, Form, InPath, Light, Page, PostForm, WebError, render};

use super::frame::{done, heads, holds, may_watch, own_id, sender, watched, way_from};
use super::typed::{Around, Drawn, Typed, said};
use crate::Companies;
use crate::actions::table as actions;
use crate::permissions::May;
use crate::records::table as records;
use crate::refusals::Why;
use crate::rules::table::{Overdue, ToldFrom};
use crate::words::company::LINE_MOST;
use crate::words::register::Ground;
use crate::words::table::{self as words, Commitment, Kept, LateTable, Stage};

/// When a table begins if nobody says otherwise.
const BEGINS: &str = "14:00";
/// The most commitments and tables on a page.
const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "property/tables.html")]
struct TablesPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    /// Compounds in which no table was held for too long, in words.
    warnings: Vec<String>,
    open: Table,
    settled: Table,
    tables: Table,
    /// Where somebody calls one; empty for whoever may not.
    call: String,
}

#[derive(Template)]
#[template(path = "property/overdue.html")]
struct OverduePage {
    page: Page,
    list: Table,
    others: Vec<(String, String)>,
    /// Whether she calls tables, beside reading where they are held.
    leads: bool,
}

/// `GET /property/tables`: the communities of the posts of whoever leads tables or watches over them, those first in
/// which one is overdue.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    may_watch(&page, May::PropertyTable)?;
    let (own, places) = (desk.clone(), watched(&page.visitor.actor, May::PropertyTable));
    let (today, asked) = (page.today(), places.clone());
    let read = move |tx: &mut dyn Tx| {
        let mut late = Vec::new();
        for place in &asked {
            late.extend(own.overdue(tx, place, today)?);
        }
        Ok::<_, Fault>(late)
    };
    let late = desk.hall.store.read(read).await?;
    let tree = desk.hall.places.tree();
    let named = [
        (ColumnKind::Link, "compound"),
        (ColumnKind::Text, "community"),
        (ColumnKind::Date, "last-table"),
        (ColumnKind::Text, "next-table"),
    ];
    let row = |one: &Overdue| -> Vec<Cell> {
        let last = one.last.map_or_else(|| page.t("property-table-never").into(), Cell::Date);
        vec![
            Cell::link(one.compound.as_str(), address_of(one.path.id())),
            tree.chain(&one.path, page.lang).into(),
            last,
            called(&page, one).into(),
        ]
    };
    let list = Table::new(page.t("property-tables-overdue"), heads(&page, named)).with(late.iter().map(row));
    let is_own = |path: &PlacePath| places.iter().any(|place| place.contains(path));
    let communities = tree.of_level(Level::Community).filter(|place| is_own(&place.path));
    let others = communities.map(|place| (tree.chain(&place.path, page.lang), address_of(place.id))).collect();
    let leads = page.may(May::PropertyTable);
    render(&OverduePage { page, list, others, leads })
}

/// `GET /property/tables/of/{id}`: the tables of a community.
///
/// # Errors
/// 404 for what is no community, or a failure.
pub async fn of_place(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let path = desk.community(&id.to_string()).ok_or(WebError::NotFound)?;
    let (own, asked, today) = (desk.clone(), path.clone(), page.today());
    let read = move |tx: &mut dyn Tx| {
        let (tables, promises) = (own.overdue(tx, &asked, today)?, records::late(tx, &asked, today, MOST)?);
        let missed = Missed { tables, promises };
        let (open, settled) = (records::open_commitments(tx, &asked, MOST)?, records::settled(tx, &asked, MOST)?);
        Ok::<_, Fault>((missed, open, settled, records::tables_inside(tx, &asked, MOST)?))
    };
    let (missed, open, settled, tables) = desk.hall.store.read(read).await?;
    let leads = holds(&page, May::PropertyTable, &path);
    let name = desk.hall.places.tree().chain(&path, page.lang);
    let title = page.t1("property-tables-of", "place", &name);
    render(&TablesPage {
        crumbs: way_from(&desk, &page, crumbs(&page), &path),
        title,
        warnings: if leads { desk.warnings(&page, &path, &missed)? } else { Vec::new() },
        open: commitments(&page, page.t("property-commitments-open"), &open, leads),
        settled: commitments(&page, page.t("property-commitments-settled"), &settled, false),
        tables: listed(&page, &tables),
        call: if leads { format!("/property/tables/new?place={id}") } else { String::new() },
        page,
    })
}

/// `GET /property/tables/new?place=…`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyTable)?;
    let form = Form::default().with("community", page.query.get("place")).with("begins", BEGINS);
    let grounds = desk.compounds(&page, May::PropertyTable).await?;
    let asked = desk.community(page.query.get("place"));
    let there: Vec<Ground> = grounds.iter().filter(|one| Some(&one.path) == asked.as_ref()).cloned().collect();
    desk.call_form(&page, &form, if there.is_empty() { &grounds } else { &there }, &[])
}

/// `POST /property/tables/new`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn call(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyTable)?;
    let id = own_id(&page, &form);
    let grounds = desk.compounds(&page, May::PropertyTable).await?;
    let table = match desk.read_table(&page, &form, &grounds, id) {
        Ok(table) => table,
        Err(faults) => return desk.call_form(&page, &form, &grounds, &faults),
    };
    let by = sender(&page, &form, "");
    let act = move |tx: &mut dyn Tx| actions::call(tx, &table, &by);
    let again = |refusal| async { desk.call_form(&page, &form, &grounds, &[refusal]) };
    done(&desk.hall, act, |()| format!("/property/tables/{id}"), again).await
}

/// The address of the tables of a community.
pub(super) fn address_of(community: PlaceId) -> String {
    format!("/property/tables/of/{community}")
}

/// The address of a table.
pub(super) fn address(table: Uuid) -> String {
    format!("/property/tables/{table}")
}

/// The way to a table.
pub(super) fn way(page: &Page, table: &words::Table) -> Vec<Crumb> {
    let mut way = crumbs(page);
    way.push(Crumb { text: table.compound.clone(), href: address(table.id) });
    way
}

/// The way to the list of communities, for whoever leads tables or watches over them.
pub(super) fn crumbs(page: &Page) -> Vec<Crumb> {
    let list = Crumb { text: page.t("property-tables"), href: "/property/tables".to_owned() };
    if may_watch(page, May::PropertyTable).is_ok() { vec![list] } else { Vec::new() }
}

/// Commitments as a table; those that are to be kept lead to where somebody says what became of them.
pub(super) fn commitments(page: &Page, caption: String, found: &[Commitment], settles: bool) -> Table {
    let named = [
        (if settles { ColumnKind::Link } else { ColumnKind::Text }, "commitment"),
        (ColumnKind::Text, "compound"),
        (ColumnKind::Text, "side"),
        (ColumnKind::Date, "due-on"),
        (ColumnKind::Text, "state"),
        (ColumnKind::Text, "why"),
    ];
    let row = |one: &Commitment| -> Vec<Cell> {
        let text = one.text.as_str();
        let settle = || Cell::link(text, format!("/property/commitments/{}/settle", one.id));
        vec![
            if settles && one.state == Kept::Open { settle() } else { text.into() },
            one.compound.clone().into(),
            said(page, "property-party-at-", one.side.code()).into(),
            one.due_on.into(),
            light(page, one).into(),
            one.reason.clone().into(),
        ]
    };
    Table::new(caption, heads(page, named)).with(found.iter().map(row))
}

/// How a commitment stands, in words.
fn light(page: &Page, commitment: &Commitment) -> Light {
    let (class, key) = match commitment.state {
        Kept::Kept => ("ok", "property-commitment-kept"),
        Kept::Broken => ("late", "property-commitment-broken"),
        Kept::Open if commitment.due_on < page.today() => ("late", "property-commitment-late"),
        Kept::Open if commitment.times_put_off > 0 => ("soon", "property-commitment-put-off"),
        Kept::Open => ("none", "property-commitment-open"),
    };
    Light { class, text: page.t1(key, "times", commitment.times_put_off) }
}

/// For which day the next table is called, in words; that nobody called one if there is none.
fn called(page: &Page, one: &Overdue) -> String {
    let Some(on) = one.called else { return page.t("property-table-uncalled") };
    let key = if one.is_called(page.today()) { "property-table-called-for" } else { "property-table-not-entered" };
    page.t1(key, "date", page.full_date(on))
}

fn warning(page: &Page, one: &Overdue) -> String {
    if one.called.is_some() {
        return page.t2("property-table-called", "compound", &one.compound, "called", called(page, one));
    }
    match one.last {
        Some(last) => page.t2("property-table-late", "compound", &one.compound, "date", page.full_date(last)),
        None => page.t1("property-table-late-never", "compound", &one.compound),
    }
}

/// Two sentences as one text, as the language writes them.
fn sentences(page: &Page, first: String, second: &str) -> String {
    if second.is_empty() { first } else { format!("{first}{}{second}", page.lang.pick("", " ")) }
}

/// What was missed in a community: tables that were not held, and tables of which something is still to be kept.
struct Missed {
    tables: Vec<Overdue>,
    promises: Vec<LateTable>,
}

fn listed(page: &Page, tables: &[words::Table]) -> Table {
    let named = [
        (ColumnKind::Link, "compound"),
        (ColumnKind::Date, "held-on"),
        (ColumnKind::Text, "room"),
        (ColumnKind::Text, "state"),
    ];
    let row = |one: &words::Table| -> Vec<Cell> {
        vec![
            Cell::link(one.compound.as_str(), format!("/property/tables/{}", one.id)),
            one.held_on.into(),
            one.room.clone().into(),
            said(page, "property-stage-", one.state.code()).into(),
        ]
    };
    Table::new(page.t("property-tables"), heads(page, named)).with(tables.iter().map(row))
}

impl Companies {
    /// What was missed, in words, with the days from which the community and the street are told of it.
    fn warnings(&self, page: &Page, place: &PlacePath, missed: &Missed) -> Result<Vec<String>, Fault> {
        let mut warnings = Vec::new();
        for one in &missed.tables {
            let told = if one.is_called(page.today()) { String::new() } else { self.told(page, place, one.until)? };
            warnings.push(sentences(page, warning(page, one), &told));
        }
        for one in &missed.promises {
            let (count, due) = (one.commitments.to_string(), page.full_date(one.due_on));
            let values = [("compound", one.compound.as_str()), ("count", count.as_str()), ("date", due.as_str())];
            let told = self.told(page, place, one.due_on)?;
            warnings.push(sentences(page, page.text("property-promises-late", &values), &told));
        }
        Ok(warnings)
    }

    /// From when who is told of something that was to be done until a day, in words.
    fn told(&self, page: &Page, place: &PlacePath, until: Date) -> Result<String, Fault> {
        let from = self.told_from(place, until, page.today())?;
        let words = |from: ToldFrom| {
            let (community, street) = (page.full_date(from.community), page.full_date(from.street));
            page.t2("property-told-from", "community", community, "street", street)
        };
        Ok(from.map(words).unwrap_or_default())
    }

    fn call_form(
        &self,
        page: &Page,
        form: &Form,
        grounds: &[Ground],
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let drawn = Drawn::of(page, form, faults)
            .compound(self, grounds, May::PropertyTable)
            .field("held_on", "date")
            .field("begins", "line")
            .field("room", "line")
            .optional("envoy", "line")
            .sent_by(page.t("property-call-send"));
        drawn.answer(Around {
            crumbs: crumbs(page),
            title: page.t("property-table-call"),
            lead: page.t("property-table-lead"),
            action: "/property/tables/new".to_owned(),
        })
    }

    fn read_table(&self, page: &Page, form: &Form, grounds: &[Ground], id: Uuid) -> Result<words::Table, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let named = typed.compound(self, grounds);
        let (held_on, room) = (typed.day("held_on"), typed.line("room", LINE_MOST));
        let envoy = typed.line_if_any("envoy", LINE_MOST);
        if held_on.is_some_and(|on| on < page.today()) {
            typed.fault(Refusal::new(Why::PropertyTablePast).field("held_on"));
        }
        let begins = read_minute_of_day(typed.text("begins"));
        if begins.is_none() {
            let code = if typed.text("begins").is_empty() { Code::FormMissing } else { Code::FormInvalid };
            typed.fault(Refusal::new(code).field("begins"));
        }
        match (named, held_on) {
            (Some((path, compound)), Some(held_on)) if !typed.is_wrong() => Ok(words::Table {
                district: path.district(),
                id,
                path,
                compound,
                held_on,
                room,
                state: Stage::Called,
                attended: String::new(),
                envoy,
                minutes: String::new(),
                changed_name: page.visitor.actor.name.clone(),
                changed_at: page.now,
                begins_at: begins.map(i64::from),
            }),
            _ => Err(typed.faults()),
        }
    }
}
