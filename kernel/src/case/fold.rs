//! Folding: a case is what its events made of it.

use super::{
    Case, CaseClock, CaseId, Counted, Event, Handler, Holder, Opened, Overstay, Paper, PaperForm, Party, READING,
    Recorded, Service, Signature, Taken, deeds, handling, latest, party, rating, turn as whose_turn,
};
use crate::permission::Target;
use crate::procedure::{Action, By, Hand, LimitBy, Procedure, State, Waits};
use crate::time::{Date, Instant};
use std::collections::BTreeMap;
use uuid::Uuid;

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
        (None, Event::Opened(opened)) => return open(recorded, opened, procedure),
        (None, event) => return Err(FoldFault::NotOpened { kind: event.kind() }),
        (Some(case), _) => case,
    };
    belongs(&case, recorded.id, procedure)?;
    match &recorded.event {
        Event::Opened(_) => return Err(FoldFault::OpenedTwice { number: case.number }),
        Event::Acted { from, .. } if *from != case.state => {
            return Err(FoldFault::OutOfOrder { number: case.number, state: case.state, from: from.clone() });
        }
        Event::Acted { action, from, to, papers, counter, fields, parties, overdue, latest: until } => {
            let shown = recorded.by.role != Signature::APPLICANT;
            take_papers(&mut case, papers, Way { from, to }, shown, procedure);
            overstay(&mut case, from, *overdue, at);
            latest::keep_days(procedure, &mut case, fields);
            let action = procedure.actions.get_key_value(action);
            escalate(&mut case, action);
            if let Some((_, action)) = action {
                handling::hand_over(&mut case, action, fields);
                choose_limit(&mut case, action, fields);
            }
            enter(&mut case, to, at, procedure)?;
            taken(&mut case, action, &recorded.by, at, parties);
            come_and_go(&mut case, action, &recorded.event, at);
            if let Some((_, action)) = action {
                whose_turn::ask(&mut case, action, from, at);
            }
            case.latest = until.or(case.latest);
            if let Some(service) = case.service.as_mut().filter(|service| service.counter.is_none())
                && case.accepted_at.is_some()
            {
                service.counter.clone_from(counter);
            }
        }
        Event::Recomputed(counted) => recompute(&mut case, counted),
        Event::Received { papers, .. } => deeds::receive(&mut case, papers),
        Event::Waived { papers } => deeds::waive(&mut case, papers),
        Event::TakenBack { papers, seen } => deeds::take_back(&mut case, papers, seen),
        Event::Settled { place, office } => deeds::settle(&mut case, place, office),
        Event::Relocated { from, to } => deeds::relocate(&mut case, from, to),
        Event::Lapsed { role, number } => party::lapse(&mut case, role, *number),
        Event::Rated { .. }
        | Event::RatedAgain { .. }
        | Event::FollowedUp { .. }
        | Event::Appealed { .. }
        | Event::AppealDecided { .. } => rating::fold(&mut case, &recorded.event, at),
        handled => {
            let at_level = procedure.states.get(&case.state).is_some_and(|state| state.office.is_some());
            handling::fold(&mut case, handled, at, &recorded.by.name, at_level);
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

fn open(recorded: &Recorded, opened: &Opened, procedure: &Procedure) -> Result<Case, FoldFault> {
    let (id, at, opened) = (recorded.id, recorded.at, opened.clone());
    let clocks = opened.clocks.into_iter().map(|(name, term)| (name, CaseClock::new(term)));
    let service = opened.service.map(|application| {
        Box::new(Service {
            item: application.item,
            item_version: application.item_version,
            counter: opened.counter,
            papers: application.papers,
            online: application.online,
            reading: opened.reading,
            ..Service::default()
        })
    });
    let mut case = Case {
        id,
        kind: opened.kind,
        procedure: opened.procedure,
        procedure_version: opened.procedure_version,
        number: opened.number,
        shard: deeds::shard(&opened.place),
        place: opened.place,
        point: opened.point,
        parties: opened.parties,
        decider: opened.office.clone(),
        office: opened.office,
        handler: None,
        consultations: Vec::new(),
        supervisions: Vec::new(),
        late: None,
        overstays: Vec::new(),
        confidential: opened.confidential,
        fields: opened.fields,
        state: String::new(),
        entered_at: at,
        latest: None,
        clocks: clocks.collect(),
        limits: opened.limits,
        provisional: false,
        opened_at: at,
        accepted_at: None,
        closed_at: None,
        sequence: 1,
        outcome: None,
        taken: BTreeMap::new(),
        days: BTreeMap::new(),
        asked_at: None,
        service,
    };
    belongs(&case, id, procedure)?;
    enter(&mut case, &opened.to, at, procedure)?;
    let action = procedure.actions.get_key_value(&opened.action);
    taken(&mut case, action, &recorded.by, at, &[]);
    case.latest = opened.latest;
    if let Some(service) = case.service.as_mut().filter(|_| case.accepted_at.is_none()) {
        service.counter = None;
    }
    Ok(case)
}

/// The dates as counted last.
fn recompute(case: &mut Case, counted: &Counted) {
    for (name, due) in &counted.dues {
        if let Some(clock) = case.clocks.get_mut(name) {
            (clock.due, clock.due_at) = (Some(due.on), due.at);
        }
    }
    case.latest = counted.latest;
    case.provisional = counted.provisional;
}

/// A state was left too late.
fn overstay(case: &mut Case, state: &str, overdue: Option<Date>, at: Instant) {
    if let Some(due) = overdue {
        case.overstays.push(Overstay { state: state.to_owned(), due, left_at: at });
    }
}

/// The case goes up to the office one level higher, or back down to the one a level lower. From the city it goes
/// nowhere up, and from the office of its own place nowhere down.
fn escalate(case: &mut Case, action: Option<(&String, &Action)>) {
    let Some((_, action)) = action else { return };
    let office = &case.office.place;
    let goes = if action.escalates {
        office.parent()
    } else if action.descends {
        office.level().child().and_then(|below| case.place.at(below))
    } else {
        None
    };
    if let Some(place) = goes {
        case.decider.place = place;
    }
}

/// What taking an action does beside leading to a state: to clocks, to consents, to whoever has the case in hand, to
/// what is remembered of it.
fn taken(case: &mut Case, action: Option<(&String, &Action)>, by: &Signature, at: Instant, parties: &[usize]) {
    let Some((name, action)) = action else { return };
    milestones(case, action, at);
    consents(case, action, parties, at);
    match action.hand {
        None => {}
        Some(Hand::Nobody) => case.handler = None,
        Some(Hand::Taker) => {
            if let Some(account) = by.account {
                case.handler = Some(Handler { account, name: by.name.clone() });
            }
        }
    }
    if action.watched {
        let taken: &mut Taken = case.taken.entry(name.clone()).or_default();
        taken.times = taken.times.saturating_add(1);
        taken.by = by.account;
    }
}

fn milestones(case: &mut Case, action: &Action, at: Instant) {
    for name in &action.starts {
        if let Some(clock) = case.clocks.get_mut(name) {
            clock.start(at);
            clock.resume(at);
        }
    }
    let ground = action.ground.as_deref().unwrap_or_default();
    for name in &action.stops {
        if let Some(clock) = case.clocks.get_mut(name) {
            clock.stop(ground, at);
        }
    }
    for name in &action.ends {
        if let Some(clock) = case.clocks.get_mut(name) {
            clock.end(at);
        }
    }
    if let Some(clock) = action.extends.as_ref().and_then(|extension| case.clocks.get_mut(&extension.clock)) {
        clock.extend();
    }
    case.accepted_at = case.clocks.values().filter_map(|clock| clock.started).min();
}

/// The limit of a clock is the one that an answer chooses among those with which the case was opened. A clock that has
/// started keeps its own.
fn choose_limit(case: &mut Case, action: &Action, fields: &BTreeMap<String, String>) {
    let Some(by) = &action.limit_by else { return };
    let chosen = fields.get(&by.need).and_then(|answer| case.limits.get(&LimitBy::key(&by.clock, answer))).copied();
    let clock = case.clocks.get_mut(&by.clock).filter(|clock| clock.started.is_none() && clock.on.is_none());
    if let Some((clock, limit)) = clock.zip(chosen) {
        clock.limit = limit;
    }
}

/// Consents that were given hold until they are withdrawn or the step they were given for is taken.
fn consents(case: &mut Case, action: &Action, acting: &[usize], at: Instant) {
    for role in action.consent.iter().chain(&action.voids_consent) {
        for party in case.parties.get_mut(role).into_iter().flatten() {
            party.consented_at = None;
        }
    }
    let By::Party(role) = &action.by else { return };
    let Some(parties) = case.parties.get_mut(role).filter(|_| action.gives_consent || action.withdraws_consent) else {
        return;
    };
    for number in acting {
        if let Some(party) = parties.get_mut(*number) {
            party.consented_at = action.gives_consent.then_some(at);
        }
    }
}

/// Who leaves a case that goes on with the others of her role, and who takes part from a step on. What the others
/// consented to before was a case with other people in it.
fn come_and_go(case: &mut Case, action: Option<(&String, &Action)>, event: &Event, at: Instant) {
    let (Some((_, action)), Event::Acted { to, parties: leaving, fields, .. }) = (action, event) else { return };
    let leaves = !action.leaves.is_empty() && *to != action.to;
    if !leaves && action.joins.is_none() {
        return;
    }
    for party in case.parties.values_mut().flatten() {
        party.consented_at = None;
    }
    if let (true, By::Party(role)) = (leaves, &action.by) {
        let parties = case.parties.get_mut(role).into_iter().flatten().enumerate();
        for (_, party) in parties.filter(|(number, _)| leaving.contains(number)) {
            party.left_at = Some(at);
        }
    }
    let joining = action.joins.as_ref().and_then(|joins| fields.get(&joins.role).zip(fields.get(&joins.who)));
    if let Some((role, Ok(record))) = joining.map(|(role, who)| (role, Uuid::parse_str(who))) {
        case.parties.entry(role.clone()).or_default().push(Party::new(Holder::Record(record)));
    }
}

/// The states that a step of the procedure leads between.
#[derive(Clone, Copy)]
struct Way<'a> {
    from: &'a str,
    to: &'a str,
}

/// Papers named on the way to the applicant are asked for; papers named on the way back from her were brought to staff,
/// or, when she says so herself from afar, are still to be shown, unless they came since they were asked for.
fn take_papers(case: &mut Case, papers: &[String], way: Way<'_>, shown: bool, procedure: &Procedure) {
    let waits = |name: &str| procedure.states.get(name).is_some_and(|state| state.waits_for == Waits::Applicant);
    let (asked, back) = (waits(way.to), waits(way.from));
    let Some(case) = case.service.as_mut() else { return };
    let reading = case.reading;
    for paper in papers {
        if asked {
            case.missing.insert(paper.clone());
            // What was there before did not do, whether it was seen, sent or confirmed by data.
            if let Some(known) = case.papers.get_mut(paper).filter(|known| fell_short(**known, reading)) {
                *known = Paper { waived: false, later: true, ..*known };
            }
        } else if back {
            case.missing.remove(paper);
            if case.papers.get(paper).is_some_and(|known| has_come(*known, shown, reading)) {
                continue;
            }
            case.papers.insert(paper.clone(), Paper { later: !shown, ..Paper::default() });
        }
    }
}

/// Whether a paper that is asked for again did not do. In the first reading an original that was seen stayed seen.
const fn fell_short(known: Paper, reading: u8) -> bool {
    reading >= READING || known.waived || is_electronic(known)
}

/// Whether a paper came since it was asked for, so that it stays as it came. Who hands it over at a counter shows the
/// original; what was sent stays sent.
const fn has_come(known: Paper, shown: bool, reading: u8) -> bool {
    if known.later {
        return false;
    }
    if reading >= READING {
        !shown || !matches!(known.form, PaperForm::Original)
    } else {
        !shown && is_electronic(known)
    }
}

const fn is_electronic(paper: Paper) -> bool {
    matches!(paper.form, PaperForm::Electronic)
}

fn enter(case: &mut Case, to: &str, at: Instant, procedure: &Procedure) -> Result<(), FoldFault> {
    let unknown = || FoldFault::UnknownState { number: case.number.clone(), state: to.to_owned() };
    let state = procedure.states.get(to).ok_or_else(unknown)?;
    if case.state != *to {
        case.entered_at = at;
        case.latest = None;
        turn(case, state, at, procedure);
    }
    to.clone_into(&mut case.state);
    lie(case, state);
    case.accepted_at = case.clocks.values().filter_map(|clock| clock.started).min();
    if case.outcome.is_none() {
        case.outcome.clone_from(&state.outcome);
    }
    if state.terminal {
        case.closed_at = case.closed_at.or(Some(at));
    }
    Ok(())
}

/// Turns the clocks to what a state says that the case comes to. A step that stays in its state turns none: a clock
/// that a step stopped there stands on.
fn turn(case: &mut Case, state: &State, at: Instant, procedure: &Procedure) {
    let ground = state.ground.as_deref().unwrap_or_default();
    for (name, clock) in &mut case.clocks {
        let by_steps = procedure.clocks.get(name).is_some_and(|rule| rule.by_steps);
        clock.turn(procedure.clock_in(state, name), ground, at, by_steps);
    }
}

/// Lays the case where its state has it: at the level the state names, else with whoever decides. If that is another
/// office, nobody has it in hand any more.
fn lie(case: &mut Case, state: &State) {
    let place = state.office.and_then(|level| case.place.at(level)).unwrap_or_else(|| case.decider.place.clone());
    if case.office.place != place {
        case.handler = None;
    }
    case.office = Target { place, department: case.decider.department.clone() };
}
