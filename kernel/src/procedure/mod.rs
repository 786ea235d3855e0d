//! Procedures: how a case goes. States, actions, who may take them, what they need, what they do to the clocks; all of it data.

mod check;
mod draw;
mod layout;
mod read;
#[cfg(test)]
mod tests;

pub use draw::draw;
pub use read::load;

use crate::calendar::Limit;
use crate::case::Outcome;
pub use crate::fault::Fault;
use crate::language::Bilingual;
use crate::permission::Permission;
use crate::place::Level;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A procedure (办理流程), read from `data/procedures/NAME.toml` and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Its name in data, as in `separate`.
    pub name: String,
    /// Its version; a case stays with the version it was opened under.
    pub version: i64,
    /// What people call it.
    pub title: Bilingual,
    /// The actions that open a case.
    pub start: Vec<String>,
    /// The states by name.
    pub states: BTreeMap<String, State>,
    /// The actions by name.
    pub actions: BTreeMap<String, Action>,
}

/// A state of a case (办件状态).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What people call it.
    pub title: Bilingual,
    /// What both clocks do here.
    pub clock: ClockState,
    /// Code of the legal ground on which the clocks stand still; set exactly when they are stopped.
    pub ground: Option<String>,
    /// Whether nothing follows.
    pub terminal: bool,
    /// Who has to act next.
    pub waits_for: Waits,
    /// The level at whose office the case lies here; with whoever decides where it is not said.
    pub office: Option<Level>,
    /// How long the state lasts at least, such as a public notice (公示): the actions marked `after_wait` come later.
    pub at_least: Option<Limit>,
    /// The outcome that reaching this state gives the case, if it gives one.
    pub outcome: Option<Outcome>,
    /// Position in the file, from 0.
    pub order: usize,
}

/// An action (操作): the only way from one state to another.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the language of procedures")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What people call it.
    pub title: Bilingual,
    /// The states it may be taken in; empty for an action that opens a case.
    pub from: Vec<String>,
    /// The state it leads to.
    pub to: String,
    /// What the one who takes it must be permitted. Not asked of the applicant herself nor of the platform.
    pub permission: Permission,
    /// Who takes it.
    pub by: By,
    /// What it asks for.
    pub needs: Vec<Need>,
    /// Whether it starts the clocks: the moment of acceptance (受理).
    pub starts_clock: bool,
    /// Who is told.
    pub notify: Vec<Notify>,
    /// Whether it is taken only once the state has lasted as long as it must.
    pub after_wait: bool,
    /// Whether it is the usual next step.
    pub primary: bool,
    /// Whether it may be taken in many cases at once (批量办理): it decides nothing and asks for nothing that is particular to one case.
    pub in_bulk: bool,
    /// Position in the file, from 0.
    pub order: usize,
}

/// What the clocks do in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Not accepted yet.
    NotStarted,
    /// Time counts.
    Running,
    /// Time stands still on a legal ground.
    Stopped,
    /// Decided or given up; time no longer matters.
    Ended,
}

/// Who has to act next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waits {
    /// The applicant.
    Applicant,
    /// A counter: the one that accepted it, or any for a result to be collected.
    Counter,
    /// The office responsible.
    Office,
    /// Nobody: it is over.
    Nobody,
}

/// What a step tells the applicant with reasons (说明理由): what texts kept ready for it are found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// Granted (准予).
    Grant,
    /// Refused (不予).
    Refuse,
    /// Refused because nothing was supplied in time (逾期未补正).
    Uncorrected,
    /// Not accepted (不予受理).
    NotAccept,
    /// Everything that is missing (一次性告知).
    Correction,
}

impl Telling {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Grant, Self::Refuse, Self::Uncorrected, Self::NotAccept, Self::Correction];

    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Refuse => "refuse",
            Self::Uncorrected => "uncorrected",
            Self::NotAccept => "not_accept",
            Self::Correction => "correction",
        }
    }
}

/// Who takes an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The applicant herself, or staff on her behalf at a counter.
    Applicant,
    /// Staff at any counter of the city (全市通办).
    Counter,
    /// Staff at the counter that accepted the case; before acceptance at one of the office's place or of the residence.
    Desk,
    /// Staff of the office responsible.
    Office,
    /// Staff who supervise the office.
    Supervisor,
    /// The platform itself, by a timer.
    System,
}

/// Who is told when an action was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// The applicant.
    Applicant,
    /// The counter that accepted it.
    Counter,
    /// The office responsible.
    Office,
}

/// Something an action asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Name of the field.
    pub name: String,
    /// What kind of answer.
    pub kind: NeedKind,
    /// Whether it must be given.
    pub required: bool,
    /// The label people see.
    pub title: Bilingual,
}

/// The kind of a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NeedKind {
    /// One line.
    Text,
    /// Several lines that say why; told to the applicant.
    Reason,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// One of the options.
    Choice {
        /// The options in order.
        options: Vec<Choice>,
    },
    /// Papers out of the item's list, given in the command's `papers`.
    Papers,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub code: String,
    /// What people see.
    pub title: Bilingual,
    /// Whether it is answered case by case only, even where the action may be taken in many at once.
    #[serde(default)]
    pub one_by_one: bool,
}

impl By {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Applicant, Self::Counter, Self::Desk, Self::Office, Self::Supervisor, Self::System];

    /// The permissions with which such an action may be guarded; empty where none is asked for.
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Applicant => &[Permission::CaseApply],
            Self::Counter | Self::Desk | Self::Office => {
                &[Permission::CaseAccept, Permission::CaseHandle, Permission::CaseDecide, Permission::CaseDeliver]
            }
            Self::Supervisor => &[Permission::CaseSupervise],
            Self::System => &[],
        }
    }

    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Counter => "counter",
            Self::Desk => "desk",
            Self::Office => "office",
            Self::Supervisor => "supervisor",
            Self::System => "system",
        }
    }
}

impl Waits {
    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Counter => "counter",
            Self::Office => "office",
            Self::Nobody => "nobody",
        }
    }
}

impl ClockState {
    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Ended => "ended",
        }
    }
}

impl Procedure {
    /// What a step that staff take tells the applicant; none where it gives no reasons.
    pub fn telling(&self, action: &Action) -> Option<Telling> {
        let to = self.states.get(&action.to).filter(|_| action.by != By::Applicant && !action.from.is_empty())?;
        let from =
            |wanted: &dyn Fn(&State) -> bool| action.from.iter().filter_map(|name| self.states.get(name)).all(wanted);
        match to.outcome {
            outcome if outcome.is_some() && from(&|state| state.outcome == outcome) => None,
            Some(Outcome::Granted) => Some(Telling::Grant),
            Some(Outcome::Refused) if from(&|state| state.waits_for == Waits::Applicant) => Some(Telling::Uncorrected),
            Some(Outcome::Refused) => Some(Telling::Refuse),
            Some(Outcome::NotAccepted) => Some(Telling::NotAccept),
            Some(Outcome::Withdrawn) => None,
            None => (to.waits_for == Waits::Applicant).then_some(Telling::Correction),
        }
    }

    /// Whether an action may be taken with these answers in many cases at once.
    ///
    /// # Errors
    /// Unknown, not [`Action::in_bulk`], or with an answer that is [`Choice::one_by_one`].
    pub fn may_in_bulk(&self, name: &str, fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
        let unknown = || Refusal::new(Code::CaseActionUnknown).with("action", name);
        let action = self.actions.get(name).ok_or_else(unknown)?;
        let particular = |need: &Need| match &need.kind {
            NeedKind::Choice { options } => {
                options.iter().any(|option| option.one_by_one && fields.get(&need.name) == Some(&option.code))
            }
            _ => fields.get(&need.name).is_some_and(|answer| !answer.is_empty()),
        };
        if action.in_bulk && !action.needs.iter().any(particular) {
            return Ok(());
        }
        Err(Refusal::new(Code::CaseOneByOne).with_both("action", &action.title))
    }

    /// The actions that may follow in a state, the usual one first, then as the file has them.
    pub fn from_state(&self, state: &str) -> Vec<(&str, &Action)> {
        let here = |action: &Action| action.from.iter().any(|from| from == state);
        let mut actions: Vec<(&str, &Action)> = self
            .actions
            .iter()
            .filter(|(_, action)| here(action))
            .map(|(name, action)| (name.as_str(), action))
            .collect();
        actions.sort_by_key(|(_, action)| (!action.primary, action.order));
        actions
    }

    /// The states as the file has them.
    pub fn states_in_order(&self) -> Vec<(&str, &State)> {
        let mut states: Vec<(&str, &State)> = self.states.iter().map(|(name, state)| (name.as_str(), state)).collect();
        states.sort_by_key(|(_, state)| state.order);
        states
    }
}
