//! Where a case waits, how late it is, who may see it: derived from the folded case, pure.

pub mod figures;
pub mod indicators;
pub mod offices;
pub mod procedures;
pub mod search;

use kernel::calendar::{Calendar, Deadline, Limit, Unit};
use kernel::case::{Case, CaseClock, Due, LEGAL, Outcome, PROMISED, turn};
use kernel::permission::{Actor, Permission, Target};
use kernel::procedure::{ClockState, Procedure, State, Waits};
use kernel::time::{Date, Instant, Zone};

use crate::words::{Desk, Lateness};

/// The desk where the case waits: the office, the counter that took it, or (online) the counter of the community where
/// the applicant lives. What waits
/// for a party or for nobody stands at its office.
#[must_use]
pub fn desk(procedure: &Procedure, case: &Case, state: &State) -> Desk {
    let counter = || (case.counter().cloned().unwrap_or_else(|| case.residence().clone()), String::new());
    let office = || (case.office.place.clone(), case.office.department.clone().unwrap_or_default());
    let (waits_for, (place, department)) = match turn(procedure, case, state) {
        Waits::Office => ("office", office()),
        Waits::Counter => ("counter", counter()),
        Waits::Applicant => ("applicant", office()),
        Waits::Party => ("party", office()),
        Waits::Nobody => ("nobody", office()),
    };
    Desk { waits_for, place, department, open: !state.terminal }
}

/// Whether somebody has a post that works at the desk where a case waits, and not only above it.
#[must_use]
pub fn is_own_desk(actor: &Actor, desk: &Desk) -> bool {
    let permission = match desk.waits_for {
        "office" => Permission::CaseHandle,
        "counter" => Permission::CaseAccept,
        _ => return false,
    };
    let department = Some(desk.department.clone()).filter(|code| !code.is_empty());
    let waits_at = Target { place: desk.place.clone(), department };
    actor.holding(permission).any(|grant| grant.place == waits_at.place && grant.covers(&waits_at))
}

/// Whether a step decides or ends a case: it leads to a state that has an outcome or is the last one.
#[must_use]
pub fn weighs(procedure: &Procedure, action: &str) -> bool {
    let to = procedure.actions.get(action).and_then(|action| procedure.states.get(&action.to));
    to.is_some_and(|state| state.terminal || state.outcome.is_some())
}

/// What stands for a reason in a case that ended late without a word.
pub const UNSAID: &str = "unsaid";

/// Why a case is or was late, by its code ([`UNSAID`] if it ended late without a word), and the day on which that was
/// said.
#[must_use]
pub fn late_told(
    procedure: &Procedure,
    case: &Case,
    calendar: &Calendar,
    now: Instant,
) -> Option<(&'static str, Date)> {
    let (said, day) = kernel::case::late_told(procedure, case, calendar, now)?;
    Some((said.map_or(UNSAID, |late| late.reason.code()), day))
}

/// The deadlines and the place in the queue. `accept_within` is the limit to accept an application at a counter or tell
/// everything that is missing; `waits_for` says whose turn it is.
#[must_use]
pub fn lateness(
    case: &Case,
    state: &State,
    waits_for: Waits,
    calendar: &Calendar,
    accept_within: Limit,
    now: Instant,
) -> Lateness {
    let (promised, legal) = (due(case, calendar, now), case.deadline(LEGAL, calendar, now));
    let latest_at = case.latest.map(|latest| last_moment(&latest, calendar.zone()));
    let act_by = act_by(case, state, calendar, now);
    let checked = act_by.filter(|_| state.clock == ClockState::Stopped);
    let sort_at = match &promised {
        Some(deadline) => checked.unwrap_or(deadline.due),
        None if case.service.is_some() => calendar.deadline(case.opened_at, accept_within, &[], now).due,
        None => latest_at.unwrap_or(case.entered_at),
    };
    let rank = match (state.terminal, waits_for, state.clock) {
        (true, ..) => 2,
        (false, Waits::Applicant | Waits::Party | Waits::Nobody, _) | (false, _, ClockState::Ended) => 1,
        (false, ..) => 0,
    };
    let waits_in_time = case.service.is_some() || latest_at.is_some();
    let clock = if state.clock == ClockState::NotStarted && !waits_in_time { "open" } else { clock_word(state.clock) };
    let provisional = [&promised, &legal].into_iter().flatten().any(|deadline| deadline.provisional);
    let provisional = provisional || (case.service.is_none() && case.provisional);
    Lateness { clock, promised, legal, provisional, rank, sort_at, latest_at, act_by, changed_at: now }
}

/// By when whoever has a case now is to act, to the moment: at a desk that has a time of its own while the clocks of
/// the case do not run, or by the first of the clocks that run, where that counts hours. A promise to a resident is
/// told as a day.
#[must_use]
pub fn act_by(case: &Case, state: &State, calendar: &Calendar, now: Instant) -> Option<Instant> {
    if case.service.is_some() || state.terminal {
        return None;
    }
    match (state.clock, state.waits_for) {
        (ClockState::Running, _) => {
            let open = case.clocks.values().filter(|clock| clock.is_open());
            let first =
                open.filter_map(|clock| Some((clock.deadline(calendar, now)?.due, clock))).min_by_key(|one| one.0);
            first.filter(|(_, clock)| counts_hours(clock)).map(|(due, _)| due)
        }
        (ClockState::NotStarted | ClockState::Stopped, Waits::Counter) => {
            case.latest.map(|latest| last_moment(&latest, calendar.zone()))
        }
        _ => None,
    }
}

/// Whether a clock counts hours, and no date was given in their place.
fn counts_hours(clock: &CaseClock) -> bool {
    matches!(clock.limit.unit, Unit::WorkingHour | Unit::UrgentHour) && clock.on.is_none()
}

/// By when a case is due: the counter's promise; of other kinds the first of the clocks that run, and once none does
/// the last that ended.
#[must_use]
pub fn due(case: &Case, calendar: &Calendar, now: Instant) -> Option<Deadline> {
    if case.service.is_some() {
        return case.deadline(PROMISED, calendar, now);
    }
    let told = |clock: &CaseClock| clock.deadline(calendar, now);
    let running = case.clocks.values().filter(|clock| clock.is_open()).filter_map(told);
    let ended = || case.clocks.values().filter_map(told).max_by_key(|deadline| deadline.due);
    running.min_by_key(|deadline| deadline.due).or_else(ended)
}

/// The last moment of a day that is due, or the moment itself where hours count.
fn last_moment(due: &Due, zone: Zone) -> Instant {
    let midnight = || zone.instant(due.on, 0).plus_days(1);
    due.at.unwrap_or_else(|| Instant::from_micros(midnight().micros().saturating_sub(1)))
}

/// The clock of a row's word.
#[must_use]
pub fn clock_state(word: &str) -> ClockState {
    match word {
        "running" => ClockState::Running,
        "stopped" => ClockState::Stopped,
        "ended" => ClockState::Ended,
        _ => ClockState::NotStarted,
    }
}

fn clock_word(clock: ClockState) -> &'static str {
    match clock {
        ClockState::NotStarted => "not_started",
        ClockState::Running => "running",
        ClockState::Stopped => "stopped",
        ClockState::Ended => "ended",
    }
}

/// One step of the way ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead<'p> {
    /// Name of the state.
    pub state: &'p str,
    /// The state itself.
    pub facts: &'p State,
}

/// The usual way from a state to the end. It follows each state's first primary action that leads to another state, and
/// has at most as many steps as there are states.
#[must_use]
pub fn way_ahead<'p>(procedure: &'p Procedure, from: &str) -> Vec<Ahead<'p>> {
    let mut way = Vec::new();
    let mut here = from.to_owned();
    while way.len() < procedure.states.len() {
        let mut leading = procedure.from_state(&here).into_iter();
        let next = leading.find(|(_, action)| action.primary && action.to != here);
        let Some((name, facts)) = next.and_then(|(_, action)| procedure.states.get_key_value(&action.to)) else {
            break;
        };
        way.push(Ahead { state: name, facts });
        here.clone_from(name);
    }
    way
}

/// The key of the words by which an applicant is told of a state of a matter of the counter: what a decision means for
/// her while she does not have it yet. It gives none where the state's title says the same to her as to everybody. A
/// result that is paid is money that goes to an account.
#[must_use]
pub fn told_as(state: &State, is_paid: impl FnOnce() -> bool) -> Option<&'static str> {
    if state.clock == ClockState::Stopped && state.waits_for == Waits::Applicant {
        return Some("cases-state-supply");
    }
    if state.clock != ClockState::Ended || state.terminal {
        return None;
    }
    match (Outcome::parse(state.outcome.as_deref()?)?, state.waits_for) {
        (Outcome::Granted, _) if is_paid() => Some("cases-state-paid"),
        (Outcome::Granted, Waits::Counter) => Some("cases-state-ready"),
        (Outcome::Granted, Waits::Office) => Some("cases-state-sent"),
        (Outcome::Refused, _) => Some("cases-state-refused"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::permission::{ActorKind, Grant};
    use kernel::place::PlacePath;
    use uuid::Uuid;

    use super::*;

    fn procedure(name: &str) -> Procedure {
        let file =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/procedures").join(format!("{name}.toml"));
        kernel::procedure::load(name, &std::fs::read_to_string(file).unwrap()).unwrap()
    }

    #[test]
    fn the_way_ahead_follows_the_usual_steps_to_the_end() {
        let table = [
            ("separate", "submitted", vec!["handling", "granted", "closed"]),
            ("separate", "correction", vec!["handling", "granted", "closed"]),
            ("direct", "handling", vec!["granted", "closed"]),
            ("separate", "closed", vec![]),
            ("separate", "no such state", vec![]),
        ];
        for (name, from, expected) in table {
            let procedure = procedure(name);
            let way: Vec<&str> = way_ahead(&procedure, from).into_iter().map(|step| step.state).collect();
            assert_eq!(way, expected, "{name} from {from}");
        }
    }

    #[test]
    fn an_applicant_is_told_what_a_decision_means_for_her() {
        let table = [
            ("separate", "granted", false, Some("cases-state-ready")),
            ("levels", "granted", true, Some("cases-state-paid")),
            ("online", "granted", false, Some("cases-state-sent")),
            ("online", "granted", true, Some("cases-state-paid")),
            ("direct", "refused", false, Some("cases-state-refused")),
            ("online", "refused", true, Some("cases-state-refused")),
            ("levels", "correction_street", false, Some("cases-state-supply")),
            ("direct", "returned", false, None),
            ("levels", "public_notice", false, None),
            ("direct", "handling", true, None),
            ("direct", "closed", false, None),
            ("direct", "not_accepted", false, None),
        ];
        for (name, state, is_paid, expected) in table {
            let procedure = procedure(name);
            assert_eq!(told_as(&procedure.states[state], || is_paid), expected, "{state} of {name}, paid: {is_paid}");
        }
    }

    #[test]
    fn a_desk_is_that_of_whoever_works_there_and_of_nobody_above_it() {
        let post = |place: &str, department: Option<&str>, permission: Permission| Actor {
            account: Some(Uuid::nil()),
            name: String::new(),
            kind: ActorKind::Staff,
            grants: vec![Grant {
                post: Uuid::nil(),
                role: String::new(),
                place: PlacePath::parse(place).unwrap(),
                department: department.map(str::to_owned),
                permissions: BTreeSet::from([permission]),
            }],
        };
        let table = [
            ("office", "1.2.", "roads", ("1.2.", Some("roads"), Permission::CaseHandle), true),
            ("office", "1.2.", "roads", ("1.2.", Some("parks"), Permission::CaseHandle), false),
            ("office", "1.2.", "roads", ("1.", Some("roads"), Permission::CaseHandle), false),
            ("office", "1.2.", "roads", ("1.2.", None, Permission::CaseSupervise), false),
            ("counter", "1.2.", "", ("1.2.", None, Permission::CaseAccept), true),
            ("counter", "1.2.", "", ("1.2.", Some("roads"), Permission::CaseAccept), false),
            ("party", "1.2.", "roads", ("1.2.", Some("roads"), Permission::CaseHandle), false),
            ("nobody", "1.2.", "roads", ("1.2.", Some("roads"), Permission::CaseHandle), false),
        ];
        for (waits_for, place, department, (at, own, permission), expected) in table {
            let place = PlacePath::parse(place).unwrap();
            let desk = Desk { waits_for, place, department: department.to_owned(), open: true };
            let found = is_own_desk(&post(at, own, permission), &desk);
            assert_eq!(found, expected, "{waits_for} of {department}: {at} {own:?} {permission}");
        }
    }

    #[test]
    fn every_state_of_every_procedure_has_a_desk_and_a_light() {
        for name in ["direct", "separate", "online"] {
            for (state, facts) in &procedure(name).states {
                assert_eq!(clock_state(clock_word(facts.clock)), facts.clock, "{name} {state}");
                let open = facts.waits_for != Waits::Nobody;
                assert_eq!(open, !facts.terminal, "{name} {state}: what waits for somebody is open");
            }
        }
    }
}
