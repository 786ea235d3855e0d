//! How an office works on a case without moving it along: who has it in hand, more time, another office, the opinions
//! of others, and the word of a higher level.

use super::late::{late_since, late_told};
use super::{Case, CaseClock, Consultation, Event, LateReason, Moment, Opinion, Supervision};
use crate::language::Bilingual;
use crate::line::lines_fault;
use crate::permission::Target;
use crate::place::PlacePath;
use crate::procedure::{Action, Counts, Procedure};
use crate::refusal::{Code, Refusal};
use crate::time::{Date, Instant};
use std::collections::BTreeMap;

/// The longest text said with a deed, in characters. A bound of the machine.
const TEXT_CHARACTERS: usize = 2_000;
/// The most opinions asked for in one case. A bound of the machine.
const CONSULTATIONS: usize = 50;

/// A text that must be there and not be longer than the machine keeps. The label is what the form calls it, in Chinese
/// and in English.
pub(super) fn said(field: &str, label: [&str; 2], text: &str) -> Result<String, Refusal> {
    let [zh, en] = label;
    let label = Bilingual::new(zh, en);
    let refuse = |code: Code| Refusal::new(code).field(field).with_both("label", &label);
    let text = text.trim();
    if text.is_empty() {
        return Err(refuse(Code::FormMissing));
    }
    if text.chars().count() > TEXT_CHARACTERS {
        return Err(refuse(Code::FormTooLong).with("limit", TEXT_CHARACTERS));
    }
    if let Some(code) = lines_fault(text) {
        return Err(refuse(code));
    }
    Ok(text.to_owned())
}

fn runs(case: &Case) -> Result<(), Refusal> {
    if case.runs() { Ok(()) } else { Err(Refusal::new(Code::CaseNotRunning)) }
}

/// Whether the office may give a case more time beside the steps (延期): only a matter of the counter whose clocks run,
/// and none of which a step of the procedure extends. Elsewhere the procedure alone says how often and until when.
pub fn may_extend(procedure: &Procedure, case: &Case) -> bool {
    case.service.is_some() && case.runs() && !extended_by_steps(procedure, case)
}

/// Whether a step of the procedure extends a clock that runs.
fn extended_by_steps(procedure: &Procedure, case: &Case) -> bool {
    let extensions = procedure.actions.values().filter_map(|action| action.extends.as_ref());
    extensions.filter_map(|extension| case.clock(&extension.clock)).any(CaseClock::is_open)
}

/// More time for the clocks that run, within what the rule allows in all.
pub(super) fn extended(
    procedure: &Procedure,
    case: &Case,
    amount: u32,
    reason: &str,
    most: u32,
) -> Result<Event, Refusal> {
    runs(case)?;
    if !may_extend(procedure, case) {
        return Err(Refusal::new(Code::CaseExtendByStep));
    }
    let reason = said("reason", ["为什么延", "Reason"], reason)?;
    let open = case.clocks.values().filter(|clock| clock.is_open());
    let extended = open.map(|clock| clock.extended).max().unwrap_or_default();
    if amount == 0 || extended.saturating_add(amount) > most {
        let left = most.saturating_sub(extended);
        return Err(Refusal::new(Code::CaseExtensionTooLong).field("amount").with("left", left));
    }
    Ok(Event::Extended { amount, reason })
}

/// Another office takes the case over.
pub(super) fn transferred(case: &Case, to: &Target, reason: &str) -> Result<Event, Refusal> {
    let reason = said("reason", ["为什么转", "Reason"], reason)?;
    if *to == case.office || to.department.is_none() {
        return Err(Refusal::new(Code::CaseOfficeUnfit).field("office"));
    }
    if !case.consultations.iter().all(|asked| asked.answer.is_some()) {
        return Err(Refusal::new(Code::CaseOpinionsMissing));
    }
    Ok(Event::Transferred { to: to.clone(), reason })
}

/// Another office is asked for its opinion.
pub(super) fn consulted(
    case: &Case,
    office: &Target,
    question: &str,
    due: Date,
    joint: bool,
) -> Result<Event, Refusal> {
    runs(case)?;
    let question = said("question", ["要问什么", "Your question"], question)?;
    let asked = case.consultations.iter().any(|asked| asked.office == *office && asked.answer.is_none());
    if *office == case.office || office.department.is_none() || asked {
        return Err(Refusal::new(Code::CaseOfficeUnfit).field("office"));
    }
    if case.consultations.len() >= CONSULTATIONS {
        return Err(Refusal::new(Code::RequestTooLarge));
    }
    Ok(Event::Consulted { office: office.clone(), question, due, joint })
}

/// The opinion asked for, by its number, when it is still open.
pub(super) fn open_consultation(case: &Case, number: usize) -> Result<&Consultation, Refusal> {
    let asked = case.consultations.get(number).filter(|asked| asked.answer.is_none());
    asked.ok_or_else(|| Refusal::new(Code::CaseAlreadyDone))
}

/// The office that was asked answers.
pub(super) fn answered(case: &Case, number: usize, agrees: bool, text: &str) -> Result<Event, Refusal> {
    open_consultation(case, number)?;
    Ok(Event::Answered { number, agrees, text: said("text", ["意见", "Opinion"], text)? })
}

/// The office answers to the higher level that asked after the case.
pub(super) fn accounted(case: &Case, number: usize, answer: &str) -> Result<Event, Refusal> {
    let open = case.supervisions.get(number).is_some_and(|asked| asked.answer.is_none());
    if !open {
        return Err(Refusal::new(Code::CaseAlreadyDone));
    }
    Ok(Event::Accounted { number, answer: said("answer", ["答复", "Answer"], answer)? })
}

/// An action must not be taken yet: a notice period runs, or a joint opinion is missing.
pub(super) fn held_back(
    procedure: &Procedure,
    case: &Case,
    action: &Action,
    today: Date,
    ends: Option<Date>,
) -> Result<(), Refusal> {
    if let Some(last) = ends.filter(|last| action.after_wait && today <= *last) {
        return Err(Refusal::new(Code::CaseWaitNotOver).with("date", last));
    }
    let counts = procedure.states.get(&action.to).and_then(|state| procedure.counts(state));
    let decides = matches!(counts, Some(Counts::Done | Counts::NotDone));
    let missing = case.consultations.iter().any(|asked| asked.joint && asked.answer.is_none());
    if (decides || action.together) && missing { Err(Refusal::new(Code::CaseOpinionsMissing)) } else { Ok(()) }
}

/// The unit to which an action hands a case over, where it names one.
pub(super) fn handed_to(action: &Action, fields: &BTreeMap<String, String>) -> Option<Target> {
    let (department, place) = fields.get(action.hands_to.as_ref()?)?.trim().split_once('@')?;
    Some(Target { place: PlacePath::parse(place).ok()?, department: Some(department.to_owned()) })
}

/// A unit gets a case only of a place for which it is there.
///
/// # Errors
/// A unit of another place.
pub(super) fn check_unit(case: &Case, action: &Action, fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let elsewhere = handed_to(action, fields).is_some_and(|unit| !unit.place.contains(&case.place));
    if !elsewhere {
        return Ok(());
    }
    let name = action.hands_to.as_deref().unwrap_or_default();
    Err(Refusal::new(Code::CaseOfficeUnfit).field(name))
}

/// Gives a case to the unit that an action names. If that is another one, nobody has it in hand any more.
pub(super) fn hand_over(case: &mut Case, action: &Action, fields: &BTreeMap<String, String>) {
    if let Some(unit) = handed_to(action, fields) {
        if unit != case.decider {
            case.handler = None;
        }
        case.decider = unit;
    }
}

/// Folds what this module decides into the case; what is not its own it leaves alone.
pub(super) fn fold(case: &mut Case, event: &Event, at: Instant, name: &str, lies_at_level: bool) {
    match event {
        Event::Assigned { to } => case.handler.clone_from(to),
        Event::Extended { amount, .. } => {
            // A clock that ended keeps its date: a milestone that was reached late stays late.
            for clock in case.clocks.values_mut().filter(|clock| clock.is_open()) {
                clock.extended = clock.extended.saturating_add(*amount);
            }
        }
        Event::Transferred { to, .. } => {
            case.office = to.clone();
            case.handler = None;
            if !lies_at_level {
                case.decider = to.clone();
            }
        }
        Event::Consulted { office, question, due, joint } => case.consultations.push(Consultation {
            office: office.clone(),
            question: question.clone(),
            due: *due,
            joint: *joint,
            asked_at: at,
            answer: None,
        }),
        Event::Answered { number, agrees, text } => {
            if let Some(asked) = case.consultations.get_mut(*number) {
                asked.answer = Some(Opinion { agrees: *agrees, text: text.clone(), at, name: name.to_owned() });
            }
        }
        Event::Supervised { note, answer_by } => case.supervisions.push(Supervision {
            note: note.clone(),
            at,
            answer_by: *answer_by,
            answer: None,
            answered_at: None,
        }),
        Event::Explained { reason, note } => case.late = Some(super::Late { reason: *reason, note: note.clone(), at }),
        Event::Accounted { number, answer } => {
            if let Some(asked) = case.supervisions.get_mut(*number) {
                (asked.answer, asked.answered_at) = (Some(answer.clone()), Some(at));
            }
        }
        _ => {}
    }
}

/// The office says why.
pub(super) fn explained(
    procedure: &Procedure,
    case: &Case,
    reason: LateReason,
    note: &str,
    moment: Moment<'_>,
) -> Result<Event, Refusal> {
    let Moment { calendar, now } = moment;
    if late_since(procedure, case, calendar, now).is_none() {
        return Err(Refusal::new(Code::CaseNotLate));
    }
    let note = match note.trim() {
        "" if reason != LateReason::Other => String::new(),
        words => said("note", ["说明", "Details"], words)?,
    };
    let told = late_told(procedure, case, calendar, now).and_then(|(told, _)| told);
    if told.is_some_and(|late| late.reason == reason && late.note == note) {
        return Err(Refusal::new(Code::CaseAlreadyDone));
    }
    Ok(Event::Explained { reason, note })
}
