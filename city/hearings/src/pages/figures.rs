//! Disputes by the classes of the Ministry, without names, and the disputes behind a published figure.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::figures::CountedRow;
use hall::{Fault, Listed, Opening};
use kernel::money::Fen;
use kernel::permission::{Permission, Scope};
use kernel::time::Date;
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError, render};

use crate::Hearings;
use crate::records;
use crate::rules::counting;
use crate::words::figures::{INDICATORS, ROWS, ROWS_PAGE};
use crate::words::{BODIES, HEARINGS_ALLOWANCE, MEDIATION, SOURCES, Tally};

const OPENING: Opening =
    Opening { address: ROWS_PAGE, indicators: INDICATORS, permission: ROWS.permission, export: Permission::CaseExport };

#[derive(Template)]
#[template(path = "hearings/figures.html")]
struct FiguresPage {
    page: Page,
    list: Table,
    sources: Table,
    bodies: Table,
    /// The money that agreements speak of.
    money: String,
    /// What a mediator gets for each, and for all of them.
    allowance: String,
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
        let (mut found, mut fen): (Vec<Tally>, i64) = (Vec::new(), 0);
        for place in &places {
            found.extend(records::tallies(tx, place, span)?);
            fen = fen.saturating_add(records::money(tx, place, span)?);
        }
        Ok::<_, Fault>((found, fen))
    };
    let (found, fen) = desk.hall.store.read(read).await?;
    let classes: Vec<(&str, String)> =
        desk.classes.class.iter().map(|class| (class.code.as_str(), page.of(&class.title).to_owned())).collect();
    let known = |list: &[(&'static str, &'static str)]| -> Vec<(&'static str, String)> {
        list.iter().map(|known| (known.0, page.t(known.1))).collect()
    };
    let list = split(&page, "hearings-fact-class", &found, counting::class, &classes);
    let sources = split(&page, "hearings-column-source", &found, counting::source, &known(&SOURCES));
    let bodies = split(&page, "hearings-column-body", &found, counting::body, &known(&BODIES));
    let money = page.t1("hearings-yuan", "yuan", Fen::new(fen));
    let each = desk.hall.figure(HEARINGS_ALLOWANCE, page.now)?;
    let (_, sum) = counting::table(&found, counting::class);
    let all = Fen::new(each.fen().saturating_mul(sum.settled));
    let (each, all) = (each.to_string(), all.to_string());
    let allowance = page.text("hearings-figures-allowance", &[("each", each.as_str()), ("all", all.as_str())]);
    render(&FiguresPage { page, list, sources, bodies, money, allowance, from: from.to_string(), to: to.to_string() })
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

/// The table of a split, with the names of its parts by their codes. What the named parts leave out of the sum stands
/// in a line of its own.
fn split(page: &Page, head: &str, tallies: &[Tally], by: counting::Key, parts: &[(&str, String)]) -> Table {
    let (lines, sum) = counting::table(tallies, by);
    let number = |name: &str| Column::new(ColumnKind::Number, page.t(&format!("hearings-column-{name}")));
    let columns = vec![
        Column::new(ColumnKind::Text, page.t(head)),
        number("brought"),
        number("settled"),
        Column::new(ColumnKind::Share, page.t("hearings-column-share")),
        number("performed"),
        number("refused"),
        number("failed"),
    ];
    let shown: Vec<(&str, &counting::Line)> =
        parts.iter().filter_map(|part| Some((part.1.as_str(), lines.get(part.0)?))).collect();
    let rest = counting::difference(shown.iter().map(|part| part.1), &sum);
    let rest = rest.map(|line| row(&page.t("hearings-column-difference"), &line));
    let all = (sum.brought > 0).then(|| row(&page.t("hearings-column-sum"), &sum));
    let known = shown.iter().map(|part| row(part.0, part.1));
    Table::new(page.t(head), columns).with(known.chain(rest).chain(all))
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
