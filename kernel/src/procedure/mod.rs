//! Procedures: how a case goes. States, actions, who may take them, what they need, what they do to the clocks; all of
//! it is data.

mod amounts;
mod check;
mod check_clocks;
mod check_words;
mod draw;
mod layout;
mod raw;
mod read;
mod reader;
#[cfg(test)]
mod tests;
mod ways;
mod words;

pub use draw::draw;
pub use read::load;
pub use words::{
    Choice, ClockRule, ClockState, Counts, Ending, Extension, Hand, Joins, Latest, LimitBy, LimitRule, Most, Need,
    NeedKind, NotBefore, PartyKind, PartyRule, StateLimit, Telling,
};

use crate::calendar::Limit;
use crate::case::Outcome;
pub use crate::fault::Fault;
use crate::language::Bilingual;
use crate::permission::Permission;
use crate::place::Level;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Who takes part, by role. Empty where the procedure names nobody.
    pub parties: BTreeMap<String, PartyRule>,
    /// The clocks by name. A procedure that names none has the counter's two, promised and legal.
    pub clocks: BTreeMap<String, ClockRule>,
    /// How it can come out, by code. A procedure that names none has the counter's four.
    pub outcomes: BTreeMap<String, Ending>,
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
    /// What the clocks do here.
    pub clock: ClockState,
    /// What single clocks do here in place of that, by name.
    pub clocks: BTreeMap<String, ClockState>,
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
    /// How long it lasts at most, and what the platform does then.
    pub latest: Option<Latest>,
    /// The code of the outcome that reaching this state gives the case, if it gives one.
    pub outcome: Option<String>,
    /// Position in the file, from 0.
    pub order: usize,
}

/// An action (操作): the only way from one state to another.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the language of procedures")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What people call it.
    pub title: Bilingual,
    /// What is said of it once it was taken, where that is not its title.
    pub done: Option<Bilingual>,
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
    /// Whether it may be taken in many cases at once (批量办理): it decides nothing, and it asks for nothing that is
    /// particular to one case.
    pub in_bulk: bool,
    /// The actions whose last taker may not take this one.
    pub not_by: Vec<String>,
    /// Whether nobody of the unit that has the case may take it: what a unit asks for is decided by somebody else.
    pub not_by_unit: bool,
    /// The roles whose parties must all consent; taking the action uses their consents up.
    pub consent: Vec<String>,
    /// Whether the parties who take it consent by it.
    pub gives_consent: bool,
    /// Whether the parties who take it withdraw their consent by it.
    pub withdraws_consent: bool,
    /// Whether the parties are asked for their consent by it: until all have answered, or one has said no, the case
    /// waits for them.
    pub asks_consent: bool,
    /// The roles whose consents no longer hold once it is taken, because they were given to something else.
    pub voids_consent: Vec<String>,
    /// The state to which the case comes from each state where others of her role go on without the party who takes it:
    /// she leaves the case alone, and it does not end with her.
    pub leaves: BTreeMap<String, String>,
    /// The answers that name somebody who takes part from then on.
    pub joins: Option<Joins>,
    /// The day that was promised in words or by a letter: the action comes after it.
    pub not_before: Option<NotBefore>,
    /// How often it may be taken.
    pub returns_at_most: Option<Most>,
    /// Whether the case goes up to the office one level higher.
    pub escalates: bool,
    /// Whether the case goes back down to the office one level lower, towards the place that it is about.
    pub descends: bool,
    /// The name of the answer that names the unit to which the case goes (派遣、交办). With none given, it stays where
    /// it is.
    pub hands_to: Option<String>,
    /// Whether it is taken only while nobody has the case in hand: whoever was sent is withdrawn first.
    pub unassigned: bool,
    /// Who has the case in hand once it was taken; as before where it is not said.
    pub hand: Option<Hand>,
    /// Whether it is taken only when every office that handles the case jointly (联合办理) has answered, as what
    /// decides a case always is.
    pub together: bool,
    /// The action that it asks for: it is refused where that one would be, as more time is once a clock is overdue, or
    /// what was granted as often as it may be.
    pub asks_for: Option<String>,
    /// The clocks that it starts, and lets run on where they stand; no state starts them.
    pub starts: Vec<String>,
    /// The clocks that it stops, on the ground that it names. They stand until a step that names them in `starts`, or
    /// until the case comes to another state in which they run.
    pub stops: Vec<String>,
    /// Code of the legal ground on which it stops clocks; set exactly when it stops some.
    pub ground: Option<String>,
    /// The clocks that it ends: a milestone is reached.
    pub ends: Vec<String>,
    /// The clock that it gives more time, and how often it may.
    pub extends: Option<Extension>,
    /// The clock whose limit one of its answers chooses. The answer is asked for in cases that were opened with such
    /// limits, and in no others.
    pub limit_by: Option<LimitBy>,
    /// Whether some word of the procedure asks who took it or how often, so that cases remember it.
    pub watched: bool,
    /// Position in the file, from 0.
    pub order: usize,
}

impl Action {
    /// What is said of it once it was taken.
    #[must_use]
    pub fn told(&self) -> &Bilingual {
        self.done.as_ref().unwrap_or(&self.title)
    }
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
    /// A party that the procedure names.
    Party,
    /// Nobody: it is over, or the platform acts when its time has come.
    Nobody,
}

/// Who takes an action.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// A party of that role, or staff of the office on its behalf where the action names a permission.
    Party(String),
}

/// Who is told when an action was taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notify {
    /// The applicant.
    Applicant,
    /// The counter that accepted it.
    Counter,
    /// The office responsible.
    Office,
    /// The parties of a role: by an account, a unit's desk, or the telephone of a sealed record.
    Party(String),
}

impl Notify {
    /// Who a word of data names: `applicant`, `counter`, `office`, or a role of the procedure.
    pub fn read<'w>(word: &str, roles: impl IntoIterator<Item = &'w str>) -> Option<Self> {
        match word {
            "applicant" => Some(Self::Applicant),
            "counter" => Some(Self::Counter),
            "office" => Some(Self::Office),
            role => roles.into_iter().any(|known| known == role).then(|| Self::Party(role.to_owned())),
        }
    }
}

impl By {
    /// Every kind but the parties that a procedure names.
    pub const ALL: [Self; 6] =
        [Self::Applicant, Self::Counter, Self::Desk, Self::Office, Self::Supervisor, Self::System];

    /// The permissions with which such an action may be guarded; empty where none is asked for.
    pub const fn permissions(&self) -> &'static [Permission] {
        match self {
            Self::Applicant => &[Permission::CaseApply],
            Self::Counter | Self::Desk | Self::Office => {
                &[Permission::CaseAccept, Permission::CaseHandle, Permission::CaseDecide, Permission::CaseDeliver]
            }
            Self::Supervisor => &[Permission::CaseSupervise],
            Self::System => &[],
            Self::Party(_) => {
                &[Permission::CaseApply, Permission::CaseAccept, Permission::CaseHandle, Permission::CaseDecide]
            }
        }
    }

    /// Whether a case may be opened by it.
    const fn opens(&self) -> bool {
        !matches!(self, Self::Desk | Self::Supervisor | Self::System)
    }

    /// The name used in data; of a party, its role.
    pub fn code(&self) -> &str {
        match self {
            Self::Applicant => "applicant",
            Self::Counter => "counter",
            Self::Desk => "desk",
            Self::Office => "office",
            Self::Supervisor => "supervisor",
            Self::System => "system",
            Self::Party(role) => role,
        }
    }

    /// Who a word of data names: one of the kinds, or a party as `party:ROLE` or by its role alone.
    pub fn read<'w>(word: &'w str, roles: impl IntoIterator<Item = &'w str>) -> Option<Self> {
        if let Some(known) = Self::ALL.into_iter().find(|by| by.code() == word) {
            return Some(known);
        }
        let role = word.strip_prefix("party:").unwrap_or(word);
        roles.into_iter().any(|known| known == role).then(|| Self::Party(role.to_owned()))
    }
}

impl Waits {
    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Counter => "counter",
            Self::Office => "office",
            Self::Party => "party",
            Self::Nobody => "nobody",
        }
    }
}

impl Procedure {
    /// What a step that staff take tells the applicant; none where it gives no reasons, as the own step of a
    /// party never does.
    pub fn telling(&self, action: &Action) -> Option<Telling> {
        let is_own = matches!(action.by, By::Applicant | By::Party(_));
        let to = self.states.get(&action.to).filter(|_| !is_own && !action.from.is_empty())?;
        let from =
            |wanted: &dyn Fn(&State) -> bool| action.from.iter().filter_map(|name| self.states.get(name)).all(wanted);
        if to.outcome.is_some() && from(&|state| state.outcome == to.outcome) {
            return None;
        }
        match to.outcome.as_deref().and_then(Outcome::parse) {
            Some(Outcome::Granted) => Some(Telling::Grant),
            Some(Outcome::Refused) if from(&|state| state.waits_for == Waits::Applicant) => Some(Telling::Uncorrected),
            Some(Outcome::Refused) => Some(Telling::Refuse),
            Some(Outcome::NotAccepted) => Some(Telling::NotAccept),
            Some(Outcome::Withdrawn) => None,
            None => (to.outcome.is_none() && to.waits_for == Waits::Applicant).then_some(Telling::Correction),
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

    /// The codes of the rulebook's limits that a case of it needs when it is opened.
    pub fn rules(&self) -> BTreeSet<&str> {
        let clocks = self.clocks.values().filter_map(|clock| match &clock.limit {
            LimitRule::Rule(code) => Some(code.as_str()),
            LimitRule::Item | LimitRule::Given | LimitRule::Fixed(_) => None,
        });
        clocks.chain(self.state_rules()).collect()
    }

    /// The codes among them that states need while the case goes on.
    pub fn state_rules(&self) -> impl Iterator<Item = &str> {
        let latest = self.states.values().filter_map(|state| Some(&state.latest.as_ref()?.limit));
        let waits = self.actions.values().filter_map(|action| match &action.not_before {
            Some(NotBefore::After(limit)) => Some(limit),
            Some(NotBefore::Day(_)) | None => None,
        });
        latest.chain(waits).filter_map(|limit| match limit {
            StateLimit::Rule(code) => Some(code.as_str()),
            StateLimit::Fixed(_) => None,
        })
    }

    /// How the outcome of a state counts, if reaching it gives the case one.
    pub fn counts(&self, state: &State) -> Option<Counts> {
        self.outcomes.get(state.outcome.as_ref()?).map(|ending| ending.counts)
    }

    /// What a clock does in a state.
    pub fn clock_in(&self, state: &State, clock: &str) -> ClockState {
        state.clocks.get(clock).copied().unwrap_or(state.clock)
    }

    /// Whether an answer of that name promises a day in words, which some action or the end of some state waits for.
    pub fn promises_day(&self, answer: &str) -> bool {
        let waited = |action: &Action| matches!(&action.not_before, Some(NotBefore::Day(day)) if day == answer);
        let ends = |state: &State| state.latest.as_ref().is_some_and(|latest| latest.until.as_deref() == Some(answer));
        self.actions.values().any(waited) || self.states.values().any(ends)
    }

    /// The action that an action asks for, with its name.
    pub fn asked_for(&self, action: &Action) -> Option<(&str, &Action)> {
        let (name, asked) = self.actions.get_key_value(action.asks_for.as_ref()?)?;
        Some((name, asked))
    }

    /// The states as the file has them.
    pub fn states_in_order(&self) -> Vec<(&str, &State)> {
        let mut states: Vec<(&str, &State)> = self.states.iter().map(|(name, state)| (name.as_str(), state)).collect();
        states.sort_by_key(|(_, state)| state.order);
        states
    }
}
