//! One page for one visitor: its language and look, its texts, tokens, addresses and dates. Every template has one as
//! `page`.

use crate::address::NetworkAddress;
use crate::answer::too_often;
use crate::binding::{BINDING_COOKIE, cookie, cookie_binding, names_in, session_binding};
use crate::came::came;
use crate::cost::{Bare, Place};
use crate::csrf;
use crate::error::WebError;
use crate::form::Form;
use crate::frame::{Frame, Waiting};
use crate::heading::Heading;
use crate::preferences::{Preferences, Theme};
use crate::visitor::{Seat, Visitor};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use kernel::language::{Bilingual, Lang};
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant, Zone};
use std::fmt::Display;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// The pages with which work begins, for whoever has them.
const BEGINNINGS: [&str; 2] = ["/work", "/desk"];

/// The address as the visitor sees it, before any nesting of routers.
#[derive(Clone, Debug)]
pub(crate) struct Asked(pub(crate) Uri);

/// One page for one visitor. An extractor for handlers of any state, below [`crate::layers()`].
/// Printing it tells nothing of the visitor.
#[derive(Clone)]
pub struct Page {
    /// The language.
    pub lang: Lang,
    /// The elder view.
    pub elder: bool,
    /// The step of text size, 0 to 4.
    pub size: u8,
    /// Light or dark.
    pub theme: Theme,
    /// Who is looking.
    pub visitor: Visitor,
    /// The path of the address, without query.
    pub path: String,
    /// The fields of the address.
    pub query: Form,
    /// The moment the page is made.
    pub now: Instant,
    /// What waits for this member of staff, one link for each list.
    pub waiting: Vec<Waiting>,
    /// The local address of the page before.
    pub(crate) came: Option<String>,
    /// Whether it answers a form.
    answers_a_form: bool,
    raw_query: String,
    cookies: HeaderMap,
    address: String,
    /// Where the request runs. Work that outlives it keeps a copy.
    place: Option<Place>,
    pub(crate) seat: Seat,
    frame: Arc<Frame>,
    /// The headings of the menu, once they were asked for.
    pub(crate) headings: OnceLock<Vec<Heading>>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Page").field("path", &self.path).field("lang", &self.lang).finish_non_exhaustive()
    }
}

impl Page {
    /// Puts a page together. `visitor` is who the sign-in found.
    pub(crate) fn assemble(frame: Arc<Frame>, headers: &HeaderMap, asked: &Uri, visitor: Visitor, seat: Seat) -> Self {
        let raw_query = asked.query().unwrap_or_default().to_owned();
        let query = Form::parse(raw_query.as_bytes()).unwrap_or_default();
        let liked = Preferences::read(headers, &query);
        Self {
            lang: liked.lang,
            elder: liked.elder,
            size: liked.size,
            theme: liked.theme,
            path: asked.path().to_owned(),
            now: (frame.clock)(),
            cookies: cookies_of(headers),
            came: came(headers),
            answers_a_form: false,
            address: String::new(),
            place: None,
            visitor,
            query,
            waiting: Vec::new(),
            raw_query,
            seat,
            frame,
            headings: OnceLock::new(),
        }
    }

    /// Counts what waits for a member of staff, for the head of the page.
    pub(crate) async fn count_waiting(&mut self) {
        if let Some(hook) = self.frame.waiting.as_ref().filter(|_| self.visitor.staff()) {
            self.waiting = hook(self.visitor.actor.clone()).await;
        }
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.frame.texts.get(self.lang, key, &[])
    }

    /// Whether there is a text of that key.
    pub(crate) fn has_text(&self, key: &str) -> bool {
        self.frame.texts.has(key)
    }

    /// The text of a key in Chinese, whatever is read: what is kept is kept in one language.
    pub fn in_chinese(&self, key: &str) -> String {
        self.frame.texts.get(Lang::Zh, key, &[])
    }

    /// The text of a key with one variable.
    pub fn t1(&self, key: &str, name: &str, value: impl Display) -> String {
        self.frame.texts.get(self.lang, key, &[(name, &value.to_string())])
    }

    /// The text of a key with two variables.
    pub fn t2(&self, key: &str, name: &str, value: impl Display, other: &str, second: impl Display) -> String {
        self.frame.texts.get(self.lang, key, &[(name, &value.to_string()), (other, &second.to_string())])
    }

    /// The text of a key with any variables.
    pub fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.frame.texts.get(self.lang, key, values)
    }

    /// A text kept in both languages.
    pub fn of<'a>(&self, text: &'a Bilingual) -> &'a str {
        text.get(self.lang)
    }

    /// What all pages share.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The city's zone.
    pub fn zone(&self) -> Zone {
        self.frame.zone
    }

    /// Today in the city.
    pub fn today(&self) -> Date {
        self.frame.zone.date(self.now)
    }

    /// The name of the city.
    pub fn city(&self) -> &str {
        self.frame.city_name.get(self.lang)
    }

    /// The city's own telephone for questions. It is empty where there is none.
    pub fn telephone(&self) -> &str {
        &self.frame.telephone
    }

    /// A token for a hidden field `_token`; the macro `hidden` writes it.
    pub fn csrf(&self) -> String {
        let binding = match &self.visitor.session {
            Some(session) => session_binding(session),
            None => self.cookie(BINDING_COOKIE).map_or_else(|| self.fresh_binding(), |cookie| cookie_binding(&cookie)),
        };
        csrf::token(&self.frame.csrf_key, &binding).unwrap_or_default()
    }

    fn fresh_binding(&self) -> String {
        cookie_binding(self.seat.binding.get_or_init(|| csrf::binding().unwrap_or_default()))
    }

    /// A fresh idempotency key for a hidden field `_once`.
    pub fn once(&self) -> String {
        Uuid::now_v7().to_string()
    }

    /// The address of a style, script or image, with its hash.
    pub fn asset(&self, name: &str) -> String {
        ui::address(name)
    }

    /// Whether the library of the map that can be zoomed is in this program.
    pub fn zooms(&self) -> bool {
        ui::zooms()
    }

    /// The address of this page, to come back to after a switch of language or look; `lang` is left out of it. The
    /// answer to a form has none, so that of the page on which the form stood is given.
    pub fn back(&self) -> String {
        if self.answers_a_form
            && let Some(came) = &self.came
        {
            return came.clone();
        }
        let kept: Vec<&str> =
            self.raw_query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
        if kept.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, kept.join("&")) }
    }

    /// Whether this page has a large search field of its own, so that a phone does without the one in the head.
    pub fn searches(&self) -> bool {
        ["/items", "/nearby", "/desk"].contains(&self.path.as_str())
    }

    /// Whether this visitor may look for persons where a purpose is stated.
    pub fn finds_persons(&self) -> bool {
        self.may(Permission::PersonOpen)
    }

    /// Where this visitor is on duty, unless it is the whole city, which the head names already.
    pub fn post_place(&self) -> Option<&str> {
        self.visitor.place_name.as_ref().map(|place| self.of(place)).filter(|place| *place != self.city())
    }

    /// What the head says of where one stands: the city, and of staff the place and the post. It may be cut short on
    /// the page and stands in full in its title.
    pub fn standing(&self) -> String {
        let role = self.visitor.role_title.as_ref().map(|role| self.of(role));
        let parts = [Some(self.city()), self.post_place(), role];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The key of a warning about the visitor's own account, on the pages with which work begins.
    pub fn warning(&self) -> Option<&'static str> {
        let begins = self.path == self.start() || BEGINNINGS.contains(&self.path.as_str());
        self.visitor.warning.filter(|_| begins && self.visitor.staff())
    }

    /// Whether this visitor is permitted something anywhere.
    pub fn may(&self, permission: Permission) -> bool {
        self.visitor.may(permission)
    }

    /// Lets only those pass who have this permission somewhere; nobody in particular is asked to sign in.
    ///
    /// # Errors
    /// [`WebError::SignIn`] without a session, a refusal with one.
    pub fn require(&self, permission: Permission) -> Result<(), WebError> {
        self.visitor.require(permission)
    }

    /// The value of a cookie that came with the request.
    pub fn cookie(&self, name: &str) -> Option<String> {
        cookie(&self.cookies, name)
    }

    /// The names of the cookies that are passes: whoever holds the browser opens something with them. The names of such
    /// cookies end in `_pass`, so that signing out takes all of them away.
    pub fn passes(&self) -> Vec<String> {
        names_in(&self.cookies, "_pass")
    }

    /// The network address the request came from, for limits alone; for IPv6 the network of one household. Empty when
    /// the server did not say.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Has long work done on a thread that serves no pages: files, pictures, tables of many rows. The place of the
    /// request stays taken until the work is done, even if nobody waits for it any more.
    ///
    /// # Errors
    /// [`WebError::Failed`] when the work breaks off.
    pub async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, WebError> {
        let place = self.place.clone();
        let done = tokio::task::spawn_blocking(move || {
            let made = work();
            drop(place);
            made
        });
        done.await.map_err(|fault| WebError::Failed(format!("long work: {fault}")))
    }

    /// How the list is sorted by a column, for `aria-sort`: `ascending`, `descending` or `none`.
    pub fn sorted(&self, key: &str) -> &'static str {
        match self.query.get("sort") {
            found if found == key => "ascending",
            found if found.strip_prefix('-') == Some(key) => "descending",
            _ => "none",
        }
    }

    /// The address of this list sorted by a column, the other way round when it is already, from its first page.
    pub fn sort_address(&self, key: &str) -> String {
        let wanted = if self.sorted(key) == "ascending" { format!("-{key}") } else { key.to_owned() };
        self.query.address_with(&[("sort", &wanted), ("after", ""), ("before", "")])
    }
}

/// The cookies among the headers, and nothing else: a page keeps no more of a request than it needs.
fn cookies_of(headers: &HeaderMap) -> HeaderMap {
    let kept =
        headers.get_all(axum::http::header::COOKIE).iter().map(|value| (axum::http::header::COOKIE, value.clone()));
    kept.collect()
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, WebError> {
        let frame = parts.extensions.get::<Arc<Frame>>().cloned().ok_or_else(WebError::no_frame)?;
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        let seat = parts.extensions.get::<Seat>().cloned().unwrap_or_default();
        seat.visitor.get_or_init(|| visitor.clone());
        let asked = parts.extensions.get::<Asked>().map_or_else(|| parts.uri.clone(), |asked| asked.0.clone());
        let mut page = Self::assemble(frame, &parts.headers, &asked, visitor, seat);
        if parts.extensions.get::<Bare>().is_none() {
            page.count_waiting().await;
        }
        page.answers_a_form = parts.method == Method::POST;
        page.place = parts.extensions.get::<Place>().cloned();
        page.address = parts.extensions.get::<NetworkAddress>().map(|address| address.0.clone()).unwrap_or_default();
        Ok(page)
    }
}

/// Draws a page.
///
/// # Errors
/// [`WebError::Failed`] when the template fails.
pub fn render<T: Template>(page: &T) -> Result<Response, WebError> {
    render_status(StatusCode::OK, page)
}

/// Draws a page with a status, such as 422 for a form to be corrected. The cursor stands in the first field to correct.
///
/// # Errors
/// [`WebError::Failed`] when the template fails.
pub fn render_status<T: Template>(status: StatusCode, page: &T) -> Result<Response, WebError> {
    Ok((status, Html(first_focus(page.render()?))).into_response())
}

/// Draws a page that tells a refusal: with status 422, or with 429 and `Retry-After` if it refuses what came too often.
///
/// # Errors
/// [`WebError::Failed`] when the template fails.
pub fn render_refused<T: Template>(refusal: &Refusal, page: &T) -> Result<Response, WebError> {
    Ok(too_often(refusal, render_status(StatusCode::UNPROCESSABLE_ENTITY, page)?))
}

/// How the parts of pages mark a field with an error, and how a page marks the field where one begins.
const FAULTY: &str = " autofocus=\"autofocus\"";
const BEGINS: &str = " autofocus";

/// Leaves the cursor to the first field with an error: a page has one field with it at most.
fn first_focus(html: String) -> String {
    let Some((before, after)) = html.split_once(FAULTY) else { return html };
    let bare =
        |text: &str| text.replace(FAULTY, "").replace(&format!("{BEGINS}>"), ">").replace(&format!("{BEGINS} "), " ");
    format!("{}{FAULTY}{}", bare(before), bare(after))
}

impl Page {
    /// A page without a request, for tests and galleries of templates.
    pub fn sample(frame: Arc<Frame>, path: &str, liked: Preferences, visitor: Visitor) -> Self {
        let now = (frame.clock)();
        Self {
            lang: liked.lang,
            elder: liked.elder,
            size: liked.size,
            theme: liked.theme,
            path: path.to_owned(),
            query: Form::default(),
            waiting: Vec::new(),
            came: None,
            answers_a_form: false,
            raw_query: String::new(),
            cookies: HeaderMap::new(),
            address: String::new(),
            place: None,
            seat: Seat::default(),
            now,
            visitor,
            frame,
            headings: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LOCALES, Texts};

    #[test]
    fn the_cursor_stands_in_the_first_field_with_an_error() {
        let faulty = "<input id=\"f-a\" aria-invalid=\"true\" autofocus=\"autofocus\">";
        let begins = "<input name=\"q\" data-find autofocus>";
        for (page, expected) in [
            (format!("{begins}<p>"), format!("{begins}<p>")),
            (faulty.to_owned(), faulty.to_owned()),
            (
                format!("{begins}<p>{faulty}{faulty}"),
                format!("<input name=\"q\" data-find><p>{faulty}<input id=\"f-a\" aria-invalid=\"true\">"),
            ),
        ] {
            assert_eq!(first_focus(page), expected);
        }
    }
    use axum::http::header::{AUTHORIZATION, COOKIE};
    use kernel::permission::{ActorKind, Grant};
    use kernel::place::{PlaceId, PlacePath};

    fn page(path: &str, query: &str) -> Page {
        let frame = Frame::sample(Texts::new(&[LOCALES]).unwrap(), Arc::new(|| Instant::from_micros(0)));
        let mut page = Page::sample(Arc::new(frame), path, Preferences::default(), Visitor::default());
        page.query = Form::parse(query.as_bytes()).unwrap();
        query.clone_into(&mut page.raw_query);
        page
    }

    #[test]
    fn a_switch_of_language_comes_back_to_the_same_page() {
        for (path, query, back) in [
            ("/", "", "/"),
            ("/items", "lang=en", "/items"),
            ("/items", "words=%E8%80%81&lang=en", "/items?words=%E8%80%81"),
            ("/items", "&&lang=zh&a=1&", "/items?a=1"),
            ("/items", "language=1&b", "/items?language=1&b"),
        ] {
            assert_eq!(page(path, query).back(), back, "{path} {query}");
        }
    }

    #[test]
    fn a_list_is_sorted_the_other_way_round_and_from_its_first_page() {
        for (query, sorted, address) in [
            ("", "none", "?sort=due"),
            ("sort=due", "ascending", "?sort=-due"),
            ("sort=-due", "descending", "?sort=due"),
            ("sort=--due", "none", "?sort=due"),
            ("sort=name&after=9&before=1&state=late", "none", "?state=late&sort=due"),
        ] {
            let page = page("/queue", query);
            assert_eq!((page.sorted("due"), page.sort_address("due").as_str()), (sorted, address), "{query}");
        }
    }

    #[test]
    fn who_is_not_permitted_is_asked_to_sign_in_or_refused() {
        let grant = |permission| Grant {
            post: Uuid::nil(),
            role: "worker".to_owned(),
            place: PlacePath::root(PlaceId(1)),
            department: None,
            permissions: [permission].into(),
        };
        for (account, grants, expected) in [
            (None, vec![], "web.sign_in"),
            (Some(Uuid::nil()), vec![], "permission.missing"),
            (Some(Uuid::nil()), vec![grant(Permission::CaseRead)], "permission.missing"),
            (Some(Uuid::nil()), vec![grant(Permission::CaseRead), grant(Permission::CaseAccept)], ""),
        ] {
            let mut page = page("/desk", "");
            (page.visitor.actor.kind, page.visitor.actor.account) = (ActorKind::Staff, account);
            page.visitor.actor.grants = grants;
            let found = page.require(Permission::CaseAccept).err().map_or("", |error| error.code());
            assert_eq!((found, page.may(Permission::CaseAccept)), (expected, expected.is_empty()));
        }
    }

    #[test]
    fn of_a_request_only_the_cookies_are_kept() {
        let mut headers = HeaderMap::new();
        for (name, value) in [(COOKIE, "a=1; b=2=3"), (AUTHORIZATION, "Bearer x"), (COOKIE, "c=")] {
            headers.append(name, value.parse().unwrap());
        }
        let kept = cookies_of(&headers);
        assert!(kept.len() == 2 && !kept.contains_key(AUTHORIZATION));
        let page = Page { cookies: kept, ..page("/", "") };
        for (name, value) in [("a", Some("1")), ("b", Some("2=3")), ("c", Some("")), ("A", None), ("", None)] {
            assert_eq!(page.cookie(name).as_deref(), value, "{name}");
        }
        assert_eq!(format!("{page:?}"), "Page { path: \"/\", lang: Zh, .. }", "nothing of the visitor is printed");
    }
}
