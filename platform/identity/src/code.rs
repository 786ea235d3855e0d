//! One-time codes from a phone 动态验证码 (TOTP, RFC 6238: SHA-1, six digits, 30 seconds, which every authenticator
//! supports).

use crate::IdentityError;
use crate::password::random_bytes;
use data_encoding::BASE32_NOPAD;
use kernel::time::Instant;
use std::fmt::Write as _;
use totp_rs::Builder;
use zeroize::Zeroizing;

const SECRET_BYTES: usize = 20;
/// How many letters of a key stand together when it is shown.
const SHOWN_GROUP: usize = 4;

/// Makes a fresh secret.
pub fn new_secret() -> Result<Zeroizing<Vec<u8>>, IdentityError> {
    Ok(Zeroizing::new(random_bytes::<SECRET_BYTES>()?.to_vec()))
}

/// Returns the step of time to which the code belongs, if the code is right within the drift and later than the last
/// step that was used. A code is good once.
pub fn accept(secret: &[u8], code: &str, now: Instant, drift_steps: u16, last_step: Option<i64>) -> Option<i64> {
    let digits: String = code.chars().filter(|letter| is_typed(*letter)).map(narrow).collect();
    let seconds = u64::try_from(now.micros() / 1_000_000).ok()?;
    let totp = Builder::new().with_secret(secret.to_vec()).with_skew(drift_steps).build().ok()?;
    let step = i64::try_from(totp.check(&digits, seconds)?).ok()?;
    last_step.is_none_or(|last| last < step).then_some(step)
}

/// Says whether a sign was typed, and is no blank and no mark that nobody sees.
fn is_typed(letter: char) -> bool {
    !letter.is_whitespace() && !kernel::language::is_unseen(letter)
}

/// Returns a full-width digit as the plain one.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10).unwrap_or(letter),
        other => other,
    }
}

/// Returns the key to be typed into an authenticator, in groups.
pub fn shown_key(secret: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(BASE32_NOPAD.encode(secret));
    let mut shown = Zeroizing::new(String::with_capacity(encoded.len() * 2));
    for (index, letter) in encoded.chars().enumerate() {
        if index > 0 && index % SHOWN_GROUP == 0 {
            shown.push(' ');
        }
        shown.push(letter);
    }
    shown
}

/// Returns the link that an authenticator on the same device opens.
pub fn link(secret: &[u8], issuer: &str, login: &str) -> Zeroizing<String> {
    let (issuer, login) = (escape(issuer), escape(login));
    Zeroizing::new(format!("otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}", BASE32_NOPAD.encode(secret)))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const KEY: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn agrees_with_rfc_6238_and_drift() {
        // The codes in the appendix have eight digits. A code of six digits is the end of them.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let step = seconds / 30;
            assert_eq!(accept(KEY, code, at(seconds), 0, None), Some(step));
            assert_eq!(accept(KEY, code, at(seconds + 30), 1, None), Some(step), "one step late");
            assert_eq!(accept(KEY, code, at(seconds - 30), 1, None), Some(step), "one step early");
            assert_eq!(accept(KEY, code, at(seconds + 90), 1, None), None, "three steps late");
            assert_eq!(accept(KEY, code, at(seconds), 0, Some(step)), None, "used before");
        }
    }

    #[test]
    fn codes_are_read_as_people_write_them() {
        assert_eq!(accept(KEY, " 287 082 ", at(59), 0, None), Some(1));
        assert_eq!(accept(KEY, "２８７０８２", at(59), 0, None), Some(1));
        for wrong in ["", "28708", "2870822", "abcdef", "287083", "两八七零八二"] {
            assert_eq!(accept(KEY, wrong, at(59), 1, None), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_is_good_once_and_later_ones_stay_good() {
        let step = 1_111_111_109 / 30;
        let table = [
            (None, Some(step)),
            (Some(step - 1), Some(step)),
            (Some(step), None),
            (Some(step + 1), None),
            (Some(i64::MAX), None),
            (Some(i64::MIN), Some(step)),
        ];
        for (last, expected) in table {
            assert_eq!(accept(KEY, "081804", at(1_111_111_109), 1, last), expected, "{last:?}");
        }
        assert_eq!(accept(KEY, "287082", at(-60), 1, None), None, "before the beginning of time");
        assert_eq!(accept(KEY, "287 082", at(59), 0, Some(0)), Some(1));
        assert_eq!(accept(b"another secret of 20", "287082", at(59), 0, None), None);
    }

    #[test]
    fn a_name_is_escaped_byte_by_byte() {
        for (text, escaped) in [
            ("wang_li-2.x~", "wang_li-2.x~"),
            ("a b", "a%20b"),
            ("a&secret=x", "a%26secret%3Dx"),
            ("两", "%E4%B8%A4"),
            ("%", "%25"),
            ("", ""),
        ] {
            assert_eq!(escape(text), escaped);
        }
        assert_eq!(shown_key(b"").as_str(), "");
        assert_eq!(shown_key(&[0; 20]).as_str(), "AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA");
    }

    #[test]
    fn the_link_and_the_key_carry_the_secret() {
        assert_eq!(shown_key(b"12345").as_str(), "GEZD GNBV");
        assert_eq!(
            link(b"12345", "两邻", "wang").as_str(),
            "otpauth://totp/%E4%B8%A4%E9%82%BB:wang?secret=GEZDGNBV&issuer=%E4%B8%A4%E9%82%BB"
        );
    }
}
