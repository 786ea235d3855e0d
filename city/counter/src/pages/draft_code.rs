//! The short code 取回码 of what was saved: twelve characters that somebody copies from a screen and types on another
//! one. The code of the link is derived from it, and not the other way round.

use cases::Spelling;

/// It is spelled as the code of a receipt is, with two characters more: it holds 57 bits.
const SHORT: Spelling = Spelling { length: 12, group: 4 };

/// A short code. It has no `Debug`, so that it is not printed by chance.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ShortCode(String);

impl ShortCode {
    /// Makes a code of bits that nobody can find.
    pub(super) fn of(secret: u128) -> Self {
        Self(SHORT.write(secret))
    }

    /// Reads a code as people type it ([`Spelling::read`]).
    pub(super) fn parse(typed: &str) -> Option<Self> {
        SHORT.read(typed).map(Self)
    }

    /// The code without groups, as an address carries it.
    pub(super) fn plain(&self) -> &str {
        &self.0
    }

    /// The code in groups, as it is shown: `7Q2K-D4M4-XEAC`.
    pub(super) fn grouped(&self) -> String {
        SHORT.grouped(&self.0)
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
        for secret in [0, 1, 27, u128::MAX, 0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF] {
            let code = ShortCode::of(secret);
            assert!(ShortCode::parse(&code.grouped()) == Some(code.clone()), "{secret}");
            assert_eq!(code.plain().len(), SHORT.length);
        }
        assert!(ShortCode::of(1) != ShortCode::of(2));
    }
}
