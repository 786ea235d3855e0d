//! The cases behind a figure: what was counted of a sum in a place, day by day and case by case, as far as this
//! visitor may read them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hall::Fault;
use hall::figures::{self, Asked, Cursor, Days};
use kernel::figure::{Indicator, Part, Rows, month_of};
use kernel::permission::{Permission, Scope};
use kernel::place::{Level, PlacePath};
use kernel::time::Date;
use serde::Deserialize;
use store::Tx;
use web::{Page, Pager, WebError, render};

use super::queue::Row;
use crate::Cases;
use crate::records::{Key, search};
use crate::rules::indicators::{INDICATORS, PAGE};
use crate::words::PUBLISHER;

/// Which sum, where and when.
#[derive(Deserialize, Default)]
pub struct Wanted {
    /// Code of a sum.
    #[serde(default)]
    code: String,
    /// Identity of the place; the city when left out.
    #[serde(default)]
    place: String,
    /// `1` for what is counted at the place itself alone.
    #[serde(default)]
    own: String,
    /// Code of a department; all when left out.
    #[serde(default)]
    department: String,
    /// The first day.
    #[serde(default)]
    from: String,
    /// The last day, of the same month.
    #[serde(default)]
    to: String,
    /// Where the list goes on.
    #[serde(default)]
    after: String,
}

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

/// A part of a sum that this visitor may look into.
#[derive(Clone)]
struct Chosen {
    indicator: &'static Indicator,
    rows: Rows,
    slot: usize,
    place: PlacePath,
    own: bool,
    department: Option<String>,
    from: Date,
    to: Date,
    after: Option<Cursor>,
    /// Whether this visitor holds a post of the department there, and sees what is confidential.
    confidential: bool,
}

impl Chosen {
    /// What is asked for; none when it makes no sense or this visitor may not see all of it.
    fn read(cases: &Cases, page: &Page, wanted: &Wanted) -> Option<Self> {
        let indicator = INDICATORS.iter().find(|indicator| indicator.code == wanted.code)?;
        let (rows, slot) = (indicator.rows?, indicator.slot()?);
        let place = cases.figures_place(&wanted.place)?;
        let department = Some(wanted.department.clone()).filter(|code| !code.is_empty());
        let (from, to): (Date, Date) = (wanted.from.parse().ok()?, wanted.to.parse().ok()?);
        let (own, after) = (wanted.own == "1", Cursor::parse(&wanted.after));
        let scopes = page.visitor.actor.scopes(rows.permission);
        let confidential = names_department(&scopes, &place, department.as_deref());
        let chosen = Self { indicator, rows, slot, place, own, department, from, to, after, confidential };
        let is_open = rows.open_to(&page.visitor.actor, &chosen.place, chosen.department.as_deref());
        let in_one_month = from <= to && month_of(from) == month_of(to);
        Some(chosen).filter(|chosen| is_open && in_one_month && (chosen.by_day() || chosen.is_whole_month()))
    }

    /// Days are told from the district down: the whole city would be too many rows.
    fn by_day(&self) -> bool {
        self.own || self.place.level() != Level::City
    }

    fn is_whole_month(&self) -> bool {
        self.from == self.from.first_of_month() && self.to == self.from.last_of_month()
    }

    /// The address of what was counted on one day.
    fn href(&self, day: Date) -> String {
        let department = self.department.clone().unwrap_or_default();
        let part = Part { place: self.place.id(), own: self.own, department, from: day, to: day };
        (self.rows.address)(self.indicator.code, &part)
    }
}

/// Says whether a scope around a place names the department that is asked for. A general one sees nothing confidential.
pub(super) fn names_department(scopes: &[Scope], place: &PlacePath, department: Option<&str>) -> bool {
    let named = |scope: &Scope| scope.department.is_some() && scope.department.as_deref() == department;
    scopes.iter().any(|scope| named(scope) && scope.place.contains(place))
}

/// What was found.
struct Seen {
    total: i64,
    days: Vec<figures::DayRow>,
    rows: Vec<Row>,
    next: Option<Cursor>,
}

/// `GET /figures/rows`
///
/// # Errors
/// Sign-in needed, 404 for what is no part of a sum that this visitor may look into, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let chosen = Chosen::read(&cases, &page, &wanted).ok_or(WebError::NotFound)?;
    let limit = cases.page_size(&page)?;
    let (desk, drawn, asked) = (cases.clone(), page.clone(), chosen.clone());
    let seen = cases.hall.store.read(move |tx| desk.behind(tx, &drawn, &asked, limit)).await?;
    cases.show_counted(page, &chosen, seen)
}

impl Cases {
    /// What was counted of a part of a sum, and the cases behind it, at most `limit`.
    fn behind(&self, tx: &mut dyn Tx, page: &Page, chosen: &Chosen, limit: i64) -> Result<Seen, Fault> {
        let (month, slots) = (month_of(chosen.from), [chosen.slot]);
        let asked = Asked {
            publisher: PUBLISHER,
            place: &chosen.place,
            own: chosen.own,
            department: chosen.department.as_deref(),
            month: &month,
            slots: &slots,
        };
        let Chosen { from, to, slot, confidential, .. } = *chosen;
        let part = Days { from, to, slot, confidential };
        let days = if chosen.by_day() { figures::by_day(tx, &asked, &part)? } else { Vec::new() };
        let total = if chosen.is_whole_month() {
            let left_out = if confidential { 0 } else { figures::confidential(tx, &asked, &part)? };
            figures::sum(tx, &asked)?.of(slot).saturating_sub(left_out)
        } else {
            days.iter().map(|day| day.amount).sum()
        };
        let things = figures::things(tx, &asked, &part, chosen.after.as_ref(), limit)?;
        let is_full = i64::try_from(things.len()).is_ok_and(|found| found >= limit);
        let next = things.last().filter(|_| is_full).map(Cursor::behind);
        let keys: Vec<Key> =
            things.iter().map(|thing| Key { district: thing.subject_district, id: thing.subject }).collect();
        let scopes = page.visitor.actor.scopes(Permission::CaseRead);
        let found = search::readable(tx, &keys, &scopes)?;
        let rows = self.rows(tx, page, &found)?;
        Ok(Seen { total, days, rows, next })
    }

    fn show_counted(&self, page: Page, chosen: &Chosen, seen: Seen) -> Result<Response, WebError> {
        let tree = self.hall.places.tree();
        let place = tree.at(&chosen.place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
        let (from, to) = (page.day(chosen.from), page.day(chosen.to));
        let key = if chosen.from == chosen.to { "cases-counted-day" } else { "cases-counted-days" };
        let total = seen.total.to_string();
        let title = page.t(chosen.indicator.title);
        let told = [("from", from.as_str()), ("to", to.as_str()), ("n", total.as_str()), ("what", title.as_str())];
        let text = page.text(key, &told);
        let line =
            |row: &figures::DayRow| DayLine { day: page.day(row.day), amount: row.amount, href: chosen.href(row.day) };
        let several = chosen.from != chosen.to;
        let days = seen.days.iter().filter(|_| several).map(line).collect();
        let start = page.query.address_with(&[("after", "")]);
        let after = |next: &Cursor| format!("{PAGE}{}", page.query.address_with(&[("after", next.show().as_str())]));
        let pager = Pager {
            before: chosen.after.as_ref().map(|_| format!("{PAGE}{start}")),
            after: seen.next.as_ref().map(after),
        };
        let department = chosen.department.clone().unwrap_or_default();
        let (id, month) = (chosen.place.id(), month_of(chosen.from));
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
