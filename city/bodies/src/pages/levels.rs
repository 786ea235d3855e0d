//! The three levels of mediation (三级): how many open disputes the points, sub-centres and centres of somebody's
//! places have, and how many mediators. Numbers of matters, never of people's work.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::place::{Level, PlacePath};
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError, render};

use super::LEVELS;
use crate::Bodies;
use crate::actions::reach;
use crate::permissions::May;

#[derive(Template)]
#[template(path = "bodies/levels.html")]
struct LevelsPage {
    page: Page,
    /// The sum of each level.
    sums: Table,
    list: Table,
}

/// An office with what it has.
struct Line {
    path: PlacePath,
    matters: i64,
    mediators: i64,
}

/// `GET /bodies/levels`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Bodies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    let (own, places, now) = (desk.clone(), reach(&page.visitor.actor), page.now);
    let read = move |tx: &mut dyn Tx| {
        let mut lines: BTreeMap<(Level, PlacePath), (i64, i64)> = BTreeMap::new();
        // Posts may overlap: what lies in two of them is counted once.
        for place in places.iter().filter(|place| !places.iter().any(|wider| wider != *place && wider.contains(place)))
        {
            for load in own.loads(tx, place)? {
                lines.entry((load.office.level(), load.office)).or_default().0 += load.matters;
            }
            for one in own.rostered(tx, place, now)? {
                lines.entry((one.path.level(), one.path)).or_default().1 += one.mediators;
            }
        }
        let line = |((_, path), (matters, mediators))| Line { path, matters, mediators };
        Ok::<_, Fault>(lines.into_iter().map(line).collect::<Vec<_>>())
    };
    let lines = desk.hall.store.read(read).await?;
    let sums = Table::new(page.t("bodies-levels-sums"), columns(&page, "bodies-column-level").to_vec());
    let sums = sums.with(LEVELS.into_iter().rev().map(|level| sum(&page, &lines, level)));
    let tree = desk.hall.places.tree();
    let row = |one: &Line| -> Vec<Cell> {
        let href = format!("/hearings/figures?place={}", one.path.id());
        vec![Cell::link(tree.chain(&one.path, page.lang), href), one.matters.into(), one.mediators.into()]
    };
    let [_, matters, mediators] = columns(&page, "bodies-field-place");
    let place = Column::new(ColumnKind::Link, page.t("bodies-field-place"));
    let list = Table::new(page.t("bodies-nav-levels"), vec![place, matters, mediators]);
    let list = list.with(lines.iter().map(row));
    render(&LevelsPage { page, sums, list })
}

fn sum(page: &Page, lines: &[Line], level: Level) -> Vec<Cell> {
    let key = match level {
        Level::Community => "bodies-level-community",
        Level::Street => "bodies-level-street",
        _ => "bodies-level-district",
    };
    let own = || lines.iter().filter(|line| line.path.level() == level);
    let (matters, mediators) =
        (own().map(|line| line.matters).sum::<i64>(), own().map(|line| line.mediators).sum::<i64>());
    vec![page.t(key).into(), matters.into(), mediators.into()]
}

fn columns(page: &Page, first: &str) -> [Column; 3] {
    [
        Column::new(ColumnKind::Text, page.t(first)),
        Column::new(ColumnKind::Number, page.t("bodies-column-matters")),
        Column::new(ColumnKind::Number, page.t("bodies-column-mediators")),
    ]
}
