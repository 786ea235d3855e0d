//! Deciding: a command becomes events, or is refused and nothing happens.

use super::answers::{
    check_brought, check_her_word, check_herself, check_known, check_needs_of, check_noted, check_papers, ends_for_her,
    is_noted,
};
use super::authority::{action, comes_first, ends_nothing, is_of_own_unit, own_step, sign, speaks_for_all, used_up};
use super::opening::opened;
use super::rating::NewRating;
use super::{
    Acting, Case, CaseId, Command, Counted, Due, Event, Moment, Opening, Recorded, Signature, deeds, fold, handling,
    late, latest, party, rating,
};
use crate::language::Bilingual;
use crate::permission::Actor;
use crate::procedure::{Action, By, Procedure, State, Waits};
use crate::refusal::{Code, Refusal};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Decides a command. The same arguments always give the same answer.
///
/// Beside the event asked for, a change of the clocks is followed by [`Event::Recomputed`], so that every date that was
/// ever told stands in the log. Record all of them at that moment, signed as [`sign`] says.
///
/// # Errors
/// Why the command is refused; nothing changed then.
pub fn decide(
    procedure: &Procedure,
    case: Option<&Case>,
    command: &Command,
    acting: Acting<'_>,
    moment: Moment<'_>,
) -> Result<Vec<Event>, Refusal> {
    decided(procedure, case, command, acting, moment).map(|decided| decided.events)
}

/// What a command comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Who signs what happened.
    pub by: Signature,
    /// What happened, in order. It is empty where nothing changes.
    pub events: Vec<Event>,
    /// The case after the first event, so that nobody folds it again. While a case is opened, its identity is not
    /// known here: it is nil.
    pub after: Option<Case>,
}

/// Decides as [`decide`] does, and gives the signature and the folded case too.
///
/// # Errors
/// Refuses as [`decide`] does.
pub fn decided(
    procedure: &Procedure,
    case: Option<&Case>,
    command: &Command,
    acting: Acting<'_>,
    moment: Moment<'_>,
) -> Result<Decided, Refusal> {
    match (case, command) {
        (Some(_), Command::Open(_)) => return Err(Refusal::new(Code::CaseAlreadyOpened)),
        (None, Command::Open(opening)) => can_open(procedure, opening)?,
        (None, _) => return Err(Refusal::new(Code::CaseNotOpened)),
        (Some(case), Command::Act { action, .. }) => can_act(procedure, case, action)?,
        (Some(case), _) => follows(procedure, case)?,
    }
    let by = sign(procedure, case, command, acting.actor, acting.relation)?;
    let event = match (case, command) {
        (None, Command::Open(opening)) => Some(opened(procedure, opening, acting, moment)?),
        (Some(case), Command::Act { .. }) => Some(acted(procedure, case, command, acting, moment)?),
        (Some(_), Command::Recompute) | (None, _) => None,
        (Some(case), command) => beside(procedure, case, command, moment)?,
    };
    with_dates(procedure, case, command, event, by, moment)
}

/// What is done to a case beside the steps of its procedure. None where nothing changes.
fn beside(procedure: &Procedure, case: &Case, command: &Command, moment: Moment<'_>) -> Result<Option<Event>, Refusal> {
    let now = moment.now;
    if !matches!(
        command,
        Command::Rate { .. }
            | Command::RateAgain { .. }
            | Command::FollowUp { .. }
            | Command::Appeal { .. }
            | Command::DecideAppeal { .. }
            | Command::Account { .. }
            | Command::Explain { .. }
            | Command::Relocate { .. }
    ) {
        open_still(procedure, case)?;
    }
    let event = match command {
        Command::Rate { score, aspects, comment_handle, until } => {
            let given = NewRating { score: *score, aspects, comment_handle: *comment_handle, until: *until };
            rating::rated(case, given, now)?
        }
        Command::RateAgain { score, until } => rating::rated_again(case, *score, *until, now)?,
        Command::FollowUp { answer } => rating::followed_up(case, answer)?,
        Command::Appeal { reason } => rating::appealed(case, reason, now)?,
        Command::DecideAppeal { upheld, reason } => rating::appeal_decided(case, *upheld, reason)?,
        Command::Assign { to } if *to == case.handler => return Ok(None),
        Command::Assign { to } => Event::Assigned { to: to.clone() },
        Command::Extend { amount, reason, most } => handling::extended(procedure, case, *amount, reason, *most)?,
        Command::Transfer { to, reason } => handling::transferred(case, to, reason)?,
        Command::Consult { office, question, due, joint } => handling::consulted(case, office, question, *due, *joint)?,
        Command::Answer { number, agrees, text } => handling::answered(case, *number, *agrees, text)?,
        Command::Supervise { note, answer_by } => {
            let asked = handling::said("note", ["问什么、要求什么", "What you are asking for"], note)?;
            Event::Supervised { note: asked, answer_by: *answer_by }
        }
        Command::Account { number, answer } => handling::accounted(case, *number, answer)?,
        Command::Explain { reason, note } => handling::explained(procedure, case, *reason, note, moment)?,
        Command::Receive { papers, counter } => deeds::received(case, papers, counter.as_ref())?,
        Command::Waive { papers } => return deeds::waived(case, papers),
        Command::TakeBack { papers, seen, .. } => return Ok(deeds::taken_back(case, papers, seen)),
        Command::Settle { place, office } => deeds::settled(case, place, office)?,
        Command::Relocate { from, to } => return Ok(deeds::relocated(case, from, to)),
        Command::Lapse { role, number } => {
            let event = || Event::Lapsed { role: role.clone(), number: *number };
            return Ok(party::can_lapse(case, role, *number).then(event));
        }
        Command::Open(_) | Command::Act { .. } | Command::Recompute => return Ok(None),
    };
    Ok(Some(event))
}

/// The event, followed by the dates counted anew if they changed.
fn with_dates(
    procedure: &Procedure,
    case: Option<&Case>,
    command: &Command,
    event: Option<Event>,
    by: Signature,
    moment: Moment<'_>,
) -> Result<Decided, Refusal> {
    let mut event = event;
    let mut after = match &event {
        None => case.cloned(),
        Some(event) => {
            let id = case.map_or(CaseId(Uuid::nil()), |case| case.id);
            let recorded = Recorded { id, at: moment.now, by: by.clone(), event: event.clone() };
            let differs = |_| Refusal::new(Code::CaseProcedureDiffers);
            Some(fold(case.cloned(), &recorded, procedure).map_err(differs)?)
        }
    };
    if let (Some(event), Some(after)) = (&mut event, &mut after) {
        latest::tell(procedure, event, after, moment.calendar);
    }
    let counts =
        matches!(command, Command::Open(_) | Command::Act { .. } | Command::Recompute | Command::Extend { .. });
    let dates = after.as_ref().filter(|_| counts).and_then(|case| recomputed(procedure, case, moment));
    let after = after.filter(|_| event.is_some());
    Ok(Decided { by, events: event.into_iter().chain(dates).collect(), after })
}

/// The dates as counted now, when they differ from those last recorded.
fn recomputed(procedure: &Procedure, case: &Case, moment: Moment<'_>) -> Option<Event> {
    let Moment { calendar, now } = moment;
    let (mut counted, mut changed) = (Counted::default(), false);
    for (name, clock) in &case.clocks {
        let Some(deadline) = clock.deadline(calendar, now) else { continue };
        let due = Due::of(&deadline);
        // Where only the day was recorded, only another day is a change.
        let moved = clock.due_at.is_some() && clock.due_at != due.at;
        changed = changed || clock.due != Some(due.on) || moved;
        counted.provisional = counted.provisional || deadline.provisional;
        counted.dues.insert(name.clone(), due);
    }
    if let Some((due, provisional)) = latest::due(procedure, case, calendar) {
        counted.latest = Some(due);
        counted.provisional = counted.provisional || provisional;
    }
    changed = changed || counted.latest != case.latest || counted.provisional != case.provisional;
    changed.then_some(Event::Recomputed(counted))
}

fn can_open(procedure: &Procedure, opening: &Opening) -> Result<(), Refusal> {
    if procedure.start.contains(&opening.action) {
        return Ok(());
    }
    let action = action(procedure, &opening.action)?;
    let state = Bilingual::new("尚未登记", "not opened yet");
    Err(Refusal::new(Code::CaseActionNotPossibleHere).with_both("action", &action.title).with_both("state", &state))
}

fn open_still(procedure: &Procedure, case: &Case) -> Result<(), Refusal> {
    let here = state(procedure, &case.state)?;
    if here.terminal { Err(Refusal::new(Code::CaseEnded).with_both("state", &here.title)) } else { Ok(()) }
}

fn follows(procedure: &Procedure, case: &Case) -> Result<(), Refusal> {
    let same = case.procedure == procedure.name && case.procedure_version == procedure.version;
    if same { Ok(()) } else { Err(Refusal::new(Code::CaseProcedureDiffers)) }
}

fn state<'p>(procedure: &'p Procedure, name: &str) -> Result<&'p State, Refusal> {
    procedure.states.get(name).ok_or_else(|| Refusal::new(Code::CaseProcedureDiffers))
}

fn waits_for_applicant(procedure: &Procedure, name: &str) -> Result<bool, Refusal> {
    Ok(state(procedure, name)?.waits_for == Waits::Applicant)
}

fn can_act(procedure: &Procedure, case: &Case, name: &str) -> Result<(), Refusal> {
    follows(procedure, case)?;
    let action = action(procedure, name)?;
    let here = state(procedure, &case.state)?;
    if here.terminal {
        return Err(Refusal::new(Code::CaseEnded).with_both("state", &here.title));
    }
    if action.from.contains(&case.state) {
        return Ok(());
    }
    let refusal = Refusal::new(Code::CaseActionNotPossibleHere);
    Err(refusal.with_both("action", &action.title).with_both("state", &here.title))
}

fn acted(
    procedure: &Procedure,
    case: &Case,
    command: &Command,
    acting: Acting<'_>,
    moment: Moment<'_>,
) -> Result<Event, Refusal> {
    let Command::Act { action: name, fields, papers, counter, on_behalf } = command else {
        return Err(Refusal::new(Code::CaseActionUnknown));
    };
    let action = action(procedure, name)?;
    if action.starts_clock && case.is_unsettled() {
        return Err(Refusal::new(Code::CaseHomeOpen));
    }
    held_back(procedure, case, name, action, acting.actor)?;
    let wait = state(procedure, &case.state)?.at_least;
    let ends = wait.map(|wait| moment.calendar.deadline(case.entered_at, wait, &[], moment.now).due_on);
    handling::held_back(procedure, case, action, moment.today(), ends)?;
    latest::held_back(procedure, case, name, action, moment)?;
    gives_time(procedure, case, action, moment)?;
    if ends_nothing(procedure, case, action) {
        return Err(Refusal::new(Code::CaseNotRunning));
    }
    check_papers(papers)?;
    let back = waits_for_applicant(procedure, &case.state)? && !waits_for_applicant(procedure, &action.to)?;
    // Data may have confirmed meanwhile all that was asked for.
    let nothing_asked = back && case.service.is_some() && case.missing().is_empty();
    check_needs_of(case, action, fields, papers, nothing_asked)?;
    let for_her = *on_behalf && ends_for_her(procedure, action);
    if for_her {
        check_her_word(action, fields)?;
    }
    let noting = is_noted(action) && !is_herself(case, action, acting);
    check_known(case, action, fields, for_her, noting)?;
    handling::check_unit(case, action, fields)?;
    if back {
        check_brought(action, case, papers)?;
    }
    latest::check_days(procedure, case, action, fields, moment)?;
    let kept = fields.iter().map(|(name, answer)| (name.clone(), answer.trim().to_owned()));
    let distinct: BTreeSet<&String> = papers.iter().collect();
    let parties = takers(case, action, command, acting, moment)?;
    party::joining(procedure, case, action, fields)?;
    Ok(Event::Acted {
        action: name.clone(),
        from: case.state.clone(),
        to: party::leads(case, action, &parties).to_owned(),
        fields: kept.filter(|(_, answer)| !answer.is_empty()).collect(),
        papers: distinct.into_iter().cloned().collect(),
        counter: counter.clone(),
        parties,
        overdue: latest::overdue(procedure, case, name, moment),
        latest: None,
    })
}

/// Whether a step is one of the actor's own, as a party.
fn is_herself(case: &Case, action: &Action, acting: Acting<'_>) -> bool {
    matches!(&action.by, By::Party(role) if !party::acting(case.parties_of(role), acting, false).is_empty())
}

/// The numbers of the parties who take a step that is a party's: her own, or that of whom staff note it for.
fn takers(
    case: &Case,
    action: &Action,
    command: &Command,
    acting: Acting<'_>,
    moment: Moment<'_>,
) -> Result<Vec<usize>, Refusal> {
    let (By::Party(role), Command::Act { fields, on_behalf, .. }) = (&action.by, command) else {
        return Ok(Vec::new());
    };
    let parties = case.parties_of(role);
    let speaking = party::acting(parties, acting, speaks_for_all(action, *on_behalf));
    if is_herself(case, action, acting) {
        check_herself(action, fields)?;
        return Ok(speaking);
    }
    check_noted(action, fields, moment.today())?;
    party::noted_for(parties, speaking, action, fields)
}

/// An action that somebody else must take, that was taken often enough or asks for one that was, that is there only
/// after another was, for which somebody has the case in hand, or that a party has not consented to.
fn held_back(procedure: &Procedure, case: &Case, name: &str, action: &Action, actor: &Actor) -> Result<(), Refusal> {
    if let Some(handler) = case.handler.as_ref().filter(|_| action.unassigned) {
        let refusal = Refusal::new(Code::CaseInHand).with_both("action", &action.title);
        return Err(refusal.with("name", &handler.name));
    }
    if let Some(own) = own_step(procedure, case, action, actor) {
        let refusal = Refusal::new(Code::CaseSameHand).with_both("action", &action.title);
        return Err(refusal.with_both("step", &own.title));
    }
    if is_of_own_unit(case, action, actor) {
        return Err(Refusal::new(Code::CaseOwnUnit).with_both("action", &action.title));
    }
    let asked = procedure.asked_for(action);
    let often = std::iter::once((name, action)).chain(asked).find(|(name, action)| used_up(case, name, action));
    if let Some((title, most)) = often.and_then(|(_, often)| Some((&often.title, often.returns_at_most.as_ref()?))) {
        let other = Bilingual::new("其他步骤", "another step");
        let then = most.then.as_ref().and_then(|then| procedure.actions.get(then));
        let refusal = Refusal::new(Code::CaseTakenOften).with_both("action", title).with("times", most.times);
        return Err(refusal.with_both("then", then.map_or(&other, |then| &then.title)));
    }
    if let Some(first) = comes_first(procedure, case, name) {
        let times = first.returns_at_most.as_ref().map_or(0, |most| most.times);
        let refusal = Refusal::new(Code::CaseTakenSeldom).with_both("action", &action.title).with("times", times);
        return Err(refusal.with_both("first", &first.title));
    }
    match party::lacking(case, action).as_slice() {
        [] => Ok(()),
        roles => {
            let refusal = Refusal::new(Code::CaseConsentMissing).with_both("action", &action.title);
            Err(refusal.with_both("party", &titles(procedure, roles)))
        }
    }
}

/// What people call several roles, in one line.
fn titles(procedure: &Procedure, roles: &[&str]) -> Bilingual {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for role in roles {
        let title = procedure.parties.get(*role).map(|party| &party.title);
        zh.push(title.map_or(*role, |title| title.zh.as_str()));
        en.push(title.map_or(*role, |title| title.en.as_str()));
    }
    Bilingual::new(zh.join("、"), en.join(", "))
}

/// Whether an action that gives more time, or asks for it, can do so at a moment. One that does neither can.
///
/// # Errors
/// More time was given as often as it may be, or the clock is overdue or does not run.
pub fn gives_time(procedure: &Procedure, case: &Case, action: &Action, moment: Moment<'_>) -> Result<(), Refusal> {
    let asked = procedure.asked_for(action).map(|(_, asked)| asked);
    std::iter::once(action).chain(asked).try_for_each(|extending| extendable(case, extending, moment))
}

/// More time is given as often as the procedure allows, and where it says so only while the clock is not overdue.
fn extendable(case: &Case, action: &Action, moment: Moment<'_>) -> Result<(), Refusal> {
    let Some(extension) = &action.extends else { return Ok(()) };
    let clock = case.clock(&extension.clock).filter(|clock| clock.is_open());
    let clock = clock.ok_or_else(|| Refusal::new(Code::CaseNotRunning))?;
    if clock.extensions >= extension.at_most {
        return Err(Refusal::new(Code::CaseExtensionsUsed).with("times", extension.at_most));
    }
    let overdue = late::passed(case, clock, moment.calendar, moment.now).is_some();
    if extension.never_overdue && overdue { Err(Refusal::new(Code::CaseExtendOverdue)) } else { Ok(()) }
}
