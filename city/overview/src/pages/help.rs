//! Help and privacy: two pages of words that stand in the foot of every page.

use askama::Template;
use axum::response::Response;
use web::{Page, WebError, render};

#[derive(Template)]
#[template(path = "overview/help.html")]
struct HelpPage {
    page: Page,
}

#[derive(Template)]
#[template(path = "overview/privacy.html")]
struct PrivacyPage {
    page: Page,
}

/// `GET /help`
///
/// # Errors
/// A failure to draw.
pub async fn help(page: Page) -> Result<Response, WebError> {
    render(&HelpPage { page })
}

/// `GET /privacy`
///
/// # Errors
/// A failure to draw.
pub async fn privacy(page: Page) -> Result<Response, WebError> {
    render(&PrivacyPage { page })
}
