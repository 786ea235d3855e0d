//! The cookies of a request, and what the tokens of forms are bound to.

use crate::visitor::Visitor;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// The cookie that form tokens of a visitor without session are bound to. It ends with the browser and names nobody.
pub(crate) const BINDING_COOKIE: &str = "lianglin_form";

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';')).find_map(
        |pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name).then(|| value.to_owned())
        },
    )
}

pub(crate) fn session_binding(session: &str) -> String {
    format!("session:{session}")
}

pub(crate) fn cookie_binding(cookie: &str) -> String {
    format!("visitor:{cookie}")
}

/// What the tokens of a request must be bound to.
pub(crate) fn binding_of(visitor: &Visitor, headers: &HeaderMap) -> Option<String> {
    match &visitor.session {
        Some(session) => Some(session_binding(session)),
        None => cookie(headers, BINDING_COOKIE).map(|cookie| cookie_binding(&cookie)),
    }
}
