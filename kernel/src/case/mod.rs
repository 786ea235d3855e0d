//! Cases: everything that starts, is somebody's duty, has a date and ends. Commands are decided into events; a case is their fold.

mod authority;
mod decide;
mod deeds;
mod fold;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;

pub use authority::{Relation, Signature, may_read, possible, sign};
pub use decide::decide;
pub use fold::{FoldFault, fold};

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

/// The command that opens a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Code of the item.
    pub item: String,
    /// Version of the item's entry in the catalogue.
    pub item_version: i64,
    /// The start action taken.
    pub action: String,
    /// The number people read.
    pub number: String,
    /// The community the applicant lives in.
    pub residence: PlacePath,
    /// The counter, if one took it in.
    pub counter: Option<PlacePath>,
    /// The office responsible.
    pub office: Target,
    /// What was promised (承诺时限).
    pub promised: Limit,
    /// What the law allows (法定时限).
    pub legal: Limit,
    /// Whether only the responsible department's own staff may see it.
    pub confidential: bool,
    /// The papers by material code.
    pub papers: BTreeMap<String, Paper>,
    /// Answers to the item's questions. Never personal data.
    pub fields: BTreeMap<String, String>,
}

/// What is asked of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Open it.
    Open(Box<Opening>),
    /// Take an action of its procedure.
    Act {
        /// The action's name.
        action: String,
        /// Answers to the action's needs, by name. Never personal data.
        fields: BTreeMap<String, String>,
        /// Material codes, for a need of kind papers.
        papers: Vec<String>,
        /// The counter it happens at.
        counter: Option<PlacePath>,
        /// Staff acts for the applicant.
        on_behalf: bool,
    },
    /// Rate it (好差评).
    Rate {
        /// 1 very dissatisfied to 5 very satisfied.
        score: u8,
        /// Handle of a comment kept in the vault.
        comment_handle: Option<Uuid>,
        /// The last moment for rating: [`Case::ended_at`] plus the rulebook's window.
        until: Instant,
    },
    /// Take papers in (收件): at a counter or at the office, whatever state the case is in.
    Receive {
        /// Material codes, each with the form it was given in.
        papers: BTreeMap<String, PaperForm>,
        /// The counter it happens at; none at the office.
        counter: Option<PlacePath>,
    },
    /// A place with all inside it lies elsewhere now (区划调整). The platform alone does this.
    Relocate {
        /// Where it lay.
        from: PlacePath,
        /// Where it lies.
        to: PlacePath,
    },
    /// Urge the office (督办).
    Supervise {
        /// What the office is told.
        note: String,
    },
    /// Count both dates again, after a notice of holidays or because a pause goes on. The platform alone does this.
    Recompute,
}

/// What [`Event::Opened`] records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Code of the item.
    pub item: String,
    /// Version of the item's entry in the catalogue.
    pub item_version: i64,
    /// Name of the procedure.
    pub procedure: String,
    /// Version of the procedure.
    pub procedure_version: i64,
    /// The start action taken.
    pub action: String,
    /// The state it led to.
    pub to: String,
    /// The number people read.
    pub number: String,
    /// The community the applicant lives in.
    pub residence: PlacePath,
    /// The counter at which it was accepted, or at which staff helped the applicant to apply online.
    pub counter: Option<PlacePath>,
    /// The office responsible.
    pub office: Target,
    /// What was promised.
    pub promised: Limit,
    /// What the law allows.
    pub legal: Limit,
    /// Whether only the responsible department's own staff may see it.
    pub confidential: bool,
    /// The papers by material code.
    pub papers: BTreeMap<String, Paper>,
    /// Answers to the item's questions.
    pub fields: BTreeMap<String, String>,
    /// Whether it came online rather than over a counter.
    pub online: bool,
}

/// What happened to a case. Stored for ever; the names never change their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// It was opened.
    Opened(Box<Opened>),
    /// An action was taken.
    Acted {
        /// The action.
        action: String,
        /// The state before.
        from: String,
        /// The state after.
        to: String,
        /// The answers given.
        fields: BTreeMap<String, String>,
        /// The papers named.
        papers: Vec<String>,
        /// The counter it happened at.
        counter: Option<PlacePath>,
    },
    /// The applicant rated it.
    Rated {
        /// 1 to 5.
        score: u8,
        /// Handle of a comment kept in the vault.
        comment_handle: Option<Uuid>,
    },
    /// Both dates were counted (anew).
    Recomputed {
        /// The promised date.
        promised_due: Date,
        /// The legal date.
        legal_due: Date,
        /// One of them runs into a year whose holidays are not published.
        provisional: bool,
    },
    /// The office was urged.
    Supervised {
        /// What it was told.
        note: String,
    },
    /// Papers were taken in.
    Received {
        /// Material codes, each with the form it was given in.
        papers: BTreeMap<String, PaperForm>,
        /// The counter it happened at.
        counter: Option<PlacePath>,
    },
    /// A place that it names lies elsewhere.
    Relocated {
        /// Where it lay.
        from: PlacePath,
        /// Where it lies.
        to: PlacePath,
    },
}

impl Event {
    /// The name of its kind as stored: `opened`, `acted`, `rated`, `recomputed`, `supervised`, `received`, `relocated`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::Acted { .. } => "acted",
            Self::Rated { .. } => "rated",
            Self::Recomputed { .. } => "recomputed",
            Self::Supervised { .. } => "supervised",
            Self::Received { .. } => "received",
            Self::Relocated { .. } => "relocated",
        }
    }
}

/// An event with its moment and its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The case it happened to.
    pub id: CaseId,
    /// When it happened.
    pub at: Instant,
    /// Who did it.
    pub by: Signature,
    /// What happened.
    pub event: Event,
}

/// One of the two clocks of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseClock {
    /// How long it may take.
    pub limit: Limit,
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
        Self { limit, started: None, pauses: Vec::new(), ended: None }
    }

    /// When it is due as seen now, none before it started. After the end it is seen as at the end.
    pub fn deadline(&self, calendar: &Calendar, now: Instant) -> Option<Deadline> {
        Some(calendar.deadline(self.started?, self.limit, &self.pauses, self.ended.unwrap_or(now)))
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
    /// The office responsible.
    pub office: Target,
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
    /// The applicant's rating, 1 to 5.
    pub rating: Option<u8>,
    /// How it came out.
    pub outcome: Option<Outcome>,
}

impl Case {
    /// When its clocks ended (decision, withdrawal), from which the window for rating counts.
    pub fn ended_at(&self) -> Option<Instant> {
        self.promised.ended
    }
}
