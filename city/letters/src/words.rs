//! Names of the letters: their kinds, what one says, what came of a case.

use std::collections::BTreeMap;

use cases::DateStory;
use kernel::case::Outcome;
use kernel::refusal::Refusal;
use kernel::time::Instant;

use crate::code::Qr;

/// A letter of a case 文书.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Receipt 受理回执.
    #[default]
    Receipt,
    /// Everything that is missing, told at once 一次性告知书.
    Missing,
    /// Notice of acceptance 受理通知书.
    Accepted,
    /// Decision not to accept 不予受理决定书.
    NotAccepted,
    /// Decision to refuse 不予决定书.
    Refused,
    /// Certificate of the result 结果证书.
    Certificate,
}

impl Kind {
    /// Every letter, in the order in which a case can give them.
    pub const ALL: [Self; 6] =
        [Self::Receipt, Self::Missing, Self::Accepted, Self::NotAccepted, Self::Refused, Self::Certificate];

    /// Its name in an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Missing => "missing",
            Self::Accepted => "accepted",
            Self::NotAccepted => "not-accepted",
            Self::Refused => "refused",
            Self::Certificate => "certificate",
        }
    }

    /// The letter of a name in an address.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The template of `lianglin-print` that lays it out.
    #[must_use]
    pub const fn template(self) -> &'static str {
        match self {
            Self::NotAccepted | Self::Refused => "refused",
            other => other.code(),
        }
    }

    /// Whether it names the applicant in full: a decision and a certificate do, a notice on the way shows her masks.
    #[must_use]
    pub const fn names_in_full(self) -> bool {
        matches!(self, Self::NotAccepted | Self::Refused | Self::Certificate)
    }

    /// Whether the issuer's seal stands beside the signature.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        !matches!(self, Self::Receipt | Self::Missing)
    }
}

/// What decided a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision<'e> {
    /// How it came out.
    pub outcome: Outcome,
    /// When.
    pub at: Instant,
    /// What was said with it: `reason`, `basis`, `remedy`.
    pub fields: &'e BTreeMap<String, String>,
}

impl<'e> Decision<'e> {
    /// What was said under a name; empty when nothing was.
    #[must_use]
    pub fn said(&self, name: &str) -> &'e str {
        self.fields.get(name).map_or("", |text| text.trim())
    }
}

/// What the applicant was asked to supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'e> {
    /// When.
    pub at: Instant,
    /// Codes of the papers.
    pub papers: &'e [String],
    /// What is to be supplied and how, in the office's words.
    pub reason: &'e str,
    /// The legal ground on which the clocks stand still; none before acceptance, when they have not started.
    pub ground: Option<&'e str>,
}

/// Whether a result that was granted still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Valid,
    /// It was taken back.
    Withdrawn,
}

/// Who reads a letter, and by what right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Staff, by a post or by the pass of an applicant who stands at the counter.
    Staff,
    /// The applicant, by her pass or her account.
    Applicant,
}

impl Reader {
    /// The address of a case's letters for this reader.
    #[must_use]
    pub fn base(self, number: &str) -> String {
        match self {
            Self::Staff => format!("/cases/{number}/letters"),
            Self::Applicant => format!("/follow/{number}/letters"),
        }
    }
}

/// Whom a letter names: in full or masked. Cannot be printed for debugging: it may be personal.
#[derive(Clone, Default)]
pub struct Named {
    /// Her name, when the item asks for one.
    pub name: Option<String>,
    /// Her identity number, when the item asks for one.
    pub resident_id: Option<String>,
    /// Why she is named by her masks where the letter should name her in full.
    pub withheld: Option<Refusal>,
}

/// A paper that is missing, why, and how to supply it.
#[derive(Clone)]
pub struct MissingPaper {
    /// Its name.
    pub paper: String,
    /// What is wrong.
    pub fault: String,
    /// How to supply it.
    pub remedy: String,
}

/// The picture of a seal beside a signature.
#[derive(Clone)]
pub struct Seal {
    /// Along its ring.
    pub name: String,
    /// Below its star.
    pub line: String,
}

/// What a certificate carries so that anybody can check it.
#[derive(Clone)]
pub struct Check {
    /// The address that answers.
    pub address: String,
    /// The code in two groups of five.
    pub code: String,
    /// The address as a square of modules.
    pub qr: Qr,
}

/// What a letter says, in the reader's language; pages and PDF show the same. Empty parts are left out. Cannot be printed for debugging: it may
/// be personal.
#[derive(Clone, Default)]
pub struct Letter {
    /// What it is.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Who issues it.
    pub issuer: String,
    /// The number of the case.
    pub number: String,
    /// The day it is issued, in full.
    pub date: String,
    /// To whom it goes.
    pub addressee: String,
    /// How it begins.
    pub lead: Vec<String>,
    /// Label and value.
    pub facts: Vec<(String, String)>,
    /// The promised date and why.
    pub promise: Option<DateStory>,
    /// Papers: name and what became of it.
    pub papers: Vec<(String, String)>,
    /// Papers that are still to be brought, for a receipt.
    pub to_bring: Vec<String>,
    /// Papers that are missing, for the notice of them.
    pub missing: Vec<MissingPaper>,
    /// By when, where, and what the clock does meanwhile.
    pub until: Vec<String>,
    /// The way: when, and which step.
    pub path: Vec<(String, String)>,
    /// Why it was refused.
    pub reasons: Vec<String>,
    /// What the decision rests on.
    pub basis: Vec<String>,
    /// What can be done against it, each with its time limit.
    pub remedies: Vec<String>,
    /// How it ends.
    pub closing: Vec<String>,
    /// The seal, where the letter carries one.
    pub seal: Option<Seal>,
    /// How a certificate is checked.
    pub check: Option<Check>,
    /// Why it is a mere view, without full name, seal and code.
    pub withheld: Option<Refusal>,
}

kernel::rules! {
    /// Time to apply for administrative review.
    APPEAL_REVIEW = "appeal.review_days" as Limit;
    /// Months to bring an administrative action.
    APPEAL_LAWSUIT_MONTHS = "appeal.lawsuit_months" as Months;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_found_by_its_name_and_nothing_else_is() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.code()), Some(kind));
        }
        for odd in ["", "label", "receipt.pdf", "Certificate"] {
            assert_eq!(Kind::parse(odd), None, "{odd}");
        }
    }
}
