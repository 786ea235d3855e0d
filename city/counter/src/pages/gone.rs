//! What is not shown here, or not any more: the page says why and where to go instead. Its status is 404, and nobody
//! learns from it whether something is there.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use web::{Page, WebError, render_status};

/// What somebody may have looked for.
pub(super) enum Gone {
    /// The link of a saved application that was replaced, sent off or is over.
    Draft,
    /// The receipt of the case with this number, in a browser that did not send it.
    Receipt(String),
}

/// The keys of title, reason, remedy and action of a link.
const DRAFT: [&str; 4] =
    ["counter-draft-gone", "counter-draft-gone-why", "counter-draft-gone-next", "counter-nav-items"];
/// The same of a receipt.
const RECEIPT: [&str; 4] =
    ["counter-receipt-gone", "counter-receipt-gone-why", "counter-receipt-gone-next", "counter-nav-follow"];

#[derive(Template)]
#[template(path = "counter/gone.html")]
struct GonePage {
    page: Page,
    title: String,
    /// Why it is not shown.
    why: String,
    /// What to do.
    next: String,
    /// Where that is done.
    href: String,
    action: String,
}

/// Answers that it is not shown here.
pub(super) fn answer(page: Page, gone: Gone) -> Result<Response, WebError> {
    let (keys, href) = match gone {
        Gone::Draft => (DRAFT, "/items".to_owned()),
        Gone::Receipt(number) => (RECEIPT, format!("/follow?number={number}")),
    };
    let [title, why, next, action] = keys.map(|key| page.t(key));
    render_status(StatusCode::NOT_FOUND, &GonePage { page, title, why, next, href, action })
}
