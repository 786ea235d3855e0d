//! These are the pages on which a resident finds her community (附近). The page of the community itself is what she
//! then sees. If she wants it, her own device remembers which one it is.

use super::{Desk, Link, link};
use crate::Tree;
use askama::Template;
use axum::{
    extract::State,
    http::header::SET_COOKIE,
    response::{IntoResponse, Redirect, Response},
};
use kernel::place::{Level, PlaceId};
use web::{Page, PostForm, ServiceLink, WebError};

/// The cookie with the identity of the community that a resident chose. It says nothing of her.
pub const MY_PLACE: &str = "lianglin_place";
/// For how many seconds it is kept.
const KEPT_SECONDS: i64 = 31_536_000;
/// Limits how many communities a search offers, and how many of the streets that words may mean.
const FOUND: usize = 12;
const STREETS: usize = 2;
const IN_STREETS: usize = 40;

/// A community that was found.
struct Found {
    link: Link,
    chain: String,
}

#[derive(Template)]
#[template(path = "places/nearby.html")]
struct Nearby {
    page: Page,
    words: String,
    found: Vec<Found>,
    services: Vec<ServiceLink>,
}

/// Answers `GET /nearby?q=…`. Whoever chose a community sees it at once, unless she asks for another by `?change=1`.
pub async fn get(State(desk): State<Desk>, page: Page) -> Result<Response, WebError> {
    let tree = desk.places.tree();
    let asks = page.query.has("change") || page.query.has("q");
    if let Some(community) = chosen(&page, &tree).filter(|_| !asks) {
        return Ok(Redirect::to(&format!("/places/{community}")).into_response());
    }
    let words = page.query.get("q").to_owned();
    let found = found(&page, &tree, &words);
    let services = page.services(web::Heading::Nearby);
    web::render(&Nearby { page, words, found, services })
}

/// Answers `POST /nearby`: remembers a community on this device (`keep=yes`), or forgets it.
pub async fn post(State(desk): State<Desk>, _page: Page, form: PostForm) -> Result<Response, WebError> {
    let tree = desk.places.tree();
    let place = form.get("place").parse().ok().and_then(|id| tree.get(PlaceId(id)));
    let community = place.filter(|place| place.level == Level::Community).map(|place| place.id);
    let kept = community.filter(|_| form.get("keep") == "yes");
    let to = kept.map_or_else(|| "/nearby".to_owned(), |id| format!("/places/{id}"));
    Ok(([(SET_COOKIE, cookie(kept, desk.https))], Redirect::to(&to)).into_response())
}

/// Writes the cookie that remembers a community, or forgets it. Where pages are reached over https it is sent that way
/// only.
fn cookie(community: Option<PlaceId>, https: bool) -> String {
    let (value, seconds) = community.map_or((String::new(), 0), |id| (id.to_string(), KEPT_SECONDS));
    let secure = if https { "; Secure" } else { "" };
    format!("{MY_PLACE}={value}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly{secure}")
}

/// Returns the community that this visitor chose, if it still is one.
pub fn chosen(page: &Page, tree: &Tree) -> Option<PlaceId> {
    let id = page.cookie(MY_PLACE)?.parse().ok()?;
    tree.get(PlaceId(id)).filter(|place| place.level == Level::Community).map(|place| place.id)
}

/// Returns the communities that words mean; else those of a street of that name.
fn found(page: &Page, tree: &Tree, words: &str) -> Vec<Found> {
    let mut places = tree.search_in(words, Some(Level::Community), FOUND);
    if places.is_empty() {
        let streets = tree.search_in(words, Some(Level::Street), STREETS);
        places = streets.iter().flat_map(|street| tree.children(street.id)).take(IN_STREETS).collect();
    }
    let found =
        |place: &crate::Place| Found { link: link(page, tree, place), chain: tree.chain(&place.path, page.lang) };
    places.into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_sent_over_https_alone_where_pages_are() {
        let table = [
            (Some(PlaceId(57)), false, "lianglin_place=57; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"),
            (Some(PlaceId(57)), true, "lianglin_place=57; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure"),
            (None, true, "lianglin_place=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly; Secure"),
        ];
        for (community, https, expected) in table {
            assert_eq!(cookie(community, https), expected);
        }
    }
}
