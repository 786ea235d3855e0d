//! This page shows the day of a counter: its appointments, its home visits, and the home visits to which nobody has
//! agreed yet. It can be printed and exported as a workbook.

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

/// Limits how many visits of a kind one page shows.
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

/// Answers `GET /visits` for today, or for the day of `?day=`.
///
/// # Errors
/// Asks the visitor to sign in.
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

/// Answers `GET /visits.xlsx` with the same day as a workbook, in which names are masked.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if she may not export.
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
    Table::new(page.t("visits-day-title"), columns(&page)).with(rows).xlsx(&page, &format!("appointments-{day}")).await
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

/// Returns the day that the visitor asks about, or today.
pub(super) fn day_of(page: &Page) -> Date {
    page.query.get("day").parse::<Date>().unwrap_or_else(|_| page.today())
}

/// Returns the visits of a kind on a day in several places, by time, each only once.
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

/// Returns the community at whose counter this person works.
fn own_community(page: &Page) -> Option<PlacePath> {
    own_counter(&page.visitor.actor).filter(|place| place.level() == Level::Community)
}
