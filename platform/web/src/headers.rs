//! The headers that every answer carries: what a page may load, what it may reveal, how long it may be kept.

use axum::http::header::{self, HeaderName, HeaderValue};
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
}
