//! What the pages of requests and of accounts share: what is shown once, and the way to a request that was just made.

use super::told::{LOGIN, said};
use crate::actions::{Handed, SeenRequest};
use crate::{Identity, words};
use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use std::sync::Arc;
use uuid::Uuid;
use web::{Crumb, Page, PostForm, WebError, render};

/// What is shown once, and of which request.
pub struct Once {
    pub crumbs: Vec<Crumb>,
    pub id: Uuid,
    pub handed: Handed,
    /// The key of what is not done yet. It is empty when everything is done.
    pub waits: &'static str,
}

/// What is shown once: half of a password, or a token.
#[derive(Template)]
#[template(path = "request_once.html")]
struct OncePage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: Uuid,
    what: &'static str,
    term: &'static str,
    waits: &'static str,
    /// What is shown, each under its name.
    secrets: Vec<(String, String)>,
    /// Whose it is, and until when it is good.
    facts: Vec<(String, String)>,
}

/// Shows something once, with whose it is and until when it is good. It is shown even if the request cannot be read.
pub async fn shown_once(identity: &Arc<Identity>, page: Page, once: Once) -> Result<Response, WebError> {
    let Once { crumbs, id, handed: Handed { what, term, secret }, waits } = once;
    let seen = identity.seen_request(&page.visitor.actor, id).await;
    let logins = seen.as_ref().map(|seen| seen.kind.logins(&seen.request)).unwrap_or_default();
    let secrets = if logins.is_empty() {
        vec![(page.t(term), secret.to_string())]
    } else {
        logins.into_iter().zip(secret.lines().map(str::to_owned)).collect()
    };
    let facts = seen.map(|seen| facts_of(identity, &page, &seen)).unwrap_or_default();
    render(&OncePage { page, crumbs, id, what, term, waits, secrets, facts })
}

/// Says whose it is, until when the request can be confirmed, and how long a password of two halves is good.
fn facts_of(identity: &Identity, page: &Page, seen: &SeenRequest) -> Vec<(String, String)> {
    let SeenRequest { request, kind, facts, .. } = seen;
    let named = facts.iter().filter(|fact| fact.key == LOGIN || kind.about().contains(&fact.key));
    let mut shown: Vec<_> = named.map(|fact| (page.t(fact.key), said(page, fact))).collect();
    if !kind.halves() {
        return shown;
    }
    let good = page.t("identity-half-good");
    if let Some(at) = request.decided_at {
        shown.push((good, page.t1("identity-half-until", "until", page.minute(identity.password_until(at)))));
    } else {
        shown.push((page.t("identity-request-until"), page.minute(request.expires_at)));
        shown.push((good, page.t1("identity-half-hours", "hours", identity.rules().reset_hours)));
    }
    shown
}

/// The identity of what a form of the visitor makes.
pub fn key_of(page: &Page, form: &PostForm) -> Uuid {
    form.id_of(page.visitor.actor.account.unwrap_or_default())
}

/// Leads to the page of a request that was just made.
pub fn to_request(id: Uuid) -> Response {
    Redirect::to(&format!("{}/{id}?done=asked", words::CONFIRMATIONS)).into_response()
}
