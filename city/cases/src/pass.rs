//! A pass is kept in the visitor's cookie and proves that somebody gave a case's number together with the code of the
//! applicant's receipt.
//!
//! It names the case, an end and the mark of the code, and it is signed with a key derived from the vault's master key.
//! It ends when its code is renewed. Without a pass, a case's number opens nothing. Another party who gave the number
//! with her own code gets a pass that also names her sealed record. It opens to her what belongs to a party, and never
//! what belongs to the applicant. The pass of staff names nobody's record: whoever is not signed in as staff opens
//! nothing with it.

use hmac::{Hmac, KeyInit, Mac};
use kernel::place::PlaceId;
use kernel::time::Instant;
use sm3::Sm3;
use uuid::Uuid;

use crate::code::CodeMark;

/// Name of the cookie.
pub const COOKIE: &str = "case_pass";
/// What stands in place of a mark where there was no code.
const NO_CODE: &str = "-";

/// What a valid pass opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Shard of the case.
    pub district: PlaceId,
    /// The case.
    pub id: Uuid,
    /// When the pass ends.
    pub until: Instant,
    /// The mark of the code from which it was made. None if there was no code.
    pub code: Option<CodeMark>,
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
        self.signed(&fields(pass))
    }

    /// The cookie's value for another party than the applicant, whose sealed record that is.
    #[must_use]
    pub fn write_party(&self, pass: &Pass, record: Uuid) -> String {
        self.signed(&format!("{}.{}", fields(pass), record.simple()))
    }

    /// The cookie's value for staff who helps the applicant.
    #[must_use]
    pub fn write_staff(&self, pass: &Pass) -> String {
        self.write_party(pass, Uuid::nil())
    }

    /// The pass of the applicant, when the signature is ours and the end has not come.
    #[must_use]
    pub fn read(&self, value: &str, now: Instant) -> Option<Pass> {
        let (pass, record) = self.opened(value, now)?;
        record.is_none().then_some(pass)
    }

    /// The pass of another party and her sealed record, when the signature is ours and the end has not come.
    #[must_use]
    pub fn read_party(&self, value: &str, now: Instant) -> Option<(Pass, Uuid)> {
        let (pass, record) = self.opened(value, now)?;
        Some((pass, record.filter(|record| !record.is_nil())?))
    }

    /// The pass of staff, when the signature is ours and the end has not come.
    #[must_use]
    pub fn read_staff(&self, value: &str, now: Instant) -> Option<Pass> {
        let (pass, record) = self.opened(value, now)?;
        record.is_some_and(|record| record.is_nil()).then_some(pass)
    }

    /// Whether it is a pass of ours, of whatever kind, whose end has not come.
    #[must_use]
    pub fn holds(&self, value: &str, now: Instant) -> bool {
        self.opened(value, now).is_some()
    }

    fn opened(&self, value: &str, now: Instant) -> Option<(Pass, Option<Uuid>)> {
        let (body, signature) = value.rsplit_once('.')?;
        let signature = data_encoding::HEXLOWER.decode(signature.as_bytes()).ok()?;
        self.mac(body)?.verify_slice(&signature).ok()?;
        let mut parts = body.split('.');
        let district = PlaceId(parts.next()?.parse().ok()?);
        let id = Uuid::parse_str(parts.next()?).ok()?;
        let until = Instant::from_micros(parts.next()?.parse().ok()?);
        let code = match parts.next()? {
            NO_CODE => None,
            mark => Some(CodeMark::parse(mark)?),
        };
        let record = parts.next().map(Uuid::parse_str).transpose().ok()?;
        (parts.next().is_none() && now < until).then_some((Pass { district, id, until, code }, record))
    }

    fn signed(&self, body: &str) -> String {
        let signature = data_encoding::HEXLOWER.encode(&self.sign(body));
        format!("{body}.{signature}")
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

fn fields(pass: &Pass) -> String {
    let code = pass.code.map_or_else(|| NO_CODE.to_owned(), |mark| mark.to_string());
    format!("{}.{}.{}.{code}", pass.district.0, pass.id.simple(), pass.until.micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass() -> Pass {
        Pass {
            district: PlaceId(4),
            id: Uuid::from_u128(99),
            until: Instant::from_micros(1_000),
            code: CodeMark::of(&[7; 32]),
        }
    }

    #[test]
    fn a_pass_opens_its_case_until_its_end_and_nothing_else() {
        let key = PassKey::new([7; 32]);
        let pass = pass();
        let value = key.write(&pass);
        assert_eq!(key.read(&value, Instant::from_micros(999)), Some(pass));
        assert_eq!(key.read(&value, Instant::from_micros(1_000)), None, "ended");
        assert_eq!(PassKey::new([8; 32]).read(&value, Instant::from_micros(0)), None, "another key");
        let other = value.replacen("4.", "5.", 1);
        for (one, at, held) in [(&value, 999, true), (&value, 1_000, false), (&other, 0, false)] {
            assert_eq!(key.holds(one, Instant::from_micros(at)), held, "{one} {at}");
        }
        assert_eq!(key.read(&other, Instant::from_micros(0)), None, "another case");
        let other = value.replacen(".07", ".08", 1);
        assert!(other != value && key.read(&other, Instant::from_micros(0)).is_none(), "another code");
        let without = Pass { code: None, ..pass };
        assert_eq!(key.read(&key.write(&without), Instant::from_micros(0)), Some(without));
        for odd in ["", ".", "4.x.y.z", "中文", value.trim_end_matches(char::is_alphanumeric)] {
            assert_eq!(key.read(odd, Instant::from_micros(0)), None, "{odd}");
        }
    }

    #[test]
    fn the_pass_of_staff_is_nobodys_own() {
        let (key, now) = (PassKey::new([7; 32]), Instant::from_micros(999));
        let pass = pass();
        let staff = key.write_staff(&pass);
        assert_eq!(key.read_staff(&staff, now), Some(pass));
        assert!(key.holds(&staff, now));
        assert_eq!((key.read(&staff, now), key.read_party(&staff, now)), (None, None));
        for other in [key.write(&pass), key.write_party(&pass, Uuid::from_u128(5))] {
            assert_eq!(key.read_staff(&other, now), None);
        }
        assert_eq!(key.read_staff(&staff, Instant::from_micros(1_000)), None, "ended");
    }

    #[test]
    fn the_pass_of_another_party_is_never_the_applicants() {
        let (key, now) = (PassKey::new([7; 32]), Instant::from_micros(999));
        let pass = pass();
        let (hers, other) = (key.write_party(&pass, Uuid::from_u128(5)), key.write(&pass));
        assert_eq!(key.read_party(&hers, now), Some((pass, Uuid::from_u128(5))));
        assert_eq!(key.read(&hers, now), None);
        assert_eq!((key.read(&other, now), key.read_party(&other, now)), (Some(pass), None));
        assert_eq!(key.read_party(&hers, Instant::from_micros(1_000)), None, "ended");
        let changed = hers.replacen("05.", "06.", 1);
        assert!(changed != hers && key.read_party(&changed, now).is_none(), "another record");
    }
}
