//! This page shows the doubts that an import left: are these two the same place? Only people with `place.edit` there
//! see and decide them.

use super::Desk;
use crate::permissions::May;
use crate::{
    Tree, actions,
    records::review,
    words::{Review, Stamp},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use kernel::permission::{Scope, Target};
use uuid::Uuid;
use web::{Crumb, InPath, Page, Pager, PostForm, WebError};

/// Says how many doubts one page of the list holds.
const PAGE: i64 = 50;

/// A doubt as it is shown.
struct Line {
    number: i64,
    on: String,
    doubt: String,
    before: i64,
    after: i64,
    before_text: String,
    after_text: String,
    answer: String,
}

#[derive(Template)]
#[template(path = "places/review.html")]
struct List {
    page: Page,
    crumbs: Vec<Crumb>,
    lines: Vec<Line>,
    decided: bool,
    done: bool,
    pager: Pager,
}

/// Answers `GET /places/review?decided=1&after=…`.
pub async fn list(State(desk): State<Desk>, page: Page) -> Result<Response, WebError> {
    page.require(May::PlaceEdit)?;
    let scopes = page.visitor.actor.scopes(May::PlaceEdit);
    let decided = page.query.has("decided");
    let after = page.query.get("after").parse().unwrap_or(0);
    let reviews = desk.places.store().read(move |tx| review::reviews(tx, decided, after, PAGE)).await?;
    let last = reviews.last().filter(|_| i64::try_from(reviews.len()) == Ok(PAGE)).map(|review| review.id);
    let next = last.map(|id| page.query.address_with(&[("after", &id.to_string())]));
    let tree = desk.places.tree();
    let lines =
        reviews.iter().filter(|review| within(&tree, &scopes, review)).map(|review| line(&page, review)).collect();
    let view = List {
        crumbs: vec![Crumb { text: page.t("places-title"), href: "/places".to_owned() }],
        lines,
        decided,
        done: page.query.has("done"),
        pager: Pager { before: None, after: next },
        page,
    };
    web::render(&view)
}

/// Says whether a doubt lies where one of the scopes holds.
pub(super) fn within(tree: &Tree, scopes: &[Scope], review: &Review) -> bool {
    tree.path(review.after).is_some_and(|path| scopes.iter().any(|scope| scope.covers(&Target::at(path.clone()))))
}

fn line(page: &Page, review: &Review) -> Line {
    let who = review.decided_by.clone().unwrap_or_default();
    let answer = match review.same {
        None => String::new(),
        Some(true) => page.t1("places-review-was-same", "name", who),
        Some(false) => page.t1("places-review-was-other", "name", who),
    };
    Line {
        number: review.id,
        on: review.on.to_string(),
        doubt: page.t(review.doubt.key()),
        before: review.before.0,
        after: review.after.0,
        before_text: review.before_text.clone(),
        after_text: review.after_text.clone(),
        answer,
    }
}

/// Answers `POST /places/review/{number}` with `same=yes` or `same=no`.
pub async fn decide(
    State(desk): State<Desk>,
    InPath(number): InPath<i64>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PlaceEdit)?;
    let same = match form.get("same") {
        "yes" => true,
        "no" => false,
        _ => return Err(WebError::NotFound),
    };
    let (actor, stamp) = (page.visitor.actor.clone(), Stamp { message: Uuid::now_v7(), at: page.now });
    desk.places.store().write(move |tx| actions::decide(tx, &actor, number, same, stamp)).await?;
    desk.places.reload().await?;
    Ok(Redirect::to("/places/review?done=1").into_response())
}
