//! What happened to a case. Stored for ever; the names never change their meaning.

use super::{CaseId, Handler, LateReason, Paper, PaperForm, Signature};
use crate::calendar::Limit;
use crate::permission::Target;
use crate::place::PlacePath;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
        /// What was good or poor.
        aspects: BTreeSet<String>,
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
    /// It was rated once more after the follow-up.
    RatedAgain {
        /// 1 to 5.
        score: u8,
    },
    /// A rating was answered.
    FollowedUp {
        /// What was done.
        answer: String,
    },
    /// The office called a rating a mistake.
    Appealed {
        /// Why.
        reason: String,
    },
    /// The higher level decided about that.
    AppealDecided {
        /// It was a mistake.
        upheld: bool,
        /// Why.
        reason: String,
    },
    /// Somebody has it in hand, or nobody any more.
    Assigned {
        /// Who.
        to: Option<Handler>,
    },
    /// Both limits were extended.
    Extended {
        /// By how many of each limit's own unit.
        amount: u32,
        /// Why.
        reason: String,
    },
    /// Another office took it over.
    Transferred {
        /// The office.
        to: Target,
        /// Why.
        reason: String,
    },
    /// Another office was asked for its opinion.
    Consulted {
        /// The office.
        office: Target,
        /// What was asked.
        question: String,
        /// The last day for the answer.
        due: Date,
        /// The case is not decided without it.
        joint: bool,
    },
    /// An office that was asked answered.
    Answered {
        /// The number of the consultation.
        number: usize,
        /// It agrees.
        agrees: bool,
        /// What it says.
        text: String,
    },
    /// The office was urged.
    Supervised {
        /// What it was told.
        note: String,
        /// The last day for its answer.
        answer_by: Date,
    },
    /// The office answered to the higher level.
    Accounted {
        /// The number of the supervision.
        number: usize,
        /// The answer.
        answer: String,
    },
    /// The office said why it is late.
    Explained {
        /// Why.
        reason: LateReason,
        /// In words; may be empty.
        note: String,
    },
    /// Papers were taken in.
    Received {
        /// Material codes, each with the form it was given in.
        papers: BTreeMap<String, PaperForm>,
        /// The counter it happened at.
        counter: Option<PlacePath>,
    },
    /// Papers need not be handed in: a data check has confirmed what they show.
    Waived {
        /// Material codes.
        papers: BTreeSet<String>,
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
    /// The name of its kind as stored, such as `opened` or `acted`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::Acted { .. } => "acted",
            Self::Rated { .. } => "rated",
            Self::Recomputed { .. } => "recomputed",
            Self::RatedAgain { .. } => "rated_again",
            Self::FollowedUp { .. } => "followed_up",
            Self::Appealed { .. } => "appealed",
            Self::AppealDecided { .. } => "appeal_decided",
            Self::Assigned { .. } => "assigned",
            Self::Extended { .. } => "extended",
            Self::Transferred { .. } => "transferred",
            Self::Consulted { .. } => "consulted",
            Self::Answered { .. } => "answered",
            Self::Accounted { .. } => "accounted",
            Self::Supervised { .. } => "supervised",
            Self::Explained { .. } => "explained",
            Self::Received { .. } => "received",
            Self::Waived { .. } => "waived",
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
