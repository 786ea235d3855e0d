//! Kinds of cases: what the department that a kind belongs to says of it, so that the desk shows, numbers and announces
//! what it knows nothing of.

mod registry;
mod steps;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use hall::Fault;
use house::BesideLink;
use kernel::case::{Case, Opening, Recorded};
use kernel::identifier::CaseNumber;
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Actor, Scope, Target};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::Tx;
use uuid::Uuid;
use web::{Choice, Page};

pub use registry::Kinds;
pub use steps::{Asked, Change, Correcting, Count, Happened, Untold};
pub use values::{Attaching, Done, Files, Offer, Own, PartyStep, Picture, Pictures, Section, Series, StepTold};

use crate::records::Key;

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

    /// What must hold before the data of a party are corrected, and what its department keeps of what they were.
    ///
    /// # Errors
    /// Why they cannot be corrected now, or a failure of store or vault.
    fn correcting(&self, tx: &mut dyn Tx, correcting: &Correcting<'_>) -> Result<(), Fault> {
        let _ = (tx, correcting);
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

    /// Of which open cases at the offices of a place, or inside it, staff may know: no others are counted at their
    /// desks. None where they may know of all that their posts reach.
    ///
    /// # Errors
    /// A failure of the store.
    fn known_inside(&self, tx: &mut dyn Tx, place: &PlacePath, actor: &Actor) -> Result<Option<Vec<Key>>, Fault> {
        let _ = (tx, place, actor);
        Ok(None)
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

    /// What its department hears in words that somebody who takes part wrote of a case later, in a message or with a
    /// step. They are plain here and sealed afterwards; it is the same transaction. Gives the step of the platform that
    /// follows on it, if one does.
    ///
    /// # Errors
    /// A failure of the store, which undoes what was said.
    fn hears(&self, tx: &mut dyn Tx, case: &Case, said: &str, now: Instant) -> Result<Option<&'static str>, Fault> {
        let _ = (tx, case, said, now);
        Ok(None)
    }

    /// What a case of it is called; where nothing is said, as its procedure.
    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        let _ = (item, lang);
        None
    }

    /// The last day of a clock that has started, where the law of the kind gives another one than the clock itself
    /// counts. `events` are all events of the case.
    fn clock_until(&self, case: &Case, clock: &str, events: &[Recorded]) -> Option<Date> {
        let _ = (case, clock, events);
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

    /// How a step of a party is told: whether whoever reads it took it herself, and whether somebody took it for her.
    /// None where it is told as its procedure calls it.
    fn party_told(&self, page: &Page, case: &Case, step: &PartyStep<'_>) -> Option<String> {
        let _ = (page, case, step);
        None
    }

    /// What a step of a party was, by what stood before it; none where its title says it.
    fn party_meant(&self, page: &Page, step: &PartyStep<'_>) -> Option<String> {
        let _ = (page, step);
        None
    }

    /// The key of the words by which whoever takes part is told what a step asked; none where its question says the
    /// same to everybody.
    fn question_told(&self, need: &str) -> Option<&'static str> {
        let _ = need;
        None
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

    /// The steps that can be taken now, by name, as the kind offers them to whoever looks: below which heading, in
    /// which words, with what filled in. What it leaves out is not offered. `record` is the sealed record of whoever
    /// takes part and looks herself. None where all are offered as their procedure has them.
    ///
    /// # Errors
    /// A failure of the store.
    fn offered(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        steps: &[&str],
        record: Option<Uuid>,
    ) -> Result<Option<BTreeMap<String, Offer>>, Fault> {
        let _ = (tx, page, case, steps, record);
        Ok(None)
    }

    /// What is said of the consent of those who take part, by role, in the order of the parties of each. Where nothing
    /// is said, their page says since when each consents.
    ///
    /// # Errors
    /// A failure of the store.
    fn consents(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<BTreeMap<String, Vec<String>>, Fault> {
        let _ = (tx, page, case, events);
        Ok(BTreeMap::new())
    }

    /// What whoever takes part reads on her page before she answers, and once it ended: with a case and its events as
    /// the page tells them, and her sealed record.
    ///
    /// # Errors
    /// A failure of the store.
    fn own(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
        record: Option<Uuid>,
    ) -> Result<Own, Fault> {
        let _ = (tx, page, case, events, record);
        Ok(Own::default())
    }

    /// What the office is called that decides a case, where that is another name than its place and department make.
    ///
    /// # Errors
    /// A failure of the store.
    fn decider(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Option<String>, Fault> {
        let _ = (tx, page, case);
        Ok(None)
    }

    /// Whether only steps of its procedure send a case to another office, so that nobody transfers it beside them.
    fn moves_by_steps(&self) -> bool {
        false
    }

    /// Whether a step that neither decides nor ends a case is shown before it is taken, and can be undone.
    fn weighs(&self, action: &str) -> bool {
        let _ = action;
        false
    }

    /// Whether somebody whose post works on cases at the office of a case may have it in hand.
    ///
    /// # Errors
    /// A failure of the store.
    fn may_have(&self, tx: &mut dyn Tx, case: &Case, account: Uuid) -> Result<bool, Fault> {
        let _ = (tx, case, account);
        Ok(true)
    }

    /// The key of the words for an answer that its department gives by itself with a step; none for words that somebody
    /// wrote.
    fn answer_key(&self, answer: &str) -> Option<&'static str> {
        let _ = answer;
        None
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

    /// Which open cases inside a scope cannot wait for their place in a list and come first in it, at most `limit`.
    ///
    /// # Errors
    /// A failure of the store.
    fn first_in_lists(&self, tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Key>, Fault> {
        let _ = (tx, scope, limit);
        Ok(Vec::new())
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

    /// The address that leads on to the next case of a list, where that is one of the department's own; none where it
    /// is another's, or does not lead on.
    fn following(&self, case: &Case, list: &str) -> Option<String> {
        let _ = (case, list);
        None
    }

    /// Links of the department to its own pages about a case, by what happened to it. Those of other departments are
    /// added by themselves.
    fn links(&self, case: &Case, page: &Page, events: &[Recorded]) -> Vec<BesideLink> {
        let _ = (case, page, events);
        Vec::new()
    }

    /// Links to the department's own pages about a case for whoever takes part in it: `record` is her sealed one.
    fn own_links(&self, case: &Case, page: &Page, record: Option<Uuid>) -> Vec<BesideLink> {
        let _ = (case, page, record);
        Vec::new()
    }

    /// Where whoever joined a case of that number reads about it, with a code that is not the one of the case.
    fn joined(&self, page: &Page, number: &CaseNumber) -> Option<BesideLink> {
        let _ = (page, number);
        None
    }

    /// Whether somebody applies for its cases, whose name lists give. Lists of cases for which nobody applies have no
    /// column for her.
    fn has_applicant(&self) -> bool {
        true
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

/// Words that only the counter says of its cases, and what is said of others where their kind has no words of its own.
const PLAIN: [(&str, &str); 9] = [
    ("cases-by-applicant", "cases-plain-person"),
    ("cases-person", "cases-plain-person"),
    ("cases-person-opened", "cases-plain-opened"),
    ("cases-person-logged", "cases-plain-logged"),
    ("cases-talk-send", "cases-plain-send"),
    ("cases-waits-counter", "cases-plain-waits"),
    ("cases-waits-own-counter", "cases-plain-waits-own"),
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

#[cfg(test)]
mod tests;
