//! This page shows the tree of the city, today's or that of any day. People search it by characters, pinyin, initials
//! and code.

use super::{Desk, Link, day_asked, export, kept, link};
use crate::Tree;
use crate::records::{current, history};
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
    /// That the words are a code which it bore before. It is empty otherwise.
    former: String,
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
    let mut found: Vec<Found> =
        tree.search(&words, RESULTS).into_iter().map(|place| shown(&page, &tree, place, String::new())).collect();
    if let Some(code) = asked_code(&words) {
        let asked = code.clone();
        for bore in desk.places.store().read(move |tx| history::bore(tx, &asked)).await? {
            let former = page.t2("places-found-former", "code", &code, "until", bore.until);
            found.extend(tree.get(bore.place).map(|place| shown(&page, &tree, place, former)));
        }
    }
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

/// Returns the code that words are: twelve digits, or fifteen for a grid.
pub fn asked_code(words: &str) -> Option<String> {
    let code: String = words.trim().chars().map(kernel::language::half_width).collect();
    (matches!(code.len(), 12 | 15) && code.bytes().all(|sign| sign.is_ascii_digit())).then_some(code)
}

fn shown(page: &Page, tree: &Tree, place: &crate::Place, former: String) -> Found {
    Found { link: link(page, tree, place), chain: tree.chain(&place.path, page.lang), former }
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
