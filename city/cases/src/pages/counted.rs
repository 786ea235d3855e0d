//! The cases behind a figure: what was counted of a sum in a place, day by day and case by case, as far as this
//! visitor may read them.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::figures::{CountedRow, Cursor, DayRow};
use hall::{Behind, Fault, Line, SumPart};
use kernel::figure::{Part, month_of};
use kernel::permission::{Permission, Scope};
use kernel::place::PlacePath;
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::table::Cell;
use web::{Page, Pager, WebError, render};

use super::row::Row;
use crate::Cases;
use crate::records::{Key, search};
use crate::rules::indicators::{INDICATORS, PAGE};

#[derive(Template)]
#[template(path = "cases/counted.html")]
struct CountedPage {
    page: Page,
    title: String,
    place: String,
    back: String,
    text: String,
    days: Vec<DayLine>,
    rows: Vec<Row>,
    pager: Pager,
}

/// A day and what was counted on it.
struct DayLine {
    day: String,
    amount: i64,
    href: String,
}

/// The address of what was counted on one day.
fn href(part: &SumPart, day: Date) -> String {
    let department = part.department.clone().unwrap_or_default();
    let one = Part { place: part.place.id(), own: part.own, department, from: day, to: day };
    (part.rows.address)(part.indicator.code, &one)
}

/// Says whether a scope around a place names the department that is asked for. A general one sees nothing confidential.
pub(super) fn names_department(scopes: &[Scope], place: &PlacePath, department: Option<&str>) -> bool {
    let named = |scope: &Scope| scope.department.is_some() && scope.department.as_deref() == department;
    scopes.iter().any(|scope| named(scope) && scope.place.contains(place))
}

/// What was found.
struct Seen {
    total: i64,
    days: Vec<DayRow>,
    rows: Vec<Row>,
    next: Option<Cursor>,
}

/// `GET /figures/rows`
///
/// # Errors
/// Sign-in needed, 404 for what is no part of a sum that this visitor may look into, or a failure.
pub async fn get(State(cases): State<Arc<Cases>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let mut part = SumPart::read(&cases.hall, &page, INDICATORS).ok_or(WebError::NotFound)?;
    // Whoever holds a post of the department there sees what is confidential.
    let scopes = page.visitor.actor.scopes(part.rows.permission);
    part.confidential = names_department(&scopes, &part.place, part.department.as_deref());
    let limit = cases.page_size(&page)?;
    let (desk, drawn, asked) = (cases.clone(), page.clone(), part.clone());
    let seen = cases.hall.store.read(move |tx| desk.behind(tx, &drawn, &asked, limit)).await?;
    cases.show_counted(page, &part, seen)
}

impl Cases {
    /// The lines of the cases that a figure of another department counts, as far as this visitor may read them, in the
    /// order of the things. `cells` says what stands in a line.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn lines_behind(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        things: &[CountedRow],
        cells: fn(&Row) -> Vec<Cell>,
    ) -> Result<Vec<Line>, Fault> {
        let keys: Vec<Key> =
            things.iter().map(|thing| Key { district: thing.subject_district, id: thing.subject }).collect();
        let found = search::readable(tx, &keys, &page.visitor.actor.scopes(Permission::CaseRead))?;
        let found = self.shown_to(tx, &page.visitor.actor, found)?;
        let rows = self.rows(tx, page, &found)?;
        let known: BTreeMap<Uuid, Row> = found.iter().map(|row| row.id).zip(rows).collect();
        let line = |thing: &CountedRow| known.get(&thing.subject).map(|row| Line::of(thing, cells(row)));
        Ok(things.iter().filter_map(line).collect())
    }

    /// What was counted of a part of a sum, and the cases behind it, at most `limit`.
    fn behind(&self, tx: &mut dyn Tx, page: &Page, part: &SumPart, limit: i64) -> Result<Seen, Fault> {
        let days = if part.from != part.to && part.tells_days() { part.days(tx)? } else { Vec::new() };
        let Behind { total, things, next } = part.behind(tx, limit)?;
        let keys: Vec<Key> =
            things.iter().map(|thing| Key { district: thing.subject_district, id: thing.subject }).collect();
        let scopes = page.visitor.actor.scopes(Permission::CaseRead);
        let found = search::readable(tx, &keys, &scopes)?;
        let found = self.shown_to(tx, &page.visitor.actor, found)?;
        let rows = self.rows(tx, page, &found)?;
        Ok(Seen { total, days, rows, next })
    }

    fn show_counted(&self, page: Page, part: &SumPart, seen: Seen) -> Result<Response, WebError> {
        let tree = self.hall.places.tree();
        let place = tree.at(&part.place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
        let (from, to) = (page.full_date(part.from), page.full_date(part.to));
        let key = if part.from == part.to { "cases-counted-day" } else { "cases-counted-days" };
        let total = seen.total.to_string();
        let title = page.t(part.indicator.title);
        let told = [("from", from.as_str()), ("to", to.as_str()), ("n", total.as_str()), ("what", title.as_str())];
        let text = page.text(key, &told);
        let line = |row: &DayRow| DayLine { day: page.day(row.day), amount: row.amount, href: href(part, row.day) };
        let days = seen.days.iter().map(line).collect();
        let pager = part.pager(&page, PAGE, seen.next.as_ref());
        let department = part.department.clone().unwrap_or_default();
        let (id, month) = (part.place.id(), month_of(part.from));
        render(&CountedPage {
            title,
            back: format!("/figures?place={id}&month={month}&department={department}"),
            place,
            text,
            days,
            rows: seen.rows,
            pager,
            page,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidential_cases_are_told_to_posts_of_the_department_that_is_asked_for() {
        let path = |text: &str| PlacePath::parse(text).unwrap();
        let held = |place: &str, department: Option<&str>| {
            vec![Scope { place: path(place), department: department.map(str::to_owned) }]
        };
        let table = [
            (held("1.", None), None, false),
            (held("1.", None), Some("health"), false),
            (held("1.4.", Some("health")), Some("health"), true),
            (held("1.4.", Some("health")), Some("housing"), false),
            (held("1.4.", Some("health")), None, false),
            (held("1.4.57.", Some("health")), Some("health"), false),
            ([held("1.", None), held("1.4.", Some("health"))].concat(), None, false),
        ];
        for (scopes, asked, expected) in table {
            assert_eq!(names_department(&scopes, &path("1.4."), asked), expected, "{scopes:?} {asked:?}");
        }
    }
}
