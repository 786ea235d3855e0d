//! This file writes the tree as a table: CSV and XLSX of a place and everything inside it, on the day that the visitor
//! asks about.

use crate::{Place, Tree};
use axum::response::Response;
use kernel::{language::Lang, place::PlaceId};
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError};

/// Returns the table of a place and everything inside it, if the address asks for a file.
pub fn file(page: &Page, tree: &Tree, top: PlaceId) -> Option<Result<Response, WebError>> {
    let format = page.query.opt("format")?;
    let keys = ["code", "name", "english", "level", "kind", "chain"];
    let columns = keys.map(|key| Column::new(ColumnKind::Text, page.t(&format!("places-column-{key}")))).to_vec();
    let name = format!("{}-{}", page.t("places-title"), tree.get(top).map_or("", |place| place.named(page.lang)));
    if !["csv", "xlsx"].contains(&format) {
        return None;
    }
    let rows = tree.inside(top).into_iter().map(|place| row(page, tree, place));
    Some(Table::new(page.t("places-title"), columns).with(rows).file(page, &name, format))
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
