//! The code of a receipt 查询码: ten characters that prove whoever holds them to be somebody who takes part in a case.
//!
//! She reads it once, on her receipt. The platform keeps a keyed digest of it, so that neither staff nor whoever steals
//! the database can read it. It belongs to a sealed record, because each party of a case holds a code of her own.

use hmac::{Hmac, KeyInit, Mac};
use kernel::language::half_width;
use kernel::language::is_unseen;
use sm3::Sm3;
use uuid::Uuid;

/// Letters and digits of which no two look alike: there is no 0 or O, no 1, I or L, no Z beside 2, no S beside 5, no B
/// beside 8.
const ALPHABET: &[u8; 27] = b"23456789ACDEFGHJKMNPQRTVWXY";
/// How many characters the alphabet has.
const BASE: u128 = 27;
/// How many typed characters are read at most. Nobody types more for a code.
const LONGEST_TYPED: usize = 60;
/// The code of a receipt holds 47 bits.
const RECEIPT: Spelling = Spelling { length: 10, group: 5 };

/// How a code is spelled that people copy from paper or a screen and type.
#[derive(Clone, Copy, Debug)]
pub struct Spelling {
    /// How many characters it has. Each holds 4.75 bits.
    pub length: usize,
    /// How many characters a printed group has.
    pub group: usize,
}

impl Spelling {
    /// Spells bits that nobody can find.
    #[must_use]
    pub fn write(self, bits: u128) -> String {
        let mut rest = bits;
        let mut code = String::with_capacity(self.length);
        while code.len() < self.length {
            let at = usize::try_from(rest % BASE).unwrap_or_default();
            code.push(ALPHABET.get(at).copied().map_or('2', char::from));
            rest /= BASE;
        }
        code
    }

    /// Reads a code as people type it: in small letters or capitals, in full width, with blanks and dashes or without,
    /// and with the marks that nobody sees and that come along when it is copied.
    /// Returns nothing for what is no code.
    #[must_use]
    pub fn read(self, typed: &str) -> Option<String> {
        let signs = typed.chars().filter(|sign| !is_unseen(*sign)).take(LONGEST_TYPED).map(half_width);
        let code: String = signs
            .filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '–' | '—' | '_'))
            .map(|sign| sign.to_ascii_uppercase())
            .collect();
        let known = code.chars().all(|sign| ALPHABET.iter().any(|one| char::from(*one) == sign));
        (known && code.chars().count() == self.length).then_some(code)
    }

    /// Returns a code in groups, as it is shown: `7Q2KD-4M4XE`.
    #[must_use]
    pub fn grouped(self, code: &str) -> String {
        let signs: Vec<char> = code.chars().collect();
        let groups: Vec<String> = signs.chunks(self.group).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }
}

/// A code as its owner holds it. It cannot be printed by chance: it has no `Debug` that shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode(String);

impl ReceiptCode {
    /// Reads a code as people type it ([`Spelling::read`]). Returns nothing for what is no code.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        RECEIPT.read(typed).map(Self)
    }

    /// Returns the code without groups, as a link or a cookie carries it.
    #[must_use]
    pub fn plain(&self) -> &str {
        &self.0
    }

    /// Returns the code in groups, as it is printed: `7Q2KD-4M4XE`.
    #[must_use]
    pub fn grouped(&self) -> String {
        RECEIPT.grouped(&self.0)
    }
}

impl std::fmt::Debug for ReceiptCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ReceiptCode")
    }
}

/// What tells one code of a receipt from the next without being a code: the beginning of the digest under which it is
/// kept. A pass carries it, so that the pass ends with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeMark(u64);

impl CodeMark {
    /// Returns the mark of the code that is kept under a digest.
    #[must_use]
    pub fn of(digest: &[u8]) -> Option<Self> {
        digest.first_chunk::<8>().map(|first| Self(u64::from_be_bytes(*first)))
    }

    /// Reads what [`CodeMark`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let written = text.len() == 16 && text.bytes().all(|sign| sign.is_ascii_hexdigit());
        if written { u64::from_str_radix(text, 16).ok().map(Self) } else { None }
    }
}

impl std::fmt::Display for CodeMark {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

/// Makes codes and their digests.
#[derive(Clone)]
pub struct CodeKey([u8; 32]);

impl CodeKey {
    /// Takes a key that was derived for this purpose alone.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Returns the code that a record gets with a command. The same command sent again gives the same code, and nobody
    /// without the key can reckon it.
    #[must_use]
    pub fn code(&self, record: Uuid, command: &str) -> Option<ReceiptCode> {
        let bytes = self.mac("code", record, command)?.finalize().into_bytes();
        Some(ReceiptCode(RECEIPT.write(u128::from_be_bytes(*bytes.first_chunk::<16>()?))))
    }

    /// Returns the digest under which a code is kept.
    #[must_use]
    pub fn digest(&self, record: Uuid, code: &ReceiptCode) -> Option<Vec<u8>> {
        Some(self.mac("digest", record, &code.0)?.finalize().into_bytes().to_vec())
    }

    /// Says whether a code is the one of that digest. It takes the same time wherever the two differ.
    #[must_use]
    pub fn holds(&self, record: Uuid, code: &ReceiptCode, digest: &[u8]) -> bool {
        self.mac("digest", record, &code.0).is_some_and(|mac| mac.verify_slice(digest).is_ok())
    }

    fn mac(&self, what: &str, record: Uuid, text: &str) -> Option<Hmac<Sm3>> {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.0).ok()?;
        mac.update(format!("receipt {what}\0{}\0{text}", record.simple()).as_bytes());
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: Uuid = Uuid::from_u128(7);

    #[test]
    fn a_code_is_of_one_record_one_command_and_one_key() {
        let key = CodeKey::new([7; 32]);
        let code = key.code(RECORD, "first").unwrap();
        assert_eq!(code.plain().len(), RECEIPT.length);
        assert_eq!(key.code(RECORD, "first"), Some(code.clone()), "the same again");
        for other in [
            CodeKey::new([8; 32]).code(RECORD, "first"),
            key.code(Uuid::from_u128(8), "first"),
            key.code(RECORD, "second"),
        ] {
            assert_ne!(other, Some(code.clone()));
        }
        assert_eq!(format!("{code:?}"), "ReceiptCode", "a log never shows it");
    }

    #[test]
    fn a_code_holds_at_least_45_bits() {
        assert_eq!(u128::try_from(ALPHABET.len()).unwrap(), BASE);
        assert!(BASE.pow(u32::try_from(RECEIPT.length).unwrap()) >= 1 << 45);
        let mut signs = ALPHABET.to_vec();
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(signs.len(), ALPHABET.len());
        for look_alike in *b"01BILOSUZ" {
            assert!(!ALPHABET.contains(&look_alike), "{}", char::from(look_alike));
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = ReceiptCode::parse("7Q2KD4M4XE").unwrap();
        assert_eq!(code.grouped(), "7Q2KD-4M4XE");
        for typed in [
            "7q2kd-4m4xe",
            "7Q2KD 4M4XE",
            " 7Q2KD—4M4XE ",
            "７ｑ２ＫＤ－４Ｍ４ＸＥ",
            "7Q2KD　4M4XE",
            "\u{202D}7Q2KD4M4X\u{200B}E\u{202C}",
        ] {
            assert_eq!(ReceiptCode::parse(typed), Some(code.clone()), "{typed}");
        }
        for typed in ["", "7Q2KD4M4X", "7Q2KD4M4XEE", "0Q2KD4M4XE", "查询码查询码查询码查"] {
            assert_eq!(ReceiptCode::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_digest_is_of_its_code_and_its_record() {
        let key = CodeKey::new([7; 32]);
        let (code, other) = (key.code(RECORD, "first").unwrap(), key.code(RECORD, "second").unwrap());
        let digest = key.digest(RECORD, &code).unwrap();
        assert!(key.holds(RECORD, &code, &digest));
        assert!(!key.holds(RECORD, &other, &digest), "another code");
        assert!(!key.holds(Uuid::from_u128(8), &code, &digest), "another record");
        assert!(!CodeKey::new([8; 32]).holds(RECORD, &code, &digest), "another key");
        assert!(!key.holds(RECORD, &code, &[]), "nothing is kept");
        assert!(!digest.windows(RECEIPT.length).any(|part| part == code.plain().as_bytes()));
        let mark = CodeMark::of(&digest).unwrap();
        assert_eq!(CodeMark::parse(&mark.to_string()), Some(mark));
        assert_ne!(CodeMark::of(&key.digest(RECORD, &other).unwrap()), Some(mark), "another code");
        assert_eq!(CodeMark::of(&[]), None);
        for odd in ["", "-", "+00000000000000f", "00000000000000000f"] {
            assert_eq!(CodeMark::parse(odd), None, "{odd}");
        }
    }
}
