//! What several pages of a case show: how it stands in time, the person, what was asked and said.

use std::collections::BTreeMap;

use kernel::permission::{Actor, Permission};
use kernel::place::PlacePath;
use kernel::procedure::ClockState;
use kernel::time::{Date, Instant};
use vault::PersonField;
use web::{Light, Page};

use crate::words::{Items, PersonLine};

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
