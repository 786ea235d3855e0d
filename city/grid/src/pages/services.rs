//! This page shows everybody what the grid does for residents: its categories with their services, where their names
//! come from, and which of them the city has still to confirm. A service leads to the page on which it is asked for.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use web::{Page, WebError, render};

use crate::Grid;
use crate::catalogue::Category;

#[derive(Template)]
#[template(path = "grid/services.html")]
struct ServicesPage {
    page: Page,
    /// How many services there are.
    total: usize,
    categories: Vec<Shown>,
}

/// A category as the page shows it.
struct Shown {
    name: String,
    /// Where the names of its services come from; empty where the city has still to confirm them.
    source: String,
    /// Whether the city has still to confirm the category itself.
    provisional: bool,
    services: Vec<String>,
}

/// `GET /report/services`
///
/// # Errors
/// The page could not be drawn.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let shown = |category: &Category| Shown {
        name: category.name.get(page.lang).to_owned(),
        source: category.source.as_ref().map(|source| source.get(page.lang).to_owned()).unwrap_or_default(),
        provisional: category.provisional,
        services: category.services.iter().map(|service| service.get(page.lang).to_owned()).collect(),
    };
    let categories: Vec<Shown> = grid.catalogue.categories().iter().map(shown).collect();
    let total = categories.iter().map(|category| category.services.len()).sum();
    render(&ServicesPage { page, total, categories })
}
