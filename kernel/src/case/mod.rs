//! Cases: everything that starts, is somebody's duty, has a date and ends. Commands are decided into events; a case is
//! their fold.

mod acting;
mod answers;
mod asked;
mod authority;
mod clock;
mod command;
mod decide;
mod deeds;
mod event;
mod fold;
mod handling;
mod late;
mod latest;
mod office;
mod opening;
mod party;
mod point;
#[cfg(test)]
mod properties;
mod rating;
mod service;
mod signature;
mod stored;
#[cfg(test)]
mod stories;
mod turn;
mod words;

pub use acting::{Acting, Moment, Relation};
pub use answers::{
    BLANK, BY_AGENT, FOR_WHOM, HAS_READ, HER_WORD, HER_WORDS, HOW_SAID, IS_SURE, ON_PAPER, PAPER_ON, asks,
    ends_for_her, is_noted, is_of_herself, is_of_noted,
};
pub use asked::{AskedPaper, Came, asked_last, asked_papers, hands_in};
pub use authority::{may_read, possible, settles, sign};
pub use clock::{CaseClock, Due, Term};
pub use command::{Command, Opening};
pub use decide::{Decided, decide, decided, gives_time};
pub use event::{Counted, Event, Opened, READING, Recorded};
pub use fold::{FoldFault, fold};
pub use handling::may_extend;
pub use late::{Late, LateReason, Overstay, late_since, late_told};
pub use latest::{by_itself, waits_for};
pub use office::{Consultation, Handler, Opinion, Supervision};
pub use party::{Holder, Parties, Party, lacking};
pub use point::Point;
pub use service::{Appeal, Application, LEGAL, Outcome, PROMISED, Paper, PaperForm, Rated, SERVICE, Service};
pub use signature::Signature;
pub use turn::{completes, turn};
pub use words::{handle_of, handled};

use crate::calendar::Limit;
use crate::permission::Target;
use crate::place::{PlaceId, PlacePath};
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// The identity of a case (办件), a UUIDv7 made outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub Uuid);

impl fmt::Display for CaseId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// How often an action was taken, and by which account last: kept of the actions that the procedure asks about again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// How often.
    pub times: u32,
    /// The account that took it last; none for the platform and for whoever did not sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Uuid>,
}

/// A case (办件) as it stands: the fold of its events. Folds of earlier versions of the product are read as what their
/// events fold to now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "stored::StoredCase")]
pub struct Case {
    /// The identity.
    pub id: CaseId,
    /// What kind of matter it is, such as [`SERVICE`]; the department that registers the kind owns the case.
    pub kind: String,
    /// Name of the procedure.
    pub procedure: String,
    /// Version of the procedure.
    pub procedure_version: i64,
    /// The number people read.
    pub number: String,
    /// The district it is kept by: the column that spreads the tables of cases. It stays when the place goes to
    /// another district.
    pub shard: PlaceId,
    /// The place that it is about; of an application, the community that the applicant lives in.
    pub place: PlacePath,
    /// The point on the map that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// Who takes part, by the roles that the procedure names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parties: Parties,
    /// The office where it lies now.
    pub office: Target,
    /// The office that decides in the end.
    pub decider: Target,
    /// Who has it in hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<Handler>,
    /// The opinions asked of other offices, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consultations: Vec<Consultation>,
    /// What higher levels asked, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supervisions: Vec<Supervision>,
    /// Why it is late, as the office said last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
    /// The states in which it stayed longer than their procedure allows, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overstays: Vec<Overstay>,
    /// Whether only the responsible department's own staff may see it.
    pub confidential: bool,
    /// Answers given when it was opened. Never personal data; in place of free words, their handles.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The state it is in.
    pub state: String,
    /// Since when.
    pub entered_at: Instant,
    /// When the state has lasted as long as it may, as last counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Due>,
    /// The clocks by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub clocks: BTreeMap<String, CaseClock>,
    /// The limits of the rulebook that its states need, by code, as they were when it was opened, and those among which
    /// an answer chooses ([`crate::procedure::LimitBy`]).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Limit>,
    /// Whether one of the dates runs into a year whose holidays are not published.
    pub provisional: bool,
    /// When it was opened.
    pub opened_at: Instant,
    /// When it was accepted: the first clock started.
    pub accepted_at: Option<Instant>,
    /// When it came to a state after which nothing follows.
    pub closed_at: Option<Instant>,
    /// How many events it has.
    pub sequence: i64,
    /// How it came out: a code of the procedure's outcomes.
    pub outcome: Option<String>,
    /// What was done of the actions that the procedure asks about again.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub taken: BTreeMap<String, Taken>,
    /// The days that were promised in words, by the name of the answer that named them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<String, Date>,
    /// Since when its parties are asked for their consent; none while no question stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Instant>,
    /// What only a counter's case has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Box<Service>>,
}

impl Case {
    /// The clock of that name.
    pub fn clock(&self, name: &str) -> Option<&CaseClock> {
        self.clocks.get(name)
    }

    /// The parties of a role; none where the case has none.
    pub fn parties_of(&self, role: &str) -> &[Party] {
        party::of(&self.parties, role)
    }

    /// The parties of a role that have not left the case, each with its number from 0.
    pub fn standing(&self, role: &str) -> impl Iterator<Item = (usize, &Party)> {
        self.parties_of(role).iter().enumerate().filter(|(_, party)| party.left_at.is_none())
    }

    /// Whether a clock of it has started and has not ended.
    pub fn runs(&self) -> bool {
        self.clocks.values().any(CaseClock::is_open)
    }

    /// When the last of its clocks ended (decision, withdrawal), from which the window for rating counts; none while
    /// one has not. A case without clocks ends when it is closed.
    pub fn ended_at(&self) -> Option<Instant> {
        if self.clocks.is_empty() {
            return self.closed_at;
        }
        let ends: Option<Vec<Instant>> = self.clocks.values().map(|clock| clock.ended).collect();
        ends?.into_iter().max()
    }
}
