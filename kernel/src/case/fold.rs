//! Folding: a case is what its events made of it.

use super::{Case, CaseClock, CaseId, Event, Opened, Paper, PaperForm, Recorded, Signature, deeds, handling, rating};
use crate::calendar::Pause;
use crate::permission::Target;
use crate::procedure::{ClockState, Procedure, State, Waits};
use crate::time::Instant;
use std::collections::BTreeSet;

/// Why events cannot be folded: the log and the procedure do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldFault {
    /// The first event does not open the case.
    #[error("the first event of a case must open it, this one is {kind:?}")]
    NotOpened {
        /// Kind of the event.
        kind: &'static str,
    },
    /// A case cannot be opened twice.
    #[error("case {number} is opened a second time")]
    OpenedTwice {
        /// Number of the case.
        number: String,
    },
    /// The event happened to another case.
    #[error("an event of another case stands among those of case {number}")]
    OtherCase {
        /// Number of the case.
        number: String,
    },
    /// The events belong to another procedure or version.
    #[error("case {number} follows {case} and cannot be folded with {given}")]
    OtherProcedure {
        /// Number of the case.
        number: String,
        /// Procedure and version of the case.
        case: String,
        /// Procedure and version that was given.
        given: String,
    },
    /// The procedure has no such state.
    #[error("case {number}: the procedure has no state {state:?}")]
    UnknownState {
        /// Number of the case.
        number: String,
        /// The state.
        state: String,
    },
    /// The event leaves another state than the one the case is in.
    #[error("case {number} is {state:?}, the event leaves {from:?}; an event is missing or out of order")]
    OutOfOrder {
        /// Number of the case.
        number: String,
        /// The state it is in.
        state: String,
        /// The state the event leaves.
        from: String,
    },
}

/// The case after one more event.
///
/// # Errors
/// When the event cannot follow: the log was altered, or the procedure is another.
pub fn fold(case: Option<Case>, recorded: &Recorded, procedure: &Procedure) -> Result<Case, FoldFault> {
    let at = recorded.at;
    let mut case = match (case, &recorded.event) {
        (None, Event::Opened(opened)) => return open(recorded.id, opened, at, procedure),
        (None, event) => return Err(FoldFault::NotOpened { kind: event.kind() }),
        (Some(case), _) => case,
    };
    belongs(&case, recorded.id, procedure)?;
    match &recorded.event {
        Event::Opened(_) => return Err(FoldFault::OpenedTwice { number: case.number }),
        Event::Acted { from, to, papers, counter, .. } => {
            if *from != case.state {
                return Err(FoldFault::OutOfOrder { number: case.number, state: case.state, from: from.clone() });
            }
            let shown = recorded.by.role != Signature::APPLICANT;
            take_papers(&mut case, papers, (from, to), shown, procedure);
            enter(&mut case, to, at, procedure)?;
            if case.counter.is_none() && case.accepted_at.is_some() {
                case.counter.clone_from(counter);
            }
        }
        Event::Recomputed { promised_due, legal_due, provisional } => {
            case.promised_due = Some(*promised_due);
            case.legal_due = Some(*legal_due);
            case.provisional = *provisional;
        }
        Event::Received { papers, .. } => deeds::receive(&mut case, papers),
        Event::Waived { papers } => deeds::waive(&mut case, papers),
        Event::Relocated { from, to } => deeds::relocate(&mut case, from, to),
        Event::Rated { .. }
        | Event::RatedAgain { .. }
        | Event::FollowedUp { .. }
        | Event::Appealed { .. }
        | Event::AppealDecided { .. } => rating::fold(&mut case, &recorded.event, at),
        handled => {
            let at_level = procedure.states.get(&case.state).is_some_and(|state| state.office.is_some());
            handling::fold(&mut case, handled, (at, &recorded.by.name), at_level);
        }
    }
    case.sequence = case.sequence.saturating_add(1);
    Ok(case)
}

fn belongs(case: &Case, id: CaseId, procedure: &Procedure) -> Result<(), FoldFault> {
    if case.id != id {
        return Err(FoldFault::OtherCase { number: case.number.clone() });
    }
    if case.procedure != procedure.name || case.procedure_version != procedure.version {
        return Err(FoldFault::OtherProcedure {
            number: case.number.clone(),
            case: format!("{} {}", case.procedure, case.procedure_version),
            given: format!("{} {}", procedure.name, procedure.version),
        });
    }
    Ok(())
}

fn open(id: CaseId, opened: &Opened, at: Instant, procedure: &Procedure) -> Result<Case, FoldFault> {
    let opened = opened.clone();
    let mut case = Case {
        id,
        item: opened.item,
        item_version: opened.item_version,
        procedure: opened.procedure,
        procedure_version: opened.procedure_version,
        number: opened.number,
        shard: deeds::shard(&opened.residence),
        residence: opened.residence,
        counter: opened.counter,
        decider: opened.office.clone(),
        office: opened.office,
        handler: None,
        consultations: Vec::new(),
        supervisions: Vec::new(),
        late: None,
        confidential: opened.confidential,
        papers: opened.papers,
        missing: BTreeSet::new(),
        fields: opened.fields,
        online: opened.online,
        state: String::new(),
        entered_at: at,
        promised: CaseClock::new(opened.promised),
        legal: CaseClock::new(opened.legal),
        promised_due: None,
        legal_due: None,
        provisional: false,
        opened_at: at,
        accepted_at: None,
        closed_at: None,
        sequence: 1,
        rating: None,
        rated: None,
        outcome: None,
    };
    belongs(&case, id, procedure)?;
    enter(&mut case, &opened.to, at, procedure)?;
    if case.accepted_at.is_none() {
        case.counter = None;
    }
    Ok(case)
}

/// Papers named on the way to the applicant are asked for; papers named on the way back from her were brought to staff, or, when she
/// says so herself from afar, are still to be shown, unless she sent them electronically since they were asked for.
fn take_papers(case: &mut Case, papers: &[String], (from, to): (&str, &str), shown: bool, procedure: &Procedure) {
    let waits = |name: &str| procedure.states.get(name).is_some_and(|state| state.waits_for == Waits::Applicant);
    for paper in papers {
        if waits(to) {
            case.missing.insert(paper.clone());
            // What was sent or confirmed by data did not do.
            if let Some(known) = case.papers.get_mut(paper).filter(|known| known.waived || is_electronic(**known)) {
                *known = Paper { waived: false, later: true, ..*known };
            }
        } else if waits(from) {
            case.missing.remove(paper);
            if !shown && case.papers.get(paper).is_some_and(|known| !known.later && is_electronic(*known)) {
                continue;
            }
            case.papers.insert(paper.clone(), Paper { later: !shown, ..Paper::default() });
        }
    }
}

fn is_electronic(paper: Paper) -> bool {
    paper.form == PaperForm::Electronic
}

fn enter(case: &mut Case, to: &str, at: Instant, procedure: &Procedure) -> Result<(), FoldFault> {
    let unknown = || FoldFault::UnknownState { number: case.number.clone(), state: to.to_owned() };
    let state = procedure.states.get(to).ok_or_else(unknown)?;
    if case.state != *to {
        case.entered_at = at;
    }
    to.clone_into(&mut case.state);
    lie(case, state);
    for clock in [&mut case.promised, &mut case.legal] {
        turn(clock, state, at);
    }
    case.accepted_at = case.promised.started;
    case.outcome = case.outcome.or(state.outcome);
    if state.terminal {
        case.closed_at = case.closed_at.or(Some(at));
    }
    Ok(())
}

/// Where the case lies in a state: at the level the state names, else with whoever decides. Who had it in hand at another office has it no more.
fn lie(case: &mut Case, state: &State) {
    let place = state.office.and_then(|level| case.residence.at(level)).unwrap_or_else(|| case.decider.place.clone());
    if case.office.place != place {
        case.handler = None;
    }
    case.office = Target { place, department: case.decider.department.clone() };
}

/// Turns a clock to what the state says. It starts once and ends once; time never runs backwards on it.
fn turn(clock: &mut CaseClock, state: &State, at: Instant) {
    let stands = clock.stands();
    match state.clock {
        ClockState::NotStarted => {}
        ClockState::Running => {
            clock.started.get_or_insert(at);
            resume(clock, at);
        }
        ClockState::Stopped if stands || clock.ended.is_some() => {}
        ClockState::Stopped => {
            let ground = state.ground.clone().unwrap_or_default();
            let from = clock.pauses.iter().filter_map(|pause| pause.until).chain(clock.started).fold(at, Instant::max);
            clock.pauses.push(Pause { from, until: None, ground });
        }
        ClockState::Ended => {
            resume(clock, at);
            clock.ended.get_or_insert(at);
        }
    }
}

fn resume(clock: &mut CaseClock, at: Instant) {
    if let Some(pause) = clock.pauses.last_mut().filter(|pause| pause.until.is_none()) {
        pause.until = Some(at.max(pause.from));
    }
}
