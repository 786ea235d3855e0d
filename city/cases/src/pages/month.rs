//! The figures of a month for every place: what was asked, how fast, how often corrected, what residents said. Published to everybody; nobody is named.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::place::{Level, PlaceId, PlacePath};
use serde::Deserialize;
use web::table::{self, Cell, ColumnKind, Table};
use web::{Choice, Page, WebError, render};

use crate::Cases;
use crate::records::figures;
use crate::rules::figures::{Month, month};
use hall::Fault;

/// Months offered at most.
const MONTHS: i64 = 60;

/// Which figures.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// Identity of the place; the city when left out.
    #[serde(default)]
    place: String,
    /// As `2026-11`; this month when left out.
    #[serde(default)]
    month: String,
    /// Code of a department.
    #[serde(default)]
    department: String,
    /// `xlsx` or `csv`.
    #[serde(default)]
    format: String,
}

#[derive(Template)]
#[template(path = "cases/month.html")]
struct MonthPage {
    page: Page,
    id: String,
    place: String,
    month: String,
    query: String,
    above: Vec<(String, String)>,
    months: Vec<String>,
    departments: Vec<Choice>,
    rows: Vec<Line>,
    groups: Vec<Group>,
    how: Vec<String>,
}

/// One place with its figures.
struct Line {
    id: String,
    name: String,
    counts: Month,
    is_total: bool,
}

/// Columns that belong together.
struct Group {
    title: String,
    columns: Vec<String>,
    rows: Vec<GroupRow>,
}

struct GroupRow {
    id: String,
    name: String,
    cells: Vec<(String, String)>,
    is_total: bool,
}

/// A column: text keys of its name and of how it is counted, and its value.
type Column = (&'static str, &'static str, fn(&Month) -> Figure);

/// What a column says.
#[derive(Clone, Copy)]
enum Figure {
    /// So many.
    Count(i64),
    /// So many of so many.
    Share(i64, i64),
    /// A sum over so many.
    Mean(i64, i64),
}

impl Figure {
    /// In words; nothing of nothing is a dash.
    fn told(self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Share(part, whole) => percent(part, whole),
            Self::Mean(sum, count) => per(sum, count),
        }
    }

    /// As a cell of a file.
    fn cell(self) -> Cell {
        match self {
            Self::Count(count) => Cell::Number(count),
            Self::Share(part, whole) if whole > 0 => Cell::Share(rounded(part, 1_000, whole)),
            Self::Mean(sum, count) if count > 0 => Cell::Hundredths(rounded(sum, 100, count)),
            Self::Share(..) | Self::Mean(..) => "–".into(),
        }
    }
}

/// A quotient in fractions, rounded half up; the divisor is more than nothing.
fn rounded(part: i64, fractions: i64, whole: i64) -> i64 {
    part.saturating_mul(fractions).saturating_add(whole / 2) / whole
}

/// The columns by group: text key of the group and its columns.
const GROUPS: [(&str, &[Column]); 3] = [
    (
        "cases-figures-volume",
        &[
            ("cases-figures-applied", "cases-figures-applied-how", |month| Figure::Count(month.applied)),
            ("cases-figures-online", "cases-figures-online-how", |month| Figure::Share(month.online, month.applied)),
            ("cases-figures-taken", "cases-figures-taken-how", |month| Figure::Count(month.taken)),
            ("cases-figures-cross-community", "cases-figures-cross-community-how", |month| {
                Figure::Share(month.cross_community, month.taken)
            }),
            ("cases-figures-cross-district", "cases-figures-cross-district-how", |month| {
                Figure::Share(month.cross_district, month.taken)
            }),
            ("cases-figures-waived", "cases-figures-waived-how", |month| {
                Figure::Share(month.papers_waived, month.papers_asked)
            }),
            ("cases-figures-trips", "cases-figures-trips-how", |month| Figure::Count(month.trips_saved)),
        ],
    ),
    (
        "cases-figures-time",
        &[
            ("cases-figures-decided", "cases-figures-decided-how", |month| Figure::Count(month.decided)),
            ("cases-figures-instant", "cases-figures-instant-how", |month| Figure::Share(month.instant, month.decided)),
            ("cases-figures-on-time", "cases-figures-on-time-how", |month| Figure::Share(month.on_time, month.decided)),
            ("cases-figures-over-law", "cases-figures-over-law-how", |month| Figure::Count(month.over_law)),
            ("cases-figures-corrections", "cases-figures-corrections-how", |month| {
                Figure::Mean(month.corrections, month.decided)
            }),
            ("cases-figures-office-share", "cases-figures-office-share-how", |month| {
                Figure::Share(month.minutes_office, all_minutes(month))
            }),
            ("cases-figures-counter-share", "cases-figures-counter-share-how", |month| {
                Figure::Share(month.minutes_counter, all_minutes(month))
            }),
            ("cases-figures-applicant-share", "cases-figures-applicant-share-how", |month| {
                Figure::Share(month.minutes_applicant, all_minutes(month))
            }),
            ("cases-figures-supervised", "cases-figures-supervised-how", |month| Figure::Count(month.supervised)),
        ],
    ),
    (
        "cases-figures-said",
        &[
            ("cases-figures-rated", "cases-figures-rated-how", |month| Figure::Count(month.rated)),
            ("cases-figures-mean", "cases-figures-mean-how", |month| Figure::Mean(month.rated_sum, month.rated)),
            ("cases-figures-raw", "cases-figures-raw-how", |month| Figure::Share(month.rated_good, month.rated)),
            ("cases-figures-adjusted", "cases-figures-adjusted-how", |month| {
                Figure::Share(month.adjusted_good, month.adjusted)
            }),
            ("cases-figures-followed-up", "cases-figures-followed-up-how", |month| Figure::Count(month.followed_up)),
        ],
    ),
];

fn all_minutes(month: &Month) -> i64 {
    month.minutes_office.saturating_add(month.minutes_counter).saturating_add(month.minutes_applicant)
}

/// A share in per cent with one decimal; nothing of nothing is a dash.
pub(super) fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = rounded(part, 1_000, whole);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A mean with two decimals; a dash when there is nothing.
fn per(sum: i64, count: i64) -> String {
    if count <= 0 {
        return "–".to_owned();
    }
    let hundredths = rounded(sum, 100, count);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// `GET /figures`: for everybody.
///
/// # Errors
/// 404 for an unknown place or month, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let place = cases.figures_place(&asked.place).ok_or(WebError::NotFound)?;
    let chosen = if asked.month.is_empty() { month(page.zone(), page.now) } else { asked.month.clone() };
    let (desk, drawn, path, wanted) = (cases.clone(), page.clone(), place.clone(), chosen.clone());
    let department = Some(asked.department.clone()).filter(|code| !code.is_empty());
    let read = cases.hall.store.read(move |tx| {
        let lines = desk.lines(tx, &drawn, &path, (&wanted, department.as_deref()))?;
        Ok::<_, Fault>((lines, figures::known_months(tx, MONTHS)?))
    });
    let (lines, months) = read.await?;
    match asked.format.as_str() {
        "xlsx" | "csv" => file(&page, &chosen, &lines, &asked.format),
        _ => {
            let months = months.into_iter().map(|known| known.month).collect();
            cases.show_month(page, &place, (chosen, asked.department), (lines, months))
        }
    }
}

/// All figures of all groups in one table.
fn file(page: &Page, month: &str, lines: &[Line], format: &str) -> Result<Response, WebError> {
    let figures = || GROUPS.iter().flat_map(|(_, columns)| columns.iter());
    let kind = |figure: Figure| match figure {
        Figure::Count(_) | Figure::Mean(..) => ColumnKind::Number,
        Figure::Share(..) => ColumnKind::Share,
    };
    let none = Month::default();
    let mut columns = vec![table::Column::new(ColumnKind::Text, page.t("cases-column-place"))];
    columns.extend(figures().map(|(key, _, value)| table::Column::new(kind(value(&none)), page.t(key))));
    let row = |line: &Line| -> Vec<Cell> {
        let first = [Cell::Text(line.name.clone())].into_iter();
        first.chain(figures().map(|(.., value)| value(&line.counts).cell())).collect()
    };
    let list = Table::new(page.t("cases-figures-title"), columns).with(lines.iter().map(row));
    list.file(page, &format!("figures-{month}"), format)
}

impl Cases {
    fn figures_place(&self, id: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        let place = if id.is_empty() { tree.root() } else { tree.get(PlaceId(id.parse().ok()?)) };
        place.filter(|place| place.level <= Level::Community).map(|place| place.path.clone())
    }

    /// The sum, the place's own offices, and each place below: counted by the database, line by line.
    fn lines(
        &self,
        tx: &mut dyn store::Tx,
        page: &Page,
        place: &PlacePath,
        (month, department): (&str, Option<&str>),
    ) -> Result<Vec<Line>, Fault> {
        let tree = self.hall.places.tree();
        // Places that are no more have their share in the sum.
        let by_district = figures::by_district(tx, month, place, department)?;
        let mut total = Month::default();
        for (_, counts) in &by_district {
            total.add(counts);
        }
        // Nothing sorts between a place's own path and that path with the smallest sign after it.
        let own = figures::sum(tx, month, (place.as_str(), &format!("{place}\u{1}")), department)?;
        let mut below = Vec::new();
        for child in tree.children(place.id()) {
            let counts = if child.level == Level::District {
                by_district.iter().find(|(district, _)| *district == child.id).map(|(_, counts)| *counts)
            } else {
                let (from, to) = child.path.range();
                Some(figures::sum(tx, month, (&from, &to), department)?)
            };
            let counts = counts.unwrap_or_default();
            if counts != Month::default() {
                let id = if child.level <= Level::Community { child.id.0.to_string() } else { String::new() };
                below.push(Line { id, name: child.named(page.lang).to_owned(), counts, is_total: false });
            }
        }
        if total == Month::default() {
            return Ok(Vec::new());
        }
        let line = |key: &str, counts, is_total| Line { id: String::new(), name: page.t(key), counts, is_total };
        let mut lines = vec![line("cases-figures-total", total, true)];
        if own != Month::default() && !below.is_empty() {
            lines.push(line("cases-figures-own", own, false));
        }
        lines.extend(below);
        Ok(lines)
    }

    fn show_month(
        &self,
        page: Page,
        place: &PlacePath,
        (month, department): (String, String),
        (rows, months): (Vec<Line>, Vec<String>),
    ) -> Result<Response, WebError> {
        let tree = self.hall.places.tree();
        let above = tree.ancestors(place.id()).into_iter();
        let above = above.map(|one| (one.id.0.to_string(), one.named(page.lang).to_owned())).collect();
        let groups = GROUPS.iter().map(|(title, columns)| group(&page, title, columns, &rows)).collect();
        let departments = self.items.departments().into_iter().map(|(code, name)| Choice {
            chosen: code == department,
            ..Choice::new(code.as_str(), page.of(&name), "")
        });
        let how = GROUPS.iter().flat_map(|(_, columns)| columns.iter());
        let how = how.map(|(key, how, _)| format!("{}: {}", page.t(key), page.t(how))).collect();
        render(&MonthPage {
            id: place.id().0.to_string(),
            place: tree.at(place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default(),
            query: format!("place={}&month={month}&department={department}", place.id().0),
            above,
            months: if months.contains(&month) { months } else { [vec![month.clone()], months].concat() },
            departments: departments.collect(),
            groups,
            how,
            rows,
            month,
            page,
        })
    }
}

fn group(page: &Page, title: &str, columns: &[Column], lines: &[Line]) -> Group {
    let row = |line: &Line| GroupRow {
        id: line.id.clone(),
        name: line.name.clone(),
        cells: columns.iter().map(|(key, _, value)| (page.t(key), value(&line.counts).told())).collect(),
        is_total: line.is_total,
    };
    Group {
        title: page.t(title),
        columns: columns.iter().map(|(key, ..)| page.t(key)).collect(),
        rows: lines.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_means_are_rounded_and_nothing_is_a_dash() {
        for (part, whole, text) in [(1, 3, "33.3 %"), (2, 3, "66.7 %"), (0, 5, "0.0 %"), (5, 5, "100.0 %"), (0, 0, "–")]
        {
            assert_eq!(percent(part, whole), text);
        }
        for (sum, count, text) in [(9, 2, "4.50"), (14, 3, "4.67"), (0, 3, "0.00"), (1, 0, "–")] {
            assert_eq!(per(sum, count), text);
        }
    }
}
