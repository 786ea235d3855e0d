//! Deciding: a command becomes events, or is refused and nothing happens.

use super::authority::{action, sign};
use super::{
    Case, CaseId, Command, Event, Opened, Opening, Recorded, Relation, Signature, deeds, fold, handling, late, rating,
};
use crate::calendar::Calendar;
use crate::language::Bilingual;
use crate::permission::Actor;
use crate::place::Level;
use crate::procedure::{Action, By, Need, NeedKind, Procedure, State};
use crate::refusal::{Code, Refusal};
use crate::time::{Date, Instant};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The longest answer in characters. A bound of the machine, not a rule of the city.
const ANSWER_CHARACTERS: usize = 4_000;
/// A place that a text kept ready leaves to be filled in.
pub const BLANK: &str = "＿＿";
/// The most answers or papers of one command. A bound of the machine.
const ANSWERS: usize = 200;

/// Decides a command. The same arguments always give the same answer.
///
/// Beside the event asked for, a change of the clocks is followed by [`Event::Recomputed`], so that every date that was ever
/// told stands in the log. Record all of them at `now`, signed as [`sign`] says.
///
/// # Errors
/// Why the command is refused; nothing changed then.
pub fn decide(
    procedure: &Procedure,
    case: Option<&Case>,
    command: &Command,
    actor: &Actor,
    relation: &Relation,
    calendar: &Calendar,
    now: Instant,
) -> Result<Vec<Event>, Refusal> {
    match (case, command) {
        (Some(_), Command::Open(_)) => return Err(Refusal::new(Code::CaseAlreadyOpened)),
        (None, Command::Open(opening)) => can_open(procedure, opening)?,
        (None, _) => return Err(Refusal::new(Code::CaseNotOpened)),
        (Some(case), Command::Act { action, .. }) => can_act(procedure, case, action)?,
        (Some(case), _) => follows(procedure, case)?,
    }
    sign(procedure, case, command, actor, relation)?;
    let event = match (case, command) {
        (None, Command::Open(opening)) => Some(opened(procedure, opening)?),
        (Some(case), Command::Act { .. }) => Some(acted(procedure, case, command, (calendar, now))?),
        (Some(_), Command::Recompute) | (None, _) => None,
        (Some(case), command) => beside(procedure, case, command, (calendar, now))?,
    };
    with_dates(procedure, case, command, event, (calendar, now))
}

/// What is done to a case beside the steps of its procedure. None where nothing changes.
fn beside(
    procedure: &Procedure,
    case: &Case,
    command: &Command,
    (calendar, now): (&Calendar, Instant),
) -> Result<Option<Event>, Refusal> {
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
            rating::rated(case, *score, (aspects, *comment_handle), (*until, now))?
        }
        Command::RateAgain { score, until } => rating::rated_again(case, *score, *until, now)?,
        Command::FollowUp { answer } => rating::followed_up(case, answer)?,
        Command::Appeal { reason } => rating::appealed(case, reason, now)?,
        Command::DecideAppeal { upheld, reason } => rating::appeal_decided(case, *upheld, reason)?,
        Command::Assign { to } if *to == case.handler => return Ok(None),
        Command::Assign { to } => Event::Assigned { to: to.clone() },
        Command::Extend { amount, reason, most } => handling::extended(case, *amount, reason, *most)?,
        Command::Transfer { to, reason } => handling::transferred(case, to, reason)?,
        Command::Consult { office, question, due, joint } => {
            handling::consulted(case, office, question, (*due, *joint))?
        }
        Command::Answer { number, agrees, text } => handling::answered(case, *number, *agrees, text)?,
        Command::Supervise { note, answer_by } => {
            Event::Supervised { note: handling::said("note", note)?, answer_by: *answer_by }
        }
        Command::Account { number, answer } => handling::accounted(case, *number, answer)?,
        Command::Explain { reason, note } => late::explained(case, *reason, note, (calendar, now))?,
        Command::Receive { papers, counter } => deeds::received(case, papers, counter.as_ref())?,
        Command::Waive { papers } => return deeds::waived(case, papers),
        Command::Relocate { from, to } => return Ok(deeds::relocated(case, from, to)),
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
    (calendar, now): (&Calendar, Instant),
) -> Result<Vec<Event>, Refusal> {
    let after = match &event {
        None => case.cloned(),
        Some(event) => {
            let id = case.map_or(CaseId(Uuid::nil()), |case| case.id);
            let recorded = Recorded { id, at: now, by: Signature::system(), event: event.clone() };
            let differs = |_| Refusal::new(Code::CaseProcedureDiffers);
            Some(fold(case.cloned(), &recorded, procedure).map_err(differs)?)
        }
    };
    let counts =
        matches!(command, Command::Open(_) | Command::Act { .. } | Command::Recompute | Command::Extend { .. });
    let dates = after.filter(|_| counts).and_then(|case| recomputed(&case, calendar, now));
    Ok(event.into_iter().chain(dates).collect())
}

/// The dates as counted now, when they differ from those last recorded.
fn recomputed(case: &Case, calendar: &Calendar, now: Instant) -> Option<Event> {
    let promised = case.promised.deadline(calendar, now)?;
    let legal = case.legal.deadline(calendar, now)?;
    let provisional = promised.provisional || legal.provisional;
    let last = (case.promised_due, case.legal_due, case.provisional);
    if last == (Some(promised.due_on), Some(legal.due_on), provisional) {
        return None;
    }
    Some(Event::Recomputed { promised_due: promised.due_on, legal_due: legal.due_on, provisional })
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

fn opened(procedure: &Procedure, opening: &Opening) -> Result<Event, Refusal> {
    let action = action(procedure, &opening.action)?;
    if opening.residence.depth() < Level::Community.depth() {
        let level = Bilingual::new("社区（村）", "community");
        return Err(Refusal::new(Code::PlaceNotDeepEnough).field("residence").with_both("level", &level));
    }
    let papers: Vec<String> = opening.papers.keys().cloned().collect();
    check_papers(&papers)?;
    check_needs(action, &opening.fields, &papers)?;
    check_lengths(&opening.fields)?;
    Ok(Event::Opened(Box::new(Opened {
        item: opening.item.clone(),
        item_version: opening.item_version,
        procedure: procedure.name.clone(),
        procedure_version: procedure.version,
        action: opening.action.clone(),
        to: action.to.clone(),
        number: opening.number.clone(),
        residence: opening.residence.clone(),
        counter: opening.counter.clone(),
        office: opening.office.clone(),
        promised: opening.promised,
        legal: opening.legal,
        confidential: opening.confidential,
        papers: opening.papers.clone(),
        fields: opening.fields.clone(),
        online: action.by == By::Applicant,
    })))
}

fn acted(
    procedure: &Procedure,
    case: &Case,
    command: &Command,
    (calendar, now): (&Calendar, Instant),
) -> Result<Event, Refusal> {
    let Command::Act { action: name, fields, papers, counter, .. } = command else {
        return Err(Refusal::new(Code::CaseActionUnknown));
    };
    let action = action(procedure, name)?;
    let wait = state(procedure, &case.state)?.at_least;
    let ends = wait.map(|wait| calendar.deadline(case.entered_at, wait, &[], now).due_on);
    handling::held_back(procedure, case, action, (calendar.zone().date(now), ends))?;
    check_papers(papers)?;
    check_needs(action, fields, papers)?;
    for field in fields.keys() {
        if !action.needs.iter().any(|need| need.name == *field && need.kind != NeedKind::Papers) {
            return Err(Refusal::new(Code::FormFieldUnknown).field(field).with("label", field));
        }
    }
    let kept = fields.iter().map(|(name, answer)| (name.clone(), answer.trim().to_owned()));
    let distinct: BTreeSet<&String> = papers.iter().collect();
    Ok(Event::Acted {
        action: name.clone(),
        from: case.state.clone(),
        to: action.to.clone(),
        fields: kept.filter(|(_, answer)| !answer.is_empty()).collect(),
        papers: distinct.into_iter().cloned().collect(),
        counter: counter.clone(),
    })
}

fn check_papers(papers: &[String]) -> Result<(), Refusal> {
    let odd = |paper: &&String| paper.trim().is_empty() || paper.chars().count() > 100;
    if papers.len() > ANSWERS {
        return Err(Refusal::new(Code::RequestTooLarge));
    }
    let unknown = |paper| Refusal::new(Code::FormPaperUnknown).field("papers").with("label", paper);
    papers.iter().find(odd).map_or(Ok(()), |paper| Err(unknown(paper)))
}

fn check_lengths(fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let long = |answer: &String| answer.chars().count() > ANSWER_CHARACTERS;
    if fields.len() > ANSWERS {
        return Err(Refusal::new(Code::RequestTooLarge));
    }
    let refusal =
        |name| Refusal::new(Code::FormTooLong).field(name).with("label", name).with("limit", ANSWER_CHARACTERS);
    fields.iter().find(|(_, answer)| long(answer)).map_or(Ok(()), |(name, _)| Err(refusal(name)))
}

fn check_needs(action: &Action, fields: &BTreeMap<String, String>, papers: &[String]) -> Result<(), Refusal> {
    action.needs.iter().try_for_each(|need| {
        check_need(need, fields, papers)?;
        let open = action.by != By::Applicant && fields.get(&need.name).is_some_and(|answer| answer.contains(BLANK));
        if open { Err(Refusal::new(Code::FormBlank).field(&need.name).with_both("label", &need.title)) } else { Ok(()) }
    })
}

fn check_need(need: &Need, fields: &BTreeMap<String, String>, papers: &[String]) -> Result<(), Refusal> {
    let refuse = |code: Code| Err(Refusal::new(code).field(&need.name).with_both("label", &need.title));
    let answer = fields.get(&need.name).map(|answer| answer.trim()).unwrap_or_default();
    match &need.kind {
        NeedKind::Papers if need.required && papers.is_empty() => refuse(Code::FormPaperMissing),
        NeedKind::Papers => Ok(()),
        _ if answer.is_empty() && need.required => refuse(Code::FormMissing),
        _ if answer.is_empty() => Ok(()),
        _ if answer.chars().count() > ANSWER_CHARACTERS => {
            let refusal = Refusal::new(Code::FormTooLong).field(&need.name).with("limit", ANSWER_CHARACTERS);
            Err(refusal.with_both("label", &need.title))
        }
        NeedKind::Date if answer.parse::<Date>().is_err() => refuse(Code::FormDate),
        NeedKind::Choice { options } if !options.iter().any(|option| option.code == answer) => refuse(Code::FormChoice),
        NeedKind::Text | NeedKind::Reason | NeedKind::Date | NeedKind::Choice { .. } => Ok(()),
    }
}
