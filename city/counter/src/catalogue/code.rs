//! The code of an item: how it is formed, and how people may write it.

use kernel::language::half_width;

/// The code of an item (事项编码): the prefix of its department, a hyphen and two digits, such as
/// `MZ-11`; three where a department has more than ninety-nine items (`MZ-104`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemCode(String);

impl ItemCode {
    /// Reads a code; small letters and capitals are the same, full-width signs and half-width ones too. It is none if
    /// it is formed in another way.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code: String = text.chars().map(half_width).collect();
        let code = code.trim().to_ascii_uppercase();
        let is_formed = code.rsplit_once('-').is_some_and(|(prefix, _)| is_code_of(&code, prefix));
        is_formed.then_some(Self(code))
    }

    /// Returns the code in capitals, as the files have it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Says whether a code is formed as the codes of a department with that prefix are.
#[must_use]
pub fn is_code_of(code: &str, prefix: &str) -> bool {
    let digits = code.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| (2..=3).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::catalogue;

    #[test]
    fn a_code_is_read_however_its_letters_are_written() {
        for (typed, code) in [
            ("MZ-11", Some("MZ-11")),
            ("mz-11", Some("MZ-11")),
            (" Mz-01 ", Some("MZ-01")),
            ("XX-99", Some("XX-99")),
            ("MZ-1", None),
            ("MZ-104", Some("MZ-104")),
            ("MZ-1040", None),
            ("MZ-1a", None),
            ("MZ11", None),
            ("ＭＺ－１１", Some("MZ-11")),
            ("11", None),
            ("", None),
        ] {
            assert_eq!(ItemCode::parse(typed).as_ref().map(ItemCode::as_str), code, "{typed}");
        }
    }

    #[test]
    fn every_code_of_the_catalogue_is_read() {
        for item in catalogue().items() {
            assert_eq!(ItemCode::parse(&item.code).as_ref().map(ItemCode::as_str), Some(item.code.as_str()));
        }
    }

    #[test]
    fn a_code_belongs_to_the_department_whose_prefix_it_has() {
        for (code, prefix, belongs) in [
            ("MZ-11", "MZ", true),
            ("MZ-11", "M", false),
            ("MZ-11", "RS", false),
            ("mz-11", "MZ", false),
            ("MZ-1", "MZ", false),
            ("MZ-104", "MZ", true),
            ("MZ-1040", "MZ", false),
        ] {
            assert_eq!(is_code_of(code, prefix), belongs, "{code} {prefix}");
        }
    }
}
