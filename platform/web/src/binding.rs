//! The cookies of a request, and what the tokens of forms are bound to.

use crate::visitor::Visitor;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// The cookie that form tokens of a visitor without session are bound to. It ends with the browser and names nobody.
pub(crate) const BINDING_COOKIE: &str = "lianglin_form";

/// The value of a cookie of a request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';')).find_map(
        |pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name).then(|| value.to_owned())
        },
    )
}

/// The names of the cookies that end in a word.
pub(crate) fn names_in(headers: &HeaderMap, ending: &str) -> Vec<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| name.ends_with(ending)).map(|(name, _)| name.to_owned()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, line.parse().unwrap())).collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let table: [(&[&str], Option<&str>); 8] = [
            (&[], None),
            (&["lianglin_form=x"], Some("x")),
            (&["a=1;lianglin_form=x ; b=2"], Some("x")),
            (&["a=1", "lianglin_form=x"], Some("x")),
            (&["lianglin_form=x; lianglin_form=y"], Some("x")),
            (&["lianglin_form=a=b"], Some("a=b")),
            (&["xlianglin_form=x; lianglin_forms=y; lianglin_form"], None),
            (&["LIANGLIN_FORM=x"], None),
        ];
        for (lines, expected) in table {
            assert_eq!(cookie(&headers(lines), BINDING_COOKIE).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn cookies_are_found_by_how_their_names_end() {
        let table: [(&[&str], &[&str]); 4] = [
            (&[], &[]),
            (&["case_pass=1; lianglin_form=x_pass", "visit_pass=2"], &["case_pass", "visit_pass"]),
            (&["case_passes=1; pass"], &[]),
            (&["_pass="], &["_pass"]),
        ];
        for (lines, expected) in table {
            assert_eq!(names_in(&headers(lines), "_pass"), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_token_of_a_session_is_never_one_of_a_cookie() {
        let nobody = Visitor::default();
        let signed_in = Visitor { session: Some("x".to_owned()), ..Visitor::default() };
        let with = headers(&["lianglin_form=x"]);
        for (visitor, headers, expected) in [
            (&nobody, &HeaderMap::new(), None),
            (&nobody, &with, Some("visitor:x")),
            (&signed_in, &HeaderMap::new(), Some("session:x")),
            (&signed_in, &with, Some("session:x")),
        ] {
            assert_eq!(binding_of(visitor, headers).as_deref(), expected);
        }
    }
}
