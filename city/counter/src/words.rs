//! Names of the counter: what a person answers when she asks for something, and what comes of it.

use kernel::place::PlaceId;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use kernel::time::Date;
use std::collections::{BTreeMap, BTreeSet};
use vault::Person;

use crate::catalogue::Item;
use crate::forms::{Asked, Given};

/// What somebody typed, as she typed it. The form's hidden fields keep it until she sends it off. It is stored, sealed,
/// only if she asks to go on later.
#[expect(clippy::struct_excessive_bools, reason = "each is a box that she ticks")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Identity of the community where the applicant lives, chosen from the tree.
    pub residence: String,
    /// Whether she does not know her community. Then the identity is that of a district or a street.
    pub residence_unknown: bool,
    /// Words by which she looked for it.
    pub residence_words: String,
    /// Her name.
    pub name: String,
    /// Of which kind her paper is. It is empty for the cards that every item takes.
    pub identity_kind: String,
    /// Her identity number.
    pub resident_id: String,
    /// Her telephone.
    pub telephone: String,
    /// Where the money goes, when the item pays.
    pub bank_card: String,
    /// Whether she said that this number is right although it is no usual one.
    pub bank_card_confirmed: bool,
    /// House and door, when the item needs it.
    pub address: String,
    /// Answers to the guide's check, by question; only what the guide knows.
    pub check: BTreeMap<String, String>,
    /// Answers to the papers that are filled in here.
    pub forms: Given,
    /// Fields that the platform filled in, each with the number of the case that it has them from.
    pub known: BTreeMap<String, String>,
    /// Those of them that the person says are wrong.
    pub objected: BTreeSet<String>,
    /// To be opened although the same matter of hers is still open.
    pub once_more: bool,
    /// She was told that the item is for another age, and goes on.
    pub age_told: bool,
}

/// What an application asks: the item, the papers that can be filled in here, and by what day dates are judged.
pub struct Ask<'c> {
    /// The item.
    pub item: &'c Item,
    /// Its papers that can be filled in.
    pub forms: Vec<Asked<'c>>,
    /// Today.
    pub today: Date,
}

impl<'c> Ask<'c> {
    /// The item alone, without papers that are filled in.
    #[must_use]
    pub fn bare(item: &'c Item) -> Self {
        Self { item, forms: Vec::new(), today: Date::constant(1970, 1, 1) }
    }

    /// The paper of a question.
    #[must_use]
    pub fn form(&self, material: &str) -> Option<&Asked<'c>> {
        self.forms.iter().find(|one| one.form.material == material)
    }
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
    /// Materials that were filled in here; false where something of them is still to be brought.
    pub filled: BTreeMap<String, bool>,
    /// Fields that the platform had filled in and the person says are wrong.
    pub objected: BTreeSet<String>,
    /// To be opened although the same matter of hers is still open.
    pub once_more: bool,
    /// She was told that the item is for another age.
    pub age_told: bool,
}

/// A question of the application, one a page for residents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// In which community do you live?
    Residence,
    /// Name, identity number and telephone.
    Who,
    /// Bank card.
    BankCard,
    /// House and door.
    Address,
    /// A paper that is filled in here, by the code of its material.
    Form(String),
    /// Check your answers.
    Check,
}

/// Before the material's code in the name of a paper's page.
const FORM: &str = "form-";

impl Question {
    /// The word in the form's hidden field.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Form(material) => format!("{FORM}{material}"),
            other => other.kind().to_owned(),
        }
    }

    /// What kind of page it is: the word alone, `form` for every paper.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Residence => "residence",
            Self::Who => "who",
            Self::BankCard => "bank_card",
            Self::Address => "address",
            Self::Form(_) => "form",
            Self::Check => "check",
        }
    }

    /// The question of a hidden field's word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        if let Some(material) = code.strip_prefix(FORM) {
            return Some(Self::Form(material.to_owned()));
        }
        [Self::Residence, Self::Who, Self::BankCard, Self::Address, Self::Check]
            .into_iter()
            .find(|one| one.kind() == code)
    }
}

/// A field that cannot be taken as it is.
pub type FieldFault = Refusal;

kernel::rules! {
    /// Past cases that a change of an item is tried on before its release.
    CATALOGUE_PREVIEW_CASES = "catalogue.preview_cases" as Count;
    /// Whether an item is released by somebody other than the author of its draft.
    CATALOGUE_FOUR_EYES = "catalogue.four_eyes" as Switch;
    /// Calendar days after a follow-up during which it can be rated again.
    RATING_AGAIN_DAYS = "rating.again_days" as Days;
    /// Calendar days after closing during which a case can be rated.
    RATING_WINDOW_DAYS = "rating.window_days" as Days;
    /// Attempts to follow a case by number and code, or telephone, within the window.
    FOLLOW_LOOKUP_ATTEMPTS = "follow.lookup_attempts" as Count;
    /// Wrong attempts from one network address within the window; people behind one address share them.
    FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS = "follow.lookup_attempts_per_address" as Count;
    /// Minutes of that window.
    FOLLOW_LOOKUP_WINDOW_MINUTES = "follow.lookup_window_minutes" as Minutes;
    /// Seconds that a try at one number or one telephone waits at most.
    FOLLOW_LONGEST_WAIT_SECONDS = "follow.longest_wait_seconds" as Seconds;
    /// Calendar days that the answers of an application that was saved and not sent are kept.
    COUNTER_DRAFT_DAYS = "counter.draft_days" as Days;
    /// Drafts that one network address saves at once, and then in each hour.
    COUNTER_DRAFTS_PER_HOUR = "counter.drafts_per_hour" as Count;
    /// Drafts that the city keeps at once.
    COUNTER_DRAFTS_MOST = "counter.drafts_most" as Count;
    /// Links to what was saved that one network address has sent at once, and then in each hour.
    COUNTER_DRAFT_MESSAGES_PER_HOUR = "counter.draft_messages_per_hour" as Count;
    /// Links to what was saved that go to one telephone or mailbox at once, and then in each day.
    COUNTER_DRAFT_MESSAGES_PER_RECIPIENT = "counter.draft_messages_per_recipient" as Count;
    /// Bytes of the answers of one draft.
    COUNTER_DRAFT_BYTES = "counter.draft_bytes" as Bytes;
    /// Applications that are sent online with one telephone at once, and then in each day.
    COUNTER_ONLINE_PER_TELEPHONE = "counter.online_per_telephone" as Count;
    /// Forms that leave something behind which one network address sends at once, and then in each hour.
    REQUEST_WRITES_PER_HOUR = "request.writes_per_hour" as Count;
    /// Calendar days after a case was opened in which what it knows of a person is offered at a counter.
    COUNTER_KNOWN_DAYS = "counter.known_days" as Days;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::catalogue;

    #[test]
    fn a_question_is_found_by_its_word_and_nothing_else_is() {
        let table = [
            (Question::Residence, "residence", "residence"),
            (Question::Who, "who", "who"),
            (Question::BankCard, "bank_card", "bank_card"),
            (Question::Address, "address", "address"),
            (Question::Form("IN".to_owned()), "form-IN", "form"),
            (Question::Form(String::new()), "form-", "form"),
            (Question::Check, "check", "check"),
        ];
        for (question, code, kind) in table {
            assert_eq!((question.code().as_str(), question.kind()), (code, kind));
            assert_eq!(Question::parse(code), Some(question));
        }
        for odd in ["", "form", "Who", "who ", "bank-card", "confirm"] {
            assert_eq!(Question::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_paper_is_found_by_its_material() {
        let catalogue = catalogue();
        let item = catalogue.get("MZ-01").unwrap();
        let ask = Ask { forms: catalogue.forms_of(item, &["AU".to_owned()]), ..Ask::bare(item) };
        for (material, found) in [("AP", true), ("IN", true), ("AU", false), ("HK", false), ("", false)] {
            assert_eq!(ask.form(material).is_some(), found, "{material}");
        }
    }
}
