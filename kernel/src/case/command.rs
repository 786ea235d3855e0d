//! What is asked of a case.

use super::{Application, Handler, LateReason, PaperForm, Parties, Point, Term};
use crate::calendar::Limit;
use crate::permission::Target;
use crate::place::PlacePath;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The command that opens a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// What kind of matter it is.
    pub kind: String,
    /// The start action taken.
    pub action: String,
    /// The number people read.
    pub number: String,
    /// The place that it is about; of an application, the community that the applicant lives in.
    pub place: PlacePath,
    /// The point on the map that it is about.
    pub point: Option<Point>,
    /// Who takes part, by the roles that the procedure names.
    pub parties: Parties,
    /// The office responsible.
    pub office: Target,
    /// The counter, if one took it in.
    pub counter: Option<PlacePath>,
    /// How far the clocks may run whose limit comes from the item or is a date that was given.
    pub clocks: BTreeMap<String, Term>,
    /// The limits of the rulebook, by the codes that [`crate::procedure::Procedure::rules`] names, and those among
    /// which an answer chooses, by [`crate::procedure::LimitBy::key`].
    pub limits: BTreeMap<String, Limit>,
    /// Whether only the responsible department's own staff may see it.
    pub confidential: bool,
    /// The answers given. Never personal data.
    pub fields: BTreeMap<String, String>,
    /// What is applied for, at a counter or online.
    pub service: Option<Application>,
}

impl Opening {
    /// Code of the item that is applied for; empty for a matter without one.
    pub fn item(&self) -> &str {
        self.service.as_ref().map_or("", |application| &application.item)
    }
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
        /// What was good or poor, by code.
        aspects: BTreeSet<String>,
        /// Handle of a comment kept in the vault.
        comment_handle: Option<Uuid>,
        /// The last moment for rating: [`crate::case::Case::ended_at`] plus the rulebook's window.
        until: Instant,
    },
    /// Take papers in (收件): at a counter or at the office, whatever state the case is in.
    Receive {
        /// Material codes, each with the form it was given in.
        papers: BTreeMap<String, PaperForm>,
        /// The counter it happens at; none at the office.
        counter: Option<PlacePath>,
    },
    /// Ask no more for papers that a data check has confirmed (免提交). The platform does this, or the office.
    Waive {
        /// Material codes.
        papers: BTreeSet<String>,
    },
    /// Take files of papers back that were sent (收回): no file of these papers is left.
    TakeBack {
        /// Material codes.
        papers: BTreeSet<String>,
        /// Those of them that staff saw before: each counts again in the form in which they saw it.
        seen: BTreeMap<String, PaperForm>,
        /// The counter it happens at; none at the office and for the applicant.
        counter: Option<PlacePath>,
    },
    /// Say where the applicant lives, where she did not know it herself (居住社区待确认).
    Settle {
        /// The community.
        place: PlacePath,
        /// The office that is responsible there.
        office: Target,
    },
    /// A place with all inside it lies elsewhere now (区划调整). The platform alone does this.
    Relocate {
        /// Where it lay.
        from: PlacePath,
        /// Where it lies.
        to: PlacePath,
    },
    /// What a party consented to no longer counts, because it was not hers to consent to: she is asked anew. The
    /// platform alone does this.
    Lapse {
        /// The role.
        role: String,
        /// Her number among the parties of the role, from 0.
        number: usize,
    },
    /// Rate it once more after the follow-up.
    RateAgain {
        /// 1 to 5.
        score: u8,
        /// The last moment for it.
        until: Instant,
    },
    /// Answer a rating after calling back and putting right (回访整改).
    FollowUp {
        /// What was done, as the applicant reads it. Never personal data.
        answer: String,
    },
    /// Say that a rating was given by mistake (误评申诉).
    Appeal {
        /// Why.
        reason: String,
    },
    /// Decide an appeal, one level higher.
    DecideAppeal {
        /// The rating does not count in the adjusted rate.
        upheld: bool,
        /// Why.
        reason: String,
    },
    /// Take it in hand, give it to a colleague, or let go of it (领办、交接).
    Assign {
        /// Who has it in hand; none to let go.
        to: Option<Handler>,
    },
    /// Extend every limit (延期), within what the rule allows in all.
    Extend {
        /// By how many of each limit's own unit.
        amount: u32,
        /// Why; told to the applicant.
        reason: String,
        /// The most that all extensions may come to, from the rulebook.
        most: u32,
    },
    /// Give it to another office (转办).
    Transfer {
        /// The office.
        to: Target,
        /// Why.
        reason: String,
    },
    /// Ask another office for its opinion (征求意见), or to handle it jointly (联合办理).
    Consult {
        /// The office.
        office: Target,
        /// What is asked. Never personal data.
        question: String,
        /// The last day for the answer.
        due: Date,
        /// The case is not decided without it.
        joint: bool,
    },
    /// Answer as the office that was asked.
    Answer {
        /// The number of the consultation, from 0.
        number: usize,
        /// It agrees.
        agrees: bool,
        /// What it says.
        text: String,
    },
    /// Urge the office (督办), one level at a time.
    Supervise {
        /// What the office is told.
        note: String,
        /// The last day for its answer, from the rulebook.
        answer_by: Date,
    },
    /// Answer to the higher level that asked after it.
    Account {
        /// The number of the supervision, from 0.
        number: usize,
        /// The answer.
        answer: String,
    },
    /// Say why the case is late (超期原因).
    Explain {
        /// Why.
        reason: LateReason,
        /// In words; needed for [`LateReason::Other`] alone. Never personal data.
        note: String,
    },
    /// Count the dates again, after a notice of holidays or because a pause goes on. The platform alone does this.
    Recompute,
}
