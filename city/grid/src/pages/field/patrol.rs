//! The rounds: which grid is to be walked next, and on which days it was. A person ticks it; nothing follows her.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::place::PlaceId;
use kernel::procedure::ClockState;
use web::{Light, Page, PostForm, WebError, render};

use super::answers::installable;
use crate::Grid;
use crate::actions::patrol::Beat;
use crate::permissions::May;
use crate::words::field::PIECE_BYTES;

/// Days of a grid that are named.
const NAMED: usize = 7;

#[derive(Template)]
#[template(path = "grid/field/patrol.html")]
struct PatrolPage {
    page: Page,
    beats: Vec<Line>,
    who: String,
    piece: usize,
}

/// A grid as the page shows it.
struct Line {
    id: i64,
    name: String,
    light: Light,
    walked: String,
    today: bool,
    /// She ticked it today herself, and can take that back.
    hers: bool,
}

/// `GET /field/patrol`
///
/// # Errors
/// Not permitted, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let beats = grid.beats(&page.visitor.actor, page.now).await?;
    let beats = beats.iter().map(|beat| grid.beat(&page, beat)).collect();
    let drawn = PatrolPage { beats, who: grid.phone_of(&page), piece: PIECE_BYTES, page };
    Ok(installable(render(&drawn)?))
}

/// `POST /field/patrol`: ticks a grid (`grid`) as walked today, or takes the tick back (`walked` is empty).
///
/// # Errors
/// Not permitted, no such grid, or a failure.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let place = form.get("grid").parse().map(PlaceId).map_err(|_| WebError::NotFound)?;
    grid.tick(place, form.opt("walked").is_some(), page.visitor.actor.clone(), page.now).await?;
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to("/field/patrol")))
}

impl Grid {
    fn beat(&self, page: &Page, beat: &Beat) -> Line {
        let tree = self.hall.places.tree();
        let today = beat.rounds.first().filter(|round| round.day == page.today());
        let days: Vec<String> =
            beat.rounds.iter().take(NAMED).map(|round| format!("{} {}", page.day(round.day), round.name)).collect();
        Line {
            id: beat.place.id().0,
            name: tree.at(&beat.place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default(),
            light: due(page, beat),
            walked: days.join("; "),
            today: today.is_some(),
            hers: today.is_some_and(|round| round.name == page.visitor.actor.name),
        }
    }
}

/// By when a grid is to be walked, in words that say so.
fn due(page: &Page, beat: &Beat) -> Light {
    let Light { class, text } = page.time_left(beat.due, ClockState::Running);
    let is_today = beat.due == page.today();
    let text = if is_today { page.t("grid-patrol-today") } else { page.t1("grid-patrol-due", "when", text) };
    Light { class, text }
}
