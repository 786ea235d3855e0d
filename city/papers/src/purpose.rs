//! This file keeps why somebody looks at the files of a case. She states it once, a signed cookie keeps it for a while,
//! and each look writes it into the access log.
//!
//! The cookie names case, account and an end. It never stands in an address, and it shows nobody what she may not see
//! anyway.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use kernel::time::Instant;
use sm3::Sm3;
use uuid::Uuid;

/// Is the name of the cookie.
pub const COOKIE: &str = "papers_look";

/// A purpose that was stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The case.
    pub case: Uuid,
    /// The account that stated it.
    pub account: Uuid,
    /// Until when it is valid.
    pub until: Instant,
    /// The words of the purpose.
    pub text: String,
}

/// Signs and checks purposes.
#[derive(Clone)]
pub struct PurposeKey([u8; 32]);

impl PurposeKey {
    /// Takes a key that was derived for this purpose alone.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Returns the cookie's value. It has only letters, digits, dots, dashes and underscores.
    #[must_use]
    pub fn write(&self, purpose: &Purpose) -> String {
        let text = BASE64URL_NOPAD.encode(purpose.text.as_bytes());
        let (case, account) = (purpose.case.simple(), purpose.account.simple());
        let body = format!("{case}.{account}.{}.{text}", purpose.until.micros());
        let signature = self.mac(&body).map(|mac| HEXLOWER.encode(&mac.finalize().into_bytes())).unwrap_or_default();
        format!("{body}.{signature}")
    }

    /// Returns the purpose that this account stated for this case, if the signature is ours and the end has not come.
    #[must_use]
    pub fn read(&self, value: &str, case: Uuid, account: Uuid, now: Instant) -> Option<Purpose> {
        let (body, signature) = value.rsplit_once('.')?;
        let signature = HEXLOWER.decode(signature.as_bytes()).ok()?;
        self.mac(body)?.verify_slice(&signature).ok()?;
        let mut parts = body.split('.');
        let found = Purpose {
            case: Uuid::parse_str(parts.next()?).ok()?,
            account: Uuid::parse_str(parts.next()?).ok()?,
            until: Instant::from_micros(parts.next()?.parse().ok()?),
            text: String::from_utf8(BASE64URL_NOPAD.decode(parts.next()?.as_bytes()).ok()?).ok()?,
        };
        (found.case == case && found.account == account && now < found.until).then_some(found)
    }

    fn mac(&self, body: &str) -> Option<Hmac<Sm3>> {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.0).ok()?;
        mac.update(b"papers purpose\0");
        mac.update(body.as_bytes());
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_holds_for_its_case_its_account_and_its_time() {
        let (case, account) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let purpose = Purpose { case, account, until: Instant::from_micros(1_000), text: "核对年龄.".to_owned() };
        let key = PurposeKey::new([7; 32]);
        let value = key.write(&purpose);
        let early = Instant::from_micros(999);
        assert_eq!(key.read(&value, case, account, early), Some(purpose));
        assert_eq!(key.read(&value, case, account, Instant::from_micros(1_000)), None, "ended");
        assert_eq!(key.read(&value, account, account, early), None, "another case");
        assert_eq!(key.read(&value, case, case, early), None, "another account");
        assert_eq!(PurposeKey::new([8; 32]).read(&value, case, account, early), None, "another key");
        for odd in ["", ".", "a.b.c.d.e", "中文"] {
            assert_eq!(key.read(odd, case, account, early), None, "{odd}");
        }
    }

    #[test]
    fn a_purpose_survives_the_cookie_and_a_changed_cookie_is_none() {
        let (case, account) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let key = PurposeKey::new([7; 32]);
        for text in ["", ".", "a.b", "核对年龄", "🙂 ; Path=/", "\r\n", &"长".repeat(500)] {
            let purpose = Purpose { case, account, until: Instant::from_micros(i64::MAX), text: text.to_owned() };
            let value = key.write(&purpose);
            let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
            assert!(value.chars().all(plain), "{value}");
            assert_eq!(key.read(&value, case, account, Instant::from_micros(i64::MAX - 1)), Some(purpose));
        }
        let purpose = Purpose { case, account, until: Instant::from_micros(1_000), text: "x".to_owned() };
        let value = key.write(&purpose);
        for at in 0..value.len() {
            let other = |letter: char| if letter == 'a' { 'b' } else { 'a' };
            let changed: String = value
                .chars()
                .enumerate()
                .map(|(index, letter)| if index == at { other(letter) } else { letter })
                .collect();
            assert_eq!(key.read(&changed, case, account, Instant::from_micros(1)), None, "{changed}");
        }
        let signature = value.rsplit_once('.').unwrap().1;
        let longer = value.replace(".1000.", ".9000.");
        assert!(longer.ends_with(signature));
        assert_eq!(key.read(&longer, case, account, Instant::from_micros(1)), None, "a later end");
        assert_eq!(key.read(&format!("{value}00"), case, account, Instant::from_micros(1)), None, "a longer signature");
    }
}
