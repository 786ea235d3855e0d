//! The pages of headings that list the services under them: a resident's own, a worker's community, somebody's unit,
//! the topics of a leader, and everything that somebody may.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use house::LaneCount;
use kernel::place::PlaceId;
use web::{Heading, Page, ServiceLink, WebError, render};

use super::on_duty;
use crate::Overview;

/// A place where somebody has a post.
struct Own {
    name: String,
    chain: String,
    href: String,
}

/// Services that stand together.
struct Group {
    title: String,
    services: Vec<ServiceLink>,
}

/// A heading as a link.
struct To {
    text: String,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "overview/mine.html")]
struct MinePage {
    page: Page,
    services: Vec<ServiceLink>,
}

#[derive(Template)]
#[template(path = "overview/heading.html")]
struct HeadingPage {
    page: Page,
    title: String,
    lead: String,
    own: Vec<Own>,
    services: Vec<ServiceLink>,
}

#[derive(Template)]
#[template(path = "overview/work.html")]
struct WorkPage {
    page: Page,
    headings: Vec<To>,
    lanes: Vec<LaneCount>,
    groups: Vec<Group>,
}

/// `GET /mine`
///
/// # Errors
/// A failure to draw.
pub async fn mine(page: Page) -> Result<Response, WebError> {
    let services = page.services(Heading::Mine);
    render(&MinePage { page, services })
}

/// `GET /community`
///
/// # Errors
/// Sign-in needed, or nobody on duty.
pub async fn community(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    heading(&desk, page, Heading::Community, "overview-community-lead", true)
}

/// `GET /unit`
///
/// # Errors
/// Sign-in needed, or nobody on duty.
pub async fn unit(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    heading(&desk, page, Heading::Unit, "overview-unit-lead", true)
}

/// `GET /topics`
///
/// # Errors
/// Sign-in needed, or nobody on duty.
pub async fn topics(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    heading(&desk, page, Heading::Topics, "overview-topics-lead", false)
}

fn heading(desk: &Overview, page: Page, heading: Heading, lead: &str, places: bool) -> Result<Response, WebError> {
    on_duty(&page)?;
    let own = if places { desk.own(&page) } else { Vec::new() };
    let (title, lead, services) = (page.t(heading.key()), page.t(lead), page.services(heading));
    render(&HeadingPage { page, title, lead, own, services })
}

/// `GET /work`: everything that somebody may, with what waits.
///
/// # Errors
/// Sign-in needed, nobody on duty, or a failure.
pub async fn work(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    on_duty(&page)?;
    let (shown, drawn) = (desk.shown.clone(), page.clone());
    let lanes = desk.hall.store.read(move |tx| shown.lane_counts(tx, &drawn)).await?;
    let to = |heading: Heading| To { text: page.t(heading.key()), href: heading.href() };
    let given = page.given().into_iter().filter(|heading| *heading != Heading::Work);
    let headings = given.map(to).collect();
    let inner = Heading::ALL.into_iter().rev().filter(|heading| !heading.is_public());
    let groups = inner.map(|heading| Group { title: page.t(heading.key()), services: page.services(heading) });
    let groups = groups.filter(|group| !group.services.is_empty()).collect();
    render(&WorkPage { page, headings, lanes, groups })
}

impl Overview {
    /// The places of somebody's posts of today, each once.
    fn own(&self, page: &Page) -> Vec<Own> {
        let tree = self.hall.places.tree();
        let mut ids: Vec<PlaceId> = page.visitor.actor.grants.iter().map(|grant| grant.place.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        let own = |id: PlaceId| {
            let place = tree.get(id)?;
            Some(Own {
                name: place.named(page.lang).to_owned(),
                chain: tree.chain(&place.path, page.lang),
                href: format!("/places/{}", place.id),
            })
        };
        ids.into_iter().filter_map(own).collect()
    }
}
