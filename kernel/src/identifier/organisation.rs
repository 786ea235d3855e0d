//! The number of an organisation.

use super::{IdentifierFault, folded};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The characters of the code in the order of their values. There is no I, O, S, V or Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const MODULUS: usize = 31;

/// A unified social credit code (统一社会信用代码), GB 32100: 18 characters, of which the last is a check character MOD
/// 31.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CreditCode(String);

impl CreditCode {
    /// Reads a code. Small letters become capitals, full-width signs become half-width, and blanks and dashes are
    /// removed.
    ///
    /// # Errors
    /// Fails with `Length`, `Character` or `CheckDigit`.
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        let text = folded(text)?;
        if text.chars().count() != 18 {
            return Err(IdentifierFault::Length);
        }
        let value = |character: char| ALPHABET.chars().position(|known| known == character);
        let values: Option<Vec<usize>> = text.chars().map(value).collect();
        let values = values.ok_or(IdentifierFault::Character)?;
        // The place of registration, characters 3 to 8, is written in digits.
        if values.iter().skip(2).take(6).any(|value| *value > 9) {
            return Err(IdentifierFault::Character);
        }
        // The weights are the powers of 3. The check character's own weight is 1.
        let weighted = |(sum, weight): (usize, usize), value: &usize| (sum + value * weight, weight * 3 % MODULUS);
        let (sum, _) = values.iter().take(17).fold((0, 1), weighted);
        let expected = (MODULUS - sum % MODULUS) % MODULUS;
        if values.last() == Some(&expected) { Ok(Self(text)) } else { Err(IdentifierFault::CheckDigit) }
    }

    /// Returns the code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for CreditCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn credit_codes() {
        use IdentifierFault::{Character, CheckDigit, Empty, Length};
        let table = [
            ("91350100M000100Y43", Ok("91350100M000100Y43")), // the example of the standard
            ("91350100m000100y43", Ok("91350100M000100Y43")),
            ("914403001922038216", Ok("914403001922038216")),
            ("９１４４０３００１９２２０３８２１６", Ok("914403001922038216")),
            ("12210100000000000F", Ok("12210100000000000F")),
            ("5221 0100-MJ00 0000 12", Ok("52210100MJ00000012")),
            ("", Err(Empty)),
            (" - ", Err(Empty)),
            ("9144030019220382160", Err(Length)),
            ("9144030019220382I6", Err(Character)),
            ("91440300192203821Z", Err(Character)),
            ("9144030A1922038216", Err(Character)),
            ("91440300192203821公", Err(Character)),
            ("12210100000000000E", Err(CheckDigit)),
            ("91440300192203821", Err(Length)),
            ("9144O3001922038216", Err(Character)),
            ("91A403001922038216", Err(Character)),
            ("914403001922038217", Err(CheckDigit)),
            ("914403001922038261", Err(CheckDigit)),
        ];
        for (text, expected) in table {
            let found = CreditCode::parse(text);
            assert_eq!(found.as_ref().map(CreditCode::as_str).map_err(|fault| *fault), expected, "{text}");
        }
        assert!(serde_json::from_str::<CreditCode>("\"914403001922038217\"").is_err());
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_found(position in 0usize..18, value in 0usize..31) {
            let right = "91350100M000100Y43";
            let other = ALPHABET.chars().nth(value).unwrap();
            let wrong: String =
                right.chars().enumerate().map(|(index, old)| if index == position { other } else { old }).collect();
            prop_assert_eq!(CreditCode::parse(&wrong).is_ok(), wrong == right);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}") {
            let _ = CreditCode::parse(&text);
        }
    }
}
