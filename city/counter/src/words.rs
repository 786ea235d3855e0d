//! Names of the counter: what a person answers when she asks for something, and what comes of it.

use kernel::place::PlaceId;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use std::collections::BTreeMap;
use vault::Person;

/// What was typed, as it was typed: kept in the form's hidden fields until it is sent off, never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Identity of the community where the applicant lives, chosen from the tree.
    pub residence: String,
    /// Words by which she looked for it.
    pub residence_words: String,
    /// Her name.
    pub name: String,
    /// Her identity number.
    pub resident_id: String,
    /// Her telephone.
    pub telephone: String,
    /// Where the money goes, when the item pays.
    pub bank_card: String,
    /// House and door, when the item needs it.
    pub address: String,
    /// Answers to the guide's check, by question; only what the guide knows.
    pub check: BTreeMap<String, String>,
}

/// Answers that passed every check.
pub struct Application {
    /// The community where she lives.
    pub residence: PlacePath,
    /// The district whose shard keeps the case.
    pub district: PlaceId,
    /// What the vault is to seal.
    pub person: Person,
    /// Answers to the guide's check.
    pub check: BTreeMap<String, String>,
}

/// A question of the application, one a page for residents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// In which community do you live?
    Residence,
    /// Name and identity number.
    Who,
    /// Telephone.
    Telephone,
    /// Bank card.
    BankCard,
    /// House and door.
    Address,
    /// Check your answers.
    Check,
}

impl Question {
    /// The word in the form's hidden field.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Residence => "residence",
            Self::Who => "who",
            Self::Telephone => "telephone",
            Self::BankCard => "bank_card",
            Self::Address => "address",
            Self::Check => "check",
        }
    }

    /// The question of a hidden field's word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Residence, Self::Who, Self::Telephone, Self::BankCard, Self::Address, Self::Check]
            .into_iter()
            .find(|one| one.code() == code)
    }
}

/// A field that cannot be taken as it is.
pub type FieldFault = Refusal;
