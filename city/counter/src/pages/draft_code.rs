//! The short code 取回码 of what was saved: twelve characters that somebody copies from a screen and types on another
//! one. The code of the link is derived from it, and not the other way round.

use kernel::language::{half_width, is_unseen};

/// Letters and digits of which no two look alike, as in the code of a receipt.
const ALPHABET: &[u8; 27] = b"23456789ACDEFGHJKMNPQRTVWXY";
const BASE: u128 = 27;
/// How many characters a code has. They hold 57 bits.
const LENGTH: usize = 12;
/// How many characters a printed group has.
const GROUP: usize = 4;
/// How many typed characters are read at most.
const LONGEST_TYPED: usize = 60;

/// A short code. It has no `Debug`, so that it is not printed by chance.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ShortCode(String);

impl ShortCode {
    /// Makes a code of bits that nobody can find.
    pub(super) fn of(secret: u128) -> Self {
        let mut rest = secret;
        let mut code = String::with_capacity(LENGTH);
        while code.len() < LENGTH {
            let at = usize::try_from(rest % BASE).unwrap_or_default();
            code.extend(ALPHABET.get(at).copied().map(char::from));
            rest /= BASE;
        }
        Self(code)
    }

    /// Reads a code as people type it: in small letters or capitals, in full width, with blanks and dashes or without.
    pub(super) fn parse(typed: &str) -> Option<Self> {
        let signs = typed.chars().filter(|sign| !is_unseen(*sign)).take(LONGEST_TYPED).map(half_width);
        let code: String = signs
            .filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '–' | '—' | '_'))
            .map(|sign| sign.to_ascii_uppercase())
            .collect();
        let known = code.chars().all(|sign| ALPHABET.iter().any(|one| char::from(*one) == sign));
        (known && code.chars().count() == LENGTH).then_some(Self(code))
    }

    /// The code without groups, as an address carries it.
    pub(super) fn plain(&self) -> &str {
        &self.0
    }

    /// The code in groups, as it is shown: `7Q2K-D4M4-XEAC`.
    pub(super) fn grouped(&self) -> String {
        let signs: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = signs.chunks(GROUP).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = ShortCode::parse("7Q2KD4M4XEAC").unwrap();
        assert_eq!(code.grouped(), "7Q2K-D4M4-XEAC");
        for typed in ["7q2k-d4m4-xeac", " 7Q2K D4M4 XEAC ", "７ｑ２Ｋ－Ｄ４Ｍ４－ＸＥＡＣ", "7Q2K—D4M4—XEAC\u{200B}"]
        {
            assert!(ShortCode::parse(typed) == Some(code.clone()), "{typed}");
        }
        for typed in ["", "7Q2KD4M4XEA", "7Q2KD4M4XEACC", "0Q2KD4M4XEAC", "取回码取回码取回码取回码"] {
            assert!(ShortCode::parse(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn any_bits_make_a_code_that_can_be_read_again() {
        for secret in [0, 1, BASE, u128::MAX, 0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF] {
            let code = ShortCode::of(secret);
            assert!(ShortCode::parse(&code.grouped()) == Some(code.clone()), "{secret}");
            assert_eq!(code.plain().len(), LENGTH);
        }
        assert!(ShortCode::of(1) != ShortCode::of(2));
        assert!(BASE.pow(u32::try_from(LENGTH).unwrap()) >= 1 << 57, "bits of a code");
    }
}
