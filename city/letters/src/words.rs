//! These are the names of the letters: their kinds, what a letter says, and what came of a case.

use std::collections::BTreeMap;

use cases::DateStory;
use kernel::case::Outcome;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use web::Qr;

/// A kind of letter that a case gives (文书).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The receipt (受理回执).
    #[default]
    Receipt,
    /// The notice that tells at once everything that is missing (一次性告知书).
    Missing,
    /// The notice of acceptance (受理通知书).
    Accepted,
    /// The decision not to accept (不予受理决定书).
    NotAccepted,
    /// The decision to refuse (不予决定书).
    Refused,
    /// The certificate of the result (结果证书).
    Certificate,
}

impl Kind {
    /// Lists every letter, in the order in which a case can give them.
    pub const ALL: [Self; 6] =
        [Self::Receipt, Self::Missing, Self::Accepted, Self::NotAccepted, Self::Refused, Self::Certificate];

    /// Returns its name in an address.
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

    /// Returns the letter of a name in an address.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the template of `lianglin-print` that lays it out.
    #[must_use]
    pub const fn template(self) -> &'static str {
        match self {
            Self::NotAccepted | Self::Refused => "refused",
            other => other.code(),
        }
    }

    /// Says whether it names the applicant in full. A decision and a certificate do; a notice on the way shows her
    /// masks.
    #[must_use]
    pub const fn names_in_full(self) -> bool {
        matches!(self, Self::NotAccepted | Self::Refused | Self::Certificate)
    }

    /// Says whether the issuer's seal stands beside the signature.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        !matches!(self, Self::Receipt | Self::Missing)
    }
}

/// Says what decided a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision<'e> {
    /// How it came out.
    pub outcome: Outcome,
    /// When it was decided.
    pub at: Instant,
    /// The texts that were given with it: `reason`, `basis`, `remedy`.
    pub fields: &'e BTreeMap<String, String>,
}

impl<'e> Decision<'e> {
    /// Returns the text that was given under a name. It is empty if there was none.
    #[must_use]
    pub fn said(&self, name: &str) -> &'e str {
        self.fields.get(name).map_or("", |text| text.trim())
    }
}

/// Says what the applicant was asked to supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'e> {
    /// When she was asked.
    pub at: Instant,
    /// The state in which the case waited for her then.
    pub state: &'e str,
    /// The codes of the papers.
    pub papers: &'e [String],
    /// What she has to supply and how, in the office's words.
    pub reason: &'e str,
    /// The legal ground on which the clocks stand still. There is none before acceptance, when they have not started.
    pub ground: Option<&'e str>,
}

/// Says whether a result that was granted is still valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is valid.
    Valid,
    /// It was taken back.
    Withdrawn,
}

/// Says who reads a letter, and by what right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Staff read it, by a post or by the pass of an applicant who stands at the counter.
    Staff,
    /// The applicant reads it, by her pass or her account.
    Applicant,
}

impl Reader {
    /// Returns the address of a case's letters for this reader.
    #[must_use]
    pub fn base(self, number: &str) -> String {
        match self {
            Self::Staff => format!("/cases/{number}/letters"),
            Self::Applicant => format!("/follow/{number}/letters"),
        }
    }
}

/// Says whom a letter names, in full or masked. It cannot be printed for debugging, because it may be personal.
#[derive(Clone, Default)]
pub struct Named {
    /// Her name, if the item asks for one.
    pub name: Option<String>,
    /// Her identity number, if the item asks for one.
    pub resident_id: Option<String>,
    /// Why the letter names her by her masks although it should name her in full.
    pub withheld: Option<Refusal>,
}

/// A paper that is missing, with the reason and the way to supply it.
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
    /// The text along its ring.
    pub name: String,
    /// The text below its star.
    pub line: String,
}

/// Holds what a certificate carries so that anybody can check it.
#[derive(Clone)]
pub struct Check {
    /// The address that answers.
    pub address: String,
    /// The code in two groups of five.
    pub code: String,
    /// The address as a square of modules.
    pub qr: Qr,
}

/// Holds what a letter says, in the reader's language. Pages and PDF show the same. Empty parts are left out. It cannot
/// be printed for debugging, because it may be personal.
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
    /// The person to whom it goes.
    pub addressee: String,
    /// How it begins.
    pub lead: Vec<String>,
    /// Facts, each with a label and a value.
    pub facts: Vec<(String, String)>,
    /// The promised date and its reason.
    pub promise: Option<DateStory>,
    /// Papers, each with its name and what became of it.
    pub papers: Vec<(String, String)>,
    /// Papers that are still to be brought, for a receipt.
    pub to_bring: Vec<String>,
    /// Papers that are missing, for the notice of them.
    pub missing: Vec<MissingPaper>,
    /// By when and where she supplies them, and what the clock does meanwhile.
    pub until: Vec<String>,
    /// The way of the case: when, and which step.
    pub path: Vec<(String, String)>,
    /// Why it was refused.
    pub reasons: Vec<String>,
    /// What the decision rests on.
    pub basis: Vec<String>,
    /// What can be done against it, each with its time limit.
    pub remedies: Vec<String>,
    /// How it ends.
    pub closing: Vec<String>,
    /// The seal, if the letter carries one.
    pub seal: Option<Seal>,
    /// How a certificate is checked.
    pub check: Option<Check>,
    /// The square of a receipt, which opens the form to follow the case.
    pub follow: Option<Qr>,
    /// Why it is only a view, without full name, seal and code.
    pub withheld: Option<Refusal>,
}

impl Letter {
    /// Says whether it is a certificate, which has a frame of its own.
    #[must_use]
    pub fn is_certificate(&self) -> bool {
        self.kind == Kind::Certificate
    }
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
        for odd in ["", "label", "receipt.pdf", "Certificate", "not_accepted", " receipt"] {
            assert_eq!(Kind::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn each_letter_names_seals_and_is_laid_out_as_its_weight_asks() {
        // (letter, template, names the person in full, carries the seal)
        let table = [
            (Kind::Receipt, "receipt", false, false),
            (Kind::Missing, "missing", false, false),
            (Kind::Accepted, "accepted", false, true),
            (Kind::NotAccepted, "refused", true, true),
            (Kind::Refused, "refused", true, true),
            (Kind::Certificate, "certificate", true, true),
        ];
        assert_eq!(table.map(|(kind, ..)| kind), Kind::ALL);
        for (kind, template, in_full, sealed) in table {
            assert_eq!(
                (kind.template(), kind.names_in_full(), kind.is_sealed()),
                (template, in_full, sealed),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn every_letter_has_its_texts_and_its_template() {
        let templates = concat!(env!("CARGO_MANIFEST_DIR"), "/../../print/templates");
        for kind in Kind::ALL {
            for text in [crate::TEXTS.0, crate::TEXTS.1] {
                let key = format!("letters-title-{} =", kind.code());
                assert!(text.lines().any(|line| line.starts_with(&key)), "{key}");
            }
            let file = format!("{templates}/{}.typ", kind.template());
            assert!(std::path::Path::new(&file).exists(), "{file}");
        }
    }

    #[test]
    fn what_was_said_with_a_decision_is_given_without_space_around_it() {
        let fields =
            BTreeMap::from([("reason".to_owned(), " 年龄未到\n".to_owned()), ("basis".to_owned(), String::new())]);
        let decision = Decision { outcome: Outcome::Refused, at: Instant::from_micros(0), fields: &fields };
        for (name, said) in [("reason", "年龄未到"), ("basis", ""), ("remedy", "")] {
            assert_eq!(decision.said(name), said, "{name}");
        }
    }

    #[test]
    fn staff_and_applicant_read_letters_at_addresses_of_their_own() {
        let number = "210104-2026-0000001-4";
        assert_eq!(Reader::Staff.base(number), "/cases/210104-2026-0000001-4/letters");
        assert_eq!(Reader::Applicant.base(number), "/follow/210104-2026-0000001-4/letters");
    }
}
