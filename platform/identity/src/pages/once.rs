//! What the pages of requests and of accounts share: what is shown once, and the way to a request that was just made.

use crate::words;
use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use uuid::Uuid;
use web::{Crumb, Page, PostForm};

/// What is shown once: half of a password, or a token.
#[derive(Template)]
#[template(path = "request_once.html")]
pub struct OncePage {
    pub page: Page,
    pub crumbs: Vec<Crumb>,
    pub id: Uuid,
    pub what: &'static str,
    pub term: &'static str,
    pub secret: String,
}

/// The form's own key as an identity.
pub fn key_of(form: &PostForm) -> Uuid {
    Uuid::parse_str(form.key()).unwrap_or_else(|_| Uuid::now_v7())
}

/// Leads to the page of a request that was just made.
pub fn to_request(id: Uuid) -> Response {
    Redirect::to(&format!("{}/{id}?done=asked", words::CONFIRMATIONS)).into_response()
}
