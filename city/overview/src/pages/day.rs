//! The day (今天): what is agreed for today, what waits at this counter, and the lanes of work with their counts.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use house::{Lanes, Panel};
use store::StoreError;
use web::{Heading, Page, ServiceLink, WebError, render};

use super::on_duty;
use crate::Overview;

#[derive(Template)]
#[template(path = "overview/day.html")]
struct DayPage {
    page: Page,
    day: String,
    panels: Vec<Panel>,
    lanes: Lanes,
    services: Vec<ServiceLink>,
}

/// `GET /today`
///
/// # Errors
/// Sign-in needed, nobody on duty, or a failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    on_duty(&page)?;
    let (shown, drawn) = (desk.shown.clone(), page.clone());
    let read =
        desk.hall.store.read(move |tx| Ok::<_, StoreError>((shown.day(tx, &drawn)?, shown.lane_counts(tx, &drawn)?)));
    let (panels, lanes) = read.await?;
    let (day, services) = (page.date(page.today()), page.services(Heading::Today));
    render(&DayPage { page, day, panels, lanes, services })
}
