//! Disputes by the classes of the Ministry, without names, and the disputes behind a published figure.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::figures::CountedRow;
use hall::{Fault, Listed, Opening};
use kernel::permission::{Permission, Scope};
use kernel::time::Date;
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError, render};

use crate::Hearings;
use crate::records;
use crate::rules::counting;
use crate::words::figures::{INDICATORS, ROWS, ROWS_PAGE};
use crate::words::{MEDIATION, Tally};

const OPENING: Opening =
    Opening { address: ROWS_PAGE, indicators: INDICATORS, permission: ROWS.permission, export: Permission::CaseExport };

#[derive(Template)]
#[template(path = "hearings/figures.html")]
struct FiguresPage {
    page: Page,
    list: Table,
    from: String,
    to: String,
}

/// `GET /hearings/figures?from=…&to=…`: of the places of this visitor's posts, this year if no days are named.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let (zone, today) = (desk.hall.zone(), page.today());
    let day = |name: &str| page.query.get(name).parse::<Date>().ok();
    let from = day("from").unwrap_or_else(|| today.first_of_year());
    let to = day("to").unwrap_or(today).max(from);
    let span = (zone.instant(from, 0), zone.instant(to, 1_440));
    // A post of another department tells nothing of mediations.
    let is_own = |scope: &Scope| scope.department.as_deref().is_none_or(|department| department == MEDIATION);
    let scopes: Vec<Scope> = page.visitor.actor.scopes(Permission::CaseRead).into_iter().filter(is_own).collect();
    let inside =
        |path: &kernel::place::PlacePath| scopes.iter().any(|scope| scope.place != *path && scope.place.contains(path));
    let mut places: Vec<_> = scopes.iter().map(|scope| scope.place.clone()).filter(|path| !inside(path)).collect();
    places.sort();
    places.dedup();
    let read = move |tx: &mut dyn Tx| {
        let mut found: Vec<Tally> = Vec::new();
        for place in &places {
            found.extend(records::tallies(tx, place, span)?);
        }
        Ok::<_, Fault>(found)
    };
    let list = desk.table(&page, &desk.hall.store.read(read).await?);
    render(&FiguresPage { page, list, from: from.to_string(), to: to.to_string() })
}

/// `GET /hearings/rows`: the disputes behind a figure, as far as this visitor may read them.
///
/// # Errors
/// Sign-in needed, no permission, 404 for what is no part of a figure that this visitor may look into, or a failure.
pub async fn rows(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let (here, drawn) = (desk.clone(), page.clone());
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| here.behind_figure(tx, &drawn, things);
    hall::rows_page(&desk.hall, page, OPENING, fill).await
}

impl Hearings {
    fn table(&self, page: &Page, tallies: &[Tally]) -> Table {
        let (lines, sum) = counting::table(tallies);
        let number = |name: &str| Column::new(ColumnKind::Number, page.t(&format!("hearings-column-{name}")));
        let columns = vec![
            Column::new(ColumnKind::Text, page.t("hearings-fact-class")),
            number("brought"),
            number("settled"),
            Column::new(ColumnKind::Share, page.t("hearings-column-share")),
            number("performed"),
            number("refused"),
            number("failed"),
        ];
        let known = self.classes.class.iter().filter_map(|class| {
            let line = lines.get(&class.code)?;
            Some(row(page.of(&class.title), line))
        });
        let all = (sum.brought > 0).then(|| row(&page.t("hearings-column-sum"), &sum));
        Table::new(page.t("hearings-nav-figures"), columns).with(known.chain(all))
    }

    /// The disputes that were counted, as far as this visitor may read them, in the order of the things.
    fn behind_figure(&self, tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
        Ok(Listed {
            columns: vec![
                Column::new(ColumnKind::Link, page.t("hearings-fact-class")),
                Column::new(ColumnKind::Text, page.t("hearings-column-state")),
            ],
            lines: self.cases.lines_behind(tx, page, things, cells)?,
            note: String::new(),
        })
    }
}

fn cells(row: &cases::Row) -> Vec<Cell> {
    let href = format!("/cases/{}", row.number);
    vec![Cell::numbered(row.item.as_str(), href, row.number.as_str()), row.state.as_str().into()]
}

fn row(name: &str, line: &counting::Line) -> Vec<Cell> {
    let share = line.settled_share().map_or(Cell::Empty, Cell::Share);
    vec![
        name.into(),
        line.brought.into(),
        line.settled.into(),
        share,
        line.performed.into(),
        line.refused.into(),
        line.failed.into(),
    ]
}
