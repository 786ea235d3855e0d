//! What several pages of a case show: how it stands in time, the person, what was asked and said.

use std::collections::BTreeMap;

use kernel::permission::{Actor, Permission};
use kernel::place::PlacePath;
use kernel::procedure::{ClockState, State};
use kernel::time::{Date, Instant};
use vault::PersonField;
use web::{Light, Page};

use crate::Cases;
use crate::records::{InTime, Lit};
use crate::words::{Items, PersonLine};
use hall::Fault;

/// A request as a page shows it.
pub struct RequestLine {
    /// Its identity.
    pub id: String,
    /// The case's number.
    pub number: String,
    /// `correct`, `erase`.
    pub kind: String,
    /// When it came.
    pub at: String,
    /// Until when it is answered.
    pub due: String,
    /// How it stands in time.
    pub light: Light,
    /// What is asked.
    pub text: String,
    /// Answered: done or refused, and the words.
    pub answer: Option<(bool, String)>,
}

/// One thing said.
pub struct TalkLine {
    /// `note`, `to_applicant`, `from_applicant`.
    pub kind: String,
    /// When.
    pub at: String,
    /// Who; empty for the applicant.
    pub name: String,
    /// The words.
    pub text: String,
    /// The other side has seen it.
    pub is_seen: bool,
}

/// How a case stands in time; before acceptance, how near it is to the day until which it is to be accepted.
pub(super) fn light(page: &Page, clock: ClockState, promised: Option<Date>, accept_by: Option<Instant>) -> Light {
    match accept_by {
        Some(at) => page.time_left(page.zone().date(at), ClockState::Running),
        None => page.time_left(promised.unwrap_or_else(|| page.today()), clock),
    }
}

/// The light of a matter of the counter that is not accepted yet: its day is the one to accept it by.
pub(super) fn light_to_accept(page: &Page, left: &Light) -> Light {
    Light { class: left.class, text: page.t1("cases-light-accept", "left", &left.text) }
}

/// The light of a matter of the counter that is decided while its result still waits to be handed over.
pub(super) fn light_of_result(page: &Page) -> Light {
    let key = if page.visitor.staff() { "cases-light-deliver" } else { "cases-light-result" };
    Light { class: "ok", text: page.t(key) }
}

impl Cases {
    /// The words for a state, as its reader is told; with the item of a matter of the counter.
    pub(super) fn state_words(&self, page: &Page, item: Option<&str>, state: &State) -> String {
        if page.visitor.staff() {
            return state.title.get(page.lang).to_owned();
        }
        self.state_told(item, state, page.lang, &|key| page.t(key))
    }

    /// The light that an address names, as a list is narrowed to it.
    pub(super) fn lit(&self, page: &Page, light: &str) -> Result<Option<Lit>, Fault> {
        let Some(light) = InTime::parse(light) else { return Ok(None) };
        Ok(Some(Lit { light, near: self.nearness(page.now)?, zone: page.zone() }))
    }
}

/// The title of a list in a file, with what the list is narrowed to.
pub(super) fn titled(page: &Page, title: &str, lit: Option<Lit>) -> String {
    let Some(lit) = lit else { return page.t(title) };
    let what = page.t(&format!("cases-count-{}", lit.light.code()));
    page.t2("cases-title-lit", "title", page.t(title), "what", what)
}

/// The addresses of a list whose numbers of open cases stand above it: all its rows, and those that stand so in time.
/// Whatever else the list is narrowed to stays.
pub struct Narrowed {
    /// All rows.
    pub all: String,
    /// Those that are late.
    pub late: String,
    /// Those that are due soon.
    pub soon: String,
    /// Those whose clocks stand still.
    pub stopped: String,
}

impl Narrowed {
    pub(super) fn of(page: &Page, path: &str) -> Self {
        let lit = |light: &str| onward(page, path, &[("light", light), ("after", "")]);
        Self { all: lit(""), late: lit("late"), soon: lit("soon"), stopped: lit("stopped") }
    }
}

/// The address of a list that is narrowed as it is, with some of it changed.
pub(super) fn onward(page: &Page, path: &str, changes: &[(&str, &str)]) -> String {
    let query = page.query.address_with(changes);
    if query == "?" { path.to_owned() } else { format!("{path}{query}") }
}

/// The counter at which a member of staff sits: the community of her first post that accepts applications, else the
/// office's own counter.
#[must_use]
pub fn own_counter(actor: &Actor) -> Option<PlacePath> {
    let places = || actor.scopes(Permission::CaseAccept).into_iter().map(|scope| scope.place);
    places().find(|place| place.level() == kernel::place::Level::Community).or_else(|| places().next())
}

/// Fields of a person in the order of the form, with their labels; answers to papers a line each.
#[must_use]
pub fn person(page: &Page, items: &dyn Items, fields: BTreeMap<PersonField, String>) -> Vec<PersonLine> {
    let label = |field: PersonField| page.t(&format!("cases-person-{}", field.code().replace('_', "-")));
    let lines = |(field, value): (PersonField, String)| {
        let told = if field == PersonField::Note {
            items.note(&value, page.lang, &|key: &str| page.t(key))
        } else {
            Vec::new()
        };
        if told.is_empty() { vec![PersonLine::new(label(field), value)] } else { told }
    };
    fields.into_iter().flat_map(lines).collect()
}
