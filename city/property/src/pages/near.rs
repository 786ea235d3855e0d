//! What there is of property in a community, for everybody: who serves its compounds, what was promised at the
//! three-party tables, and the owners' money and votes.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use house::{Panel, PlaceAt};
use kernel::place::{Level, PlacePath};
use store::Tx;
use web::{Page, WebError, render};

use super::shown::of_place;
use super::tables::address_of;
use crate::Companies;

/// How many communities that words may mean are offered.
const OFFERED: usize = 20;

#[derive(Template)]
#[template(path = "property/near.html")]
struct NearPage {
    page: Page,
    /// What was looked for.
    words: String,
    /// Communities that the words may mean: where each lies, and the address.
    found: Vec<(String, String)>,
    place: Option<Near>,
    links: Vec<Link>,
}

/// A community as the page shows it.
struct Near {
    /// Where it lies.
    name: String,
    /// The address of its own page.
    href: String,
    /// Who serves its compounds.
    companies: Option<Panel>,
}

/// A page that leads on.
struct Link {
    text: String,
    purpose: String,
    href: String,
}

/// `GET /property/near?place=…&q=…`: of the community that this visitor asks for or chose before.
///
/// # Errors
/// A failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    let tree = desk.hall.places.tree();
    let words = page.query.get("q").to_owned();
    let asked = desk.community(page.query.get("place"));
    let own = || places::my_community(&page, &tree).and_then(|id| tree.path(id)).cloned();
    let path = if words.is_empty() { asked.or_else(own) } else { asked };
    let looks = path.is_none() && !words.is_empty();
    let meant = if looks { tree.search_in(&words, Some(Level::Community), OFFERED) } else { Vec::new() };
    let found = meant.into_iter();
    let found = found.map(|place| (tree.chain(&place.path, page.lang), format!("/property/near?place={}", place.id)));
    let found = found.collect();
    let links = links(&page, path.as_ref());
    let place = match path {
        Some(path) => Some(desk.near(&page, path).await?),
        None => None,
    };
    render(&NearPage { page, words, found, place, links })
}

/// Where the page leads: to what was published of a community, and to what an owner does herself.
fn links(page: &Page, path: Option<&PlacePath>) -> Vec<Link> {
    let link = |key: &str, purpose: &str, href: String| Link { text: page.t(key), purpose: page.t(purpose), href };
    let mut links = Vec::new();
    if let Some(id) = path.map(PlacePath::id) {
        links.extend([
            link("property-tables", "property-tables-for", address_of(id)),
            link("property-uses", "property-uses-for", format!("/property/fund/of/{id}")),
            link("property-income", "property-income-for", format!("/property/income/of/{id}")),
        ]);
    }
    links.extend([
        link("property-fund", "property-fund-for", "/property/fund".to_owned()),
        link("property-nav-own", "property-nav-own-for", "/property/votes".to_owned()),
        link("property-nav-link", "property-nav-link-for", "/property/link".to_owned()),
    ]);
    links
}

impl Companies {
    async fn near(self: &Arc<Self>, page: &Page, path: PlacePath) -> Result<Near, WebError> {
        let (show, drawn, asked) = (of_place(self), page.clone(), path.clone());
        let read = move |tx: &mut dyn Tx| {
            let at = PlaceAt { id: asked.id(), path: &asked, level: Level::Community };
            show(tx, &drawn, at)
        };
        let companies = self.hall.store.read(read).await?;
        let name = self.hall.places.tree().chain(&path, page.lang);
        Ok(Near { name, href: format!("/places/{}", path.id()), companies })
    }
}
