//! The figures of a month for every place: what was asked, how fast, how often corrected, what residents said.
//! Published to everybody; nobody is named.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hall::figures::{self, Asked, MonthRow};
use hall::hiding::{Row, Withheld};
use kernel::figure::{Amounts, Counted, Figure, Indicator, Part};
use kernel::permission::Permission;
use kernel::place::{Level, PlacePath};
use kernel::time::Date;
use serde::Deserialize;
use web::table::{self, Cell, ColumnKind, Table};
use web::{Choice, Page, WebError, render};

use super::counted::names_department;
use crate::Cases;
use crate::rules::figures::month_asked;
use crate::rules::indicators::INDICATORS;
use crate::words::PUBLISHER;
use hall::Fault;

/// Months offered at most.
const MONTHS: i64 = 60;

/// Which figures.
#[derive(Deserialize, Default)]
pub struct Wanted {
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

/// What a share or a mean of nothing is told as.
const NOTHING: &str = "–";

#[derive(Template)]
#[template(path = "cases/month.html")]
struct MonthPage {
    page: Page,
    id: String,
    place: String,
    month: String,
    /// The month in words, with its year.
    month_name: String,
    query: String,
    above: Vec<(String, String)>,
    months: Vec<String>,
    departments: Vec<Choice>,
    rows: Vec<Line>,
    groups: Vec<Group>,
    how: Vec<String>,
    /// The sentences about what is withheld and about what is a figure of nothing; empty where neither stands there.
    note: String,
}

/// One place with its figures.
struct Line {
    id: String,
    name: String,
    path: PlacePath,
    /// Only what is counted at the place itself, not what lies inside it.
    own: bool,
    sums: Amounts,
    is_total: bool,
    /// The codes of what this visitor is not told.
    withheld: BTreeSet<&'static str>,
}

impl Line {
    /// The row of the place's figures in which it stands.
    fn row(&self) -> Row {
        match (self.is_total, self.own) {
            (true, _) => Row::Total,
            (_, true) => Row::Own,
            _ => Row::Below(self.path.id()),
        }
    }
}

/// What was counted of confidential cases and is not told to this visitor.
struct Secret(Vec<MonthRow>);

impl Secret {
    /// Adds up what was counted at a place and in those below it.
    fn within(&self, place: &PlacePath) -> Amounts {
        self.sum(|row| place.contains(&row.place))
    }

    /// Adds up what was counted at a place itself.
    fn at(&self, place: &PlacePath) -> Amounts {
        self.sum(|row| row.place == *place)
    }

    fn sum(&self, counts: impl Fn(&MonthRow) -> bool) -> Amounts {
        let mut sum = Amounts::default();
        self.0.iter().filter(|row| counts(row)).for_each(|row| sum.merge(&row.amounts));
        sum
    }
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
    cells: Vec<GroupCell>,
    is_total: bool,
}

/// A figure on the page; the address of the cases behind it is empty where this visitor may not see all of them.
struct GroupCell {
    label: String,
    text: String,
    href: String,
}

/// The columns by group: text key of the group and the codes of its indicators.
const GROUPS: [(&str, &[&str]); 3] = [
    (
        "cases-figures-volume",
        &[
            "cases.applied",
            "cases.online_share",
            "cases.taken",
            "cases.cross_community_share",
            "cases.cross_district_share",
            "cases.waived_share",
            "cases.trips_saved",
        ],
    ),
    (
        "cases-figures-time",
        &[
            "cases.decided",
            "cases.instant_share",
            "cases.on_time_share",
            "cases.over_law",
            "cases.corrections_each",
            "cases.office_share",
            "cases.counter_share",
            "cases.applicant_share",
            "cases.supervised",
        ],
    ),
    (
        "cases-figures-said",
        &["cases.rated", "cases.rated_mean", "cases.good_share", "cases.adjusted_share", "cases.followed_up"],
    ),
];

/// The indicators of some codes, in their order.
fn indicators(codes: &'static [&'static str]) -> impl Iterator<Item = &'static Indicator> {
    codes.iter().filter_map(|code| INDICATORS.iter().find(|indicator| indicator.code == *code))
}

/// The indicators of all groups.
fn shown() -> impl Iterator<Item = &'static Indicator> {
    GROUPS.into_iter().flat_map(|(_, codes)| indicators(codes))
}

/// A figure as a cell of a file.
fn cell(figure: Figure) -> Cell {
    match (figure, figure.number()) {
        (_, None) => NOTHING.into(),
        (Figure::Count(_), Some(count)) => Cell::Number(count),
        (Figure::Share { .. }, Some(thousandths)) => Cell::Share(thousandths),
        (Figure::Mean { .. }, Some(hundredths)) => Cell::Hundredths(hundredths),
    }
}

/// `GET /figures`: for everybody.
///
/// # Errors
/// 404 for an unknown place or month, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let place = cases.hall.figures_place(&wanted.place).ok_or(WebError::NotFound)?;
    let first = month_asked(&wanted.month, page.zone(), page.now).ok_or(WebError::NotFound)?;
    let month = kernel::figure::month_of(first);
    let chosen = Chosen { place, month, department: Some(wanted.department).filter(|code| !code.is_empty()) };
    let (desk, drawn, asked) = (cases.clone(), page.clone(), chosen.clone());
    let read = cases.hall.store.read(move |tx| {
        let lines = desk.told_lines(tx, &drawn, &asked)?;
        Ok::<_, Fault>((lines, figures::known_months(tx, PUBLISHER, MONTHS)?))
    });
    let (lines, months) = read.await?;
    match wanted.format.as_str() {
        "xlsx" | "csv" => {
            let name = format!("figures-{}", chosen.month);
            whole(&page, &lines).file(&page, &name, &wanted.format).await
        }
        _ => cases.show_month(page, chosen, lines, months),
    }
}

/// What is shown.
#[derive(Clone)]
struct Chosen {
    place: PlacePath,
    month: String,
    department: Option<String>,
}

impl Chosen {
    /// The first and the last day of the month; none when it is no month.
    fn days(&self) -> Option<(Date, Date)> {
        let first = format!("{}-01", self.month).parse::<Date>().ok()?;
        Some((first, first.last_of_month()))
    }

    /// Says whether this visitor may look at the cases behind the figures of a place, so that no figure is withheld.
    fn sees(&self, page: &Page, place: &PlacePath) -> bool {
        sees(page, place, self.department.as_deref())
    }

    /// The address of the cases that a figure counts in a line; empty where there are none or this visitor may not
    /// see all of them.
    fn href(&self, page: &Page, line: &Line, indicator: &Indicator) -> String {
        let address = || {
            let sum = indicator.behind(INDICATORS)?;
            let rows = sum.rows.filter(|_| line.sums.of(sum.slot().unwrap_or_default()) != 0)?;
            let is_open = rows.open_to(&page.visitor.actor, &line.path, self.department.as_deref());
            let (from, to) = self.days().filter(|_| is_open && line.path.level() <= Level::Community)?;
            let department = self.department.clone().unwrap_or_default();
            let part = Part { place: line.path.id(), own: line.own, department, from, to };
            Some((rows.address)(sum.code, &part))
        };
        address().unwrap_or_default()
    }
}

/// Says whether a visitor may look at the cases behind the figures of a place.
fn sees(page: &Page, place: &PlacePath, department: Option<&str>) -> bool {
    let mut rows = INDICATORS.iter().filter_map(|indicator| indicator.rows);
    rows.any(|rows| rows.open_to(&page.visitor.actor, place, department))
}

/// All figures of all groups in one table.
fn whole(page: &Page, lines: &[Line]) -> Table {
    let kind = |indicator: &Indicator| match indicator.counted {
        Counted::Sum { .. } | Counted::Mean { .. } => ColumnKind::Number,
        Counted::Share { .. } => ColumnKind::Share,
    };
    let mut columns = vec![table::Column::new(ColumnKind::Text, page.t("cases-column-place"))];
    columns.extend(shown().map(|indicator| table::Column::new(kind(indicator), page.t(indicator.title))));
    let row = |line: &Line| -> Vec<Cell> {
        let first = [Cell::Text(line.name.clone())].into_iter();
        let told = |indicator: &Indicator| {
            if line.withheld.contains(indicator.code) {
                return Cell::Text(page.t("cases-figures-withheld"));
            }
            cell(indicator.figure(INDICATORS, &line.sums))
        };
        first.chain(shown().map(told)).collect()
    };
    Table::new(page.t("cases-figures-title"), columns).with(lines.iter().map(row))
}

impl Cases {
    /// What of the figures of a place and month is withheld from this visitor.
    pub(super) fn withheld(&self, tx: &mut dyn store::Tx, page: &Page, asked: &Asked<'_>) -> Result<Withheld, Fault> {
        if sees(page, asked.place, asked.department) {
            return Ok(Withheld::default());
        }
        let least = self.hall.figure(hall::FIGURES_LEAST, page.now)?;
        self.hall.withheld(tx, INDICATORS, asked, i64::from(least))
    }

    /// The lines, each with what this visitor is not told.
    fn told_lines(&self, tx: &mut dyn store::Tx, page: &Page, chosen: &Chosen) -> Result<Vec<Line>, Fault> {
        let mut lines = self.lines(tx, page, chosen)?;
        let Chosen { place, month, department } = chosen;
        let department = department.as_deref();
        let asked = Asked { publisher: PUBLISHER, place, own: false, department, month, slots: &[] };
        let withheld = self.withheld(tx, page, &asked)?;
        for line in &mut lines {
            if !chosen.sees(page, &line.path) {
                let row = line.row();
                let kept = shown().filter(|indicator| !withheld.tells(row, department, indicator, INDICATORS));
                line.withheld = kept.map(|indicator| indicator.code).collect();
            }
        }
        Ok(lines)
    }

    /// The sum, the place's own offices, and each place below: counted by the database, line by line.
    fn lines(&self, tx: &mut dyn store::Tx, page: &Page, chosen: &Chosen) -> Result<Vec<Line>, Fault> {
        let (tree, slots) = (self.hall.places.tree(), figures::slots_of(INDICATORS, PUBLISHER));
        let Chosen { place, month, department } = chosen;
        let department = department.as_deref();
        let all = Asked { publisher: PUBLISHER, place, own: false, department, month, slots: &slots };
        // Places that are no more have their share in the sum.
        let by_district = figures::by_district(tx, &all)?;
        let mut total = Amounts::default();
        for (_, sums) in &by_district {
            total.merge(sums);
        }
        let scopes = page.visitor.actor.scopes(Permission::CaseRead);
        let is_told = names_department(&scopes, place, department);
        let secret = Secret(if is_told { Vec::new() } else { figures::confidential_rows(tx, &all)? });
        total.take_off(&secret.within(place));
        if total.is_nothing() {
            return Ok(Vec::new());
        }
        let mut own = figures::sum(tx, &Asked { own: true, ..all })?;
        own.take_off(&secret.at(place));
        let mut below = Vec::new();
        for child in tree.children(place.id()) {
            let mut sums = if child.level == Level::District {
                let found = by_district.iter().find(|(district, _)| *district == child.id);
                found.map(|(_, sums)| *sums).unwrap_or_default()
            } else {
                figures::sum(tx, &Asked { place: &child.path, ..all })?
            };
            sums.take_off(&secret.within(&child.path));
            if !sums.is_nothing() {
                let id = if child.level <= Level::Community { child.id.0.to_string() } else { String::new() };
                let (name, path) = (child.named(page.lang).to_owned(), child.path.clone());
                let withheld = BTreeSet::new();
                below.push(Line { id, name, path, own: false, sums, is_total: false, withheld });
            }
        }
        let line = |key: &str, sums, own: bool| Line {
            id: String::new(),
            name: page.t(key),
            path: place.clone(),
            own,
            sums,
            is_total: !own,
            withheld: BTreeSet::new(),
        };
        let mut lines = vec![line("cases-figures-total", total, false)];
        if !own.is_nothing() && !below.is_empty() {
            lines.push(line("cases-figures-own", own, true));
        }
        lines.extend(below);
        Ok(lines)
    }

    fn show_month(
        &self,
        page: Page,
        chosen: Chosen,
        rows: Vec<Line>,
        months: Vec<String>,
    ) -> Result<Response, WebError> {
        let (tree, id) = (self.hall.places.tree(), chosen.place.id());
        let above = tree.ancestors(id).into_iter();
        let above = above.map(|one| (one.id.0.to_string(), one.named(page.lang).to_owned())).collect();
        let groups: Vec<Group> =
            GROUPS.into_iter().map(|(title, codes)| group(&page, &chosen, title, codes, &rows)).collect();
        let Chosen { place, month, department } = chosen;
        let department = department.unwrap_or_default();
        let departments = self.items.departments().into_iter().map(|(code, name)| Choice {
            chosen: code == department,
            ..Choice::new(code.as_str(), page.of(&name), "")
        });
        let is_whole = rows.iter().all(|line| line.withheld.is_empty());
        let withheld = (!is_whole).then(|| page.t("cases-figures-withheld-note"));
        let mut cells = groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
        let nothing = cells.any(|cell| cell.text == NOTHING).then(|| page.t("cases-figures-nothing-note"));
        let notes: Vec<String> = withheld.into_iter().chain(nothing).collect();
        let how = shown().map(|indicator| format!("{}: {}", page.t(indicator.title), page.t(indicator.how)));
        render(&MonthPage {
            id: id.0.to_string(),
            month_name: page.month_name(&month),
            place: tree.at(&place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default(),
            query: format!("place={id}&month={month}&department={department}"),
            above,
            months: if months.contains(&month) { months } else { [vec![month.clone()], months].concat() },
            departments: departments.collect(),
            groups,
            how: how.collect(),
            rows,
            month,
            note: notes.join(page.lang.pick("", " ")),
            page,
        })
    }
}

fn group(page: &Page, chosen: &Chosen, title: &str, codes: &'static [&'static str], lines: &[Line]) -> Group {
    let cells = |line: &Line| -> Vec<GroupCell> {
        let cell = |indicator: &'static Indicator| GroupCell {
            label: page.t(indicator.title),
            text: if line.withheld.contains(indicator.code) {
                page.t("cases-figures-withheld")
            } else {
                indicator.figure(INDICATORS, &line.sums).to_string()
            },
            href: chosen.href(page, line, indicator),
        };
        indicators(codes).map(cell).collect()
    };
    let row = |line: &Line| GroupRow {
        id: line.id.clone(),
        name: line.name.clone(),
        cells: cells(line),
        is_total: line.is_total,
    };
    Group {
        title: page.t(title),
        columns: indicators(codes).map(|indicator| page.t(indicator.title)).collect(),
        rows: lines.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_an_indicator_that_says_how_it_is_counted() {
        let codes: usize = GROUPS.iter().map(|(_, codes)| codes.len()).sum();
        assert_eq!(shown().count(), codes);
        for indicator in shown() {
            assert!(!indicator.how.is_empty(), "{}", indicator.code);
        }
    }

    #[test]
    fn a_cell_of_a_file_is_a_number_or_a_dash() {
        let table = [
            (Figure::Count(3), Cell::Number(3)),
            (Figure::Share { part: 1, whole: 3 }, Cell::Share(333)),
            (Figure::Mean { sum: 9, count: 2 }, Cell::Hundredths(450)),
            (Figure::Share { part: 0, whole: 0 }, "–".into()),
        ];
        for (figure, expected) in table {
            assert_eq!(cell(figure), expected, "{figure}");
        }
    }
}
