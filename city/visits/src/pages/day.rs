//! This page shows the day of a counter: its appointments, its home visits, and the home visits to which nobody has
//! agreed yet. It can be printed and exported as a workbook.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::{Fault, own_counter};
use kernel::permission::Permission;
use kernel::place::{Level, PlacePath};
use kernel::time::{Date, date_plus_days};
use store::Tx;
use web::{Page, WebError, download, render};

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
        let appointments = of_day(tx, &places, (Kind::Counter, day), SHOWN)?;
        let homes = of_day(tx, &places, (Kind::Home, day), SHOWN)?;
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
    let (day, limit) = (day_of(&page), visits.cases().figure(rulebook::LIST_EXPORT_ROWS, page.now)?);
    let (places, desk, drawn) = (reach(&page.visitor.actor, Permission::CaseExport), visits.clone(), page.clone());
    let read = visits.store().read(move |tx| {
        let mut found = of_day(tx, &places, (Kind::Counter, day), limit)?;
        found.extend(of_day(tx, &places, (Kind::Home, day), limit)?);
        desk.lines(tx, &drawn, &found)
    });
    let columns = ["day", "time", "kind", "number", "item", "place", "who", "state"];
    let header = columns.map(|column| page.t(&format!("visits-column-{column}")));
    let cells = |line: VisitLine| {
        let kind = page.t(&format!("visits-kind-{}", line.kind.code()));
        vec![line.day, line.time, kind, line.number, line.item, line.place, line.who, line.light.text]
    };
    let rows: Vec<Vec<String>> = read.await?.into_iter().map(cells).collect();
    download::xlsx(&format!("appointments-{day}"), &page.t("visits-day-title"), &header, &rows)
}

/// Returns the day that the visitor asks about, or today.
pub(super) fn day_of(page: &Page) -> Date {
    page.query.get("day").parse::<Date>().unwrap_or_else(|_| page.today())
}

/// Returns the visits of a kind on a day in several places, by time, each only once.
pub(super) fn of_day(
    tx: &mut dyn Tx,
    places: &[PlacePath],
    (kind, day): (Kind, Date),
    limit: i64,
) -> Result<Vec<Visit>, Fault> {
    let mut found = Vec::new();
    for place in places {
        found.extend(visit::of_day(tx, place, (kind, day), limit)?);
    }
    found.sort_by(|a, b| (a.minute, &a.path, a.id).cmp(&(b.minute, &b.path, b.id)));
    found.dedup_by_key(|visit| visit.id);
    Ok(found)
}

fn asked(tx: &mut dyn Tx, places: &[PlacePath]) -> Result<Vec<Visit>, Fault> {
    let mut found = Vec::new();
    for place in places {
        found.extend(visit::asked(tx, place, SHOWN)?);
    }
    found.sort_by_key(|visit| (visit.day, visit.booked_at, visit.id));
    found.dedup_by_key(|visit| visit.id);
    Ok(found)
}

fn beside(day: Date, days: i64) -> String {
    date_plus_days(day, days).unwrap_or(day).to_string()
}

/// Returns the community at whose counter this person works.
fn own_community(page: &Page) -> Option<PlacePath> {
    own_counter(&page.visitor.actor).filter(|place| place.level() == Level::Community)
}
