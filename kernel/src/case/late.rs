//! Why a case is late (超期原因): said by the office that has it, once it is.

use super::{Case, CaseClock, Due};
use crate::calendar::{Calendar, Deadline, Unit};
use crate::procedure::{Procedure, Waits};
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

/// A state was left later than its procedure allows. It stays visible: what comes later does not wash it away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overstay {
    /// The state.
    pub state: String,
    /// The last day on which it should have been left.
    pub due: Date,
    /// When it was left.
    pub left_at: Instant,
}

/// The clocks that lateness is told by: the counter's promise where there is one, else every clock.
fn told_by(case: &Case) -> impl Iterator<Item = &CaseClock> {
    let promised = case.promised();
    case.clocks.values().filter(move |clock| promised.is_none_or(|promised| std::ptr::eq(promised, *clock)))
}

/// Whether a moment lies past a deadline of a case. Days are late when they are over, hours at once; a promise to a
/// resident is told as a day, whatever it counts.
fn is_past(case: &Case, clock: &CaseClock, deadline: &Deadline, calendar: &Calendar, at: Instant) -> bool {
    let hours = matches!(clock.limit.unit, Unit::WorkingHour | Unit::UrgentHour) && case.service.is_none();
    if hours { at > deadline.due } else { calendar.zone().date(at) > deadline.due_on }
}

/// When a clock was due, if it passed that: by now, or by the moment it ended.
pub(super) fn passed(case: &Case, clock: &CaseClock, calendar: &Calendar, now: Instant) -> Option<Deadline> {
    let deadline = clock.deadline(calendar, now)?;
    let until = clock.ended.unwrap_or(now);
    is_past(case, clock, &deadline, calendar, until).then_some(deadline)
}

/// Whether the time of a state is not the office's but of the desk that looks at a case, sends it out or checks it: of
/// other kinds than the counter's. What the desk lets lie does not make the office late.
fn is_desks(procedure: &Procedure, case: &Case, state: &str) -> bool {
    let waits_for = procedure.states.get(state).map(|state| state.waits_for);
    case.service.is_none() && waits_for == Some(Waits::Counter)
}

/// The end of the state that a case is in, where the office has passed it.
fn waits_too_long(procedure: &Procedure, case: &Case, calendar: &Calendar, now: Instant) -> Option<Due> {
    let open = case.latest.filter(|_| case.closed_at.is_none() && !is_desks(procedure, case, &case.state));
    open.filter(|due| due.is_over(calendar, now))
}

/// The state that the office left too late, last.
fn stayed_too_long<'c>(procedure: &Procedure, case: &'c Case) -> Option<&'c Overstay> {
    case.overstays.iter().rfind(|stay| !is_desks(procedure, case, &stay.state))
}

/// The day on which a case was due that its office has passed: the earliest of its clocks, as seen today or when that
/// clock ended; or the last day of a state that it stays or stayed in too long, such as waiting for acceptance.
pub fn late_since(procedure: &Procedure, case: &Case, calendar: &Calendar, now: Instant) -> Option<Date> {
    let due =
        told_by(case).filter_map(|clock| passed(case, clock, calendar, now)).map(|deadline| deadline.due_on).min();
    let waits = waits_too_long(procedure, case, calendar, now).map(|due| due.on);
    due.or(waits).or_else(|| stayed_too_long(procedure, case).map(|stay| stay.due))
}

/// What counts as said of a case that is or was late, and the day: the office's last word, as long as the due date
/// has not moved past that day since; nothing, on the day it ended, when it ended late without a word. Of several
/// clocks that are late the newest of these counts, and none while one of them still asks for its reason. The same of
/// a state that was left too late, where no clock is late. Of a state that lasts too long and was not left yet, the
/// word that was said since it is late.
pub fn late_told<'c>(
    procedure: &Procedure,
    case: &'c Case,
    calendar: &Calendar,
    now: Instant,
) -> Option<(Option<&'c Late>, Date)> {
    let zone = calendar.zone();
    let said = case.late.as_ref().map(|late| (Some(late), zone.date(late.at)));
    let mut newest: Option<(Option<&Late>, Instant)> = None;
    for clock in told_by(case) {
        let Some(deadline) = passed(case, clock, calendar, now) else { continue };
        let told = told_of(case, clock, &deadline, calendar)?;
        newest = newest.filter(|(_, at)| *at > told.1).or(Some(told));
    }
    if let Some((word, at)) = newest {
        return Some((word, zone.date(at)));
    }
    let after = |ended: &dyn Fn(&Late) -> bool| said.filter(|(late, _)| late.is_some_and(ended));
    if let Some(due) = waits_too_long(procedure, case, calendar, now) {
        return after(&|late| due.is_over(calendar, late.at));
    }
    let stay = stayed_too_long(procedure, case)?;
    let told = after(&|late| late.at >= stay.left_at || zone.date(late.at) > stay.due);
    told.or_else(|| Some((None, zone.date(stay.left_at))))
}

/// What counts as said of a clock that is late, and when: the word that came after it was due, else nothing, once it
/// ended. None while it still asks for its reason.
fn told_of<'c>(
    case: &'c Case,
    clock: &CaseClock,
    deadline: &Deadline,
    calendar: &Calendar,
) -> Option<(Option<&'c Late>, Instant)> {
    let word = case.late.as_ref().filter(|late| is_past(case, clock, deadline, calendar, late.at));
    word.map(|late| (Some(late), late.at)).or_else(|| clock.ended.map(|at| (None, at)))
}
