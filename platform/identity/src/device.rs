//! Says from where a request comes: a coarse name of the device for "my devices", and the network address for the
//! limits.

use crate::Identity;
use crate::token::cookie;
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::sync::Arc;
use web::{NetworkAddress, Origin};

/// The device and the network address from which a request comes.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Browser and system in two words. It is never the whole line, which would identify a device.
    pub name: String,
    /// The network address; for IPv6 the network of one household (64 bits). It is stored only as a keyed digest.
    pub address: String,
    /// What the browser keeps to be known again where somebody signed in.
    pub known: Option<String>,
    /// What stands in the log for the network address.
    pub origin: String,
}

impl FromRequestParts<Arc<Identity>> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, identity: &Arc<Identity>) -> Result<Self, Infallible> {
        let NetworkAddress(address) = NetworkAddress::from_request_parts(parts, identity).await?;
        let Origin(origin) = Origin::from_request_parts(parts, identity).await?;
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let known = cookie(&parts.headers, identity.guard.cookie_name()).map(str::to_owned);
        Ok(Self { name: device_name(agent), address, known, origin })
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
}
