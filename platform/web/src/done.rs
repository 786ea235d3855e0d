//! What a form has done is told once. The address of the page that follows says what it was (`?done=1`), and a cookie
//! that lives for a moment says that it was just now: a page that is read again, or an address that is passed on, does
//! not claim it any more. Whoever sends a form keeps cookies, because its token is bound to one.

use crate::binding::cookie;
use crate::preferences::local_path;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};

/// The cookie that says what was done just now, on the page that tells it.
const NAME: &str = "lianglin_done";
/// How long a browser may take from the form to that page.
const KEPT_SECONDS: u32 = 60;

/// Marks an answer that leads on to a page which tells what was done, though no form was sent just now: what had to
/// wait was done meanwhile.
#[derive(Clone, Copy)]
struct Meanwhile;

/// Leads whoever comes back to a page on to another that tells what was done meanwhile (`?done=…` in its address).
#[must_use]
pub fn done_meanwhile(address: &str) -> Response {
    let mut answer = Redirect::to(address).into_response();
    answer.extensions_mut().insert(Meanwhile);
    answer
}

/// The address as its page is to read it: what was done is left out unless that was just now.
pub(crate) fn asked(uri: &Uri, headers: &HeaderMap) -> Uri {
    let query = uri.query().unwrap_or_default();
    let just_now = said(query).is_some_and(|word| cookie(headers, NAME).as_deref() == Some(word));
    if just_now || !query.split('&').any(says) {
        return uri.clone();
    }
    without(uri).unwrap_or_else(|| uri.clone())
}

/// The cookie that goes with an answer: set where a form leads on to a page that tells what was done, taken away once
/// that page was given out. `uri` is as [`asked`] gives it.
pub(crate) fn told(method: &Method, uri: &Uri, answer: &Response) -> Option<String> {
    let is_told = method == Method::POST || answer.extensions().get::<Meanwhile>().is_some();
    let (path, word, seconds) = if answer.status() == StatusCode::SEE_OTHER && is_told {
        let location = local_path(answer.headers().get(LOCATION)?.to_str().ok()?)?;
        let (path, query) = location.split('#').next()?.split_once('?')?;
        (path, said(query)?, KEPT_SECONDS)
    } else if answer.status().is_success() && method == Method::GET {
        said(uri.query()?)?;
        (uri.path(), "", 0)
    } else {
        return None;
    };
    let plain = !path.contains(';');
    plain.then(|| format!("{NAME}={word}; Path={path}; Max-Age={seconds}; SameSite=Lax; HttpOnly"))
}

/// Whether a part of a query says that something was done.
fn says(part: &str) -> bool {
    part == "done" || part.starts_with("done=")
}

/// The word for what was done, where a query has one.
fn said(query: &str) -> Option<&str> {
    let word = query.split('&').find_map(|part| part.strip_prefix("done="))?;
    let plain = word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    (plain && !word.is_empty()).then_some(word)
}

/// The same address without what was done.
fn without(uri: &Uri) -> Option<Uri> {
    let kept: Vec<&str> = uri.query()?.split('&').filter(|part| !says(part)).collect();
    let path = uri.path();
    let address = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(address.parse().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    #[test]
    fn a_page_reads_what_was_done_with_its_cookie_alone() {
        let table = [
            ("/lamps", "", "/lamps"),
            ("/lamps?after=1", "lianglin_done=lit", "/lamps?after=1"),
            ("/lamps?done=lit", "lianglin_done=lit", "/lamps?done=lit"),
            ("/lamps?after=1&done=lit", "a=b; lianglin_done=lit", "/lamps?after=1&done=lit"),
            ("/lamps?done=lit", "a=b", "/lamps"),
            ("/lamps?done=lit", "lianglin_done=out", "/lamps"),
            ("/lamps?done=lit&after=1&undone=2", "", "/lamps?after=1&undone=2"),
            ("/lamps?done", "lianglin_done=", "/lamps"),
            ("/lamps?done=", "lianglin_done=", "/lamps"),
            ("/lamps?done=%20", "lianglin_done=%20", "/lamps"),
        ];
        for (address, cookies, expected) in table {
            let headers: HeaderMap = [(COOKIE, cookies.parse().unwrap())].into_iter().collect();
            assert_eq!(asked(&address.parse().unwrap(), &headers).to_string(), expected, "{address} with {cookies}");
        }
    }

    #[test]
    fn the_cookie_comes_with_the_redirect_and_goes_with_the_page() {
        let line = |method: Method, address: &str, answer: Response| told(&method, &address.parse().unwrap(), &answer);
        let leads = |to: &str| Redirect::to(to).into_response();
        assert_eq!(
            line(Method::POST, "/lamps/1", leads("/lamps?after=1&done=lit#rows")).as_deref(),
            Some("lianglin_done=lit; Path=/lamps; Max-Age=60; SameSite=Lax; HttpOnly")
        );
        assert_eq!(
            line(Method::GET, "/lamps?done=lit", ().into_response()).as_deref(),
            Some("lianglin_done=; Path=/lamps; Max-Age=0; SameSite=Lax; HttpOnly")
        );
        assert_eq!(
            line(Method::GET, "/lamps/1", done_meanwhile("/lamps?done=lit")).as_deref(),
            Some("lianglin_done=lit; Path=/lamps; Max-Age=60; SameSite=Lax; HttpOnly")
        );
        for (method, address, answer) in [
            (Method::POST, "/lamps", leads("/lamps")),
            (Method::POST, "/lamps", leads("/lamps?done=a;b")),
            (Method::POST, "/lamps", leads("/la;mps?done=lit")),
            (Method::POST, "/lamps", leads("https://elsewhere.cn/?done=lit")),
            (Method::POST, "/lamps?done=lit", ().into_response()),
            (Method::GET, "/lamps", leads("/lamps?done=lit")),
            (Method::GET, "/lamps", ().into_response()),
            (Method::GET, "/lamps?done=lit", StatusCode::NOT_FOUND.into_response()),
        ] {
            assert_eq!(line(method, address, answer), None, "{address}");
        }
    }
}
