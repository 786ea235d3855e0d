//! This file writes the tree as a table: CSV and XLSX of a place and everything inside it, on the day that the visitor
//! asks about.

use crate::{Place, Tree};
use axum::response::Response;
use kernel::{language::Lang, place::PlaceId};
use web::{Page, WebError, download};

/// Returns the table of a place and everything inside it, if the address asks for a file.
pub fn file(page: &Page, tree: &Tree, top: PlaceId) -> Option<Result<Response, WebError>> {
    let format = page.query.opt("format")?;
    let keys = ["code", "name", "english", "level", "kind", "chain"];
    let header: Vec<String> = keys.iter().map(|key| page.t(&format!("places-column-{key}"))).collect();
    let rows: Vec<Vec<String>> = tree.inside(top).into_iter().map(|place| row(page, tree, place)).collect();
    let name = format!("{}-{}", page.t("places-title"), tree.get(top).map_or("", |place| place.named(page.lang)));
    match format {
        "csv" => Some(download::csv(&name, &header, &rows)),
        "xlsx" => Some(download::xlsx(&name, &page.t("places-title"), &header, &rows)),
        _ => None,
    }
}

fn row(page: &Page, tree: &Tree, place: &Place) -> Vec<String> {
    vec![
        place.code.clone(),
        place.name.zh.clone(),
        place.named(Lang::En).to_owned(),
        page.t(&format!("places-level-{}", place.level.code())),
        page.t(place.kind.key()),
        tree.chain(&place.path, page.lang),
    ]
}
