//! Cases: everything that starts, is somebody's duty, has a date and ends. Commands are decided into events; a case is their fold.

mod authority;
mod command;
mod decide;
mod deeds;
mod event;
mod fold;
mod handling;
mod late;
#[cfg(test)]
mod properties;
mod rating;
#[cfg(test)]
mod stories;

pub use authority::{Relation, Signature, may_read, possible, sign};
pub use command::{Command, Opening};
pub use decide::decide;
pub use event::{Event, Opened, Recorded};
pub use fold::{FoldFault, fold};
pub use handling::{Consultation, Handler, Supervision};
pub use late::{Late, LateReason, late_since, late_told};
pub use rating::{Appeal, Rated};

use crate::calendar::{Calendar, Deadline, Limit, Pause};
use crate::permission::Target;
use crate::place::{PlaceId, PlacePath};
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
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

/// The form in which a paper was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperForm {
    /// The original (原件).
    #[default]
    Original,
    /// A copy (复印件).
    Copy,
    /// An electronic one (电子件).
    Electronic,
}

/// What became of one paper (材料) of an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The form it was given in.
    pub form: PaperForm,
    /// Not asked for, because a data check showed it (免提交).
    pub waived: bool,
    /// Accepted without it; to be brought later (容缺后补).
    pub later: bool,
}

/// One of the two clocks of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseClock {
    /// How long it may take.
    pub limit: Limit,
    /// By how much it was extended, in the limit's own unit.
    pub extended: u32,
    /// When it started: acceptance. Set once, never changed.
    pub started: Option<Instant>,
    /// When it stood still and why, in order.
    pub pauses: Vec<Pause>,
    /// When it ended: the decision, or the applicant gave up.
    pub ended: Option<Instant>,
}

impl CaseClock {
    /// A clock that has not started.
    pub const fn new(limit: Limit) -> Self {
        Self { limit, extended: 0, started: None, pauses: Vec::new(), ended: None }
    }

    /// When it is due as seen now, none before it started. After the end it is seen as at the end.
    pub fn deadline(&self, calendar: &Calendar, now: Instant) -> Option<Deadline> {
        let limit = Limit { amount: self.limit.amount.saturating_add(self.extended), ..self.limit };
        Some(calendar.deadline(self.started?, limit, &self.pauses, self.ended.unwrap_or(now)))
    }

    /// Whether it stands still.
    pub fn stands(&self) -> bool {
        self.ended.is_none() && self.pauses.last().is_some_and(|pause| pause.until.is_none())
    }

    /// How long it stood still, in microseconds; a pause still open counts until `now`.
    pub fn paused_micros(&self, now: Instant) -> i64 {
        let length = |pause: &Pause| pause.until.unwrap_or(now).micros().saturating_sub(pause.from.micros()).max(0);
        self.pauses.iter().map(length).fold(0, i64::saturating_add)
    }
}

/// How a case came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Granted (准予).
    Granted,
    /// Refused (不予).
    Refused,
    /// Given up by the applicant (撤回).
    Withdrawn,
    /// Not taken in (不予受理).
    NotAccepted,
}

impl Outcome {
    /// The name as stored: `granted`, `refused`, `withdrawn`, `not_accepted`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::NotAccepted => "not_accepted",
        }
    }
}

/// A case (办件) as it stands: the fold of its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The identity.
    pub id: CaseId,
    /// Code of the item.
    pub item: String,
    /// Version of the item's entry in the catalogue.
    pub item_version: i64,
    /// Name of the procedure.
    pub procedure: String,
    /// Version of the procedure.
    pub procedure_version: i64,
    /// The number people read.
    pub number: String,
    /// The district it is kept by: the column that spreads the tables of cases. It stays when the community goes to another district.
    pub shard: PlaceId,
    /// The community the applicant lives in.
    pub residence: PlacePath,
    /// The counter that accepted it; none before an online application is accepted at one.
    pub counter: Option<PlacePath>,
    /// The office where it lies now.
    pub office: Target,
    /// The office that decides in the end.
    pub decider: Target,
    /// Who has it in hand.
    pub handler: Option<Handler>,
    /// The opinions asked of other offices, in order.
    pub consultations: Vec<Consultation>,
    /// What higher levels asked, in order.
    pub supervisions: Vec<Supervision>,
    /// Why it is late, as the office said last.
    #[serde(default)]
    pub late: Option<Late>,
    /// Whether only the responsible department's own staff may see it.
    pub confidential: bool,
    /// The papers by material code.
    pub papers: BTreeMap<String, Paper>,
    /// The papers asked for and not yet brought.
    pub missing: BTreeSet<String>,
    /// Answers to the item's questions.
    pub fields: BTreeMap<String, String>,
    /// Whether it came online.
    pub online: bool,
    /// The state it is in.
    pub state: String,
    /// Since when.
    pub entered_at: Instant,
    /// The promised clock.
    pub promised: CaseClock,
    /// The legal clock.
    pub legal: CaseClock,
    /// The promised date as last counted.
    pub promised_due: Option<Date>,
    /// The legal date as last counted.
    pub legal_due: Option<Date>,
    /// Whether one of the dates runs into a year whose holidays are not published.
    pub provisional: bool,
    /// When it was opened.
    pub opened_at: Instant,
    /// When it was accepted: the clocks started.
    pub accepted_at: Option<Instant>,
    /// When it came to a state after which nothing follows.
    pub closed_at: Option<Instant>,
    /// How many events it has.
    pub sequence: i64,
    /// The applicant's rating, 1 to 5, as it was given.
    pub rating: Option<u8>,
    /// What became of the rating.
    pub rated: Option<Rated>,
    /// How it came out.
    pub outcome: Option<Outcome>,
}

impl Case {
    /// When its clocks ended (decision, withdrawal), from which the window for rating counts.
    pub fn ended_at(&self) -> Option<Instant> {
        self.promised.ended
    }
}
