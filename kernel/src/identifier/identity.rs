//! The papers by which people prove who they are (证件), and the numbers on them.
//!
//! Not everybody has a resident identity card. What is known of a number is checked: where a check digit is published
//! it must fit, and where none is, only the length and the characters can be wrong.

use super::kind::{IdentityKind, OF, split};
use super::{CreditCode, IdentifierFault, ResidentId, folded};
use crate::language::Lang;
use crate::time::Date;
use std::fmt;

/// The longest life that a number may tell of, in years.
const LONGEST_LIFE: i16 = 130;
/// Characters of a passport number.
const PASSPORT: std::ops::RangeInclusive<usize> = 5..=12;
/// The fewest figures of a passport number: fewer make a word.
const PASSPORT_FIGURES: usize = 3;

/// The number of somebody's paper, with the kind of the paper.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    kind: IdentityKind,
    number: String,
    born: Option<Date>,
}

impl Identity {
    /// Reads a number as it is kept: `11010519491231002X`, `CAN210141030512`, `passport:E12345678`.
    ///
    /// # Errors
    /// Fails with the fault of the number; a number without a kind is one of a card.
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        match split(text) {
            Some((kind, number)) => Self::of(kind, number),
            None => Self::card(text),
        }
    }

    /// Reads the number of a paper of that kind. Which of the cards it is follows from the number.
    ///
    /// # Errors
    /// Fails with the fault of the number.
    pub fn of(kind: IdentityKind, text: &str) -> Result<Self, IdentifierFault> {
        let plain: fn(&str) -> Result<String, IdentifierFault> = match kind {
            IdentityKind::Passport => passport,
            IdentityKind::HkMacaoPermit => hk_macao_permit,
            IdentityKind::TaiwanPermit => taiwan_permit,
            IdentityKind::Unit => |text: &str| CreditCode::parse(text).map(|code| code.as_str().to_owned()),
            IdentityKind::Resident | IdentityKind::ResidencePermit | IdentityKind::PermanentCard => {
                return Self::card(text);
            }
        };
        Ok(Self { kind, number: plain(text)?, born: None })
    }

    /// Reads the number of an identity card, a residence permit, or a permanent resident card, old or new.
    ///
    /// # Errors
    /// Fails with the fault of the number.
    pub fn card(text: &str) -> Result<Self, IdentifierFault> {
        let plain = folded(text)?;
        if plain.starts_with(|first: char| first.is_ascii_uppercase()) {
            let number = old_permanent_card(&plain)?;
            return Ok(Self { kind: IdentityKind::PermanentCard, number, born: None });
        }
        let id = ResidentId::parse(&plain)?;
        Ok(Self { kind: shape(id.as_str()), number: id.as_str().to_owned(), born: Some(id.born()) })
    }

    /// Returns every paper of which this may be the number: whoever looks for a person often does not say which.
    pub fn readings(text: &str) -> Vec<Self> {
        if let Some((kind, number)) = split(text) {
            return Self::of(kind, number).into_iter().collect();
        }
        let others = IdentityKind::ALL.into_iter().filter(|kind| !kind.is_card());
        Self::card(text).into_iter().chain(others.filter_map(|kind| Self::of(kind, text).ok())).collect()
    }

    /// Returns it if somebody with that number can live today.
    ///
    /// # Errors
    /// Fails with `Birth` when the day of birth lies ahead, or too long ago.
    pub fn living(self, today: Date) -> Result<Self, IdentifierFault> {
        match self.born {
            Some(born) if born > today || today.year() - born.year() > LONGEST_LIFE => Err(IdentifierFault::Birth),
            _ => Ok(self),
        }
    }

    /// Returns the kind of the paper.
    pub const fn kind(&self) -> IdentityKind {
        self.kind
    }

    /// Returns the number as it stands on the paper. It is personal: keep it out of logs and pages.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Returns the day of birth, where the number tells it.
    pub const fn born(&self) -> Option<Date> {
        self.born
    }

    /// Returns the spelling under which it is kept and searched: the number of a card alone, and before the number of
    /// any other paper the code of the paper. It is personal as well.
    pub fn kept(&self) -> String {
        if self.kind.is_card() { self.number.clone() } else { format!("{}{OF}{}", self.kind.code(), self.number) }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Identity({}:…)", self.kind.code())
    }
}

/// Returns the kind of a card by the beginning of its number, which a mask leaves visible.
fn shape(number: &str) -> IdentityKind {
    if number.starts_with(|first: char| first.is_ascii_uppercase() || first == '9') {
        IdentityKind::PermanentCard
    } else if ["8100", "8200", "8300"].iter().any(|code| number.starts_with(code)) {
        IdentityKind::ResidencePermit
    } else {
        IdentityKind::Resident
    }
}

/// Returns a number as people read it, in full or masked: that of an identity card alone, any other with its paper
/// before it, `护照 E12345678`.
pub fn told(kept: &str, lang: Lang) -> String {
    let (kind, number) = split(kept).unwrap_or_else(|| (shape(kept), kept));
    match kind {
        IdentityKind::Resident => number.to_owned(),
        other => format!("{} {number}", other.name().get(lang)),
    }
}

/// Returns the code of the kind that a form shows for what is kept, and the number.
pub fn typed(kept: &str) -> (String, String) {
    match split(kept) {
        Some((kind, number)) => (kind.code().to_owned(), number.to_owned()),
        None => (IdentityKind::Resident.code().to_owned(), kept.to_owned()),
    }
}

/// Three letters of the country and twelve digits, of which the first four name the place that issued it. The rule of
/// its last digit is not published.
fn old_permanent_card(text: &str) -> Result<String, IdentifierFault> {
    if text.chars().count() != 15 {
        return Err(IdentifierFault::Length);
    }
    let letters = text.chars().take(3).all(|sign| sign.is_ascii_uppercase());
    if !letters || !text.chars().skip(3).all(|sign| sign.is_ascii_digit()) {
        return Err(IdentifierFault::Character);
    }
    let place: String = text.chars().skip(3).take(2).collect();
    if super::person::is_province(&place) { Ok(text.to_owned()) } else { Err(IdentifierFault::Province) }
}

/// Letters and figures as each country likes.
fn passport(text: &str) -> Result<String, IdentifierFault> {
    let text = folded(text)?;
    let figures = text.chars().filter(char::is_ascii_digit).count();
    if !text.chars().all(|sign| sign.is_ascii_alphanumeric()) || figures < PASSPORT_FIGURES {
        return Err(IdentifierFault::Character);
    }
    if PASSPORT.contains(&text.len()) { Ok(text) } else { Err(IdentifierFault::Length) }
}

/// H for Hong Kong or M for Macao, eight digits, and on older permits two more of how often it was renewed.
fn hk_macao_permit(text: &str) -> Result<String, IdentifierFault> {
    let text = folded(text)?;
    let figures = text.strip_prefix(['H', 'M']).ok_or(IdentifierFault::Character)?;
    if !figures.chars().all(|sign| sign.is_ascii_digit()) {
        return Err(IdentifierFault::Character);
    }
    if matches!(figures.len(), 8 | 10) { Ok(text) } else { Err(IdentifierFault::Length) }
}

/// Eight digits, and on older permits two more and letters of the place that issued it, often in brackets.
fn taiwan_permit(text: &str) -> Result<String, IdentifierFault> {
    let text: String = folded(text)?.chars().filter(|sign| !matches!(sign, '(' | ')')).collect();
    let figures = text.trim_end_matches(|sign: char| sign.is_ascii_uppercase());
    if !figures.chars().all(|sign| sign.is_ascii_digit()) {
        return Err(IdentifierFault::Character);
    }
    let fits = matches!(figures.len(), 8 | 10) && text.len() <= figures.len() + 2;
    if fits { Ok(text) } else { Err(IdentifierFault::Length) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const RESIDENT: &str = "11010519491231002X";

    #[test]
    fn each_paper_has_its_own_number() {
        use IdentifierFault::{Character, CheckDigit, Empty, Length, Province};
        use IdentityKind::{HkMacaoPermit, Passport, PermanentCard, Resident, TaiwanPermit, Unit};
        let table = [
            (Resident, "11010519491231002x", Ok(RESIDENT)),
            (Resident, "CAN210141030512", Ok("CAN210141030512")),
            (PermanentCard, " can 2101 4103 0512 ", Ok("CAN210141030512")),
            (PermanentCard, "CAN21014103051", Err(Length)),
            (PermanentCard, "CA1210141030512", Err(Character)),
            (PermanentCard, "CAN170141030512", Err(Province)),
            (Passport, "E12345678", Ok("passport:E12345678")),
            (Passport, "ｅｊ1234567", Ok("passport:EJ1234567")),
            (Passport, "C01X00T47", Ok("passport:C01X00T47")),
            (Passport, "HELLO", Err(Character)),
            (Passport, "E12-45678号", Err(Character)),
            (Passport, "E123", Err(Length)),
            (Passport, "", Err(Empty)),
            (HkMacaoPermit, "h12345678", Ok("hk_macao_permit:H12345678")),
            (HkMacaoPermit, "M1234567801", Ok("hk_macao_permit:M1234567801")),
            (HkMacaoPermit, "K12345678", Err(Character)),
            (HkMacaoPermit, "H1234567", Err(Length)),
            (TaiwanPermit, "12345678", Ok("taiwan_permit:12345678")),
            (TaiwanPermit, "0012345678（a）", Ok("taiwan_permit:0012345678A")),
            (TaiwanPermit, "1234567", Err(Length)),
            (TaiwanPermit, "12345678ABC", Err(Length)),
            (TaiwanPermit, "A12345678", Err(Character)),
            (Unit, "91350100m000100y43", Ok("credit_code:91350100M000100Y43")),
            (Unit, "914403001922038217", Err(CheckDigit)),
        ];
        for (kind, text, expected) in table {
            let found = Identity::of(kind, text).map(|identity| identity.kept());
            assert_eq!(found, expected.map(str::to_owned), "{kind:?} {text}");
            if let Ok(kept) = found {
                assert_eq!(Identity::parse(&kept).map(|again| again.kept()), Ok(kept), "{text}");
            }
        }
        assert_eq!(Identity::parse("passport:").map(|identity| identity.kept()), Err(Empty));
        assert_eq!(Identity::parse("E12345678").map(|identity| identity.kept()), Err(Length));
    }

    #[test]
    fn a_number_alone_is_looked_for_among_all_papers() {
        let kept = |text: &str| Identity::readings(text).iter().map(Identity::kept).collect::<Vec<_>>();
        assert_eq!(kept("11010519491231002x"), [RESIDENT]);
        assert_eq!(kept("H12345678"), ["passport:H12345678", "hk_macao_permit:H12345678"]);
        assert_eq!(kept("12345678"), ["passport:12345678", "taiwan_permit:12345678"]);
        assert_eq!(kept("passport：e12345678"), ["passport:E12345678"]);
        assert_eq!(kept("CAN210141030512"), ["CAN210141030512"]);
        assert!(kept("李岺").is_empty());
    }

    #[test]
    fn nobody_is_born_tomorrow_or_is_older_than_people_become() {
        let today = date(2026, 11, 30);
        let living = |text: &str| Identity::parse(text).and_then(|identity| identity.living(today)).map(drop);
        assert_eq!(living("210102209003051087"), Err(IdentifierFault::Birth));
        assert_eq!(living("440524188001010014"), Err(IdentifierFault::Birth));
        assert_eq!(living(RESIDENT), Ok(()));
        assert_eq!(living("passport:E12345678"), Ok(()));
        let at = |day| Identity::parse("11010519491231002X").unwrap().living(day).is_ok();
        assert_eq!((at(date(1949, 12, 30)), at(date(1949, 12, 31)), at(date(2080, 1, 1))), (false, true, false));
    }

    #[test]
    fn a_number_is_told_with_its_paper() {
        let table = [
            (RESIDENT, RESIDENT, RESIDENT),
            ("1101**********002X", "1101**********002X", "1101**********002X"),
            ("passport:E12345678", "护照 E12345678", "Passport E12345678"),
            ("passport:E1****678", "护照 E1****678", "Passport E1****678"),
            (
                "CAN********0512",
                "外国人永久居留身份证 CAN********0512",
                "Foreign permanent resident card CAN********0512",
            ),
        ];
        for (kept, zh, en) in table {
            assert_eq!((told(kept, Lang::Zh).as_str(), told(kept, Lang::En).as_str()), (zh, en));
        }
        assert!(told("8100**********0013", Lang::Zh).starts_with("港澳台居民居住证 "));
        assert!(told("9211**********0013", Lang::Zh).starts_with("外国人永久居留身份证 "));
        assert_eq!(typed("passport:E1"), ("passport".to_owned(), "E1".to_owned()));
        assert_eq!(typed(RESIDENT).0, "resident_id");
        assert_eq!(format!("{:?}", Identity::parse("passport:E12345678").unwrap()), "Identity(passport:…)");
    }
}
