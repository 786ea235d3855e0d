//! One search for items, numbers, places and stations: what every department finds, under its own heading.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use house::Hit;
use kernel::identifier::{CaseNumber, looks_personal};
use kernel::permission::Permission;
use web::{Page, WebError, render};

use crate::Overview;

/// More characters than that are no question.
const LONGEST: usize = 60;

/// What one department found.
struct Group {
    title: String,
    hits: Vec<Hit>,
}

#[derive(Template)]
#[template(path = "overview/find.html")]
struct FindPage {
    page: Page,
    words: String,
    groups: Vec<Group>,
    /// Whether this visitor may look for persons where a purpose is stated.
    persons: bool,
    /// A number of a person was looked for, so nothing was.
    personal: bool,
}

/// `GET /find?q=…`: the number of a case leads to the case at once, as that of an appointment or an opinion leads to
/// where one looks with it. The number of a person leads to an address without it: to the search for persons, or to a
/// word about where it belongs.
///
/// # Errors
/// A failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    let words: String = page.query.get("q").chars().take(LONGEST).collect();
    let persons = page.may(Permission::PersonOpen);
    if looks_personal(page.query.get("q")) {
        let to = if persons { "/search?personal=1" } else { "/find?personal=1" };
        return Ok(Redirect::to(to).into_response());
    }
    if let Some(known) = desk.shown.numbered(&words) {
        return Ok(Redirect::to(&known).into_response());
    }
    let (shown, drawn, asked) = (desk.shown.clone(), page.clone(), words.clone());
    let found = if words.is_empty() {
        Vec::new()
    } else {
        desk.hall.store.read(move |tx| shown.find(tx, &drawn, &asked)).await?
    };
    let number = CaseNumber::parse(&words).ok().map(|number| format!("/cases/{}", number.as_str()));
    let mut hits = found.iter().flat_map(|group| &group.hits);
    if let Some(case) = hits.find(|hit| number.as_ref() == Some(&hit.href)) {
        return Ok(Redirect::to(&case.href).into_response());
    }
    let groups = found.into_iter().map(|group| Group { title: page.t(group.key), hits: group.hits }).collect();
    let personal = page.query.has("personal");
    render(&FindPage { page, words, groups, persons, personal })
}
