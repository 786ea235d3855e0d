//! A pass: the proof, kept in the visitor's cookie, that somebody gave a case's number together with the applicant's telephone.
//!
//! It names the case and an end, and is signed with a key derived from the vault's master key. Without it a case's number opens nothing.

use hmac::{Hmac, KeyInit, Mac};
use kernel::place::PlaceId;
use kernel::time::Instant;
use sm3::Sm3;
use uuid::Uuid;

/// Name of the cookie.
pub const COOKIE: &str = "case_pass";

/// What a valid pass opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Shard of the case.
    pub district: PlaceId,
    /// The case.
    pub id: Uuid,
    /// When the pass ends.
    pub until: Instant,
}

/// Signs and checks passes.
#[derive(Clone)]
pub struct PassKey([u8; 32]);

impl PassKey {
    /// A key derived for this purpose alone.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The cookie's value: fields and signature, only letters, digits, dots and dashes.
    #[must_use]
    pub fn write(&self, pass: &Pass) -> String {
        let body = format!("{}.{}.{}", pass.district.0, pass.id.simple(), pass.until.micros());
        let signature = data_encoding::HEXLOWER.encode(&self.sign(&body));
        format!("{body}.{signature}")
    }

    /// The pass, when the signature is ours and the end has not come.
    #[must_use]
    pub fn read(&self, value: &str, now: Instant) -> Option<Pass> {
        let (body, signature) = value.rsplit_once('.')?;
        let signature = data_encoding::HEXLOWER.decode(signature.as_bytes()).ok()?;
        self.mac(body)?.verify_slice(&signature).ok()?;
        let mut parts = body.split('.');
        let district = PlaceId(parts.next()?.parse().ok()?);
        let id = Uuid::parse_str(parts.next()?).ok()?;
        let until = Instant::from_micros(parts.next()?.parse().ok()?);
        (parts.next().is_none() && now < until).then_some(Pass { district, id, until })
    }

    fn mac(&self, body: &str) -> Option<Hmac<Sm3>> {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.0).ok()?;
        mac.update(b"case pass\0");
        mac.update(body.as_bytes());
        Some(mac)
    }

    fn sign(&self, body: &str) -> Vec<u8> {
        self.mac(body).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_opens_its_case_until_its_end_and_nothing_else() {
        let key = PassKey::new([7; 32]);
        let pass = Pass { district: PlaceId(4), id: Uuid::from_u128(99), until: Instant::from_micros(1_000) };
        let value = key.write(&pass);
        assert_eq!(key.read(&value, Instant::from_micros(999)), Some(pass));
        assert_eq!(key.read(&value, Instant::from_micros(1_000)), None, "ended");
        assert_eq!(PassKey::new([8; 32]).read(&value, Instant::from_micros(0)), None, "another key");
        let other = value.replacen("4.", "5.", 1);
        assert_eq!(key.read(&other, Instant::from_micros(0)), None, "another case");
        for odd in ["", ".", "4.x.y.z", "中文", value.trim_end_matches(char::is_alphanumeric)] {
            assert_eq!(key.read(odd, Instant::from_micros(0)), None, "{odd}");
        }
    }
}
