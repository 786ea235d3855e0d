//! The number of a case that people read, write down and say on the telephone.

use super::{IdentifierFault, folded};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A case number (办件编号): district code, year, running number of the district in that year, and a check digit after
/// ISO/IEC 7064 MOD 11,10, as in `210102-2026-0000123-7`. It is neither personal nor secret.
///
/// The counter's cases have figures alone. Every other series of a district counts by itself, and its capital letter
/// leads the running number, as in `210102-2026-L000012-7`: the number stays as long as the others, and nothing but a
/// series has a letter there. The check digit counts the letter as two digits, A as 10 to Z as 35.
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
        Self::assembled(district_code, year, &format!("{running:07}"), running)
    }

    /// Makes the number of a case in a series of its own, as [`CaseNumber::new`] does. The letter of the series is a
    /// capital one other than I and O, which look like figures; the running number has six digits or more.
    ///
    /// # Errors
    /// Fails as [`CaseNumber::new`] does, and with `Character` when the letter is none that a series may have.
    pub fn of_series(letter: char, district_code: &str, year: i16, running: i64) -> Result<Self, IdentifierFault> {
        if !is_series(letter) {
            return Err(IdentifierFault::Character);
        }
        Self::assembled(district_code, year, &format!("{letter}{running:06}"), running)
    }

    fn assembled(code: &str, year: i16, shown: &str, running: i64) -> Result<Self, IdentifierFault> {
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdentifierFault::Character);
        }
        if code.len() != 6 || !(0..=9999).contains(&year) || running < 0 {
            return Err(IdentifierFault::Length);
        }
        let body = values(&format!("{code}{year:04}{shown}")).ok_or(IdentifierFault::Character)?;
        Ok(Self(format!("{code}-{year:04}-{shown}-{}", check_digit(&body))))
    }

    /// Reads a number. Dashes may be missing; full-width signs are made half-width, and blanks are removed.
    ///
    /// # Errors
    /// Fails with `Length`, `Character` or `CheckDigit`.
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        let text = folded(text)?;
        let signs: Vec<char> = text.chars().collect();
        let letter = signs.get(SERIES_AT).copied().filter(|sign| is_series(*sign));
        let is_figure = |(at, sign): (usize, &char)| sign.is_ascii_digit() || (letter.is_some() && at == SERIES_AT);
        if !signs.iter().enumerate().all(is_figure) {
            return Err(IdentifierFault::Character);
        }
        if !(18..=31).contains(&signs.len()) {
            return Err(IdentifierFault::Length);
        }
        let part = |from: usize, count: usize| signs.iter().skip(from).take(count).collect::<String>();
        let year = part(6, 4).parse().map_err(|_| IdentifierFault::Character)?;
        let first = if letter.is_some() { SERIES_AT + 1 } else { SERIES_AT };
        let running = part(first, signs.len() - first - 1);
        let usual = if letter.is_some() { 6 } else { 7 };
        if running.len() > usual && running.starts_with('0') {
            return Err(IdentifierFault::Length);
        }
        let running = running.parse().map_err(|_| IdentifierFault::Length)?;
        let body = values(&part(0, signs.len() - 1)).ok_or(IdentifierFault::Character)?;
        let last = signs.last().and_then(|sign| sign.to_digit(10));
        if last != Some(check_digit(&body)) {
            return Err(IdentifierFault::CheckDigit);
        }
        match letter {
            Some(letter) => Self::of_series(letter, &part(0, 6), year, running),
            None => Self::new(&part(0, 6), year, running),
        }
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

    /// Returns the letter of the series; none for the counter's cases.
    pub fn series(&self) -> Option<char> {
        self.part(2).chars().next().filter(char::is_ascii_uppercase)
    }

    /// Returns the running number.
    pub fn running(&self) -> i64 {
        self.part(2).trim_start_matches(|sign: char| sign.is_ascii_uppercase()).parse().unwrap_or_default()
    }
}

/// Where the letter of a series stands among the signs of a number without dashes.
const SERIES_AT: usize = 10;

/// Whether a letter may lead the numbers of a series.
const fn is_series(letter: char) -> bool {
    letter.is_ascii_uppercase() && !matches!(letter, 'I' | 'O')
}

/// The digits that the check digit is computed of: of a letter both digits of its place, A as 10 to Z as 35.
fn values(text: &str) -> Option<Vec<u32>> {
    let mut values = Vec::with_capacity(text.len() + 1);
    for sign in text.chars() {
        let value = sign.to_digit(36)?;
        if value >= 10 {
            values.push(value / 10);
        }
        values.push(value % 10);
    }
    Some(values)
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

    #[test]
    fn a_series_has_a_letter_and_nothing_else_has_one() {
        use IdentifierFault::{Character, CheckDigit};
        let number = CaseNumber::of_series('L', "210102", 2026, 12).unwrap();
        assert!(number.as_str().starts_with("210102-2026-L000012-"), "{number}");
        assert_eq!((number.series(), number.running(), number.year()), (Some('L'), 12, 2026));
        assert_eq!(CaseNumber::new("210102", 2026, 12).unwrap().series(), None);
        let typed = number.as_str().replace('-', "").to_lowercase();
        assert_eq!(CaseNumber::parse(&typed), Ok(number.clone()));
        let table = [
            (number.as_str().replace('L', "M"), CheckDigit),
            (number.as_str().replace('L', "I"), Character),
            (number.as_str().replace('L', "灯"), Character),
            (number.as_str().replace("L0", "0L"), Character),
        ];
        for (text, expected) in table {
            assert_eq!(CaseNumber::parse(&text), Err(expected), "{text}");
        }
        for letter in ['I', 'O', 'l', '7', '灯'] {
            assert_eq!(CaseNumber::of_series(letter, "210102", 2026, 1), Err(Character), "{letter}");
        }
    }

    proptest! {
        #[test]
        fn a_number_of_a_series_is_read_back(letter in "[A-HJ-NP-Z]", running in 0i64..=i64::MAX) {
            let letter = letter.chars().next().unwrap();
            let number = CaseNumber::of_series(letter, "210102", 2026, running).unwrap();
            prop_assert_eq!(CaseNumber::parse(number.as_str()), Ok(number.clone()));
            prop_assert_eq!((number.series(), number.running()), (Some(letter), running));
        }

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
