//! What happened to a case. Stored for ever; the names never change their meaning.

use super::stored::{StoredCounted, StoredOpened};
use super::{
    Application, CaseId, Due, Handler, LEGAL, LateReason, PROMISED, PaperForm, Parties, Point, Signature, Term,
};
use crate::calendar::Limit;
use crate::permission::Target;
use crate::place::PlacePath;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What [`Event::Opened`] records. What earlier versions of the product recorded is read as the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredOpened")]
pub struct Opened {
    /// What kind of matter it is. It is stored as `of`, because `kind` is the event's own.
    #[serde(rename = "of")]
    pub kind: String,
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
    /// The place that it is about.
    pub place: PlacePath,
    /// The point on the map that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// Who takes part, by role.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parties: Parties,
    /// The office responsible.
    pub office: Target,
    /// The counter at which it was accepted, or at which staff helped the applicant to apply online.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<PlacePath>,
    /// How far each clock may run.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub clocks: BTreeMap<String, Term>,
    /// The limits of the rulebook that its states need, by code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Limit>,
    /// Whether only the responsible department's own staff may see it.
    #[serde(skip_serializing_if = "is_false")]
    pub confidential: bool,
    /// The answers given.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// When the state has lasted as long as it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Due>,
    /// What was applied for at the counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Application>,
    /// How the papers of the case are read as it goes on: see [`READING`]. What was opened before there were two ways
    /// has none written.
    #[serde(skip_serializing_if = "is_first")]
    pub reading: u8,
}

/// How papers are read in the cases that are opened today. In the first way (0), an office that asked for an original
/// again left it seen; now whatever was asked for is to be shown, and what has come since stays as it came.
pub const READING: u8 = 1;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(super) const fn is_first(reading: &u8) -> bool {
    *reading == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_false(answer: &bool) -> bool {
    !*answer
}

/// The dates as counted, so that every date that was ever told stands in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredCounted")]
pub struct Counted {
    /// When each clock that has started is due.
    pub dues: BTreeMap<String, Due>,
    /// When the state has lasted as long as it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Due>,
    /// One of the dates runs into a year whose holidays are not published.
    #[serde(skip_serializing_if = "is_false")]
    pub provisional: bool,
}

impl Counted {
    /// The date of a clock.
    pub fn due(&self, clock: &str) -> Option<Date> {
        self.dues.get(clock).map(|due| due.on)
    }
}

/// What happened to a case. Stored for ever; the names never change their meaning. What people wrote in free words is
/// stored apart, and a handle stands in its place ([`Event::words_mut`]).
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
        /// The numbers of the parties that acted, where the action is a party's.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parties: Vec<usize>,
        /// The day on which the state before should have been left at the latest, where it was left after that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overdue: Option<Date>,
        /// When the state after has lasted as long as it may.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<Due>,
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
    /// The dates were counted (anew).
    Recomputed(Counted),
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
    /// Files of papers were taken back before anybody looked at them: these papers are still to be brought, except
    /// those that staff saw before.
    TakenBack {
        /// Material codes.
        papers: BTreeSet<String>,
        /// Those of them that staff saw before, each with the form in which they saw it.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        seen: BTreeMap<String, PaperForm>,
    },
    /// The place that it is about is known more exactly than when it was opened.
    Settled {
        /// Where the applicant lives.
        place: PlacePath,
        /// The office that is responsible there.
        office: Target,
    },
    /// A place that it names lies elsewhere.
    Relocated {
        /// Where it lay.
        from: PlacePath,
        /// Where it lies.
        to: PlacePath,
    },
    /// What a party had consented to no longer counts: she is asked anew.
    Lapsed {
        /// The role.
        role: String,
        /// Her number among the parties of the role, from 0.
        number: usize,
    },
}

impl Event {
    /// The name of its kind as stored, such as `opened` or `acted`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::Acted { .. } => "acted",
            Self::Rated { .. } => "rated",
            Self::Recomputed(_) => "recomputed",
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
            Self::TakenBack { .. } => "taken_back",
            Self::Settled { .. } => "settled",
            Self::Relocated { .. } => "relocated",
            Self::Lapsed { .. } => "lapsed",
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

impl TryFrom<StoredOpened> for Opened {
    type Error = String;

    fn try_from(mut stored: StoredOpened) -> Result<Self, String> {
        if let Some(item) = stored.item.take() {
            stored.upcast(item)?;
        }
        Ok(Self {
            kind: stored.kind,
            procedure: stored.procedure,
            procedure_version: stored.procedure_version,
            action: stored.action,
            to: stored.to,
            number: stored.number,
            place: stored.place,
            point: stored.point,
            parties: stored.parties,
            office: stored.office,
            counter: stored.counter,
            clocks: stored.clocks,
            limits: stored.limits,
            confidential: stored.confidential,
            fields: stored.fields,
            latest: stored.latest,
            service: stored.service,
            reading: stored.reading,
        })
    }
}

impl From<StoredCounted> for Counted {
    fn from(stored: StoredCounted) -> Self {
        let mut dues = stored.dues;
        for (name, on) in [(PROMISED, stored.promised_due), (LEGAL, stored.legal_due)] {
            if let Some(on) = on {
                dues.insert(name.to_owned(), Due { on, at: None });
            }
        }
        Self { dues, latest: stored.latest, provisional: stored.provisional }
    }
}
