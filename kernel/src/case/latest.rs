//! Days that hold a step back or bring it about: how long a state lasts at most, the day that was promised in words,
//! and what the platform does by itself when nobody has.

use super::{Case, Due, Event, Moment, turn};
use crate::calendar::{Calendar, Deadline, Limit, Unit};
use crate::procedure::{Action, NotBefore, Procedure, StateLimit, Waits};
use crate::refusal::{Code, Refusal};
use crate::time::{Date, Instant, date_plus_days};
use std::collections::BTreeMap;

/// The farthest day that may be promised in words where no limit is said, in days. A bound of the machine.
const FARTHEST_DAYS: i64 = 366;

/// A limit of the procedure or, as it was when the case was opened, of the rulebook.
fn limit(case: &Case, limit: &StateLimit) -> Option<Limit> {
    match limit {
        StateLimit::Fixed(limit) => Some(*limit),
        StateLimit::Rule(code) => case.limits.get(code).copied(),
    }
}

/// When a limit that began with the state that the case is in is over. What the applicant has to keep does not end on a
/// day off.
fn over(procedure: &Procedure, case: &Case, limit: Limit, calendar: &Calendar) -> Deadline {
    let from = case.entered_at;
    match procedure.states.get(&case.state).map(|state| state.waits_for) {
        Some(Waits::Applicant) => calendar.deadline_of_applicant(from, limit, &[], from),
        _ => calendar.deadline(from, limit, &[], from),
    }
}

/// When the state that the case is in has lasted as long as it may: at the end of its limit, or of the earlier day
/// that was named. Of days only the day is told, because they are over when it is; of hours the moment too.
pub(super) fn due(procedure: &Procedure, case: &Case, calendar: &Calendar) -> Option<(Due, bool)> {
    let latest = procedure.states.get(&case.state)?.latest.as_ref()?;
    let limit = limit(case, &latest.limit)?;
    let deadline = over(procedure, case, limit, calendar);
    let named = latest.until.as_ref().and_then(|until| case.days.get(until)).filter(|day| **day < deadline.due_on);
    if let Some(day) = named {
        return Some((Due { on: *day, at: None }, false));
    }
    let hours = matches!(limit.unit, Unit::WorkingHour | Unit::UrgentHour);
    Some((Due { on: deadline.due_on, at: hours.then_some(deadline.due) }, deadline.provisional))
}

/// Tells with an event until when the state that it leads to lasts at most.
pub(super) fn tell(procedure: &Procedure, event: &mut Event, after: &mut Case, calendar: &Calendar) {
    if after.latest.is_some() {
        return;
    }
    let told = match event {
        Event::Opened(opened) => &mut opened.latest,
        Event::Acted { latest, .. } => latest,
        _ => return,
    };
    *told = due(procedure, after, calendar).map(|(due, _)| due);
    after.latest = *told;
}

/// The action that the platform is to take now, because the state has lasted as long as it may.
pub fn by_itself<'p>(procedure: &'p Procedure, case: &Case, calendar: &Calendar, now: Instant) -> Option<&'p str> {
    let state = procedure.states.get(&case.state)?;
    let then = state.latest.as_ref()?.then.as_deref()?;
    // Whoever has answered is not ended for silence: it is the office that is awaited by now.
    if state.waits_for == Waits::Party && turn(procedure, case, state) != Waits::Party {
        return None;
    }
    case.latest.is_some_and(|due| due.is_over(calendar, now)).then_some(then)
}

/// The day on which the state should have been left, where somebody of staff leaves it after that.
pub(super) fn overdue(procedure: &Procedure, case: &Case, name: &str, moment: Moment<'_>) -> Option<Date> {
    let state = procedure.states.get(&case.state)?;
    let silence = state.latest.as_ref()?.then.as_deref() == Some(name);
    let due = case.latest.filter(|due| !silence && due.is_over(moment.calendar, moment.now))?;
    matches!(state.waits_for, Waits::Office | Waits::Counter).then_some(due.on)
}

/// The day that must be over before an action can be taken in the state that the case is in: the one that was promised
/// in words, or the last day of a limit that a letter named.
pub fn waits_for(procedure: &Procedure, case: &Case, action: &Action, calendar: &Calendar) -> Option<Date> {
    match action.not_before.as_ref()? {
        NotBefore::Day(answer) => case.days.get(answer).copied(),
        NotBefore::After(after) => {
            let limit = limit(case, after)?;
            Some(over(procedure, case, limit, calendar).due_on)
        }
    }
}

/// An action comes too early: the platform's own before the state has lasted its time, another before the day that
/// was promised is over.
///
/// # Errors
/// The day that is not over yet.
pub(super) fn held_back(
    procedure: &Procedure,
    case: &Case,
    name: &str,
    action: &Action,
    moment: Moment<'_>,
) -> Result<(), Refusal> {
    let Moment { calendar, now } = moment;
    if let Some(day) = waits_for(procedure, case, action, calendar).filter(|day| moment.today() <= *day) {
        return Err(Refusal::new(Code::CaseDayNotOver).with("date", day).with_both("action", &action.title));
    }
    let latest = procedure.states.get(&case.state).and_then(|state| state.latest.as_ref());
    let silence = latest.is_some_and(|latest| latest.then.as_deref() == Some(name));
    match case.latest.filter(|due| silence && !due.is_over(calendar, now)) {
        Some(due) => Err(Refusal::new(Code::CaseWaitNotOver).with("date", due.on)),
        None => Ok(()),
    }
}

/// A day that is promised in words lies ahead, and no farther than the state that it ends may last.
///
/// # Errors
/// A day that does not, with the bounds.
pub(super) fn check_days(
    procedure: &Procedure,
    case: &Case,
    action: &Action,
    fields: &BTreeMap<String, String>,
    moment: Moment<'_>,
) -> Result<(), Refusal> {
    let Moment { calendar, now } = moment;
    let today = moment.today();
    let Some(first) = date_plus_days(today, 1) else { return Ok(()) };
    // A day that is asked for is no farther than one that can be granted.
    let to = procedure.asked_for(action).map_or(&action.to, |(_, asked)| &asked.to);
    for need in action.needs.iter().filter(|need| procedure.promises_day(&need.name)) {
        let Some(day) = fields.get(&need.name).and_then(|day| day.trim().parse::<Date>().ok()) else { continue };
        let latest = procedure.states.get(to).and_then(|state| state.latest.as_ref());
        let ends = latest.filter(|latest| latest.until.as_ref() == Some(&need.name));
        let limit = ends.and_then(|latest| limit(case, &latest.limit));
        let last = limit.map(|limit| calendar.deadline(now, limit, &[], now).due_on);
        let last = last.or_else(|| date_plus_days(today, FARTHEST_DAYS)).unwrap_or(first);
        if day < first || day > last {
            let refusal = Refusal::new(Code::CaseDayOutside).field(&need.name).with_both("label", &need.title);
            return Err(refusal.with("from", first).with("to", last));
        }
    }
    Ok(())
}

/// Keeps the days that an action promised in words.
pub(super) fn keep_days(procedure: &Procedure, case: &mut Case, fields: &BTreeMap<String, String>) {
    for (name, answer) in fields.iter().filter(|(name, _)| procedure.promises_day(name)) {
        if let Ok(day) = answer.parse::<Date>() {
            case.days.insert(name.clone(), day);
        }
    }
}
