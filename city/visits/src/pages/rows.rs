//! This page shows the visits that a published figure counts. Names are masked, as on every list.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use hall::figures::CountedRow;
use hall::{Line, Listed, Opening};
use kernel::permission::Permission;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind};
use web::{Page, WebError};

use super::VisitLine;
use crate::Visits;
use crate::actions::Rights;
use crate::records::visit;
use crate::words::{INDICATORS, ROWS, ROWS_PAGE};

const OPENING: Opening = Opening {
    address: ROWS_PAGE,
    indicators: INDICATORS,
    permission: ROWS.permission,
    export: Permission::CaseExport,
    home: None,
};

/// Answers `GET /visits/rows`.
///
/// # Errors
/// Asks the visitor to sign in, refuses if she has no permission, or answers 404 for what is no part of a figure that
/// she may look into.
pub async fn get(State(visits): State<Arc<Visits>>, page: Page) -> Result<Response, WebError> {
    let (desk, drawn) = (visits.clone(), page.clone());
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| desk.behind_figure(tx, &drawn, things);
    hall::rows_page(&visits.cases().hall, page, OPENING, fill).await
}

impl Visits {
    /// Returns the visits that were counted, as far as this visitor sees them, in the order of the things. A home visit
    /// that was moved and agreed again was counted each time.
    fn behind_figure(&self, tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
        let keys: Vec<_> = things.iter().map(|thing| (thing.subject_district, thing.subject)).collect();
        let found = visit::several(tx, &keys)?;
        let lines = self.lines(tx, page, &found)?;
        let seen = |visit: &visit::Visit| Rights::of(&page.visitor.actor, &visit.path).reads;
        let known: BTreeMap<Uuid, Option<VisitLine>> =
            found.iter().zip(lines).map(|(visit, line)| (visit.id, Some(line).filter(|_| seen(visit)))).collect();
        let row = |thing: &CountedRow| match known.get(&thing.subject) {
            Some(Some(line)) => Some(Line::of(thing, cells(page, line))),
            Some(None) => None,
            None => Some(Line::gone(page, thing)),
        };
        Ok(Listed {
            columns: columns(page),
            lines: things.iter().filter_map(row).collect(),
            note: page.t("visits-rows-again"),
        })
    }
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("visits-column-{name}")));
    vec![
        column(ColumnKind::Link, "number"),
        column(ColumnKind::Date, "day"),
        column(ColumnKind::Text, "time"),
        column(ColumnKind::Text, "kind"),
        column(ColumnKind::Text, "item"),
        column(ColumnKind::Text, "who"),
        column(ColumnKind::Text, "state"),
    ]
}

fn cells(page: &Page, line: &VisitLine) -> Vec<Cell> {
    vec![
        Cell::link(line.number.as_str(), format!("/visits/{}", line.number)),
        line.on.into(),
        line.time.as_str().into(),
        page.t(&format!("visits-kind-{}", line.kind.code())).into(),
        line.item.as_str().into(),
        line.who.as_str().into(),
        line.light.clone().into(),
    ]
}
