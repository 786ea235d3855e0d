//! These pages are for work in the field: today's tasks in walking order, what was found, dwellings to come back to, the
//! rounds, and what needs somebody. They work without JavaScript, with a line; with it they work without a line too.

pub mod dwellings;
pub mod entries;
pub mod open;
pub mod patrol;
pub mod phone;
pub mod tasks;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use web::{Page, WebError, render};

use crate::Grid;
use crate::actions::field::work_places;
use crate::permissions::May;
use tasks::Task;

/// What these pages may load beside what all pages may: the manifest that lets them be installed, and the small program
/// that answers when there is no line.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; manifest-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'";

#[derive(Template)]
#[template(path = "grid/field/tasks.html")]
struct TasksPage {
    page: Page,
    tasks: Vec<Task>,
    places: String,
    who: String,
    piece: usize,
    conditions: Vec<web::Choice>,
    spots: Vec<web::Choice>,
    photos: u32,
}

/// `GET /field`
///
/// # Errors
/// Not permitted, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let ground = grid.hall.places.geography().await?;
    let tasks = grid.tasks(&page).await?;
    let tree = grid.hall.places.tree();
    let places = work_places(&page.visitor.actor);
    let names: Vec<String> = places.iter().map(|place| tree.chain(place, page.lang)).collect();
    let drawn = TasksPage {
        tasks,
        places: names.join(" "),
        who: grid.phone_of(&page),
        piece: crate::words::field::PIECE_BYTES,
        conditions: grid.every_condition(&page),
        spots: grid.spots(&page, ground.as_deref()),
        photos: grid.hall.figure(crate::words::GRID_FIELD_PHOTOS, page.now)?,
        page,
    };
    Ok(installable(render(&drawn)?))
}

/// A page that may be kept on a phone and answered there.
fn installable(drawn: Response) -> Response {
    ([(CONTENT_SECURITY_POLICY, POLICY)], drawn).into_response()
}

/// An answer for the small program of these pages.
fn json<T: Serialize>(told: &T) -> Result<Response, WebError> {
    let text = serde_json::to_string(told).map_err(|fault| WebError::Failed(fault.to_string()))?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}
