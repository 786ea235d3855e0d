//! Network addresses as the city's rules speak of them: ranges, who shares a connection, what lies inside a network.
//!
//! The addresses of `core::net` are plain values. Nothing here opens a connection or looks a name up.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;

/// The bits of an IPv6 address that name the network of one household or office.
const HOUSEHOLD_BITS: u32 = 64;

/// A range of addresses: every address that begins with the same bits, such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// The addresses by which a machine calls itself.
    pub const LOOPBACK: [Self; 2] = [
        Self { address: IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), bits: 8 },
        Self { address: IpAddr::V6(Ipv6Addr::LOCALHOST), bits: 128 },
    ];

    /// Reads an address or a range: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. Returns nothing for any other text, and for a
    /// range whose address has bits beyond its length, because it is not clear what was meant.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let written: IpAddr = address.parse().ok()?;
        let Some(bits) = bits else {
            let address = written.to_canonical();
            return Some(Self { address, bits: width(address) });
        };
        let digits = !bits.is_empty() && bits.chars().all(|letter| letter.is_ascii_digit());
        let bits: u32 = bits.parse().ok().filter(|_| digits)?;
        let sound = bits <= width(written) && written.to_canonical() == written;
        let clean = beyond(number(written), width(written), bits) == 0;
        (sound && clean).then_some(Self { address: written, bits })
    }

    /// Returns the address of a range that holds one alone.
    #[must_use]
    pub fn alone(&self) -> Option<IpAddr> {
        (self.bits == width(self.address)).then_some(self.address)
    }

    /// Says whether an address lies in the range. An IPv4 address that is written as IPv6 counts as what it is.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let differing = number(self.address) ^ number(address);
        width(self.address) == width(address) && first(differing, width(address), self.bits) == 0
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.alone() {
            Some(address) => write!(out, "{address}"),
            None => write!(out, "{}/{}", self.address, self.bits),
        }
    }
}

/// The bits of an address of this kind.
const fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// The first bits of a number that is so many bits wide.
fn first(number: u128, width: u32, bits: u32) -> u128 {
    number.checked_shr(width.saturating_sub(bits)).unwrap_or(0)
}

/// What remains of the number beyond its first bits.
fn beyond(number: u128, width: u32, bits: u32) -> u128 {
    number & 1_u128.checked_shl(width.saturating_sub(bits)).map_or(u128::MAX, |mark| mark - 1)
}

/// Returns what limits count: the address itself, or for IPv6 the network of one household, of which every device can
/// take as many addresses as it likes.
#[must_use]
pub fn household(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = u128::from(address) >> HOUSEHOLD_BITS;
            format!("{network:016x}::/64")
        }
    }
}

/// Returns the host of an address that is reached without encryption, `http://…`. Returns nothing for any other text.
#[must_use]
pub fn host_in_the_clear(address: &str) -> Option<&str> {
    let authority = address.strip_prefix("http://")?.split(['/', '?', '#']).next().unwrap_or_default();
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let host = match place.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => place.split(':').next(),
    };
    Some(host.unwrap_or_default())
}

/// Says whether a host is this machine, or lies inside a network and is written as a number. A name is neither, because
/// it may lead anywhere.
#[must_use]
pub fn is_inside(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| !is_public(address))
}

/// Says whether an address belongs to the open internet: not to this machine, its link, a private network, a group of
/// receivers, or the services that a cloud offers to its machines alone.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !CLOSED_V4.iter().any(|network| network.contains(IpAddr::V4(address))),
        IpAddr::V6(address) => match translated(address) {
            Some(inner) => is_public(IpAddr::V4(inner)),
            None => is_open(address),
        },
    }
}

/// The ranges of IPv4 that are not the open internet.
const CLOSED_V4: [Network; 13] = [
    closed([0, 0, 0, 0], 8),
    closed([10, 0, 0, 0], 8),
    // Shared by the customers of a provider; a large cloud answers its machines at 100.100.100.200.
    closed([100, 64, 0, 0], 10),
    closed([127, 0, 0, 0], 8),
    // The link, and the address at which most clouds tell a machine its secrets.
    closed([169, 254, 0, 0], 16),
    closed([172, 16, 0, 0], 12),
    closed([192, 0, 0, 0], 24),
    closed([192, 168, 0, 0], 16),
    closed([198, 18, 0, 0], 15),
    // A cloud's own agent, at an address that looks like any other.
    closed([168, 63, 129, 16], 32),
    closed([192, 88, 99, 0], 24),
    closed([224, 0, 0, 0], 4),
    closed([240, 0, 0, 0], 4),
];

const fn closed(parts: [u8; 4], bits: u32) -> Network {
    let [a, b, c, d] = parts;
    Network { address: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits }
}

/// The IPv4 address that a translator between the two kinds reaches by this address (64:ff9b::/96).
fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() else { return None };
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}

/// The open internet of IPv6 is 2000::/3. Two ranges of it are tunnels, whose addresses hide where they end.
fn is_open(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    first >> 13 == 1 && first != 0x2002 && (first, second) != (0x2001, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_or_refused_and_written_as_it_was() {
        for (text, read) in [
            ("127.0.0.1", Some("127.0.0.1")),
            ("127.0.0.1/32", Some("127.0.0.1")),
            ("10.0.0.0/8", Some("10.0.0.0/8")),
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("::/0", Some("::/0")),
            ("fd00::/8", Some("fd00::/8")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("::ffff:10.0.0.7", Some("10.0.0.7")),
            ("::ffff:10.0.0.0/104", None),
            ("10.0.0.7/8", None),
            ("fd00::1/8", None),
            ("10.0.0.0/33", None),
            ("::/129", None),
            ("10.0.0.0/", None),
            ("10.0.0.0/+8", None),
            ("10.0.0.0/8/8", None),
            ("10.0.0", None),
            (" 10.0.0.1", None),
            ("localhost", None),
            ("", None),
        ] {
            assert_eq!(Network::parse(text).map(|network| network.to_string()).as_deref(), read, "{text:?}");
        }
    }

    #[test]
    fn an_address_lies_in_a_range_that_begins_with_the_same_bits() {
        for (range, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("10.0.0.0/8", "::10.1.2.3", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "10.0.0.1", false),
            ("192.168.1.128/25", "192.168.1.127", false),
            ("192.168.1.128/25", "192.168.1.255", true),
            ("fd00::/8", "fdff::1", true),
            ("fd00::/8", "fe00::1", false),
            ("2001:db8::1", "2001:db8::1", true),
            ("2001:db8::1", "2001:db8::2", false),
        ] {
            let network = Network::parse(range).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), inside, "{range} {address}");
        }
        for (address, own) in [("127.255.0.1", true), ("::1", true), ("::2", false), ("128.0.0.1", false)] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(Network::LOOPBACK.iter().any(|network| network.contains(address)), own, "{address}");
        }
    }

    #[test]
    fn limits_count_a_household() {
        for (address, counted) in [
            ("::ffff:10.0.0.7", "10.0.0.7"),
            ("10.0.0.7", "10.0.0.7"),
            ("::1", "0000000000000000::/64"),
            ("2001:db8:1:2::", "20010db800010002::/64"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "20010db800010002::/64"),
            ("2001:db8:1:3::", "20010db800010003::/64"),
        ] {
            assert_eq!(household(address.parse().unwrap()), counted, "{address}");
        }
    }

    #[test]
    fn what_is_not_the_open_internet_is_known() {
        let closed = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.0.1",
            "198.19.0.1",
            "168.63.129.16",
            "224.0.0.1",
            "239.255.255.255",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2002:7f00:1::",
            "2001::1",
        ];
        let open = ["1.1.1.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "8.8.8.8", "168.63.129.17"];
        let open_v6 = ["2001:4860:4860::8888", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"];
        for address in closed {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in open.into_iter().chain(open_v6) {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_is_reached_without_encryption_is_known_by_its_host() {
        for (address, host, inside) in [
            ("http://localhost:9/a", Some("localhost"), true),
            ("http://127.0.0.1", Some("127.0.0.1"), true),
            ("http://10.1.2.3:8080?a=b", Some("10.1.2.3"), true),
            ("http://[fd00::1]:80/", Some("fd00::1"), true),
            ("http://li:secret@sms.test/x", Some("sms.test"), false),
            ("http://127.0.0.1.city.test/", Some("127.0.0.1.city.test"), false),
            ("http://8.8.8.8/", Some("8.8.8.8"), false),
            ("http://", Some(""), false),
            ("https://sms.test/", None, false),
            ("ftp://localhost", None, false),
        ] {
            let found = host_in_the_clear(address);
            assert_eq!((found, found.is_some_and(is_inside)), (host, inside), "{address}");
        }
    }
}
