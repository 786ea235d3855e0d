//! Names of the desk: where a case waits, how late it is, how lists go on.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use kernel::calendar::Deadline;
use kernel::language::{Bilingual, Lang};
use kernel::place::PlacePath;
use kernel::procedure::Telling;
use kernel::time::Instant;
use uuid::Uuid;

/// The name under which the desk of cases publishes its figures.
pub const PUBLISHER: &str = "cases";

/// Where a case waits now and who has to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// `applicant`, `counter`, `office`, `party`, `nobody`.
    pub waits_for: &'static str,
    /// The place whose desk shows it.
    pub place: PlacePath,
    /// The department whose desk shows it; empty for a counter, which takes any matter.
    pub department: String,
    /// False once nothing is left to do.
    pub open: bool,
}

/// The clocks of a case as its row keeps them.
#[derive(Clone, Debug)]
pub struct Lateness {
    /// `not_started`, `running`, `stopped`, `ended`; `open` where no clock has started and nothing waits for
    /// acceptance.
    pub clock: &'static str,
    /// By when it is due. For the counter's cases this is the promised deadline 承诺时限 once it has started; for
    /// others it is the first deadline of the clocks that run.
    pub promised: Option<Deadline>,
    /// The statutory deadline 法定时限, once started.
    pub legal: Option<Deadline>,
    /// Either date runs into a year whose holidays are not published.
    pub provisional: bool,
    /// 0 to be done, 1 waiting for somebody else, 2 ended.
    pub rank: i64,
    /// What the queue is ordered by.
    pub sort_at: Instant,
    /// The last moment of its state, where the procedure says how long that lasts at most.
    pub latest_at: Option<Instant>,
    /// By when whoever has it now is to act, to the moment: where the clock that runs counts hours, and where a desk
    /// looks at it, sends it out or checks it in a time of its own. None of the counter's cases.
    pub act_by: Option<Instant>,
    /// When the last event came.
    pub changed_at: Instant,
}

/// What of a visit can be called good or poor (评价维度), by code.
pub const ASPECTS: [&str; 5] = ["attitude", "speed", "clear", "one_visit", "result"];

/// Where a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Rank of the last row shown.
    pub rank: i64,
    /// Its place in the order.
    pub sort_at: Instant,
    /// Its identity.
    pub id: Uuid,
}

impl Cursor {
    /// Before the first row.
    #[must_use]
    pub fn start() -> Self {
        Self { rank: -1, sort_at: Instant::from_micros(0), id: Uuid::nil() }
    }

    /// Reads what [`Cursor::show`] wrote; anything else is the start.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut parts = text.split('~');
        let rank = parts.next().and_then(|part| part.parse().ok());
        let sort_at = parts.next().and_then(|part| part.parse().ok()).map(Instant::from_micros);
        let id = parts.next().and_then(|part| Uuid::parse_str(part).ok());
        match (rank, sort_at, id) {
            (Some(rank), Some(sort_at), Some(id)) => Self { rank, sort_at, id },
            _ => Self::start(),
        }
    }

    /// For a link to the next page.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}~{}~{}", self.rank, self.sort_at.micros(), self.id.simple())
    }
}

/// What the desk needs to know of an item that another department's catalogue keeps.
#[derive(Clone, Debug)]
pub struct ItemFacts {
    /// The item's name.
    pub name: Bilingual,
    /// Material codes with their names, in the order of the catalogue.
    pub materials: Vec<(String, Bilingual)>,
    /// What the result is called.
    pub result: Bilingual,
    /// The result is money that goes to an account: there is nothing to collect.
    pub is_paid: bool,
}

/// One line of what is known of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLine {
    /// What it is.
    pub label: String,
    /// What is known.
    pub text: String,
    /// What was drawn by hand: the path of an SVG, 600 wide and 200 high.
    pub drawing: Option<String>,
}

impl PersonLine {
    /// A line of words.
    #[must_use]
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into(), drawing: None }
    }
}

/// Reasons kept ready for a step (理由模板).
#[derive(Clone, Debug)]
pub struct ReadyText {
    /// What it is called in the list.
    pub title: Bilingual,
    /// The text of each need it fills in, by the need's name.
    pub says: Vec<(&'static str, Bilingual)>,
}

/// The catalogue as the desk sees it; supplied by the department that keeps it.
pub trait Items: Send + Sync {
    /// Facts of an item, or nothing when the catalogue does not know the code.
    fn facts(&self, code: &str) -> Option<ItemFacts>;
    /// Facts of an item in the version a case was opened under; those of today where that version is not kept.
    fn facts_of(&self, code: &str, version: i64) -> Option<ItemFacts> {
        let _ = version;
        self.facts(code)
    }
    /// The reasons kept ready for a step of an item, its own first.
    fn ready(&self, item: &str, told: Telling) -> Vec<ReadyText>;
    /// The rules an item rests on, as one text; empty where the catalogue names none.
    fn basis(&self, item: &str) -> Bilingual;
    /// What was answered beyond the usual fields of a person, as lines with labels. A text that is no such answer gives
    /// nothing. `say` gives the text of a key.
    fn note(&self, note: &str, lang: Lang, say: &dyn Fn(&str) -> String) -> Vec<PersonLine>;
    /// Name of a department.
    fn department(&self, code: &str) -> Option<Bilingual>;
    /// Every item with the names that a search finds it by.
    fn named(&self) -> Vec<Named>;
    /// The codes of the items whose names, or the everyday words for them, are typed with these letters: as pinyin or
    /// by their initials.
    fn typed(&self, letters: &str) -> Vec<String>;
    /// All departments, code and name, in the order of the catalogue.
    fn departments(&self) -> Vec<(String, Bilingual)>;
}

kernel::rules! {
    /// The time to accept an application or to tell everything that is missing.
    CASE_ACCEPT_OR_TELL_MISSING = "case.accept_or_tell_missing_working_days" as Limit;
    /// The time to supply what is missing after it was told.
    CASE_SUPPLY_MISSING = "case.supply_missing_days" as Limit;
    /// Calendar days that a case's personal data are kept after closing.
    CASE_PERSONAL_DATA_RETENTION_DAYS = "case.personal_data_retention_days" as Days;
    /// Units of each limit by which a case can be extended in all.
    CASE_EXTENSION_MOST = "case.extension_most" as Count;
    /// The time for the opinion of another office.
    CASE_OPINION = "case.opinion_working_days" as Limit;
    /// The time for an office's answer to a higher level.
    SUPERVISION_ANSWER = "supervision.answer_working_days" as Limit;
    /// The time to answer what a person asks about her own data.
    PERSON_REQUEST = "person.request_working_days" as Limit;
    /// Calendar days after the end of a case at which a rating is asked for, once.
    RATING_REMINDER_DAYS = "rating.reminder_days" as Days;
    /// The time to call back after a poor rating.
    RATING_CALLBACK = "rating.callback_working_days" as Limit;
    /// Ratings of this level and below are called back.
    RATING_CALLBACK_AT_OR_BELOW = "rating.callback_at_or_below" as Level;
    /// The time before its date in which a case is yellow.
    SUPERVISION_YELLOW_LIGHT_BEFORE_DUE = "supervision.yellow_light_days_before_due" as Limit;
    /// The time before the date at which the handler is reminded.
    REMINDER_BEFORE_DUE = "reminder.days_before_due" as Limit;
    /// Calendar days after which an uncollected result is reminded of.
    RESULT_COLLECTION_REMINDER_DAYS = "result.collection_reminder_days" as Days;
    /// Seconds for which a decision can be undone before it leaves.
    CASE_UNDO_SECONDS = "case.undo_seconds" as Seconds;
    /// Minutes for which a stated purpose opens the files and messages of a case.
    PAPERS_LOOK_MINUTES = "papers.look_minutes" as Minutes;
}

/// The catalogue of an installation (事项目录): supplied once, by the department that keeps it; empty before that.
#[derive(Default)]
pub struct LateItems(OnceLock<Arc<dyn Items>>);

impl LateItems {
    /// Supplies the catalogue. One that is there already is kept.
    pub fn supply(&self, items: Arc<dyn Items>) {
        self.0.get_or_init(|| items);
    }
}

impl Deref for LateItems {
    type Target = dyn Items;

    fn deref(&self) -> &(dyn Items + 'static) {
        self.0.get().map_or(&NoItems, AsRef::as_ref)
    }
}

/// The catalogue of an installation that has none.
struct NoItems;

impl Items for NoItems {
    fn facts(&self, _: &str) -> Option<ItemFacts> {
        None
    }

    fn ready(&self, _: &str, _: Telling) -> Vec<ReadyText> {
        Vec::new()
    }

    fn basis(&self, _: &str) -> Bilingual {
        Bilingual::new("", "")
    }

    fn note(&self, _: &str, _: Lang, _: &dyn Fn(&str) -> String) -> Vec<PersonLine> {
        Vec::new()
    }

    fn department(&self, _: &str) -> Option<Bilingual> {
        None
    }

    fn named(&self) -> Vec<crate::rules::search::Named> {
        Vec::new()
    }

    fn typed(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        Vec::new()
    }
}

/// What can be said of an item: code, and every name it goes by.
pub struct Named {
    /// The code.
    pub code: String,
    /// Its own names and its department's, in both languages.
    pub names: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_address_bar() {
        let cursor = Cursor { rank: 1, sort_at: Instant::from_micros(-5), id: Uuid::from_u128(7) };
        assert_eq!(Cursor::parse(&cursor.show()), cursor);
        for odd in ["", "~", "a~b~c", "1~2", "1~2~zz"] {
            assert_eq!(Cursor::parse(odd), Cursor::start(), "{odd}");
        }
    }
}
