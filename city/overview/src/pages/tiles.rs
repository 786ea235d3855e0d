//! The figures of a leader (总览): each opens the rows that it counts. Beneath them stands what departments say to look
//! at first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use house::{Lanes, TablePanel, TileShown};
use kernel::permission::Permission;
use store::StoreError;
use web::{Page, WebError, render};

use crate::Overview;

#[derive(Template)]
#[template(path = "overview/tiles.html")]
struct TilesPage {
    page: Page,
    places: Vec<String>,
    tiles: Vec<TileShown>,
    panels: Vec<TablePanel>,
    lanes: Lanes,
}

/// `GET /overview`: the lanes that no tile counts stand below the tiles.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let (shown, drawn) = (desk.shown.clone(), page.clone());
    let read = desk.hall.store.read(move |tx| {
        let (tiles, panels) = (shown.tile_values(tx, &drawn, |_| true)?, shown.overview_panels(tx, &drawn)?);
        Ok::<_, StoreError>((tiles, panels, shown.lane_counts(tx, &drawn)?))
    });
    let (tiles, panels, mut lanes) = read.await?;
    lanes.retain(|lane| tiles.iter().all(|tile| tile.href != lane.href));
    let tree = desk.hall.places.tree();
    let scopes = page.visitor.actor.scopes(Permission::CaseSupervise);
    let places = scopes.iter().map(|scope| tree.chain(&scope.place, page.lang)).collect();
    render(&TilesPage { page, places, tiles, panels, lanes })
}
