//! The commitments that a published figure counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::figures::CountedRow;
use hall::{Fault, Line, Listed, Opening};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind};
use web::{Page, WebError};

use super::frame::{heads, holds};
use super::typed::said;
use crate::Companies;
use crate::records::table as records;
use crate::words::table::{Commitment, INDICATORS, ROWS, ROWS_PAGE};

const OPENING: Opening = Opening {
    address: ROWS_PAGE,
    indicators: INDICATORS,
    permission: ROWS.permission,
    export: ROWS.permission,
    home: None,
};

/// `GET /property/rows`
///
/// # Errors
/// Sign-in needed, no permission, 404 for what is no part of a figure that this visitor may look into, or a failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    let drawn = page.clone();
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| behind(tx, &drawn, things);
    hall::rows_page(&desk.hall, page, OPENING, fill).await
}

/// The commitments that were counted, as far as this visitor leads the tables of their communities.
fn behind(tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
    let keys: Vec<_> = things.iter().map(|thing| (thing.subject_district, thing.subject)).collect();
    let found = records::several(tx, &keys)?;
    let known: BTreeMap<Uuid, &Commitment> = found.iter().map(|one| (one.id, one)).collect();
    let row = |thing: &CountedRow| match known.get(&thing.subject) {
        Some(one) if holds(page, ROWS.permission, &one.path) => Some(Line::of(thing, cells(page, one))),
        Some(_) => None,
        None => Some(Line::gone(page, thing)),
    };
    let named = [
        (ColumnKind::Link, "commitment"),
        (ColumnKind::Text, "compound"),
        (ColumnKind::Date, "due-on"),
        (ColumnKind::Text, "state"),
    ];
    Ok(Listed { columns: heads(page, named), lines: things.iter().filter_map(row).collect(), note: String::new() })
}

fn cells(page: &Page, one: &Commitment) -> Vec<Cell> {
    vec![
        Cell::link(one.text.as_str(), format!("/property/tables/{}", one.table_id)),
        one.compound.clone().into(),
        one.due_on.into(),
        said(page, "property-kept-", one.state.code()).into(),
    ]
}
