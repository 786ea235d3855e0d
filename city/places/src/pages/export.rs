//! This file writes the tree as a table: CSV and XLSX of a place and everything inside it, on the day that the visitor
//! asks about.

use std::sync::Arc;

use crate::{Place, Tree};
use axum::response::Response;
use kernel::{language::Lang, place::PlaceId};
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError};

/// Returns the table of a place and everything inside it, if the address asks for a file.
///
/// # Errors
/// Fails if the table cannot be written.
pub async fn file(page: &Page, tree: &Arc<Tree>, top: PlaceId) -> Result<Option<Response>, WebError> {
    let Some(format) = page.query.opt("format").filter(|format| ["csv", "xlsx"].contains(format)) else {
        return Ok(None);
    };
    let name = format!("{}-{}", page.t("places-title"), tree.get(top).map_or("", |place| place.named(page.lang)));
    let (drawn, whole) = (page.clone(), tree.clone());
    let list = page.aside(move || table(&drawn, &whole, top)).await?;
    list.file(page, &name, format).await.map(Some)
}

fn table(page: &Page, tree: &Tree, top: PlaceId) -> Table {
    let keys = ["code", "name", "english", "level", "kind", "chain"];
    let columns = keys.map(|key| Column::new(ColumnKind::Text, page.t(&format!("places-column-{key}")))).to_vec();
    let rows = tree.inside(top).into_iter().map(|place| row(page, tree, place));
    Table::new(page.t("places-title"), columns).with(rows)
}

fn row(page: &Page, tree: &Tree, place: &Place) -> Vec<Cell> {
    vec![
        place.code.as_str().into(),
        place.name.zh.as_str().into(),
        place.named(Lang::En).into(),
        page.t(&format!("places-level-{}", place.level.code())).into(),
        page.t(place.kind.key()).into(),
        tree.chain(&place.path, page.lang).into(),
    ]
}
