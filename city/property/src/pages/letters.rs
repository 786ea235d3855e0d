//! The letters with owner codes of a building, to be printed and handed out. They name units, never people.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Sent;
use web::{InPath, Page, PostForm, WebError, render};

use crate::Property;
use crate::actions::codes::Letter;
use crate::actions::telling::Handling;
use crate::permissions::May;

#[derive(Template)]
#[template(path = "property/letters.html")]
struct LettersPage {
    page: Page,
    id: i64,
    name: String,
    letters: Vec<Letter>,
}

/// `POST /property/compounds/{compound}/letters`
///
/// # Errors
/// 404 for a compound that is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<i64>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let name = desk.ground(&page, id).await?.name;
    let building = form.get("building").parse::<i64>().map_err(|_| WebError::NotFound)?;
    let (own, by) = (desk.clone(), handling(&page, &form, &format!("{id}/{building}")));
    let letters = desk.hall.store.write(move |tx| own.letters(tx, id, building, &by)).await?;
    drawn(page, id, name, letters)
}

/// Who handles codes by a form about something.
pub(super) fn handling(page: &Page, form: &PostForm, about: &str) -> Handling {
    Handling {
        actor: page.visitor.actor.clone(),
        place: page.post_place().unwrap_or_default().to_owned(),
        sent: Sent::of(form, about),
        key: form.key().to_owned(),
        now: page.now,
    }
}

/// The page of letters of a compound.
pub(super) fn drawn(page: Page, id: i64, name: String, letters: Vec<Letter>) -> Result<Response, WebError> {
    render(&LettersPage { page, id, name, letters })
}
