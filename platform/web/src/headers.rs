//! The headers that every answer carries: what a page may load, what it may reveal, how long it may be kept.

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::map_response;
use axum::response::Response;

/// Everything comes from this very server; nothing is written inline; nobody frames our pages.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(self), interest-cohort=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// A browser that has been here once asks over https alone for a year, for this host and all names below it.
const HTTPS_ALONE: &str = "max-age=31536000; includeSubDomains";

/// Wraps everything that is reached over https: browsers are told to come that way alone, and every cookie, whoever set
/// it, is sent that way alone.
pub fn over_https(router: Router) -> Router {
    router.layer(map_response(https_alone))
}

async fn https_alone(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static(HTTPS_ALONE));
    only_secure_cookies(headers);
    response
}

/// Adds `Secure` to the cookies that do not have it. A line that is no text cannot be mended and is dropped.
fn only_secure_cookies(headers: &mut HeaderMap) {
    let secured: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().filter_map(secured).collect();
    headers.remove(header::SET_COOKIE);
    for line in secured {
        headers.append(header::SET_COOKIE, line);
    }
}

fn secured(line: &HeaderValue) -> Option<HeaderValue> {
    let text = line.to_str().ok()?;
    if text.split(';').skip(1).any(|attribute| attribute.trim().eq_ignore_ascii_case("secure")) {
        return Some(line.clone());
    }
    HeaderValue::from_str(&format!("{}; Secure", text.trim_end_matches([';', ' ']))).ok()
}

/// Adds what the handler did not set itself. A page is never kept: the next person at this counter must not find it.
pub(crate) async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[tokio::test]
    async fn what_a_handler_set_itself_stays_and_the_rest_is_added() {
        let own = [(header::CACHE_CONTROL, "public"), (header::CONTENT_SECURITY_POLICY, "sandbox")];
        for (response, kept, policy) in
            [(().into_response(), "no-store", POLICY), (own.into_response(), "public", "sandbox")]
        {
            let answer = secure(response).await;
            let value = |name: HeaderName| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
            assert_eq!(
                (value(header::CACHE_CONTROL).as_str(), value(header::CONTENT_SECURITY_POLICY).as_str()),
                (kept, policy)
            );
            for (name, _) in ALWAYS {
                assert_eq!(answer.headers().get_all(&name).iter().count(), 1, "{name}");
            }
        }
        assert!(!POLICY.contains("unsafe") && !POLICY.contains('*'));
    }

    #[tokio::test]
    async fn over_https_every_cookie_is_sent_that_way_alone() {
        let table = [
            ("a=1; Path=/", "a=1; Path=/; Secure"),
            ("secure=1", "secure=1; Secure"),
            ("a=1;", "a=1; Secure"),
            ("a=1; Secure; HttpOnly", "a=1; Secure; HttpOnly"),
            ("a=1; path=/;secure", "a=1; path=/;secure"),
        ];
        let mut response = ().into_response();
        for (line, _) in table {
            response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static(line));
        }
        let answer = https_alone(response).await;
        let lines: Vec<&str> =
            answer.headers().get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
        assert_eq!(lines, table.map(|(_, expected)| expected));
        let told = answer.headers().get(header::STRICT_TRANSPORT_SECURITY).unwrap();
        assert_eq!(told, HTTPS_ALONE);
        let plain = https_alone(().into_response()).await;
        assert!(plain.headers().get(header::SET_COOKIE).is_none());
    }
}
