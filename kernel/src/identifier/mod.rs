//! The numbers of people and organisations, checked as their standards say.
//!
//! The numbers of people are personal: they print masked, have no `Display` and cannot be serialized.

mod case_number;
mod identity;
mod kind;
mod looked_for;
mod organisation;
mod person;

pub use case_number::CaseNumber;
pub use identity::{Identity, told, typed};
pub use kind::IdentityKind;
pub(crate) use kind::split;
pub use looked_for::looks_personal;
pub use organisation::CreditCode;
pub use person::{BankCard, ResidentId, Telephone};

use crate::language::half_width;
use crate::language::is_unseen;
use crate::refusal::{Code, Refusal};

/// The reason why a text is not the number it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierFault {
    /// Nothing was entered.
    #[error("the number is empty")]
    Empty,
    /// The text has too many or too few characters.
    #[error("the number has too many or too few characters")]
    Length,
    /// A character stands where it cannot stand.
    #[error("the number has a character that cannot stand there")]
    Character,
    /// The date within the number does not exist.
    #[error("the date within the number does not exist")]
    Date,
    /// The number begins with the code of a province that there never was.
    #[error("the number begins with the code of a province that there never was")]
    Province,
    /// The day of birth within the number lies ahead, or longer ago than anybody lives.
    #[error("the day of birth within the number lies ahead or too long ago")]
    Birth,
    /// The check digit does not fit, so something was mistyped.
    #[error("the check digit does not fit, something was mistyped")]
    CheckDigit,
    /// The number is none that a telephone can have.
    #[error("this is no number of a telephone")]
    Telephone,
    /// The number is no usual one of a bank, and nobody said yet that it is right all the same.
    #[error("the number is no usual one of a bank and was not confirmed")]
    Unsure,
}

impl IdentifierFault {
    /// Returns the refusal that the person who entered it gets.
    pub fn refusal(self, field: &str) -> Refusal {
        let code = match self {
            Self::Empty => Code::IdentifierEmpty,
            Self::Length => Code::IdentifierLength,
            Self::Character => Code::IdentifierCharacter,
            Self::Date => Code::IdentifierDate,
            Self::Province => Code::IdentifierProvince,
            Self::Birth => Code::IdentifierBirth,
            Self::CheckDigit => Code::IdentifierCheckDigit,
            Self::Telephone => Code::FormTelephone,
            Self::Unsure => Code::IdentifierUnsure,
        };
        Refusal::new(code).field(field)
    }
}

/// Says whether a character is a dash of some kind.
const fn is_dash(character: char) -> bool {
    matches!(character, '-' | '‐' | '‑' | '–' | '—' | '−')
}

/// Returns what was typed with full-width signs made half-width, letters in upper case, and without blanks, dashes of
/// every kind, and the marks that nobody sees and that come along when a number is copied.
fn folded(text: &str) -> Result<String, IdentifierFault> {
    let kept: String = text
        .chars()
        .map(half_width)
        .filter(|character| !character.is_whitespace() && !is_dash(*character) && !is_unseen(*character))
        .map(|character| character.to_ascii_uppercase())
        .collect();
    if kept.is_empty() { Err(IdentifierFault::Empty) } else { Ok(kept) }
}

/// Returns the values of a text of ASCII digits, or none when there is another character.
fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|character| character.to_digit(10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_a_refusal_of_its_own() {
        let faults = [
            (IdentifierFault::Empty, Code::IdentifierEmpty),
            (IdentifierFault::Length, Code::IdentifierLength),
            (IdentifierFault::Character, Code::IdentifierCharacter),
            (IdentifierFault::Telephone, Code::FormTelephone),
            (IdentifierFault::Date, Code::IdentifierDate),
            (IdentifierFault::Province, Code::IdentifierProvince),
            (IdentifierFault::Birth, Code::IdentifierBirth),
            (IdentifierFault::CheckDigit, Code::IdentifierCheckDigit),
            (IdentifierFault::Unsure, Code::IdentifierUnsure),
        ];
        for (fault, code) in faults {
            let refusal = fault.refusal("resident_id");
            assert_eq!(refusal.code, code);
            assert_eq!(refusal.field.as_deref(), Some("resident_id"));
        }
    }
}
