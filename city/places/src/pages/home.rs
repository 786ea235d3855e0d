//! This page shows the tree of the city, today's or that of any day. People search it by characters, pinyin, initials
//! and code.

use super::{Desk, Link, day_asked, export, kept, link};
use crate::{Tree, records::current};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::time::Date;
use std::sync::Arc;
use store::StoreError;
use web::{Page, Problem, WebError};

/// Limits how many results of a search are shown.
const RESULTS: usize = 30;

/// A district with its streets.
struct Branch {
    link: Link,
    streets: Vec<Link>,
}

/// A result of the search.
struct Found {
    link: Link,
    chain: String,
}

#[derive(Template)]
#[template(path = "places/home.html")]
struct Home {
    page: Page,
    words: String,
    on: String,
    kept: String,
    problems: Vec<Problem>,
    city: Option<Link>,
    branches: Vec<Branch>,
    found: Vec<Found>,
    counts: [usize; 3],
    days: String,
    past: bool,
}

/// Answers `GET /places?q=…&on=…&format=…`.
pub async fn home(State(desk): State<Desk>, page: Page) -> Result<Response, WebError> {
    let (on, problems) = day_asked(&page);
    let tree = tree_of(&desk, on).await?;
    if let Some(city) = tree.root()
        && let Some(file) = export::file(&page, &tree, city.id).await?
    {
        return Ok(file);
    }
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let days = desk.places.days().await?;
    let words = page.query.get("q").to_owned();
    let found = tree.search(&words, RESULTS).into_iter();
    let found = found
        .map(|place| Found { link: link(&page, &tree, place), chain: tree.chain(&place.path, page.lang) })
        .collect();
    let counts = [kernel::place::Level::District, kernel::place::Level::Street, kernel::place::Level::Community]
        .map(|level| tree.of_level(level).count());
    let view = Home {
        on: on.unwrap_or_else(|| page.today()).to_string(),
        kept: kept(on),
        city: tree.root().map(|city| link(&page, &tree, city)),
        branches: if words.is_empty() { branches(&page, &tree) } else { Vec::new() },
        days: days.map(|(first, last)| page.t2("places-days", "first", first, "last", last)).unwrap_or_default(),
        past: on.is_some(),
        words,
        problems,
        found,
        counts,
        page,
    };
    web::render_status(status, &view)
}

/// Returns today's tree, or that of a day.
pub async fn tree_of(desk: &Desk, on: Option<Date>) -> Result<Arc<Tree>, StoreError> {
    match on {
        None => Ok(desk.places.tree()),
        Some(on) => desk.places.store().read(move |tx| current::tree_at(tx, on)).await.map(Arc::new),
    }
}

fn branches(page: &Page, tree: &Tree) -> Vec<Branch> {
    let Some(city) = tree.root() else { return Vec::new() };
    let branch = |district: &crate::Place| Branch {
        link: link(page, tree, district),
        streets: tree.children(district.id).map(|street| link(page, tree, street)).collect(),
    };
    tree.children(city.id).map(branch).collect()
}
