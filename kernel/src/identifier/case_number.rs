//! The number of a case that people read, write down and say on the telephone.

use super::{IdentifierFault, digits, folded};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A case number (办件编号): district code, year, running number of the district in that year, and a check digit after
/// ISO/IEC 7064 MOD 11,10, as in `210102-2026-0000123-7`. It is neither personal nor secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CaseNumber(String);

impl CaseNumber {
    /// Makes the number of a district's case from the six-digit district code, the year (0 to 9999) and the running
    /// number. The running number is not negative and has seven digits, or more when the year has more cases.
    ///
    /// # Errors
    /// Fails with `Character` when the district code has a sign other than a digit, and with `Length` when a part is
    /// out of bounds.
    pub fn new(district_code: &str, year: i16, running: i64) -> Result<Self, IdentifierFault> {
        if !district_code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdentifierFault::Character);
        }
        if district_code.len() != 6 || !(0..=9999).contains(&year) || running < 0 {
            return Err(IdentifierFault::Length);
        }
        let body = format!("{district_code}{year:04}{running:07}");
        let check = check_digit(&digits(&body).ok_or(IdentifierFault::Character)?);
        Ok(Self(format!("{district_code}-{year:04}-{running:07}-{check}")))
    }

    /// Reads a number. Dashes may be missing; full-width signs are made half-width, and blanks are removed.
    ///
    /// # Errors
    /// Fails with `Length`, `Character` or `CheckDigit`.
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        let text = folded(text)?;
        let values = digits(&text).ok_or(IdentifierFault::Character)?;
        let length = values.len();
        if !(18..=30).contains(&length) {
            return Err(IdentifierFault::Length);
        }
        let part = |from: usize, count: usize| text.chars().skip(from).take(count).collect::<String>();
        let year = part(6, 4).parse().map_err(|_| IdentifierFault::Character)?;
        let running = part(10, length - 11);
        if running.len() > 7 && running.starts_with('0') {
            return Err(IdentifierFault::Length);
        }
        let running = running.parse().map_err(|_| IdentifierFault::Length)?;
        let body: Vec<u32> = values.iter().take(length - 1).copied().collect();
        if values.last() != Some(&check_digit(&body)) {
            return Err(IdentifierFault::CheckDigit);
        }
        Self::new(&part(0, 6), year, running)
    }

    /// Returns the number as text, `210102-2026-0000123-7`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, index: usize) -> &str {
        self.0.split('-').nth(index).unwrap_or_default()
    }

    /// Returns the six digits of the district.
    pub fn district_code(&self) -> &str {
        self.part(0)
    }

    /// Returns the year.
    pub fn year(&self) -> i16 {
        self.part(1).parse().unwrap_or_default()
    }

    /// Returns the running number.
    pub fn running(&self) -> i64 {
        self.part(2).parse().unwrap_or_default()
    }
}

/// Computes the check digit of ISO/IEC 7064 MOD 11,10. It finds every single wrong digit and nearly every swap of
/// neighbours.
fn check_digit(body: &[u32]) -> u32 {
    let product = body.iter().fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for CaseNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_check_digit_is_the_standards() {
        // This is the worked example of ISO/IEC 7064 for MOD 11,10: 0794 has the check digit 5.
        assert_eq!(check_digit(&[0, 7, 9, 4]), 5);
    }

    #[test]
    fn a_number_is_written_with_its_check_digit() {
        let table = [
            ("210102", 2026, 123, "210102-2026-0000123-4"),
            ("210104", 2026, 1, "210104-2026-0000001-4"),
            ("000000", 0, 0, "000000-0000-0000000-7"),
            ("210102", 2026, 10_000_000, "210102-2026-10000000-5"),
            ("999999", 9_999, i64::MAX, "999999-9999-9223372036854775807-9"),
        ];
        for (district, year, running, text) in table {
            let number = CaseNumber::new(district, year, running).unwrap();
            assert_eq!(number.to_string(), text);
            assert_eq!((number.district_code(), number.year(), number.running()), (district, year, running));
        }
        assert_eq!(format!("{:>23}", CaseNumber::new("210104", 2026, 1).unwrap()), "  210104-2026-0000001-4");
    }

    #[test]
    fn what_is_no_number_says_why() {
        use IdentifierFault::{Character, CheckDigit, Empty, Length};
        let table = [
            ("　-－", Empty),
            ("210102-2026-0000123", Length),
            ("210102-2026-00000123-4", Length),
            ("210102-2026-99999999999999999999-1", Length),
            ("999999-9999-9223372036854775808-9", Length),
            ("210102-2026-0000123-X", Character),
            ("二一〇一〇二-2026-0000123-4", Character),
            ("210102-2026-0000132-4", CheckDigit),
            ("210102-2026-0000123-5", CheckDigit),
        ];
        for (text, fault) in table {
            assert_eq!(CaseNumber::parse(text), Err(fault), "{text}");
            assert!(serde_json::from_value::<CaseNumber>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn case_numbers() {
        use IdentifierFault::{Character, CheckDigit, Empty, Length};
        let number = CaseNumber::new("210102", 2026, 123).unwrap();
        let text = number.as_str();
        assert!(text.starts_with("210102-2026-0000123-"), "{text}");
        assert_eq!((number.district_code(), number.year(), number.running()), ("210102", 2026, 123));
        let plain = text.replace('-', "");
        let other = if plain.ends_with('5') { "4" } else { "5" };
        let wrong: String = plain.chars().take(17).chain(other.chars()).collect();
        let full_width = text.replace('-', "－").replace('2', "２");
        let table = [
            (text, Ok(&number)),
            (plain.as_str(), Ok(&number)),
            (full_width.as_str(), Ok(&number)),
            (wrong.as_str(), Err(CheckDigit)),
            ("", Err(Empty)),
            ("210102-2026-123-7", Err(Length)),
            ("21O102-2026-0000123-7", Err(Character)),
        ];
        for (text, expected) in table {
            assert_eq!(CaseNumber::parse(text).as_ref().map_err(|fault| *fault), expected, "{text}");
        }
        let table =
            [("2101", 2026, 1), ("210102", -1, 1), ("210102", 10_000, 1), ("210102", 2026, -1), ("21010A", 2026, 1)];
        for (district, year, running) in table {
            assert!(CaseNumber::new(district, year, running).is_err(), "{district} {year} {running}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_read_back(district in "[0-9]{6}", year in 0i16..=9999, running in 0i64..=i64::MAX) {
            let number = CaseNumber::new(&district, year, running).unwrap();
            prop_assert_eq!(CaseNumber::parse(number.as_str()), Ok(number.clone()));
            prop_assert_eq!((number.year(), number.running()), (year, running));
            let text = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(serde_json::from_str::<CaseNumber>(&text).unwrap(), number);
        }

        #[test]
        fn one_wrong_digit_is_found(running in 0i64..10_000_000, position in 0usize..18, digit in 0u32..10) {
            let right = CaseNumber::new("210102", 2026, running).unwrap().as_str().replace('-', "");
            let wrong: String = right.chars().enumerate()
                .map(|(index, old)| if index == position { char::from_digit(digit, 10).unwrap() } else { old })
                .collect();
            prop_assert_eq!(CaseNumber::parse(&wrong).is_ok(), wrong == right);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}", number in "[-0-9]{0,40}") {
            let _ = CaseNumber::parse(&text);
            let _ = CaseNumber::parse(&number);
        }
    }
}
