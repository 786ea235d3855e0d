//! Keeps requests that others decide about (messages to other systems, questions to registers) out of this machine and
//! of the city's own network.
//!
//! The check stands where a name has become an address, and on the very address that is connected to. A name that leads
//! elsewhere a moment later, or a number written oddly, changes nothing.

use kernel::network::{Network, is_public};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// A host has to take the connection within one of so many parts of the whole time.
pub(super) const CONNECTS_WITHIN: u32 = 2;

/// Where requests may go: to the open internet, and to the addresses that the operator lists.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    listed: Arc<[Network]>,
}

impl Targets {
    /// Lists the addresses that are allowed besides those of the open internet.
    #[must_use]
    pub fn new(listed: Vec<Network>) -> Self {
        Self { listed: listed.into() }
    }

    /// Says whether a request may go to this address.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        is_public(address) || self.listed.iter().any(|network| network.contains(address))
    }
}

/// No address of the host may be reached from here.
#[derive(Debug)]
struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the address lies inside the network and is not among allowed_targets")
    }
}

impl std::error::Error for Forbidden {}

/// Says whether a request failed because its address is not permitted.
#[must_use]
pub fn is_forbidden(fault: &ureq::Error) -> bool {
    matches!(fault, ureq::Error::Other(inner) if inner.is::<Forbidden>())
}

/// Resolves names as usual and keeps the addresses that are permitted.
#[derive(Debug)]
struct Guard {
    usual: DefaultResolver,
    targets: Targets,
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.usual.resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for address in found.iter().filter(|address| self.targets.permits(address.ip())) {
            kept.push(*address);
        }
        if kept.is_empty() { Err(ureq::Error::Other(Box::new(Forbidden))) } else { Ok(kept) }
    }
}

/// Makes a client that reaches permitted addresses alone. It follows no redirect, and it goes through no proxy of the
/// environment, because a proxy would look the name up itself.
#[must_use]
pub fn guarded(timeout: Duration, targets: &Targets) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(timeout))
        .timeout_connect(Some(timeout / CONNECTS_WITHIN))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .build();
    let guard = Guard { usual: DefaultResolver::default(), targets: targets.clone() };
    ureq::Agent::with_parts(config, DefaultConnector::default(), guard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_the_network_only_what_is_listed_is_permitted() {
        let table: [(&[&str], &str, bool); 9] = [
            (&[], "8.8.8.8", true),
            (&[], "127.0.0.1", false),
            (&[], "169.254.169.254", false),
            (&["10.1.0.0/16"], "10.1.2.3", true),
            (&["10.1.0.0/16"], "::ffff:10.1.2.3", true),
            (&["10.1.0.0/16"], "10.2.0.1", false),
            (&["::1"], "::1", true),
            (&["::1"], "127.0.0.1", false),
            (&["fd00::/8"], "fd12::9", true),
        ];
        for (listed, address, permitted) in table {
            let targets = Targets::new(listed.iter().map(|text| Network::parse(text).unwrap()).collect());
            assert_eq!(targets.permits(address.parse().unwrap()), permitted, "{listed:?} {address}");
        }
    }

    #[test]
    fn the_check_is_made_on_what_a_name_leads_to() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let agent = guarded(Duration::from_secs(5), &Targets::default());
        for host in
            ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "0.0.0.0", "[::1]", "[::ffff:7f00:1]"]
        {
            let fault = agent.post(format!("http://{host}:{port}/")).send(&b"{}"[..]).err().unwrap();
            let unknown = matches!(fault, ureq::Error::HostNotFound | ureq::Error::Io(_) | ureq::Error::BadUri(_));
            assert!(is_forbidden(&fault) || unknown, "{host}: {fault}");
        }
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_err(), "nobody came");
    }
}
