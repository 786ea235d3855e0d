//! The numbers of people: resident id, telephone, bank card.

use super::{IdentifierFault, digits, folded, is_dash};
use crate::language::half_width;
use crate::language::is_unseen;
use crate::mask;
use crate::time::Date;
use std::fmt;

/// The codes of provinces, autonomous regions and cities of that rank (GB/T 2260), with 71, 81 and 82 for Taiwan, Hong
/// Kong and Macao, 83 for the residence permits of residents of Taiwan (GB/T 2260, amendment of 2018), and 91 for
/// abroad. No others ever existed.
const PROVINCES: [&str; 36] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83", "91",
];

/// Says whether two digits are the code of a province.
pub(super) fn is_province(code: &str) -> bool {
    PROVINCES.contains(&code)
}

/// Says whether an identity number begins with a place. The card of a foreigner has a 9 before the code of the province
/// that issued it.
fn begins_with_a_place(text: &str) -> bool {
    let two = |from: usize| text.chars().skip(from).take(2).collect::<String>();
    is_province(&two(0)) || (text.starts_with('9') && is_province(&two(1)))
}

/// A citizen's identity number (公民身份号码), GB 11643: 6 digits of place, 8 of birth, 3 of order, and a check
/// character MOD 11-2.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId {
    text: String,
    born: Date,
}

impl ResidentId {
    /// Reads a number. A small x becomes a capital, full-width signs become half-width, and blanks are removed. The old
    /// form of 15 digits is refused.
    ///
    /// # Errors
    /// Fails with `Length`, `Character`, `Province`, `Date` (no such day, or before 1800) or `CheckDigit`.
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        let text = folded(text)?;
        if text.chars().count() != 18 {
            return Err(IdentifierFault::Length);
        }
        let body: String = text.chars().take(17).collect();
        let check = text.chars().next_back().filter(|last| last.is_ascii_digit() || *last == 'X');
        let (Some(values), Some(check)) = (digits(&body), check) else { return Err(IdentifierFault::Character) };
        if values.first() == Some(&0) {
            return Err(IdentifierFault::Character);
        }
        if !begins_with_a_place(&text) {
            return Err(IdentifierFault::Province);
        }
        let number =
            |from: usize, count: usize| values.iter().skip(from).take(count).fold(0, |sum, digit| sum * 10 + digit);
        let born = date_of(number(6, 4), number(10, 2), number(12, 2)).ok_or(IdentifierFault::Date)?;
        // MOD 11-2: 1 + 2 (1 + 2 (...)) mod 11 must be 1, so the check value is 12 - 2p mod 11.
        let remainder = values.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
        let expected = char::from_digit((12 - remainder) % 11, 10).unwrap_or('X');
        if check == expected { Ok(Self { text, born }) } else { Err(IdentifierFault::CheckDigit) }
    }

    /// Returns the number in full. It is personal: keep it out of logs and pages.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the day of birth.
    pub const fn born(&self) -> Date {
        self.born
    }
}

fn date_of(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| *year >= 1800)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ResidentId({})", mask::resident_id(&self.text))
    }
}

/// A mainland telephone number (电话号码): a mobile number, or a landline with its area code. It is kept as digits,
/// `13800130412` or `02423456789`; an extension stands behind a dash, `02423456789-801`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Telephone(String);

/// Words and signs between a number and its extension, the longer before those that they begin with.
const EXTENSION_WORDS: [&str; 12] =
    ["转分机", "转接", "转", "轉", "分机号", "分机", "分機", "extension", "ext.", "ext", "x", "#"];
/// The most digits of an extension.
const EXTENSION_DIGITS: usize = 6;

impl Telephone {
    /// Reads a number. Blanks, dashes, brackets and the country code (+86, 0086, 86) are removed. The extension of a
    /// landline may stand after a dash, a blank or a word such as 转 or ext.
    ///
    /// # Errors
    /// Fails with `Empty`, or with `Telephone` (a wrong number of digits, a letter, or a beginning that no mobile
    /// number and no area code has).
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        Self::read(text).map_err(|fault| match fault {
            IdentifierFault::Empty => fault,
            _ => IdentifierFault::Telephone,
        })
    }

    /// Reads a number with or without an extension.
    fn read(text: &str) -> Result<Self, IdentifierFault> {
        let text: String = text.chars().map(half_width).filter(|sign| !is_unseen(*sign)).collect();
        let text = text.trim().to_lowercase();
        if let Some((number, extension)) = worded(&text) {
            return Self::plain(number)?.extended(extension).ok_or(IdentifierFault::Character);
        }
        let with_dash = text.rsplit_once(|sign: char| is_dash(sign) || sign.is_whitespace());
        let extended = with_dash.and_then(|(number, extension)| Self::plain(number).ok()?.extended(extension));
        extended.map_or_else(|| Self::plain(&text), Ok)
    }

    /// Reads a number without an extension.
    fn plain(text: &str) -> Result<Self, IdentifierFault> {
        let text: String = folded(text)?.chars().filter(|character| !matches!(character, '(' | ')')).collect();
        let national = national(&text);
        let values = digits(&national).ok_or(IdentifierFault::Character)?;
        let lengths = match values.as_slice() {
            [] => return Err(IdentifierFault::Empty),
            [1, 3..=9, ..] => 11..=11,
            // Area codes of three digits, 010 and 02x, come before eight digits (seven in the past).
            [0, 1, 0, 2..=9, ..] | [0, 2, _, 2..=9, ..] => 10..=11,
            // Area codes of four digits come before seven or eight digits.
            [0, 3..=9, _, _, 2..=9, ..] => 11..=12,
            // This is a landline without its area code.
            [2..=9, ..] if values.len() <= 8 => return Err(IdentifierFault::Length),
            _ => return Err(IdentifierFault::Character),
        };
        if lengths.contains(&values.len()) { Ok(Self(national)) } else { Err(IdentifierFault::Length) }
    }

    /// Returns a landline with its extension, or nothing if it can have none or if that is no extension.
    fn extended(self, extension: &str) -> Option<Self> {
        let fits = (1..=EXTENSION_DIGITS).contains(&extension.len());
        let sound = fits && extension.bytes().all(|sign| sign.is_ascii_digit()) && !self.is_mobile();
        sound.then(|| Self(format!("{}-{extension}", self.0)))
    }

    /// Returns the number that is dialled, without its extension.
    pub fn dialled(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// Returns the number in digits, with a dash before its extension. It is personal: keep it out of logs and pages.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Says whether messages can be sent to it.
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with('1')
    }
}

/// Returns a number and its extension, where a word or sign stands between them.
fn worded(text: &str) -> Option<(&str, &str)> {
    let (number, extension) = EXTENSION_WORDS.iter().find_map(|word| text.split_once(*word))?;
    let between = |sign: char| sign.is_whitespace() || is_dash(sign) || matches!(sign, ':' | '.' | '号' | '(' | ')');
    Some((number.trim_end_matches(between), extension.trim_matches(between)))
}

/// Returns the number as it is dialled within the country.
fn national(text: &str) -> String {
    let long = text.chars().count() >= 12;
    let with_code = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086"));
    match with_code.or_else(|| text.strip_prefix("86").filter(|_| long)) {
        // Abroad the area code is dialled without its zero.
        Some("") => String::new(),
        Some(rest) if !rest.starts_with(['0', '1']) || rest.starts_with("10") => format!("0{rest}"),
        Some(rest) => rest.to_owned(),
        None => text.to_owned(),
    }
}

impl fmt::Debug for Telephone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Telephone({})", mask::telephone(&self.0))
    }
}

/// The number of a bank card or of an account (银行卡号、账号). A card has 12 to 19 digits, of which the last is a
/// check digit after Luhn (ISO/IEC 7812). Passbooks and the accounts of smaller banks have numbers of other kinds:
/// somebody confirms them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankCard(String);

/// Digits of the numbers that banks give to accounts.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 8..=30;

impl BankCard {
    /// Reads the number of a card. Blanks and dashes are removed.
    ///
    /// # Errors
    /// Fails with `Length`, `Character` or `CheckDigit`.
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        let text = folded(text)?;
        let values = digits(&text).ok_or(IdentifierFault::Character)?;
        if !(12..=19).contains(&values.len()) {
            return Err(IdentifierFault::Length);
        }
        let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
        let value = |(index, digit): (usize, &u32)| if index % 2 == 1 { doubled(*digit) } else { *digit };
        let sum: u32 = values.iter().rev().enumerate().map(value).sum();
        if sum.is_multiple_of(10) { Ok(Self(text)) } else { Err(IdentifierFault::CheckDigit) }
    }

    /// Reads the number of a card, or of an account if it was confirmed that the number is right.
    ///
    /// # Errors
    /// Fails with `Unsure` where it may be an account's and was not confirmed, else as [`BankCard::parse`] does.
    pub fn parse_confirmed(text: &str, confirmed: bool) -> Result<Self, IdentifierFault> {
        match Self::parse(text) {
            Err(fault @ (IdentifierFault::Length | IdentifierFault::CheckDigit)) => {
                let number = folded(text)?;
                match (ACCOUNT_DIGITS.contains(&number.len()), confirmed) {
                    (true, true) => Ok(Self(number)),
                    (true, false) => Err(IdentifierFault::Unsure),
                    (false, _) => Err(fault),
                }
            }
            read => read,
        }
    }

    /// Returns the number in digits. It is personal: keep it out of logs and pages.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BankCard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "BankCard({})", mask::bank_card(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn resident_ids() {
        use IdentifierFault::{Character, CheckDigit, Date, Empty, Length, Province};
        let table = [
            ("11010519491231002X", Ok("11010519491231002X")), // the example of the standard
            ("11010519491231002x", Ok("11010519491231002X")),
            ("１１０１０５１９４９１２３１００２ｘ", Ok("11010519491231002X")),
            (" 110105 19491231 002X ", Ok("11010519491231002X")),
            ("440524188001010014", Ok("440524188001010014")), // the standard's second example
            ("", Err(Empty)),
            ("　 ", Err(Empty)),
            ("11010519491231002", Err(Length)),
            ("110105491231002", Err(Length)),
            ("1101051949123100XX", Err(Character)),
            ("11010519491231002Y", Err(Character)),
            ("01010519491231002X", Err(Character)),
            ("170102199003051088", Err(Province)),
            ("900156199003051083", Err(Province)),
            ("921156199003051088", Ok("921156199003051088")), // a foreigner's card since 2023
            ("810000199003051084", Ok("810000199003051084")),
            ("830000199003051088", Ok("830000199003051088")),
            ("11010519491231002\u{FF38}\u{200B}", Ok("11010519491231002X")),
            ("\u{202D}11010519491231002x\u{202C}\u{A0}", Ok("11010519491231002X")),
            ("110105194912三1002X", Err(Character)),
            ("11010519490231002X", Err(Date)),
            ("11010519491331002X", Err(Date)),
            ("110105200002290021", Ok("110105200002290021")), // the 29th of February of a leap year
            ("210101190002290015", Err(Date)),                // 1900 was none
            ("210101180001010019", Ok("210101180001010019")),
            ("210101179912310014", Err(Date)),
            ("210101000102290020", Err(Date)),
            ("21010119991231999x", Ok("21010119991231999X")),
            ("2101-0119-9912-31999X", Ok("21010119991231999X")),
            ("110105194900310021", Err(Date)),
            ("110105194912000021", Err(Date)),
            ("110105194912310021", Err(CheckDigit)),
            ("11010519491231020X", Err(CheckDigit)),
        ];
        for (text, expected) in table {
            let found = ResidentId::parse(text);
            assert_eq!(found.as_ref().map(ResidentId::as_str).map_err(|fault| *fault), expected, "{text}");
        }
        let id = ResidentId::parse("11010519491231002X").unwrap();
        assert_eq!(id.born(), jiff::civil::date(1949, 12, 31));
        assert_eq!(format!("{id:?}"), "ResidentId(1101**********002X)");
    }

    #[test]
    fn telephones() {
        use IdentifierFault::Empty;
        let table = [
            ("13800130412", Ok("13800130412")),
            ("138 0013-0412", Ok("13800130412")),
            ("+86 138 0013 0412", Ok("13800130412")),
            ("0086-13800130412", Ok("13800130412")),
            ("8613800130412", Ok("13800130412")),
            ("１３８００１３０４１２", Ok("13800130412")),
            ("024-2345 6789", Ok("02423456789")),
            ("（024）23456789", Ok("02423456789")),
            ("+86 24 2345 6789", Ok("02423456789")),
            ("+86 10 6552 9988", Ok("01065529988")),
            ("0412-5523456", Ok("04125523456")),
            ("010 6552 9988", Ok("01065529988")),
            ("024-234-5678", Ok("0242345678")), // seven digits, as in the past
            ("0412-55234567", Ok("041255234567")),
            ("+86 412 552 3456", Ok("04125523456")),
            ("0086 24 23456789", Ok("02423456789")),
            ("138\u{200B}0013\u{FEFF}0412", Ok("13800130412")),
            ("\u{202D}13800130412\u{202C}", Ok("13800130412")),
            ("024\u{A0}2345\u{A0}6713", Ok("02423456713")),
            ("024-23456713-801", Ok("02423456713-801")),
            ("02423456713-801", Ok("02423456713-801")),
            ("024-23456713 801", Ok("02423456713-801")),
            ("024-23456713转801", Ok("02423456713-801")),
            ("024 2345 6713 转 801", Ok("02423456713-801")),
            ("（024）23456713转分机：801", Ok("02423456713-801")),
            ("024-23456713 ext. 801", Ok("02423456713-801")),
            ("02423456713EXT801", Ok("02423456713-801")),
            ("02423456713x801", Ok("02423456713-801")),
            ("０２４－２３４５６７１３－８０１", Ok("02423456713-801")),
            ("+86 24 23456713 #8", Ok("02423456713-8")),
            ("0412-5523456-8", Ok("04125523456-8")),
            ("", Err(Empty)),
            ("-－—", Err(Empty)),
            ("()", Err(Empty)),
            ("+86", Err(Empty)),
            ("110", Err(IdentifierFault::Telephone)),
            ("86138001304", Err(IdentifierFault::Telephone)),
            ("0412-552345678", Err(IdentifierFault::Telephone)),
            ("024-12345678", Err(IdentifierFault::Telephone)),
            ("10086", Err(IdentifierFault::Telephone)),
            ("13800130412转3", Err(IdentifierFault::Telephone)),
            ("024-23456713转", Err(IdentifierFault::Telephone)),
            ("024-23456713转人工", Err(IdentifierFault::Telephone)),
            ("024-23456713-8011234", Err(IdentifierFault::Telephone)),
            ("转801", Err(Empty)),
            ("1380013041", Err(IdentifierFault::Telephone)),
            ("138001304123", Err(IdentifierFault::Telephone)),
            ("23456789", Err(IdentifierFault::Telephone)),
            ("024-234567890", Err(IdentifierFault::Telephone)),
            ("0412-552345", Err(IdentifierFault::Telephone)),
            ("12800130412", Err(IdentifierFault::Telephone)),
            ("010-12345678", Err(IdentifierFault::Telephone)),
            ("1380013o412", Err(IdentifierFault::Telephone)),
        ];
        for (text, expected) in table {
            let found = Telephone::parse(text);
            assert_eq!(found.as_ref().map(Telephone::as_str).map_err(|fault| *fault), expected, "{text}");
        }
        let mobile = Telephone::parse("13800130412").unwrap();
        assert!(mobile.is_mobile());
        assert_eq!(Telephone::parse("024-23456713-801").unwrap().dialled(), "02423456713");
        assert_eq!(mobile.dialled(), "13800130412");
        assert!(!Telephone::parse("02423456789").unwrap().is_mobile());
        assert_eq!(format!("{mobile:?}"), "Telephone(138****0412)");
    }

    #[test]
    fn bank_cards() {
        use IdentifierFault::{Character, CheckDigit, Empty, Length};
        let table = [
            ("4111 1111 1111 1111", Ok("4111111111111111")),
            ("6217-0000-0006", Ok("621700000006")), // the shortest
            ("６２１７００００００００００００００４", Ok("6217000000000000004")),
            ("6222021234567890128", Ok("6222021234567890128")), // the longest
            ("62170000000000000006", Err(Length)),
            ("", Err(Empty)),
            ("79927398713", Err(Length)),
            ("6222021234567890123456", Err(Length)),
            ("4111 1111 1111 1112", Err(CheckDigit)),
            ("4111 1111 1111 111A", Err(Character)),
        ];
        for (text, expected) in table {
            let found = BankCard::parse(text);
            assert_eq!(found.as_ref().map(BankCard::as_str).map_err(|fault| *fault), expected, "{text}");
        }
        let sure =
            |text: &str, confirmed| BankCard::parse_confirmed(text, confirmed).map(|card| card.as_str().to_owned());
        let table = [
            ("19000112233445", Err(IdentifierFault::Unsure), Ok("19000112233445")),
            ("4111 1111 1111 1112", Err(IdentifierFault::Unsure), Ok("4111111111111112")),
            ("6222021234567890123456", Err(IdentifierFault::Unsure), Ok("6222021234567890123456")),
            ("4111 1111 1111 1111", Ok("4111111111111111"), Ok("4111111111111111")),
            ("1234567", Err(Length), Err(Length)),
            ("4111 1111 1111 111A", Err(Character), Err(Character)),
            ("存折", Err(Character), Err(Character)),
            ("", Err(Empty), Err(Empty)),
        ];
        for (text, unsure, confirmed) in table {
            let found = (sure(text, false), sure(text, true));
            assert_eq!(found, (unsure.map(str::to_owned), confirmed.map(str::to_owned)), "{text}");
        }
        assert_eq!(format!("{:?}", BankCard::parse("4111111111111111").unwrap()), "BankCard(4111 **** **** 1111)");
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_found(position in 0usize..17, digit in 0u32..10) {
            let right = "11010519491231002X";
            let wrong: String = right.chars().enumerate()
                .map(|(index, old)| if index == position { char::from_digit(digit, 10).unwrap() } else { old })
                .collect();
            prop_assert_eq!(ResidentId::parse(&wrong).is_ok(), wrong == right);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}", number in "[-+ 0-9Xx]{0,24}") {
            for text in [&text, &number] {
                if let Ok(id) = ResidentId::parse(text) {
                    prop_assert_eq!(ResidentId::parse(id.as_str()), Ok(id.clone()));
                }
                if let Ok(telephone) = Telephone::parse(text) {
                    prop_assert_eq!(Telephone::parse(telephone.as_str()), Ok(telephone.clone()));
                }
                if let Ok(card) = BankCard::parse(text) {
                    prop_assert_eq!(BankCard::parse(card.as_str()), Ok(card.clone()));
                }
            }
        }
    }
}
