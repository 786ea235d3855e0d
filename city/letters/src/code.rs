//! This file makes the code that verifies a result (核验码). Nothing of it is stored.

use hmac::{Hmac, KeyInit, Mac};
use kernel::case::{CaseId, Outcome};
use kernel::language::half_width;
use kernel::time::Date;
use sm3::Sm3;
use subtle::ConstantTimeEq as _;

/// Is Crockford's base 32, which has no letter that people take for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Says how many characters a code has. They hold 50 bits, far more than anybody can try.
const LENGTH: usize = 10;
/// Says how many characters a printed group has.
const GROUP: usize = 5;
/// Limits how many typed characters are read. Nobody types more for a code.
const LONGEST_TYPED: usize = 40;

/// Makes and checks codes.
#[derive(Clone)]
pub struct CodeKey([u8; 32]);

impl CodeKey {
    /// Takes a key that was derived for this purpose alone.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Returns the code of a result: ten characters that only this key gives for this case, outcome and day.
    #[must_use]
    pub fn code(&self, case: CaseId, outcome: Outcome, on: Date) -> String {
        let Ok(mut mac) = Hmac::<Sm3>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("letter code\0{}\0{}\0{on}", case.0.simple(), outcome.code()).as_bytes());
        let digest = mac.finalize().into_bytes();
        let letter = |byte: &u8| ALPHABET.get(usize::from(*byte % 32)).copied().map(char::from);
        digest.iter().take(LENGTH).filter_map(letter).collect()
    }

    /// Says whether the typed text is the code of that result. It takes the same time wherever the two differ.
    #[must_use]
    pub fn holds(&self, typed: &str, case: CaseId, outcome: Outcome, on: Date) -> bool {
        let (code, typed) = (self.code(case, outcome, on), tidy(typed));
        code.len() == LENGTH && bool::from(code.as_bytes().ct_eq(typed.as_bytes()))
    }
}

/// Returns a typed code as the key writes it: in capitals, without blanks and dashes. The letters O, I and L become the
/// digits that they look like.
#[must_use]
pub fn tidy(typed: &str) -> String {
    let letters = typed.chars().map(half_width).filter(char::is_ascii_alphanumeric).take(LONGEST_TYPED);
    letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// Returns a code in groups, as it is printed: `7Q2KD-0M4XE`.
#[must_use]
pub fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn result() -> (CaseId, Outcome, Date) {
        (CaseId(Uuid::from_u128(7)), Outcome::Granted, Date::constant(2026, 12, 1))
    }

    #[test]
    fn a_code_is_of_one_result_and_one_key() {
        let key = CodeKey::new([7; 32]);
        let (case, outcome, on) = result();
        let code = key.code(case, outcome, on);
        assert_eq!(code.chars().count(), LENGTH);
        assert!(code.bytes().all(|letter| ALPHABET.contains(&letter)), "{code}");
        assert_eq!(key.code(case, outcome, on), code, "the same again");
        for other in [
            CodeKey::new([8; 32]).code(case, outcome, on),
            key.code(CaseId(Uuid::from_u128(8)), outcome, on),
            key.code(case, Outcome::Refused, on),
            key.code(case, outcome, Date::constant(2026, 12, 2)),
        ] {
            assert_ne!(other, code);
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let key = CodeKey::new([7; 32]);
        let (case, outcome, on) = result();
        let code = key.code(case, outcome, on);
        for typed in [code.clone(), code.to_ascii_lowercase(), grouped(&code), format!("  {} ", grouped(&code))] {
            assert!(key.holds(&typed, case, outcome, on), "{typed}");
        }
        let altered =
            if code.starts_with('2') { code.replacen('2', "3", 1) } else { format!("2{}", code.split_at(1).1) };
        for typed in [altered.as_str(), "", "一二三", code.split_at(9).0, &format!("{code}0")] {
            assert!(!key.holds(typed, case, outcome, on), "{typed}");
        }
        for (typed, read) in [
            ("oO-iI lL", "001111"),
            ("７q２k", "7Q2K"),
            ("核7", "7"),
            ("ｏＩ", "01"),
            ("—–－", ""),
            ("", ""),
            ("12345678901234567890123456789012345678901", "1234567890123456789012345678901234567890"),
        ] {
            assert_eq!(tidy(typed), read);
        }
        for (code, shown) in [("7Q2KD0M4XE", "7Q2KD-0M4XE"), ("7Q2KD", "7Q2KD"), ("7Q2KD0", "7Q2KD-0"), ("", "")] {
            assert_eq!(grouped(code), shown);
            assert_eq!(tidy(shown), code);
        }
    }
}
