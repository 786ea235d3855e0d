//! The pages of headings that list the services under them: a resident's own, a worker's community, somebody's unit,
//! the topics of a leader, and everything that somebody may.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use house::{Lanes, Panel, PlaceAt, TileShown};
use kernel::place::PlaceId;
use places::Place;
use store::{StoreError, Tx};
use web::{Heading, Light, Page, ServiceLink, WebError, render};

use super::on_duty;
use crate::Overview;

/// Cases of an account that are listed.
const CASES: i64 = 20;
/// Places of somebody's posts whose sections are shown.
const PLACES: usize = 3;

/// A case that this visitor may follow now.
struct Followed {
    number: String,
    item: String,
    state: String,
    light: Light,
    /// That somebody asks her something; empty where nobody does.
    said: String,
}

/// A place where somebody has a post, with what departments show of it.
struct Own {
    name: String,
    /// The places above it; empty for the city.
    above: String,
    href: String,
    panels: Vec<Panel>,
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
    cases: Vec<Followed>,
    services: Vec<ServiceLink>,
}

#[derive(Template)]
#[template(path = "overview/heading.html")]
struct HeadingPage {
    page: Page,
    title: String,
    lead: String,
    own: Vec<Own>,
    tiles: Vec<TileShown>,
    services: Vec<ServiceLink>,
}

#[derive(Template)]
#[template(path = "overview/work.html")]
struct WorkPage {
    page: Page,
    headings: Vec<To>,
    lanes: Lanes,
    groups: Vec<Group>,
}

/// `GET /mine`: with the case that was followed on this device, while its pass lasts, and those of the own account.
///
/// # Errors
/// A failure.
pub async fn mine(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    let (own, drawn) = (desk.clone(), page.clone());
    let cases = desk.hall.store.read(move |tx| own.followed(tx, &drawn)).await?;
    let services = page.services(Heading::Mine);
    render(&MinePage { page, cases, services })
}

/// `GET /community`
///
/// # Errors
/// Sign-in needed, or nobody on duty.
pub async fn community(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    heading(&desk, page, Heading::Community, "overview-community-lead", true).await
}

/// `GET /unit`
///
/// # Errors
/// Sign-in needed, or nobody on duty.
pub async fn unit(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    heading(&desk, page, Heading::Unit, "overview-unit-lead", true).await
}

/// `GET /topics`
///
/// # Errors
/// Sign-in needed, or nobody on duty.
pub async fn topics(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    heading(&desk, page, Heading::Topics, "overview-topics-lead", false).await
}

async fn heading(
    desk: &Arc<Overview>,
    page: Page,
    heading: Heading,
    lead: &str,
    places: bool,
) -> Result<Response, WebError> {
    on_duty(&page)?;
    let (reading, drawn) = (desk.clone(), page.clone());
    let read = desk.hall.store.read(move |tx| {
        let own = if places { reading.own(tx, &drawn)? } else { Vec::new() };
        let tiles = if places { Vec::new() } else { reading.beside_cases(tx, &drawn)? };
        Ok::<_, StoreError>((own, tiles))
    });
    let (own, tiles) = read.await?;
    let (title, lead, services) = (page.t(heading.key()), page.t(lead), page.services(heading));
    render(&HeadingPage { page, title, lead, own, tiles, services })
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
    // What is the own work already stands under the title of the page.
    let title = |heading: Heading| if heading == Heading::Work { String::new() } else { page.t(heading.key()) };
    let groups = inner.map(|heading| Group { title: title(heading), services: page.services(heading) });
    let groups = groups.filter(|group| !group.services.is_empty()).collect();
    render(&WorkPage { page, headings, lanes, groups })
}

impl Overview {
    /// The places of somebody's posts of today, each once; of the first ones what departments show of them.
    fn own(&self, tx: &mut dyn Tx, page: &Page) -> Result<Vec<Own>, StoreError> {
        let tree = self.hall.places.tree();
        let mut ids: Vec<PlaceId> = page.visitor.actor.grants.iter().map(|grant| grant.place.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        let places: Vec<&Place> = ids.into_iter().filter_map(|id| tree.get(id)).collect();
        let mut own = Vec::new();
        for place in places {
            let at = PlaceAt { id: place.id, path: &place.path, level: place.level };
            let panels = if own.len() < PLACES { self.shown.sections(tx, page, at)? } else { Vec::new() };
            let above: Vec<&str> = tree.ancestors(place.id).into_iter().map(|one| one.named(page.lang)).collect();
            own.push(Own {
                name: place.named(page.lang).to_owned(),
                above: above.join(" · "),
                href: format!("/places/{}", place.id),
                panels,
            });
        }
        Ok(own)
    }

    /// The figures of a leader that count no cases: those stand under their own headings.
    fn beside_cases(&self, tx: &mut dyn Tx, page: &Page) -> Result<Vec<TileShown>, StoreError> {
        self.shown.tile_values(tx, page, |tile| !tile.href.starts_with(Heading::Supervise.href()))
    }

    /// The cases that this visitor may follow without proving anything again: the one whose pass is still open, and
    /// those of her own account.
    fn followed(&self, tx: &mut dyn Tx, page: &Page) -> Result<Vec<Followed>, Fault> {
        let mut found = Vec::new();
        let pass = page.cookie(cases::PASS_COOKIE).and_then(|value| self.cases.pass_key.read(&value, page.now));
        if let Some(pass) = pass {
            match self.cases.known(tx, pass.district, pass.id) {
                // A pass from a code that was renewed has ended.
                Ok(known) if pass.code != known.code => {}
                Ok(known) => {
                    let view = self.cases.view(tx, page, &known)?;
                    let is_asked = cases::Cases::asks_applicant(tx, &known)?;
                    let said = if is_asked { page.t("cases-said-to-her") } else { String::new() };
                    let (number, item, state, light) = (view.number, view.item, view.state, view.light);
                    found.push(Followed { number, item, state, light, said });
                }
                Err(Fault::NotFound) => {}
                Err(fault) => return Err(fault),
            }
        }
        let Some(account) = page.visitor.actor.account.filter(|_| !page.visitor.staff()) else { return Ok(found) };
        let rows = cases::of_account(tx, account, CASES)?;
        for row in self.cases.rows(tx, page, &rows)? {
            if found.iter().all(|one| one.number != row.number) {
                let (number, item, state, light, said) = (row.number, row.item, row.state, row.light, row.said);
                found.push(Followed { number, item, state, light, said });
            }
        }
        Ok(found)
    }
}
