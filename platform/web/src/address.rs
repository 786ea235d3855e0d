//! Says from which network address a request comes. This is the one place that decides whom to believe; every limit
//! counts what stands here.

use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use kernel::network::{Network, household};
use sm3::Sm3;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The header in which a proxy writes from where a request came to it, after what was there before.
const X_FORWARDED_FOR: &str = "x-forwarded-for";
/// The header of RFC 7239 for the same.
const FORWARDED: &str = "forwarded";
/// So many requests of a proxy without that header are a fault of its settings.
const SILENT: u32 = 100;
/// How many bytes stand in the log for a network address.
const MARK_BYTES: usize = 6;

/// The network address of the visitor, as limits count it: an IPv4 address, or the network of one household for IPv6
/// (64 bits). It is empty when the server did not say from where the request comes.
#[derive(Clone, Debug, Default)]
pub struct NetworkAddress(pub String);

impl<S: Send + Sync> FromRequestParts<S> for NetworkAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// What the log holds in place of the network address: the same digits for the same address until the server is started
/// anew. Nobody can find the address by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Makes an [`Origin`] of an address, with a key that nobody keeps.
#[derive(Default)]
struct Marks {
    key: Option<[u8; 32]>,
}

impl Marks {
    /// Makes marks with a fresh key. Without chance there are no marks.
    fn fresh() -> Self {
        let mut key = [0_u8; 32];
        Self { key: getrandom::fill(&mut key).is_ok().then_some(key) }
    }

    fn of(&self, address: &str) -> Origin {
        let mac = self.key.as_ref().and_then(|key| Hmac::<Sm3>::new_from_slice(key).ok());
        let mark = mac.map(|mut mac| {
            mac.update(address.as_bytes());
            mac.finalize().into_bytes().iter().take(MARK_BYTES).copied().collect::<Vec<u8>>()
        });
        Origin(HEXLOWER.encode(&mark.unwrap_or_default()))
    }
}

impl std::fmt::Debug for Marks {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("[marks]")
    }
}

/// The machines in front of the server whose word counts on where a request came from.
#[derive(Debug, Default)]
pub struct Proxies {
    trusted: Vec<Network>,
    expected: bool,
    told: AtomicBool,
    silent: AtomicU32,
    strange: AtomicBool,
    marks: Marks,
}

impl Proxies {
    /// Believes these machines. `expected` says that visitors come through one of them alone, so that the log tells if
    /// none of them ever says from where.
    #[must_use]
    pub fn new(trusted: Vec<Network>, expected: bool) -> Self {
        Self { trusted, expected, marks: Marks::fresh(), ..Self::default() }
    }

    /// Returns the network address that a connection counts for. A trusted proxy brings the connections of many, so
    /// that these count for nobody.
    #[must_use]
    pub fn counted(&self, connected: IpAddr) -> Option<String> {
        (!self.trusts(connected)).then(|| household(connected))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }

    /// Finds the visitor: from the connection backwards, the first machine that is not a trusted proxy. Where the two
    /// headers contradict each other, one of them was sent by the visitor and passed on; then neither is believed.
    fn visitor(&self, connected: IpAddr, headers: &HeaderMap) -> IpAddr {
        let common = self.walk(connected, headers, X_FORWARDED_FOR, hop);
        let standard = self.walk(connected, headers, FORWARDED, forwarded_hop);
        match (common, standard) {
            (Some(one), Some(other)) if one != other => connected,
            (Some(found), _) | (None, Some(found)) => found,
            (None, None) => connected,
        }
    }

    /// Follows one header from its end as long as who wrote it is trusted. Returns nothing if there is no such header.
    fn walk(
        &self,
        connected: IpAddr,
        headers: &HeaderMap,
        name: &str,
        read: fn(&str) -> Option<IpAddr>,
    ) -> Option<IpAddr> {
        if !headers.contains_key(name) {
            return None;
        }
        let mut known = connected;
        for line in headers.get_all(name).iter().rev() {
            for written in line.to_str().unwrap_or_default().rsplit(',') {
                if !self.trusts(known) {
                    return Some(known);
                }
                let Some(hop) = read(written.trim()) else { return Some(known) };
                known = hop;
            }
        }
        Some(known)
    }

    /// Notes whether proxies say from where requests come, and tells the log once if they do not. The line holds no
    /// address, because it may be a visitor's.
    fn note(&self, connected: IpAddr, headers: &HeaderMap) {
        if !self.expected || self.told.load(Ordering::Relaxed) {
            return;
        }
        match (headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED), self.trusts(connected)) {
            (true, true) => self.told.store(true, Ordering::Relaxed),
            (true, false) if !self.strange.swap(true, Ordering::Relaxed) => tracing::warn!(
                "a request bears X-Forwarded-For, but it comes from a machine that trusted_proxies does not name, so \
                 the header is not believed. If that machine is your proxy, write its address into trusted_proxies"
            ),
            (false, true) if self.silent.fetch_add(1, Ordering::Relaxed) == SILENT - 1 => tracing::warn!(
                "https = true, but the proxy never sends X-Forwarded-For: all visitors count as one, and the wrong \
                 guesses of one lock out all. Let the proxy set the header: docs/operations/install.md"
            ),
            _ => {}
        }
    }
}

/// Puts the [`NetworkAddress`] of each request where pages and limits look for it. It stands outside of all other
/// layers.
pub fn addressed(router: Router, proxies: Arc<Proxies>) -> Router {
    router.layer(from_fn_with_state(proxies, address))
}

async fn address(State(proxies): State<Arc<Proxies>>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(connected)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let visitor = proxies.visitor(connected.ip(), request.headers());
        proxies.note(connected.ip(), request.headers());
        let address = household(visitor);
        request.extensions_mut().insert(proxies.marks.of(&address));
        request.extensions_mut().insert(NetworkAddress(address));
    }
    next.run(request).await
}

/// Reads an address as proxies write it: alone, in brackets, or with a port.
fn hop(written: &str) -> Option<IpAddr> {
    let bare = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(written);
    let with_port = || written.parse::<SocketAddr>().map(|found| found.ip());
    bare.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

/// Reads who is named by `for=` in one element of the header `Forwarded`.
fn forwarded_hop(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    hop(value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::{HeaderName, HeaderValue};
    use axum::routing::get;
    use tower::ServiceExt;

    fn proxies(trusted: &[&str]) -> Proxies {
        Proxies::new(trusted.iter().map(|text| Network::parse(text).unwrap()).collect(), true)
    }

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn the_first_machine_from_behind_that_is_no_proxy_is_the_visitor() {
        let own = &["127.0.0.0/8", "::1", "10.0.0.0/24"][..];
        let table: &[(&[&str], &str, &[(&str, &str)], &str)] = &[
            // Nobody in front, or nobody who is believed.
            (own, "127.0.0.1", &[], "127.0.0.1"),
            (own, "8.8.8.8", &[("x-forwarded-for", "6.6.6.6")], "8.8.8.8"),
            (&[], "127.0.0.1", &[("x-forwarded-for", "6.6.6.6")], "127.0.0.1"),
            // What a visitor wrote himself stands on the left of what the proxy added.
            (own, "127.0.0.1", &[("x-forwarded-for", "6.6.6.6, 8.8.8.8")], "8.8.8.8"),
            (own, "127.0.0.1", &[("x-forwarded-for", "127.0.0.1, 8.8.8.8")], "8.8.8.8"),
            (own, "127.0.0.1", &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "8.8.8.8")], "8.8.8.8"),
            // Two proxies, one behind the other.
            (own, "127.0.0.1", &[("x-forwarded-for", "6.6.6.6, 8.8.8.8, 10.0.0.7")], "8.8.8.8"),
            (own, "::1", &[("x-forwarded-for", "8.8.8.8"), ("x-forwarded-for", "10.0.0.7")], "8.8.8.8"),
            (own, "127.0.0.1", &[("x-forwarded-for", "8.8.8.8, 10.0.1.7")], "10.0.1.7"),
            (own, "127.0.0.1", &[("x-forwarded-for", "10.0.0.9, 10.0.0.7")], "10.0.0.9"),
            // What cannot be read ends the way.
            (own, "127.0.0.1", &[("x-forwarded-for", "8.8.8.8, nonsense")], "127.0.0.1"),
            (own, "127.0.0.1", &[("x-forwarded-for", "8.8.8.8, unknown, 10.0.0.7")], "10.0.0.7"),
            (own, "127.0.0.1", &[("x-forwarded-for", "")], "127.0.0.1"),
            (own, "127.0.0.1", &[("x-forwarded-for", "8.8.8.8,")], "127.0.0.1"),
            // Ports, brackets and IPv4 in IPv6.
            (own, "::ffff:127.0.0.1", &[("x-forwarded-for", "8.8.8.8:4711")], "8.8.8.8"),
            (own, "127.0.0.1", &[("x-forwarded-for", "[2001:db8::1]:4711")], "2001:db8::1"),
            (own, "127.0.0.1", &[("x-forwarded-for", "[2001:db8::1]")], "2001:db8::1"),
            (own, "127.0.0.1", &[("x-forwarded-for", "::ffff:8.8.8.8")], "8.8.8.8"),
            (own, "127.0.0.1", &[("x-forwarded-for", "8.8.8.8, ::ffff:10.0.0.7")], "8.8.8.8"),
            // The other header.
            (own, "127.0.0.1", &[("forwarded", "for=6.6.6.6, for=8.8.8.8;proto=https")], "8.8.8.8"),
            (own, "127.0.0.1", &[("forwarded", "by=x; For=\"[2001:db8::1]:4711\"")], "2001:db8::1"),
            (own, "127.0.0.1", &[("forwarded", "for=8.8.8.8, for=10.0.0.7")], "8.8.8.8"),
            (own, "127.0.0.1", &[("forwarded", "for=\"6.6.6.6, for=8.8.8.8")], "8.8.8.8"),
            (own, "127.0.0.1", &[("forwarded", "for=_hidden")], "127.0.0.1"),
            (own, "127.0.0.1", &[("forwarded", "proto=https")], "127.0.0.1"),
            // Both: they agree, or one of them is forged.
            (own, "127.0.0.1", &[("forwarded", "for=8.8.8.8"), ("x-forwarded-for", "8.8.8.8")], "8.8.8.8"),
            (own, "127.0.0.1", &[("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "8.8.8.8")], "127.0.0.1"),
        ];
        for (trusted, connected, lines, visitor) in table {
            let found = proxies(trusted).visitor(connected.parse().unwrap(), &headers(lines));
            assert_eq!(found, visitor.parse::<IpAddr>().unwrap(), "{connected} {lines:?}");
        }
    }

    #[test]
    fn a_proxy_that_never_says_from_where_is_told_of_once() {
        let own: IpAddr = "127.0.0.1".parse().unwrap();
        let (none, some) = (headers(&[]), headers(&[("x-forwarded-for", "8.8.8.8")]));
        let speaks = proxies(&["127.0.0.1"]);
        speaks.note(own, &none);
        speaks.note(own, &some);
        for _ in 0..SILENT {
            speaks.note(own, &none);
        }
        assert!(speaks.told.load(Ordering::Relaxed) && speaks.silent.load(Ordering::Relaxed) == 1);
        let strange = proxies(&["127.0.0.1"]);
        strange.note("8.8.8.8".parse().unwrap(), &some);
        assert!(strange.strange.load(Ordering::Relaxed) && !strange.told.load(Ordering::Relaxed));
        let unasked = Proxies::new(Vec::new(), false);
        unasked.note(own, &some);
        assert!(!unasked.strange.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn a_request_carries_what_limits_count() {
        let routes = Router::new().route("/", get(async |found: NetworkAddress| found.0));
        let service = addressed(routes, Arc::new(proxies(&["127.0.0.1"])));
        for (connected, line, counted) in [
            (Some("127.0.0.1:1"), Some("2001:db8:1:2:3:4:5:6"), "20010db800010002::/64"),
            (Some("[2001:db8:1:2:ffff::1]:1"), Some("8.8.8.8"), "20010db800010002::/64"),
            (Some("127.0.0.1:1"), None, "127.0.0.1"),
            (None, Some("8.8.8.8"), ""),
        ] {
            let mut request = axum::http::Request::builder().uri("/").body(Body::empty()).unwrap();
            if let Some(line) = line {
                request.headers_mut().insert(X_FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
            }
            if let Some(connected) = connected {
                request.extensions_mut().insert(ConnectInfo(connected.parse::<SocketAddr>().unwrap()));
            }
            let response = service.clone().oneshot(request).await.unwrap();
            let bytes = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&bytes), counted, "{connected:?} {line:?}");
        }
    }

    #[test]
    fn a_mark_stands_for_an_address_until_the_server_is_started_anew() {
        let (one, other) = (proxies(&[]).marks, proxies(&[]).marks);
        let Origin(mark) = one.of("198.51.100.7");
        assert_eq!((mark.len(), one.of("198.51.100.7")), (2 * MARK_BYTES, Origin(mark.clone())));
        assert_ne!(one.of("198.51.100.8"), Origin(mark.clone()));
        assert_ne!(other.of("198.51.100.7"), Origin(mark), "another start has another key");
        assert_eq!(format!("{one:?}"), "[marks]");
        assert_eq!(Marks::default().of("198.51.100.7"), Origin::default());
    }
}
