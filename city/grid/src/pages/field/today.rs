//! The page with which the work in the field begins: where to go today, and what was found on the way.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use web::{Choice, Page, WebError, render};

use super::answers::installable;
use super::tasks::{Listed, Offer, Task};
use crate::Grid;
use crate::actions::field::work_places;
use crate::pages::meant::Folded;
use crate::permissions::May;
use crate::rules::sharing::is_hers;
use crate::words::GRID_FIELD_PHOTOS;
use crate::words::field::PIECE_BYTES;

#[derive(Template)]
#[template(path = "grid/field/tasks.html")]
struct TasksPage {
    page: Page,
    tasks: Vec<Task>,
    /// That there are more tasks than these; empty where there are none.
    more: String,
    places: String,
    /// As which of how many workers she shares the grid.
    number: u64,
    workers: u64,
    who: String,
    piece: usize,
    conditions: Vec<Folded<Offer>>,
    spots: Vec<Choice>,
    /// There are more compounds than can be chosen.
    spots_cut: bool,
    photos: u32,
    /// The most points that a photo may have.
    pixels: u64,
}

/// `GET /field?number=1&of=2`
///
/// # Errors
/// Not permitted, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let ground = grid.hall.places.geography().await?;
    let Listed { mut tasks, more } = grid.tasks(&page).await?;
    let asked = |name: &str| page.query.get(name).parse::<u64>().unwrap_or_default();
    let (number, workers) = (asked("number"), asked("of"));
    tasks.retain(|task| is_hers(task.position, number, workers));
    let tree = grid.hall.places.tree();
    let places = work_places(&page.visitor.actor);
    // Nothing stands chosen that nobody chose, but for the only place there is.
    let (mut spots, spots_cut) = grid.spots(&page, ground.as_deref());
    if spots.len() > 1 {
        spots.insert(0, Choice::new("", page.t("grid-any-none"), ""));
    }
    let names: Vec<String> = places.iter().map(|place| tree.chain(place, page.lang)).collect();
    let drawn = TasksPage {
        tasks,
        more,
        places: names.join(" "),
        number,
        workers,
        who: grid.phone_of(&page),
        piece: PIECE_BYTES,
        conditions: grid.conditions_by_class(&page),
        spots,
        spots_cut,
        photos: grid.hall.figure(GRID_FIELD_PHOTOS, page.now)?,
        pixels: grid.papers.bounds(page.now)?.pixels,
        page,
    };
    Ok(web::may_ask_where(installable(render(&drawn)?)))
}
