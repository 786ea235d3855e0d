//! The day of a counter: appointments, home visits, and those asked for that nobody has agreed to; prints, and goes out as a workbook.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::own_counter;
use hall::Fault;
use kernel::permission::Permission;
use kernel::place::{Level, PlacePath};
use kernel::time::{Date, date_plus_days};
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError, render};

use super::VisitLine;
use crate::Visits;
use crate::actions::reach;
use crate::records::visit::{self, Visit};
use crate::words::Kind;

/// Most visits of a kind that one page shows.
const SHOWN: i64 = 500;

#[derive(Template)]
#[template(path = "visits/day.html")]
struct DayPage {
    page: Page,
    day: String,
    day_code: String,
    before: String,
    after: String,
    appointments: Vec<VisitLine>,
    homes: Vec<VisitLine>,
    asked: Vec<VisitLine>,
    counter: Option<String>,
}

/// `GET /visits`: of today, or of `?day=`.
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn get(State(visits): State<Arc<Visits>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let day = day_of(&page);
    let (places, desk, drawn) = (reach(&page.visitor.actor, Permission::CaseRead), visits.clone(), page.clone());
    let read = visits.store().read(move |tx| {
        let appointments = of_day(tx, &places, Kind::Counter, day, SHOWN)?;
        let homes = of_day(tx, &places, Kind::Home, day, SHOWN)?;
        let asked = asked(tx, &places)?;
        let mut lines = |list: &[Visit]| desk.lines(tx, &drawn, list);
        Ok::<_, Fault>([lines(&appointments)?, lines(&homes)?, lines(&asked)?])
    });
    let [appointments, homes, asked] = read.await?;
    render(&DayPage {
        day: page.date(day),
        day_code: day.to_string(),
        before: beside(day, -1),
        after: beside(day, 1),
        appointments,
        homes,
        asked,
        counter: own_community(&page).map(|place| place.id().to_string()),
        page,
    })
}

/// `GET /visits.xlsx`: the same day as a workbook, names masked.
///
/// # Errors
/// Sign-in needed, no permission to export, or a failure.
pub async fn export(State(visits): State<Arc<Visits>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseExport)?;
    let (day, limit) = (day_of(&page), visits.cases().hall.figure(rulebook::LIST_EXPORT_ROWS, page.now)?);
    let (places, desk, drawn) = (reach(&page.visitor.actor, Permission::CaseExport), visits.clone(), page.clone());
    let read = visits.store().read(move |tx| {
        let mut found = of_day(tx, &places, Kind::Counter, day, limit)?;
        found.extend(of_day(tx, &places, Kind::Home, day, limit)?);
        desk.lines(tx, &drawn, &found)
    });
    let rows = read.await?.into_iter().map(|line| cells(&page, line));
    Table::new(page.t("visits-day-title"), columns(&page)).with(rows).xlsx(&page, &format!("appointments-{day}"))
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("visits-column-{name}")));
    let words = ["time", "kind", "number", "item", "place", "who", "state"].map(|name| column(ColumnKind::Text, name));
    std::iter::once(column(ColumnKind::Date, "day")).chain(words).collect()
}

fn cells(page: &Page, line: VisitLine) -> Vec<Cell> {
    let kind = page.t(&format!("visits-kind-{}", line.kind.code()));
    vec![
        line.on.into(),
        line.time.into(),
        kind.into(),
        line.number.into(),
        line.item.into(),
        line.place.into(),
        line.who.into(),
        line.light.into(),
    ]
}

/// The day that is asked about; today when none is.
pub(super) fn day_of(page: &Page) -> Date {
    page.query.get("day").parse::<Date>().unwrap_or_else(|_| page.today())
}

/// The visits of a kind on a day in several places, by time, each once.
pub(super) fn of_day(
    tx: &mut dyn Tx,
    places: &[PlacePath],
    kind: Kind,
    day: Date,
    limit: i64,
) -> Result<Vec<Visit>, Fault> {
    let order =
        |one: &Visit, other: &Visit| (one.minute, &one.path, one.id).cmp(&(other.minute, &other.path, other.id));
    store::gather(places, i64::MAX, order, |place| Ok(visit::of_day(tx, place, kind, day, limit)?))
}

fn asked(tx: &mut dyn Tx, places: &[PlacePath]) -> Result<Vec<Visit>, Fault> {
    let order =
        |one: &Visit, other: &Visit| (one.day, one.booked_at, one.id).cmp(&(other.day, other.booked_at, other.id));
    store::gather(places, i64::MAX, order, |place| Ok(visit::asked(tx, place, SHOWN)?))
}

fn beside(day: Date, days: i64) -> String {
    date_plus_days(day, days).unwrap_or(day).to_string()
}

/// The community at whose counter this person works.
fn own_community(page: &Page) -> Option<PlacePath> {
    own_counter(&page.visitor.actor).filter(|place| place.level() == Level::Community)
}
