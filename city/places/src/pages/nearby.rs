//! These are the pages on which a resident finds her community (附近). The page of the community itself is what she
//! then sees. If she wants it, her own device remembers which one it is.

use super::Desk;
use super::living::Lives;
use crate::Tree;
use askama::Template;
use axum::{
    extract::State,
    http::header::SET_COOKIE,
    response::{IntoResponse, Redirect, Response},
};
use kernel::place::{Level, PlaceId};
use web::{Choice, Form, Page, PostForm, ServiceLink, WebError};

/// The cookie with the identity of the community that a resident chose. It says nothing of her.
pub const MY_PLACE: &str = "lianglin_place";
/// For how many seconds it is kept.
const KEPT_SECONDS: i64 = 31_536_000;
/// A community that was found, or a street or district to look into.
struct Found {
    name: String,
    href: String,
    chain: String,
}

#[derive(Template)]
#[template(path = "places/nearby.html")]
struct Nearby {
    page: Page,
    words: String,
    found: Vec<Found>,
    /// The district or street that is looked into. It is empty if the list answers to words.
    within: String,
    /// The address of the list one level up. It is empty at the top.
    above: String,
    services: Vec<ServiceLink>,
    /// The page for which she looks for a community. It is empty if she goes to the community's own.
    to: String,
    /// The address of the list of districts.
    browse: String,
}

/// Answers `GET /nearby?q=…&in=…&to=…`. Whoever chose a community sees it at once, unless she asks for another by
/// `?change=1`. `in` looks into a district or a street, or with `all` into the city. `to` is the path of another page
/// that shows what is in a community: it is gone on to with `place`.
pub async fn get(State(desk): State<Desk>, page: Page) -> Result<Response, WebError> {
    let tree = desk.places.tree();
    let asks = page.query.has("change") || page.query.has("q") || page.query.has("in");
    let to = web::local_path(page.query.get("to")).filter(|to| !to.contains(['?', '#'])).unwrap_or_default().to_owned();
    if let Some(community) = chosen(&page, &tree).filter(|_| !asks) {
        return Ok(Redirect::to(&community_page(&to, &community.to_string())).into_response());
    }
    let words = page.query.get("q").to_owned();
    let ground = if words.is_empty() { None } else { desk.places.geography().await? };
    let asked = Lives { words: words.clone(), place: page.query.get("in").to_owned() };
    let asked = asked.asked(&page, "in", &tree, ground.as_deref());
    let services = page.services(web::Heading::Nearby);
    let above = if asked.above.is_empty() { String::new() } else { inside(&to, &asked.above) };
    let found = asked.choices.into_iter().map(|choice| found(&tree, choice, &to)).collect();
    let browse = inside(&to, "all");
    web::render(&Nearby { page, words, found, within: asked.within_name, above, services, to, browse })
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

/// Returns the address of what a page shows of a community; of the community's own page where none is named.
fn community_page(to: &str, community: &str) -> String {
    if to.is_empty() { format!("/places/{community}") } else { format!("{to}?place={community}") }
}

/// Returns the address of the list of what lies in a place.
fn inside(to: &str, place: &str) -> String {
    let asked = Form::default().with("in", place);
    let asked = if to.is_empty() { asked } else { asked.with("to", to) };
    format!("/nearby{}", asked.address_with(&[]))
}

/// Returns where a choice leads: to the page of a community, or into a street or a district.
fn found(tree: &Tree, choice: Choice, to: &str) -> Found {
    let id = choice.value.parse().map(PlaceId);
    let is_community = id.is_ok_and(|id| tree.get(id).is_some_and(|place| place.level == Level::Community));
    let href = if is_community { community_page(to, &choice.value) } else { inside(to, &choice.value) };
    Found { name: choice.text, href, chain: choice.hint }
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
