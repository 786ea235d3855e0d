//! Why a case is late (超期原因): said by the office that has it, once it is.

use super::{Case, Event, handling};
use crate::calendar::Calendar;
use crate::language::Bilingual;
use crate::refusal::{Code, Refusal};
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};

/// Why a case took longer than promised. The list is closed, so that a city can add up; it never names a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateReason {
    /// Another office had to be waited for.
    OtherOffice,
    /// The applicant had to be waited for although the clock ran.
    Applicant,
    /// A check of data or a look on the spot took longer.
    Check,
    /// The matter was disputed or difficult.
    Complex,
    /// Too many cases for too few hands.
    Hands,
    /// The platform, the network or the power failed.
    Outage,
    /// It was overlooked.
    Overlooked,
    /// Something else, to be said in words.
    Other,
}

impl LateReason {
    /// Every reason, in the order of lists.
    pub const ALL: [Self; 8] = [
        Self::OtherOffice,
        Self::Applicant,
        Self::Check,
        Self::Complex,
        Self::Hands,
        Self::Outage,
        Self::Overlooked,
        Self::Other,
    ];

    /// The name as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OtherOffice => "other_office",
            Self::Applicant => "applicant",
            Self::Check => "check",
            Self::Complex => "complex",
            Self::Hands => "hands",
            Self::Outage => "outage",
            Self::Overlooked => "overlooked",
            Self::Other => "other",
        }
    }

    /// The reason of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What was said about a late case, last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Why.
    pub reason: LateReason,
    /// In words; empty where the reason says it all.
    pub note: String,
    /// When it was said.
    pub at: Instant,
}

/// The promised date, when a case has passed it: today, or by the day it was decided.
pub fn late_since(case: &Case, calendar: &Calendar, now: Instant) -> Option<Date> {
    let due = case.promised.deadline(calendar, now)?.due_on;
    let day = calendar.zone().date(case.promised.ended.unwrap_or(now));
    (day > due).then_some(due)
}

/// What counts as said of a case that is or was late, and the day: the office's last word, as long as the promised date has not moved past that day
/// since; nothing, on the day it ended, when it ended late without a word.
pub fn late_told<'c>(case: &'c Case, calendar: &Calendar, now: Instant) -> Option<(Option<&'c Late>, Date)> {
    let due = case.promised.deadline(calendar, now)?.due_on;
    let zone = calendar.zone();
    let said = case.late.as_ref().map(|late| (Some(late), zone.date(late.at)));
    let ended = case.promised.ended.map(|at| (None, zone.date(at)));
    [said, ended].into_iter().flatten().find(|(_, day)| *day > due)
}

/// The office says why.
pub(super) fn explained(
    case: &Case,
    reason: LateReason,
    note: &str,
    (calendar, now): (&Calendar, Instant),
) -> Result<Event, Refusal> {
    if late_since(case, calendar, now).is_none() {
        return Err(Refusal::new(Code::CaseNotLate));
    }
    let label = Bilingual::new("说明", "what happened");
    let note = match note.trim() {
        "" if reason == LateReason::Other => {
            return Err(Refusal::new(Code::FormMissing).field("note").with_both("label", &label));
        }
        "" => String::new(),
        words => handling::said("note", words)?,
    };
    let said = late_told(case, calendar, now).and_then(|(said, _)| said);
    if said.is_some_and(|late| late.reason == reason && late.note == note) {
        return Err(Refusal::new(Code::CaseAlreadyDone));
    }
    Ok(Event::Explained { reason, note })
}
