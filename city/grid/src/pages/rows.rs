//! This page shows the reports that a published figure counts.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use hall::figures::CountedRow;
use hall::{Home, Listed, Opening};
use kernel::permission::Permission;
use store::Tx;
use web::table::{Cell, Column, ColumnKind};
use web::{Page, WebError};

use crate::Grid;
use crate::words::figures::{INDICATORS, ROWS, ROWS_PAGE};

const HOME: Home = Home { address: super::figures::HERE, text: "grid-filed-back" };
const OPENING: Opening = Opening {
    address: ROWS_PAGE,
    indicators: INDICATORS,
    permission: ROWS.permission,
    export: Permission::CaseExport,
    home: Some(HOME),
};

/// `GET /report/rows`
///
/// # Errors
/// Sign-in needed, no permission, 404 for what is no part of a figure that this visitor may look into, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let (desk, drawn) = (grid.clone(), page.clone());
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| desk.behind_figure(tx, &drawn, things);
    hall::rows_page(&grid.hall, page, OPENING, fill).await
}

impl Grid {
    /// The reports that were counted, as far as this visitor may read them, in the order of the things.
    fn behind_figure(&self, tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
        let column = |kind, name: &str| Column::new(kind, page.t(&format!("grid-column-{name}")));
        Ok(Listed {
            columns: vec![
                column(ColumnKind::Link, "what"),
                column(ColumnKind::Text, "light"),
                column(ColumnKind::Text, "state"),
            ],
            lines: self.cases.lines_behind(tx, page, things, cells)?,
            note: String::new(),
        })
    }
}

fn cells(row: &cases::Row) -> Vec<Cell> {
    let href = format!("/cases/{}", row.number);
    let light = if row.late.is_empty() { row.light.clone().into() } else { row.late.as_str().into() };
    vec![Cell::numbered(row.item.as_str(), href, row.number.as_str()), light, row.state.as_str().into()]
}
