//! What an office has on a case besides its state: who has it in hand, opinions asked of others, the word of a higher
//! level.

use crate::permission::Target;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who has a case in hand (经办人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// The account.
    pub account: Uuid,
    /// The name, as events sign it.
    pub name: String,
}

/// The opinion of another office (征求意见、联合办理).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Whom.
    pub office: Target,
    /// What is asked; never personal data.
    pub question: String,
    /// The last day for the answer.
    pub due: Date,
    /// The case is not decided without it (联合办理).
    pub joint: bool,
    /// When it was asked.
    pub asked_at: Instant,
    /// The answer, once there is one.
    pub answer: Option<Opinion>,
}

/// What an office that was asked says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// It agrees.
    pub agrees: bool,
    /// What it says.
    pub text: String,
    /// When.
    pub at: Instant,
    /// Who signed it.
    pub name: String,
}

/// A higher level asked after the case (督办) and is owed an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    /// What it said.
    pub note: String,
    /// When.
    pub at: Instant,
    /// The last day for the office's answer.
    pub answer_by: Date,
    /// The office's answer.
    pub answer: Option<String>,
    /// When it came.
    pub answered_at: Option<Instant>,
}
