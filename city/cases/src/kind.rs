//! Kinds of cases: what the department that a kind belongs to says of it, so that the desk shows, numbers and announces
//! what it knows nothing of.

mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use hall::Fault;
use house::{BesideLink, OpenFault};
use kernel::calendar::Calendar;
use kernel::case::{Case, Opening, Recorded};
use kernel::figure::{Cell, Indicator};
use kernel::identifier::CaseNumber;
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Actor, Target};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Instant, Zone};
use store::Tx;
use uuid::Uuid;
use web::{Choice, Page};

pub use values::{Attaching, Done, Picture, Pictures, StepTold};

use crate::records::Key;

/// How the cases of a kind are numbered. Each series of a district counts by itself, from 1 every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// The series of the counter's cases, whose numbers have no letter.
    Applications,
    /// A series of its own.
    Own {
        /// The name by which it counts, such as `lamp`.
        name: &'static str,
        /// The letter in front of its running numbers; see [`kernel::identifier::CaseNumber::of_series`].
        letter: char,
    },
}

/// What files a case of a kind has, and under whose record they are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// It has none.
    None,
    /// Those of the papers that it asks for, sealed under the record of the first party of that role.
    Sealed {
        /// The role.
        role: &'static str,
    },
}

/// A kind of case (办件类型), as its department registers it with the desk.
pub trait Kind: Send + Sync {
    /// Its code, which stands in every case of it.
    fn code(&self) -> &'static str;

    /// How its cases are numbered.
    fn series(&self) -> Series;

    /// What a case of it is about, as lists keep and search it: an item of the counter, or a code of the department's
    /// own.
    fn subject(&self, case: &Case) -> String {
        case.item().to_owned()
    }

    /// The departments that its offices belong to, code and name, where they are not those of the counter's catalogue.
    fn departments(&self) -> Vec<(String, Bilingual)> {
        Vec::new()
    }

    /// The level at which a department of its own has its office; none where it has one at every level.
    fn seat(&self, department: &str) -> Option<Level> {
        let _ = department;
        None
    }

    /// The units that stand in by rule where nobody works in the unit whose duty a case is, the nearest first.
    fn stands_in(&self, case: &Case) -> Vec<Target> {
        let _ = case;
        Vec::new()
    }

    /// Whether another platform gets a case that is sent to the unit with which it lies, so that it waits for nobody
    /// here.
    ///
    /// # Errors
    /// A failure of the store.
    fn is_passed_on(&self, tx: &mut dyn Tx, case: &Case) -> Result<bool, Fault> {
        let _ = (tx, case);
        Ok(false)
    }

    /// The cases with which one of it may be the same, the likeliest first, for a step that names another case: its
    /// number, what it is about, and how near it is.
    ///
    /// # Errors
    /// The rulebook has no such figure, or a failure of the store.
    fn alike(&self, tx: &mut dyn Tx, case: &Case, page: &Page) -> Result<Vec<Choice>, Fault> {
        let _ = (tx, case, page);
        Ok(Vec::new())
    }

    /// What must hold for a step beside what its procedure says. It is asked in the transaction of the step, before its
    /// effect is shown, before it is held back, and again when it leaves after that.
    ///
    /// # Errors
    /// Why the step is refused, or a failure of the store.
    fn check(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let _ = (tx, asked);
        Ok(())
    }

    /// Whether staff whose posts reach a case may know of it: some files are for one of the office alone.
    ///
    /// # Errors
    /// A failure of the store.
    fn is_for(&self, tx: &mut dyn Tx, case: &Case, actor: &Actor) -> Result<bool, Fault> {
        let _ = (tx, case, actor);
        Ok(true)
    }

    /// Which of some of its cases staff may not know of though their posts reach them, as [`Kind::is_for`] says of one.
    ///
    /// # Errors
    /// A failure of the store.
    fn hidden(&self, tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)], actor: &Actor) -> Result<BTreeSet<Uuid>, Fault> {
        let _ = (tx, cases, actor);
        Ok(BTreeSet::new())
    }

    /// Which open cases at the offices of a place, or inside it, staff may not know of though their posts reach them:
    /// they are not counted at their desks.
    ///
    /// # Errors
    /// A failure of the store.
    fn hidden_inside(&self, tx: &mut dyn Tx, place: &PlacePath, actor: &Actor) -> Result<Vec<Key>, Fault> {
        let _ = (tx, place, actor);
        Ok(Vec::new())
    }

    /// What of a case staff are not told on its pages, of what its events hold in words; none where they read all of
    /// it. `events` are all of its events.
    ///
    /// # Errors
    /// A failure of the store.
    fn untold(&self, tx: &mut dyn Tx, case: &Case, events: &[Recorded]) -> Result<Option<Untold>, Fault> {
        let _ = (tx, case, events);
        Ok(None)
    }

    /// What its department remembers of what happened to a case, in the same transaction. Words that people wrote are
    /// sealed by then.
    ///
    /// # Errors
    /// A failure of the store, which undoes what happened.
    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let _ = (tx, happened);
        Ok(())
    }

    /// What a case of it is called; where nothing is said, as its procedure.
    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        let _ = (item, lang);
        None
    }

    /// What stands on the page of a case beside what every case has: words and what they say.
    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let _ = (case, page);
        Vec::new()
    }

    /// What whoever takes part is told of a case beside what every case has: words and what they say.
    fn told(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let _ = (case, page);
        Vec::new()
    }

    /// The key of the words by which whoever takes part is told of a state; none where its title says the same to
    /// everybody. States of the way ahead that are told alike are told once.
    fn state_told(&self, state: &str) -> Option<&'static str> {
        let _ = state;
        None
    }

    /// How a step is told to whoever takes part. Staff read every step as its procedure calls it.
    fn step_told(&self, action: &str) -> StepTold {
        let _ = action;
        StepTold::Titled
    }

    /// What was done, as whoever takes part is shown it: with a case and its events as the page tells them. None while
    /// there is nothing that she is told.
    ///
    /// # Errors
    /// A failure of the store.
    fn done(&self, tx: &mut dyn Tx, page: &Page, case: &Case, events: &[Recorded]) -> Result<Option<Done>, Fault> {
        let _ = (tx, page, case, events);
        Ok(None)
    }

    /// What staff read above the steps, as words and what they say: what the next step rests on.
    ///
    /// # Errors
    /// A failure of the store.
    fn for_staff(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<Vec<(String, String)>, Fault> {
        let _ = (tx, page, case, events);
        Ok(Vec::new())
    }

    /// The pictures of a case, as its page shows them to staff above the steps. None where there are none, and for
    /// staff who may not look at them.
    ///
    /// # Errors
    /// A failure of the store.
    fn pictures(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Option<Pictures>, Fault> {
        let _ = (tx, page, case);
        Ok(None)
    }

    /// The pictures that staff can send together with a step. None where it takes none.
    ///
    /// # Errors
    /// The rulebook has no such figure.
    fn attaches(&self, page: &Page, case: &Case, action: &str) -> Result<Option<Attaching>, Fault> {
        let _ = (page, case, action);
        Ok(None)
    }

    /// What lists say to staff below the name of each of these cases, by their identities: what it is and where, so
    /// that one is known from another before it is opened, and never who.
    ///
    /// # Errors
    /// A failure of the store.
    fn told_in_lists(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        cases: &[(PlaceId, Uuid)],
    ) -> Result<BTreeMap<Uuid, String>, Fault> {
        let _ = (tx, page, cases);
        Ok(BTreeMap::new())
    }

    /// The pictures that whoever takes part sent in herself, whose sealed record that is.
    ///
    /// # Errors
    /// A failure of the store.
    fn own_pictures(&self, tx: &mut dyn Tx, page: &Page, case: &Case, record: Uuid) -> Result<Vec<Picture>, Fault> {
        let _ = (tx, page, case, record);
        Ok(Vec::new())
    }

    /// Whether whoever applied is asked for a rating once a case ended. Where a step of its own asks whether it is done
    /// and how satisfied she is, she is not asked twice.
    fn asks_rating(&self) -> bool {
        true
    }

    /// Links of the department to its own pages about a case. Those of other departments are added by themselves.
    fn links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
        let _ = (case, page);
        Vec::new()
    }

    /// Links to the department's own pages about a case for those who take part in it.
    fn own_links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
        let _ = (case, page);
        Vec::new()
    }

    /// Whether the letters of the counter (receipts, notices, decisions) are written of its cases.
    fn has_letters(&self) -> bool {
        false
    }

    /// Which files its cases have.
    fn files(&self) -> Files {
        Files::None
    }

    /// The key of a notice's words: the desk's own are handed in.
    fn words(&self, told: &'static str) -> &'static str {
        told
    }

    /// The answers that the kind gives by itself when a case is opened, from what holds on that day. Whoever sends the
    /// same again says the same, though they may have changed meanwhile.
    fn own_answers(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether only the responsible department's own staff may see a case that is opened so.
    fn is_confidential(&self, opening: &Opening) -> bool {
        opening.confidential
    }

    /// The local address of a case's page for staff.
    fn address(&self, number: &str) -> String {
        page_of(number)
    }

    /// What a step of a case adds to the indicators of the kind's department. It is counted in the transaction of the
    /// step, and it says the same whenever it is asked, so that a recount from the log comes to the same.
    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        let _ = change;
        Vec::new()
    }

    /// The role of the one whose sealed record a case is mainly about; where nothing is said, the first party that has
    /// one.
    fn person(&self) -> Option<&'static str> {
        None
    }
}

/// Words of a case that its staff are not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// The events that hold them, by their place from 0.
    pub events: BTreeSet<usize>,
    /// The key of what is told in their place.
    pub instead: &'static str,
}

/// A step that somebody wants to take in a case.
#[derive(Clone, Copy)]
pub struct Asked<'c> {
    /// The case as it stands.
    pub case: &'c Case,
    /// The name of the step.
    pub action: &'c str,
    /// What was answered, as it was typed; of a step that leaves, with handles in place of free words.
    pub fields: &'c BTreeMap<String, String>,
    /// Who wants to take it. Of a step that leaves only her account is known: what she may do and see was checked when
    /// she confirmed it.
    pub actor: &'c Actor,
    /// The step was held back and leaves now.
    pub leaves: bool,
}

/// What happened to a case.
#[derive(Clone, Copy)]
pub struct Happened<'c> {
    /// The case after it.
    pub case: &'c Case,
    /// What is recorded of it, in order.
    pub recorded: &'c [Recorded],
    /// When.
    pub now: Instant,
}

/// One step of a case, as its kind counts it.
#[derive(Clone, Copy)]
pub struct Change<'c> {
    /// The case before the step. None where the step opened it.
    pub before: Option<&'c Case>,
    /// What is recorded of it.
    pub recorded: &'c Recorded,
    /// The case after it.
    pub after: &'c Case,
    /// The city's zone, which says on which day a moment lies.
    pub zone: Zone,
    /// The city's calendar, which says by when something was due.
    pub calendar: &'c Calendar,
}

/// What a step adds to an indicator.
#[derive(Clone, Debug)]
pub struct Count {
    /// Where and when.
    pub cell: Cell,
    /// A sum that the kind's department declares.
    pub indicator: &'static Indicator,
    /// How much.
    pub amount: i64,
}

/// Words that only the counter says of its cases, and what is said of others where their kind has no words of its own.
const PLAIN: [(&str, &str); 8] = [
    ("cases-by-applicant", "cases-plain-person"),
    ("cases-person", "cases-plain-person"),
    ("cases-person-opened", "cases-plain-opened"),
    ("cases-person-logged", "cases-plain-logged"),
    ("cases-talk-send", "cases-plain-send"),
    ("cases-waits-counter", "cases-plain-waits"),
    ("cases-late-applicant", "cases-plain-late-person"),
    ("cases-late-since", "cases-plain-late-since"),
];

/// The key of the words that are said of a case: the desk's own of the counter's cases; of others those of their kind,
/// or plain ones.
#[must_use]
pub fn words_of(kind: Option<&dyn Kind>, is_service: bool, key: &'static str) -> &'static str {
    let own = kind.map_or(key, |kind| kind.words(key));
    if is_service || own != key {
        return own;
    }
    PLAIN.into_iter().find(|(counters, _)| *counters == key).map_or(key, |(_, plain)| plain)
}

/// The address of the desk's own page of a case.
#[must_use]
pub fn page_of(number: &str) -> String {
    format!("/cases/{number}")
}

/// A district's code and a year with which a letter is tried.
const TRIED_CODE: &str = "210100";
const TRIED_YEAR: i16 = 2026;

/// Whether numbers of two series would be mixed up.
fn overlap(one: Series, other: Series) -> bool {
    match (one, other) {
        (Series::Applications, Series::Applications) => true,
        (Series::Own { name, letter }, Series::Own { name: other_name, letter: other_letter }) => {
            name == other_name || letter == other_letter
        }
        _ => false,
    }
}

/// The kinds that departments have registered.
#[derive(Default)]
pub struct Kinds(RwLock<BTreeMap<&'static str, Arc<dyn Kind>>>);

impl Kinds {
    /// Adds a kind.
    ///
    /// # Errors
    /// Fails if another kind has its code, or counts by the name or letter of its series, or if that letter cannot
    /// stand in a number.
    pub fn register(&self, kind: Arc<dyn Kind>) -> Result<(), OpenFault> {
        let mut kinds = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let code = kind.code();
        if kinds.contains_key(code) {
            return Err(OpenFault::Said(format!(
                "The kind of cases {code} is registered twice. Give one another code."
            )));
        }
        if let Series::Own { letter, .. } = kind.series()
            && CaseNumber::of_series(letter, TRIED_CODE, TRIED_YEAR, 1).is_err()
        {
            return Err(OpenFault::Said(format!(
                "The letter {letter} of the kind {code} cannot stand in a number. Take a capital letter other than I and O."
            )));
        }
        if let Some(other) = kinds.values().find(|other| overlap(kind.series(), other.series())) {
            return Err(OpenFault::Said(format!(
                "The kinds {code} and {} count by the same name or letter. Give one a series of its own.",
                other.code()
            )));
        }
        kinds.insert(code, kind);
        Ok(())
    }

    /// The name of a department that a kind of cases brings with it.
    #[must_use]
    pub fn department(&self, code: &str) -> Option<Bilingual> {
        let kinds = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut named = kinds.values().flat_map(|kind| kind.departments());
        named.find(|(known, _)| known == code).map(|(_, name)| name)
    }

    /// The kinds that bring a department with them.
    #[must_use]
    pub fn of_department(&self, code: &str) -> Vec<Arc<dyn Kind>> {
        let kinds = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let brings = |kind: &&Arc<dyn Kind>| kind.departments().iter().any(|(known, _)| known == code);
        kinds.values().filter(brings).cloned().collect()
    }

    /// The kind of that code; none where no department has registered it.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<Arc<dyn Kind>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }
}

#[cfg(test)]
mod tests;
