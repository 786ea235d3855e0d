//! This page tells everybody what mobilisation is and which calls go on.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use web::{Page, WebError, render};

use crate::Mobilization;
use crate::records::call;

/// Calls shown at most.
const CALLS: i64 = 20;

/// A call in words.
pub struct Open {
    /// What it is.
    pub title: String,
    /// Where.
    pub place: String,
    /// Since when.
    pub since: String,
    /// What everybody should know.
    pub note: String,
}

#[derive(Template)]
#[template(path = "mobilization/start.html")]
struct StartPage {
    page: Page,
    calls: Vec<Open>,
}

/// `GET /mobilization`
pub async fn get(State(desk): State<Arc<Mobilization>>, page: Page) -> Result<Response, WebError> {
    let read = desk.hall.store.read(move |tx| call::told(tx, CALLS)).await?;
    let tree = desk.hall.places.tree();
    let open = |call: call::Call| Open {
        place: tree.chain(&call.path, page.lang),
        since: page.date(call.opened_at),
        title: call.title,
        note: call.note,
    };
    let calls = read.into_iter().map(open).collect();
    render(&StartPage { page, calls })
}
