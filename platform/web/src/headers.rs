//! The headers that every answer carries: what a page may load, what it may reveal, how long it may be kept.

use crate::binding::BINDING_COOKIE;
use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{map_request, map_response};
use axum::response::Response;

/// Everything comes from this very server; nothing is written inline; nobody frames our pages.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What a page may ask the browser for.
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
/// No page asks where somebody is, or for a camera or a microphone.
const NOTHING: &str = "camera=(), microphone=(), geolocation=(), interest-cohort=()";
/// A page with a button that asks where somebody is when she presses it.
const WHERE: &str = "camera=(), microphone=(), geolocation=(self), interest-cohort=()";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (PERMISSIONS, NOTHING),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// A browser that has been here once asks over https alone for a year, for this host and all names below it.
const HTTPS_ALONE: &str = "max-age=31536000; includeSubDomains";

/// The beginning of the name of a cookie that a browser takes and sends back over https alone, from and to this very
/// host, never one from a name above or below it.
const OF_THIS_HOST: &str = "__Host-";
/// The same for a cookie of some addresses alone, for which the stricter beginning may not be used. A host below this
/// one could set it too, so it never opens anything.
const OVER_HTTPS: &str = "__Secure-";

/// Wraps everything that is reached over https: browsers are told to come that way alone, and every cookie, whoever set
/// it, is sent that way alone and under a name that nobody else can set.
pub fn over_https(router: Router) -> Router {
    router.layer(map_response(https_alone)).layer(map_request(own_cookies))
}

async fn https_alone(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static(HTTPS_ALONE));
    only_secure_cookies(headers);
    response
}

/// Adds to cookies what keeps them safe and was not there. A line that is no text cannot be mended and is dropped.
fn only_secure_cookies(headers: &mut HeaderMap) {
    let secured: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().filter_map(secured).collect();
    headers.remove(header::SET_COOKIE);
    for line in secured {
        headers.append(header::SET_COOKIE, line);
    }
}

fn secured(line: &HeaderValue) -> Option<HeaderValue> {
    let text = line.to_str().ok()?;
    let attributes: Vec<String> = text.split(';').skip(1).map(|part| part.trim().to_ascii_lowercase()).collect();
    let has = |wanted: &str| attributes.iter().any(|attribute| attribute == wanted);
    let narrow = !has("path=/") || attributes.iter().any(|attribute| attribute.starts_with("domain="));
    let begins = if text.starts_with(OF_THIS_HOST) || text.starts_with(OVER_HTTPS) {
        ""
    } else if narrow {
        OVER_HTTPS
    } else {
        OF_THIS_HOST
    };
    let ends = if has("secure") { "" } else { "; Secure" };
    let mut value = HeaderValue::from_str(&format!("{begins}{}{ends}", text.trim_end_matches([';', ' ']))).ok()?;
    value.set_sensitive(line.is_sensitive());
    Some(value)
}

/// Leaves of the cookies that came only those that this server can have set over https. Each is read under its whole
/// name and under the name that a handler gave it.
async fn own_cookies(mut request: Request) -> Request {
    let headers = request.headers_mut();
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).map(str::trim);
    let own = pairs.filter_map(|pair| {
        let narrow = || pair.strip_prefix(OVER_HTTPS).filter(|plain| !opens(plain));
        let plain = pair.strip_prefix(OF_THIS_HOST).or_else(narrow)?;
        Some(format!("{plain}; {pair}"))
    });
    let whole = own.collect::<Vec<_>>().join("; ");
    headers.remove(header::COOKIE);
    if let Some(mut kept) = HeaderValue::from_str(&whole).ok().filter(|kept| !kept.is_empty()) {
        kept.set_sensitive(true);
        headers.insert(header::COOKIE, kept);
    }
    request
}

/// Says whether a cookie opens something or proves where a form comes from.
fn opens(plain: &str) -> bool {
    let name = plain.split('=').next().unwrap_or_default();
    name.ends_with("_pass") || name == BINDING_COOKIE
}

/// Lets this one page ask the browser where somebody is. It asks when she presses a button, never by itself.
pub fn may_ask_where(mut response: Response) -> Response {
    response.headers_mut().insert(PERMISSIONS, HeaderValue::from_static(WHERE));
    response
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
        for (response, asks) in [(().into_response(), false), (may_ask_where(().into_response()), true)] {
            let answer = secure(response).await;
            let told = answer.headers().get(PERMISSIONS).unwrap().to_str().unwrap();
            assert_eq!(told.contains("geolocation=(self)"), asks, "{told}");
            assert!(told.contains("camera=()") && told.contains("microphone=()"), "{told}");
        }
        assert!(!POLICY.contains("unsafe") && !POLICY.contains('*'));
    }

    #[tokio::test]
    async fn over_https_every_cookie_is_sent_that_way_alone_and_cannot_be_set_by_others() {
        let table = [
            ("a=1; Path=/", "__Host-a=1; Path=/; Secure"),
            ("secure=1", "__Secure-secure=1; Secure"),
            ("a=1;", "__Secure-a=1; Secure"),
            ("a=1; Path=/lamps", "__Secure-a=1; Path=/lamps; Secure"),
            ("a=1; Path=/; Domain=city.cn", "__Secure-a=1; Path=/; Domain=city.cn; Secure"),
            ("a=1; Secure; HttpOnly; Path=/", "__Host-a=1; Secure; HttpOnly; Path=/"),
            ("__Host-a=1; path=/;secure", "__Host-a=1; path=/;secure"),
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

    #[tokio::test]
    async fn over_https_only_cookies_that_nobody_else_can_set_are_read() {
        let table: [(&[&str], Option<&str>); 6] = [
            (&[], None),
            (&["case_pass=forged; lianglin_session=fixed"], None),
            (&["__Secure-case_pass=of another host; __Secure-lianglin_form=fixed"], None),
            (&["__Host-case_pass=1; case_pass=forged"], Some("case_pass=1; __Host-case_pass=1")),
            (&["a=1; __Secure-done=lit"], Some("done=lit; __Secure-done=lit")),
            (&["__Host-a=1", "__Host-b=2"], Some("a=1; __Host-a=1; b=2; __Host-b=2")),
        ];
        for (lines, expected) in table {
            let mut request = Request::new(axum::body::Body::empty());
            for line in lines {
                request.headers_mut().append(header::COOKIE, HeaderValue::from_static(line));
            }
            let read = own_cookies(request).await;
            let cookies = read.headers().get_all(header::COOKIE).iter().map(|line| line.to_str().unwrap());
            assert_eq!(cookies.collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>(), "{lines:?}");
        }
    }
}
