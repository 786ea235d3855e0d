//! What to do when something is wrong (反映): whom to call now, and whom to ask in one's own community.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use places::Unit;
use web::{Heading, Page, WebError, render};

use crate::Overview;

/// The public emergency lines of the country, with the keys of what each is for.
const LINES: [(&str, &str); 4] = [
    ("110", "overview-report-police"),
    ("119", "overview-report-fire"),
    ("120", "overview-report-ambulance"),
    ("122", "overview-report-traffic"),
];
/// The public lines for what is not an emergency, with the keys of what each is for.
const HOTLINES: [(&str, &str); 3] =
    [("12345", "overview-report-city"), ("95598", "overview-report-power"), ("12348", "overview-report-law")];

/// A line with what it is for.
struct Line {
    number: &'static str,
    text: String,
}

/// The community that a resident chose.
struct Own {
    name: String,
    href: String,
    units: Vec<Unit>,
}

#[derive(Template)]
#[template(path = "overview/report.html")]
struct ReportPage {
    page: Page,
    lines: Vec<Line>,
    hotlines: Vec<Line>,
    own: Option<Own>,
}

/// `GET /report`
///
/// # Errors
/// A failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    let tree = desk.hall.places.tree();
    let own = match places::my_community(&page, &tree) {
        None => None,
        Some(id) => {
            let units = desk.hall.store.read(move |tx| places::units(tx, id)).await?;
            let name = tree.get(id).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
            Some(Own { name, href: format!("/places/{id}"), units })
        }
    };
    let told = |&(number, key): &(&'static str, &'static str)| Line { number, text: page.t(key) };
    let (lines, hotlines) = (LINES.iter().map(told).collect(), HOTLINES.iter().map(told).collect());
    render(&ReportPage { page, lines, hotlines, own })
}
