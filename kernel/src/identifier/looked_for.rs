//! Tells words that people look for from the numbers of people, which belong into no address: an address stays in the
//! history of a browser and in the logs of what lies between.

use super::{CaseNumber, Telephone};
use crate::language::{half_width, is_unseen};

/// How many digits a bank number has that nobody takes for another one. Shorter ones may be codes of places.
const BANK_DIGITS: std::ops::RangeInclusive<usize> = 16..=19;
/// How many characters an identity number has.
const IDENTITY_LENGTH: usize = 18;

/// Says whether words that are looked for hold what looks like an identity, telephone or bank number, well formed or
/// mistyped. The number of a case, also without its check digit, is none.
pub fn looks_personal(words: &str) -> bool {
    let plain: String = words.chars().filter(|sign| !is_unseen(*sign)).map(half_width).collect();
    let plain = plain.to_ascii_uppercase();
    let of_number = |sign: char| sign.is_ascii_digit() || matches!(sign, 'X' | '-' | '+' | '(' | ')' | ' ');
    plain
        .split(|sign: char| !of_number(sign))
        .any(|run| !is_case(run) && (is_personal(run) || run.split(' ').any(|one| !is_case(one) && is_personal(one))))
}

/// Says whether digits, with signs between them, are those of a person.
fn is_personal(run: &str) -> bool {
    let signs: String = run.chars().filter(|sign| sign.is_ascii_digit() || *sign == 'X').collect();
    let digits = signs.trim_end_matches('X');
    if digits.contains('X') {
        return false;
    }
    let is_identity = signs.len() == IDENTITY_LENGTH && digits.len().saturating_add(1) >= IDENTITY_LENGTH;
    let dialled = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")).unwrap_or(digits);
    let is_telephone = signs == digits && dialled.starts_with(['0', '1']) && Telephone::parse(dialled).is_ok();
    is_identity || is_telephone || (signs == digits && BANK_DIGITS.contains(&digits.len()))
}

/// Says whether these are the digits of a case's number, of which the check digit may be missing or wrong: six of the
/// district, four of a year of this century, seven and one.
fn is_case(run: &str) -> bool {
    let parts: Vec<&str> = run.trim().split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    CaseNumber::parse(run).is_ok() || matches!(lengths.as_slice(), [6, 4, 7] | [6, 4, 7, 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_told_from_words_and_from_numbers_of_cases() {
        for words in [
            "210102194103120022",
            "11010519491231002x",
            "110105 19491231 002X",
            "２１０１０２１９４１０３１２００２２",
            "李岺 210102194103120022",
            "身份证210102194103120022的件",
            "13800130412",
            "138 0013 0412",
            "+86 138-0013-0412",
            "电话13800130412",
            "024-23456789",
            "6217000000000000004",
            "6217 0000 0000 0000",
            "210104-2026-0000001-4 13800130412",
        ] {
            assert!(looks_personal(words), "{words}");
        }
        let number = CaseNumber::new("210104", 2026, 1).unwrap();
        let compact = number.as_str().replace('-', "");
        for words in [
            "",
            "高龄津贴",
            "MZ-11",
            "85",
            "0000001",
            "2026-11-23 10:00",
            "210104001001",
            "210104",
            "12345",
            "给85岁的妈妈",
            "210104-2026-0000001",
            "210104-2026-0000001-9",
            number.as_str(),
            &compact,
        ] {
            assert!(!looks_personal(words), "{words}");
        }
    }
}
