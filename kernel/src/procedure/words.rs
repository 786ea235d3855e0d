//! The words of the language of procedures that stand beside states and actions: parties, clocks, outcomes, limits,
//! needs.

use crate::calendar::Limit;
use crate::language::Bilingual;
use serde::{Deserialize, Serialize};

/// What kind of party may take a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A person whose data lie sealed in the vault.
    Record,
    /// Somebody with an account.
    Account,
    /// A unit.
    Unit,
    /// An organisation.
    Organisation,
    /// Nobody who is known.
    Nobody,
}

impl PartyKind {
    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Account => "account",
            Self::Unit => "unit",
            Self::Organisation => "organisation",
            Self::Nobody => "nobody",
        }
    }
}

/// Who takes part in a role (当事人).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRule {
    /// What people call the role.
    pub title: Bilingual,
    /// The kinds that may take it.
    pub kinds: Vec<PartyKind>,
    /// How many at least.
    pub min: u32,
    /// How many at most; none for any number.
    pub max: Option<u32>,
    /// Whether it is known only through the vault: no kind but a sealed record and nobody.
    pub sealed: bool,
    /// Whether nothing is done without its consent.
    pub must_consent: bool,
    /// Position in the file, from 0.
    pub order: usize,
}

/// Who has a case in hand once an action was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// Whoever of staff took it (领办).
    Taker,
    /// Nobody any more, until somebody takes it on.
    Nobody,
}

/// Where the limit of a clock comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitRule {
    /// From the item, or whatever the department keeps of the kind.
    Item,
    /// A date that is given when the case is opened.
    Given,
    /// From the rulebook, by the code of the rule.
    Rule(String),
    /// From the procedure itself.
    Fixed(Limit),
}

/// A clock of a case (时限).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockRule {
    /// What people call it.
    pub title: Bilingual,
    /// Where its limit comes from.
    pub limit: LimitRule,
    /// Whether a case of it may be opened without its limit: then the case has no such clock.
    pub optional: bool,
    /// Whether steps start it and no state does.
    pub by_steps: bool,
    /// Position in the file, from 0.
    pub order: usize,
}

/// What an outcome counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Done.
    Done,
    /// Not done.
    NotDone,
    /// Given up by whoever asked.
    GivenUp,
}

impl Counts {
    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotDone => "not_done",
            Self::GivenUp => "given_up",
        }
    }
}

/// How a case can come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// What people call it.
    pub title: Bilingual,
    /// What it counts as.
    pub counts: Counts,
    /// Position in the file, from 0.
    pub order: usize,
}

/// Where the limit of a state comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateLimit {
    /// From the rulebook, by the code of the rule.
    Rule(String),
    /// From the procedure itself.
    Fixed(Limit),
}

/// How long a state lasts at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// The limit, counted from the day on which the state was reached.
    pub limit: StateLimit,
    /// The name of the answer that names an earlier day for its end.
    pub until: Option<String>,
    /// The action that the platform takes then; without one, that it lasted longer stays visible.
    pub then: Option<String>,
}

/// The day that an action waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotBefore {
    /// The day that an answer of that name promised in words.
    Day(String),
    /// The last day of a limit that counts from the day on which the state was reached, as a letter names it.
    After(StateLimit),
}

/// How often an action may be taken in one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Most {
    /// How often.
    pub times: u32,
    /// The action that is there for the time after.
    pub then: Option<String>,
    /// Whether that action is taken only then, and not before.
    pub only_then: bool,
}

/// The answers that name somebody who takes part from a step on (追加当事人).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joins {
    /// The name of the answer that names the role, a choice among the roles of the procedure.
    pub role: String,
    /// The name of the answer that names the sealed record, a person.
    pub who: String,
}

/// A clock whose limit an answer chooses, as the severity of a matter does (按严重程度定时限).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitBy {
    /// The name of the clock.
    pub clock: String,
    /// The name of the answer, a choice.
    pub need: String,
}

impl LimitBy {
    /// What stands between clock and answer in the names of such limits. No code of the rulebook has it.
    pub const MARK: char = '=';

    /// The name under which a case keeps the limit of a clock for an answer, beside those of the rulebook: `handle=A`.
    #[must_use]
    pub fn key(clock: &str, answer: &str) -> String {
        format!("{clock}{}{answer}", Self::MARK)
    }
}

/// More time for a clock: each time once more its original limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The clock.
    pub clock: String,
    /// How often at most.
    pub at_most: u32,
    /// Whether it is refused once the clock is overdue.
    pub never_overdue: bool,
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
    /// A whole number between bounds.
    Number {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// An amount of money in yuan, with at most two decimals.
    Money,
    /// The path of a place.
    Place,
    /// A point on the map, as [`crate::case::Point`] reads it.
    Point,
    /// Handles of files, one or more with spaces between.
    Files,
    /// Papers out of the item's list, given in the command's `papers`.
    Papers,
    /// The handle of a record that the vault keeps.
    Person,
    /// A unit: `department@path`.
    Unit,
    /// The number of another case.
    Case,
    /// A box that must be ticked: `yes`.
    Consent,
}

impl NeedKind {
    /// The name used in data.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Reason => "reason",
            Self::Date => "date",
            Self::Choice { .. } => "choice",
            Self::Number { .. } => "number",
            Self::Money => "money",
            Self::Place => "place",
            Self::Point => "point",
            Self::Files => "files",
            Self::Papers => "papers",
            Self::Person => "person",
            Self::Unit => "unit",
            Self::Case => "case",
            Self::Consent => "consent",
        }
    }
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
