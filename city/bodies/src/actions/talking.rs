//! Enters what a place talks about: questions, what was agreed of them, and meetings.

use hall::Fault;
use kernel::permission::{Actor, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::keeping::first_of;
use super::{By, Stream, note};
use crate::Bodies;
use crate::permissions::May;
use crate::records::talk;
use crate::refusals::Why;
use crate::rules;
use crate::words::{Meeting, Question};

/// Where the keys of these commands are kept apart from those of others.
const RAISE: &str = "bodies.raise";
const AGREE: &str = "bodies.agree";
const CALL: &str = "bodies.call";
const CANCEL: &str = "bodies.cancel";
/// The longest meeting, in seconds.
const LONGEST: i64 = 86_400;

/// What was agreed of a question.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The question.
    pub question: Uuid,
    /// The day.
    pub on: Date,
    /// What was agreed.
    pub outcome: String,
    /// The address of a page with more; may be empty.
    pub link: String,
}

/// A meeting as somebody calls it.
#[derive(Clone, Debug)]
pub struct Called {
    /// The identity that it gets.
    pub id: Uuid,
    /// What it is.
    pub title: String,
    /// Where.
    pub room: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
}

impl Bodies {
    /// Enters a question of a place.
    ///
    /// # Errors
    /// No permission there, what is wrong with it, or a failure.
    pub fn raise(&self, tx: &mut dyn Tx, place: &PlacePath, id: Uuid, title: &str, by: &By<'_>) -> Result<(), Fault> {
        permitted(by.actor, place)?;
        first_of(rules::needed("question", title))?;
        if !by.sent.is_first(tx, RAISE, by.now)? {
            return Ok(());
        }
        let question = Question {
            district: place.district(),
            id,
            path: place.clone(),
            title: title.to_owned(),
            raised_on: self.today(by.now),
            agreed_on: None,
            outcome: String::new(),
            link: String::new(),
            noted_name: by.actor.name.clone(),
            noted_at: by.now,
        };
        talk::put_question(tx, &question)?;
        let stream = Stream { district: question.district, id, kind: "bodies.raised" };
        note(tx, &stream, &json!({ "place": place.id() }), by)
    }

    /// Enters what was agreed of a question.
    ///
    /// # Errors
    /// No permission there, no such question, what is wrong with it, or a failure.
    pub fn agree(&self, tx: &mut dyn Tx, place: &PlacePath, agreed: &Agreed, by: &By<'_>) -> Result<(), Fault> {
        permitted(by.actor, place)?;
        let found = talk::question(tx, place, agreed.question)?;
        let before = found.ok_or_else(|| Refusal::new(Code::FormChoice).field("of"))?;
        let mut faults = rules::open_lines("outcome", &agreed.outcome);
        if agreed.outcome.is_empty() {
            faults.push(Refusal::new(Code::FormMissing).field("outcome"));
        }
        faults.extend(rules::link("link", &agreed.link));
        faults.extend(rules::happened("agreed_on", agreed.on, self.today(by.now), None));
        first_of(faults)?;
        if !by.sent.is_first(tx, AGREE, by.now)? {
            return Ok(());
        }
        let question = Question {
            agreed_on: Some(agreed.on),
            outcome: agreed.outcome.clone(),
            link: agreed.link.clone(),
            noted_name: by.actor.name.clone(),
            noted_at: by.now,
            ..before
        };
        talk::put_question(tx, &question)?;
        let stream = Stream { district: question.district, id: question.id, kind: "bodies.agreed" };
        // The log is kept for ever: what people wrote stands in the table alone.
        note(tx, &stream, &json!({ "on": agreed.on.to_string() }), by)
    }

    /// Calls a meeting of a place.
    ///
    /// # Errors
    /// No permission there, what is wrong with it, or a failure.
    pub fn call_meeting(&self, tx: &mut dyn Tx, place: &PlacePath, called: &Called, by: &By<'_>) -> Result<(), Fault> {
        permitted(by.actor, place)?;
        let mut faults = rules::needed("meeting", &called.title);
        faults.extend(rules::needed("room", &called.room));
        let seconds = called.ends_at.seconds_since(called.starts_at);
        if seconds <= 0 || seconds > LONGEST {
            faults.push(Refusal::new(Why::BodiesHours).field("starts"));
        }
        first_of(faults)?;
        if !by.sent.is_first(tx, CALL, by.now)? {
            return Ok(());
        }
        let meeting = Meeting {
            district: place.district(),
            id: called.id,
            path: place.clone(),
            title: called.title.clone(),
            room: called.room.clone(),
            starts_at: called.starts_at,
            ends_at: called.ends_at,
            cancelled: false,
            noted_name: by.actor.name.clone(),
            noted_at: by.now,
        };
        talk::put_meeting(tx, &meeting)?;
        let stream = Stream { district: meeting.district, id: meeting.id, kind: "bodies.called" };
        note(tx, &stream, &json!({ "place": place.id() }), by)
    }

    /// Calls a meeting off. Calendars that hold it strike it out.
    ///
    /// # Errors
    /// No permission there, no such meeting, or a failure.
    pub fn cancel_meeting(&self, tx: &mut dyn Tx, place: &PlacePath, id: Uuid, by: &By<'_>) -> Result<(), Fault> {
        permitted(by.actor, place)?;
        let found = talk::meeting(tx, place, id)?;
        let before = found.ok_or_else(|| Refusal::new(Code::FormChoice).field("off"))?;
        if !by.sent.is_first(tx, CANCEL, by.now)? {
            return Ok(());
        }
        let meeting = Meeting { cancelled: true, noted_name: by.actor.name.clone(), noted_at: by.now, ..before };
        talk::put_meeting(tx, &meeting)?;
        let stream = Stream { district: meeting.district, id, kind: "bodies.cancelled" };
        note(tx, &stream, &json!({ "place": place.id() }), by)
    }
}

/// Refuses whoever does not keep the bodies of a place.
fn permitted(actor: &Actor, place: &PlacePath) -> Result<(), Fault> {
    may(actor, May::BodiesEdit, &Target::at(place.clone()))?;
    Ok(())
}
