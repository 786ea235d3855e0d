//! Makes the digests under which tries are counted, and knows devices again that were right before.
//!
//! A known device has a cookie: chance that names the device, and one seal for each thing at which it was right. A seal
//! proves nothing else, so whoever is right at one account has no count of her own at another. Nothing of it is stored.

use data_encoding::BASE64URL_NOPAD;
use kernel::network::household;
use kernel::time::Instant;
use sm3::{Digest as _, Sm3};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The label of the key, for the vault that derives it.
pub const KEY: &str = "tries.guard";

/// The keyed digest of one thing at which tries are counted.
pub type Digest = [u8; 32];

/// The prefix makes a browser refuse the cookie from a subdomain or without https.
const SECURE_NAME: &str = "__Host-lianglin_device";
const PLAIN_NAME: &str = "lianglin_device";
/// How many things one cookie knows at most. The oldest are forgotten first.
const SEALS: usize = 8;
const NAME_BYTES: usize = 16;
const TAG_BYTES: usize = 16;
const SECONDS_PER_DAY: i64 = 86_400;

/// Counts under digests that nobody can make without its key, and seals the cookies of known devices.
pub struct Guard {
    key: Zeroizing<[u8; 32]>,
    secure: bool,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[guard]")
    }
}

/// What a cookie says: the device, and the end and tag of each seal, the newest first.
struct Cookie {
    name: [u8; NAME_BYTES],
    seals: Vec<(i64, [u8; TAG_BYTES])>,
}

impl Guard {
    /// Makes a guard with its key ([`KEY`]). `secure` is set when pages are served over https.
    #[must_use]
    pub fn new(key: [u8; 32], secure: bool) -> Self {
        Self { key: Zeroizing::new(key), secure }
    }

    /// Returns the digest of a thing: a kind of thing and which one.
    #[must_use]
    pub fn digest(&self, kind: &str, which: &str) -> Digest {
        self.keyed(&[kind.as_bytes(), which.as_bytes()])
    }

    /// Returns the digest of where a try came from. An IPv6 address counts as the network of one household (64 bits),
    /// because its owner has all of them. What is no address, such as the name of a system, counts as it is.
    #[must_use]
    pub fn origin(&self, kind: &str, address: &str) -> Digest {
        self.digest(kind, &network(address))
    }

    /// Returns the name of the cookie of a known device.
    #[must_use]
    pub const fn cookie_name(&self) -> &'static str {
        if self.secure { SECURE_NAME } else { PLAIN_NAME }
    }

    /// Returns the digest under which a device counts its own tries at a thing, if its cookie proves that it was right
    /// there before.
    #[must_use]
    pub fn known(&self, sent: Option<&str>, target: &Digest, now: Instant) -> Option<Digest> {
        let cookie = Cookie::read(sent?)?;
        let proves = |(end, tag): &(i64, [u8; TAG_BYTES])| {
            now.micros() < Instant::from_micros(0).plus_seconds(*end).micros()
                && bool::from(self.tag(&cookie.name, *end, target).ct_eq(tag))
        };
        cookie.seals.iter().any(proves).then(|| self.keyed(&[b"device", &cookie.name, target]))
    }

    /// Returns the `Set-Cookie` that makes a device known for a thing for so many days, beside what it was known for
    /// before. There is none if the system has no chance to give; the device is then as unknown as before.
    #[must_use]
    pub fn remember(&self, sent: Option<&str>, target: &Digest, now: Instant, days: i64) -> Option<String> {
        let before = sent.and_then(Cookie::read);
        let name = match &before {
            Some(cookie) => cookie.name,
            None => fresh_name()?,
        };
        let (seconds, today) = (days.saturating_mul(SECONDS_PER_DAY), now.micros().div_euclid(1_000_000));
        let end = today.saturating_add(seconds);
        let mut seals = vec![(end, self.tag(&name, end, target))];
        let others = before.map(|cookie| cookie.seals).unwrap_or_default().into_iter();
        let kept = others.filter(|(end, tag)| *end > today && self.tag(&name, *end, target) != *tag);
        seals.extend(kept.take(SEALS - 1));
        let only_https = if self.secure { "; Secure" } else { "" };
        let (cookie, value) = (self.cookie_name(), Cookie { name, seals }.write());
        Some(format!("{cookie}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{only_https}"))
    }

    fn tag(&self, name: &[u8; NAME_BYTES], end: i64, target: &Digest) -> [u8; TAG_BYTES] {
        let whole = self.keyed(&[b"known", name, &end.to_be_bytes(), target]);
        whole.first_chunk::<TAG_BYTES>().copied().unwrap_or_default()
    }

    /// Returns an SM3 under the key, which stands at both ends, so that nothing can be appended. Each part stands
    /// behind its length, so that no two lists of parts are the same.
    fn keyed(&self, parts: &[&[u8]]) -> Digest {
        let mut digest = Sm3::new();
        digest.update(self.key.as_slice());
        for part in parts {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part);
        }
        digest.update(self.key.as_slice());
        digest.finalize().into()
    }
}

impl Cookie {
    fn read(value: &str) -> Option<Self> {
        let mut parts = value.split('.').map(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
        let name: [u8; NAME_BYTES] = parts.next()??.try_into().ok()?;
        let seal = |bytes: Vec<u8>| {
            let (end, tag) = bytes.split_first_chunk::<8>()?;
            let tag: [u8; TAG_BYTES] = tag.try_into().ok()?;
            Some((i64::from_be_bytes(*end), tag))
        };
        let seals: Option<Vec<_>> = parts.take(SEALS).map(|part| seal(part?)).collect();
        Some(Self { name, seals: seals? })
    }

    fn write(&self) -> String {
        let seal = |(end, tag): &(i64, [u8; TAG_BYTES])| [end.to_be_bytes().as_slice(), tag.as_slice()].concat();
        let parts = std::iter::once(self.name.to_vec()).chain(self.seals.iter().map(seal));
        parts.map(|part| BASE64URL_NOPAD.encode(&part)).collect::<Vec<_>>().join(".")
    }
}

fn fresh_name() -> Option<[u8; NAME_BYTES]> {
    let mut name = [0_u8; NAME_BYTES];
    getrandom::fill(&mut name).ok().map(|()| name)
}

fn network(address: &str) -> String {
    address.parse().map_or_else(|_| address.to_owned(), household)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000).plus_seconds(second)
    }

    fn value(set: &str) -> String {
        set.split(';').next().unwrap().split_once('=').unwrap().1.to_owned()
    }

    #[test]
    fn a_household_counts_as_one_address() {
        for (address, shown) in [
            ("::ffff:10.0.0.7", "10.0.0.7"),
            ("10.0.0.7", "10.0.0.7"),
            ("2001:db8:1:2::", "20010db800010002::/64"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "20010db800010002::/64"),
            ("2001:db8:1:3::", "20010db800010003::/64"),
            ("20010db800010002::/64", "20010db800010002::/64"),
            ("system 7", "system 7"),
            ("", ""),
        ] {
            assert_eq!(network(address), shown, "{address}");
        }
        let guard = Guard::new([7; 32], false);
        assert_eq!(guard.origin("a", "2001:db8::1"), guard.origin("a", "2001:db8::2"));
        assert_ne!(guard.origin("a", "10.0.0.1"), guard.origin("b", "10.0.0.1"));
        assert_ne!(guard.digest("a", "bc"), guard.digest("ab", "c"));
        assert_ne!(guard.digest("a", "b"), Guard::new([8; 32], false).digest("a", "b"));
    }

    #[test]
    fn a_device_is_known_for_what_it_was_right_at_and_for_nothing_else() {
        for secure in [false, true] {
            let guard = Guard::new([7; 32], secure);
            let (mine, other) = (guard.digest("account", "1"), guard.digest("account", "2"));
            let set = guard.remember(None, &mine, at(0), 30).unwrap();
            assert!(set.starts_with(guard.cookie_name()) && set.contains("HttpOnly"), "{set}");
            assert_eq!(set.contains("; Secure") && set.starts_with("__Host-"), secure);
            let brought = value(&set);
            let own = guard.known(Some(&brought), &mine, at(0)).unwrap();
            assert!(own != mine && guard.known(Some(&brought), &other, at(0)).is_none());
            assert!(guard.known(Some(&brought), &mine, at(30 * SECONDS_PER_DAY)).is_none(), "it is over");
            assert!(Guard::new([8; 32], secure).known(Some(&brought), &mine, at(0)).is_none(), "another key");
            let both = value(&guard.remember(Some(&brought), &other, at(5), 30).unwrap());
            assert_eq!(guard.known(Some(&both), &mine, at(5)), Some(own), "the same device");
            assert!(guard.known(Some(&both), &other, at(5)).is_some());
            let again = value(&guard.remember(Some(&both), &mine, at(9), 30).unwrap());
            assert_eq!(again.split('.').count(), 3, "one seal for each thing");
        }
    }

    #[test]
    fn a_cookie_forgets_its_oldest_things_first() {
        let guard = Guard::new([7; 32], false);
        let targets: Vec<Digest> = (0..SEALS + 2).map(|number| guard.digest("account", &number.to_string())).collect();
        let mut sent: Option<String> = None;
        for target in &targets {
            sent = Some(value(&guard.remember(sent.as_deref(), target, at(0), 30).unwrap()));
        }
        let known = |target: &Digest| guard.known(sent.as_deref(), target, at(0)).is_some();
        let found: Vec<bool> = targets.iter().map(known).collect();
        assert_eq!(found, [vec![false; 2], vec![true; SEALS]].concat());
    }

    #[test]
    fn a_cookie_that_was_made_up_proves_nothing() {
        let guard = Guard::new([7; 32], false);
        let mine = guard.digest("account", "1");
        let sent = value(&guard.remember(None, &mine, at(0), 30).unwrap());
        let (name, seal) = sent.split_once('.').unwrap();
        let stranger = value(&guard.remember(None, &mine, at(0), 30).unwrap());
        let borrowed = format!("{}.{seal}", stranger.split('.').next().unwrap());
        let later =
            format!("{name}.{}", BASE64URL_NOPAD.encode(&[[0x7f_u8; 8].as_slice(), &[0_u8; TAG_BYTES]].concat()));
        for made_up in ["", ".", "x", name, &borrowed, &later, &format!("{sent}.x"), &format!("{name}.{name}")] {
            assert!(guard.known(Some(made_up), &mine, at(0)).is_none(), "{made_up}");
        }
        assert!(guard.known(None, &mine, at(0)).is_none());
    }
}
