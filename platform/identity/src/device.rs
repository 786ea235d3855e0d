//! Says from where a request comes: a coarse name of the device for "my devices", and the network address for the
//! limits.

use crate::Identity;
use crate::token::cookie;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The device and the network address from which a request comes.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Browser and system in two words. It is never the whole line, which would identify a device.
    pub name: String,
    /// The network address; for IPv6 the network of one household (64 bits). It is stored only as a keyed digest.
    pub address: String,
    /// What the browser keeps to be known again where somebody signed in.
    pub known: Option<String>,
}

impl FromRequestParts<Arc<Identity>> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, identity: &Arc<Identity>) -> Result<Self, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let forwarded = if identity.settings.behind_proxy { forwarded(&parts.headers) } else { None };
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let address = forwarded.or(connected).map_or_else(String::new, network);
        let known = cookie(&parts.headers, identity.guard.cookie_name()).map(str::to_owned);
        Ok(Self { name: device_name(agent), address, known })
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64;
            format!("{network:016x}::/64")
        }
    }
}

fn device_name(agent: &str) -> String {
    let first = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| agent.contains(mark)).map_or("", |(_, name)| *name)
    };
    let browser = first(&[
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("HuaweiBrowser", "Huawei Browser"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn devices_are_named_coarsely() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36",
                "Chrome · Windows",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari · iPhone"),
            ("Mozilla/5.0 (Linux; Android 15) Chrome/150.0 MicroMessenger/8.0", "WeChat · Android"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge · Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
            ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPad"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19.0 Safari/605.1", "Safari · macOS"),
            (
                "Mozilla/5.0 (Linux; Android 12; HarmonyOS) HuaweiBrowser/15.0 Chrome/114.0",
                "Huawei Browser · HarmonyOS",
            ),
            ("curl/8.9.0", "curl"),
            ("SomeBot/1.0 (Linux)", "Linux"),
            ("王小明的手机", ""),
            ("", ""),
        ] {
            assert_eq!(device_name(agent), name);
        }
    }

    #[test]
    fn only_the_last_forwarded_address_counts() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 10.0.0.7"));
        assert_eq!(forwarded(&headers).map(network).unwrap(), "10.0.0.7");
        headers.append("x-forwarded-for", HeaderValue::from_static("2001:db8:1:2:3:4:5:6"));
        assert_eq!(forwarded(&headers).map(network).unwrap(), "20010db800010002::/64");
        headers.append("x-forwarded-for", HeaderValue::from_static("nonsense"));
        assert_eq!(forwarded(&headers), None);
        for (address, shown) in [
            ("::ffff:10.0.0.7", "10.0.0.7"),
            ("10.0.0.7", "10.0.0.7"),
            ("::1", "0000000000000000::/64"),
            ("2001:db8:1:2::", "20010db800010002::/64"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "20010db800010002::/64"),
            ("2001:db8:1:3::", "20010db800010003::/64"),
        ] {
            assert_eq!(network(address.parse().unwrap()), shown, "{address}");
        }
        for (line, address) in [("", None), ("10.0.0.7,", None), ("unknown", None), (" 10.0.0.7 ", Some("10.0.0.7"))] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(line));
            assert_eq!(forwarded(&headers).map(network).as_deref(), address, "{line:?}");
        }
        assert_eq!(forwarded(&HeaderMap::new()), None);
    }
}
