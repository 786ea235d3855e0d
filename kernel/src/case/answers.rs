//! What a step asks for and what was answered: every answer is checked by its kind, and what is wrong names its field.

use super::{Case, Point};
use crate::day::{FIRST, LAST, not_past};
use crate::identifier::CaseNumber;
use crate::language::Bilingual;
use crate::line::{line_fault, lines_fault};
use crate::money::Fen;
use crate::place::PlacePath;
use crate::procedure::{Action, By, LimitBy, Need, NeedKind, Procedure};
use crate::refusal::{Code, Refusal};
use crate::time::Date;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The longest answer in characters. A bound of the machine, not a rule of the city.
const ANSWER_CHARACTERS: usize = 4_000;
/// A place that a text kept ready leaves to be filled in.
pub const BLANK: &str = "＿＿";
/// The most answers or papers of one command. A bound of the machine.
const ANSWERS: usize = 200;
/// The most files of one answer. A bound of the machine.
const FILES: usize = 50;
/// What a box that was ticked answers.
const TICKED: &str = "yes";

/// The answer that tells how an applicant said what staff end in her name (她的话).
pub const HER_WORD: &str = "her_word";
/// How she can have said it: at a counter, by telephone, in writing.
pub const HER_WORDS: [&str; 3] = ["counter", "telephone", "writing"];

/// The answer of a party's own step that tells how she said what staff note in her name (本人怎么说的). Whoever takes
/// her step herself is not asked.
pub const HOW_SAID: &str = "how_said";
/// The choice that names a paper.
pub const ON_PAPER: &str = "paper";
/// The answer that names the day which the paper bears.
pub const PAPER_ON: &str = "paper_on";

/// The answer of a party's own step that names the one for whom staff note it, where several people have her role
/// (替谁记): the handle of her sealed record, or the code of an organisation.
pub const FOR_WHOM: &str = "for_whom";
/// The answer of such a step that names the power by which an agent said it for her (代理人): a handle that the
/// department of the case knows and checks.
pub const BY_AGENT: &str = "by_agent";

/// Whether a step is a party's own that staff note with how she said it.
pub fn is_noted(action: &Action) -> bool {
    matches!(action.by, By::Party(_)) && action.needs.iter().any(|need| need.name == HOW_SAID)
}

/// The tick of a party who takes her own step: she read what she puts her name to. Staff who note her word are not
/// asked.
pub const HAS_READ: &str = "has_read";
/// The tick of a party who takes her own step that cannot be undone: she means it. Staff who note her word are not
/// asked.
pub const IS_SURE: &str = "is_sure";

/// Whether only a party herself is asked for an answer, never staff who note in her name what she said.
pub fn is_of_herself(action: &Action, need: &Need) -> bool {
    matches!(action.by, By::Party(_)) && (need.name == HAS_READ || need.name == IS_SURE)
}

/// A party who takes her own step ticks what it asks of her alone.
///
/// # Errors
/// The first of these ticks that is missing.
pub(super) fn check_herself(action: &Action, fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let ticked = |need: &Need| fields.get(&need.name).is_some_and(|answer| answer.trim() == TICKED);
    let missing = action.needs.iter().find(|need| is_of_herself(action, need) && !ticked(need));
    missing
        .map_or(Ok(()), |need| Err(Refusal::new(Code::FormConsent).field(&need.name).with_both("label", &need.title)))
}

/// Whether only staff are asked for an answer, who note in her name what a party said.
pub fn is_of_noted(action: &Action, need: &Need) -> bool {
    matches!(action.by, By::Party(_)) && (need.name == HOW_SAID || need.name == PAPER_ON)
}

/// Whether an action asks for an answer in a case: the one that chooses a limit is asked for only where there are
/// limits to choose among.
pub fn asks(case: &Case, action: &Action, need: &Need) -> bool {
    let chooses = action.limit_by.as_ref().filter(|by| by.need == need.name);
    let is_of = |key: &String, clock: &str| key.split_once(LimitBy::MARK).is_some_and(|(of, _)| of == clock);
    chooses.is_none_or(|by| case.limits.keys().any(|key| is_of(key, &by.clock)))
}

/// Whether a step is the applicant's own and ends her case. If staff take it in her name, they say why and how she
/// asked for it.
pub fn ends_for_her(procedure: &Procedure, action: &Action) -> bool {
    action.by == By::Applicant && procedure.states.get(&action.to).is_some_and(|state| state.terminal)
}

/// Staff who end a case in the applicant's name say how she asked for it, and why.
///
/// # Errors
/// Her word or the reason is missing.
pub(super) fn check_her_word(action: &Action, fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let answer = |name: &str| fields.get(name).map(|answer| answer.trim()).unwrap_or_default();
    let untold = |need: &&Need| need.kind == NeedKind::Reason && answer(&need.name).is_empty();
    if let Some(reason) = action.needs.iter().find(untold) {
        let label = Bilingual::new("原因", "Why");
        return Err(Refusal::new(Code::FormMissing).field(&reason.name).with_both("label", &label));
    }
    if HER_WORDS.contains(&answer(HER_WORD)) {
        return Ok(());
    }
    Err(Refusal::new(Code::CaseHerWord).field(HER_WORD).with_both("action", &action.title))
}

/// Staff who note what a party said tell how she said it, where the step asks for that; of a paper, which day it bears,
/// and that day is not ahead. What was said otherwise bears no day.
///
/// # Errors
/// The first of these that is missing or wrong.
pub(super) fn check_noted(action: &Action, fields: &BTreeMap<String, String>, today: Date) -> Result<(), Refusal> {
    let answer = |name: &str| fields.get(name).map(|answer| answer.trim()).unwrap_or_default();
    let refused = |code: Code, need: &Need| Refusal::new(code).field(&need.name).with_both("label", &need.title);
    let asked = |name: &str| action.needs.iter().find(|need| need.name == name);
    let Some(how) = asked(HOW_SAID) else { return Ok(()) };
    if answer(HOW_SAID).is_empty() {
        return Err(refused(Code::FormMissing, how));
    }
    // Where there is nothing to choose, a paper was seen.
    let is_paper = answer(HOW_SAID) == ON_PAPER || how.kind == NeedKind::Consent;
    let Some(day) = asked(PAPER_ON) else { return Ok(()) };
    match answer(PAPER_ON).parse::<Date>() {
        _ if answer(PAPER_ON).is_empty() && !is_paper => Ok(()),
        _ if answer(PAPER_ON).is_empty() => Err(refused(Code::FormMissing, day)),
        _ if !is_paper => Err(refused(Code::FormInvalid, day)),
        Ok(on) => match not_past(PAPER_ON, on, today) {
            Some(refusal) => Err(refusal.with_both("label", &day.title)),
            None => Ok(()),
        },
        Err(_) => Err(refused(Code::FormDate, day)),
    }
}

/// The papers named are few enough and have names.
///
/// # Errors
/// Too many, or one that is no code.
pub(super) fn check_papers(papers: &[String]) -> Result<(), Refusal> {
    let odd = |paper: &&String| paper.trim().is_empty() || paper.chars().count() > 100 || line_fault(paper).is_some();
    if papers.len() > ANSWERS {
        return Err(Refusal::new(Code::RequestTooLarge));
    }
    let unknown = |paper| Refusal::new(Code::FormPaperUnknown).field("papers").with("label", paper);
    papers.iter().find(odd).map_or(Ok(()), |paper| Err(unknown(paper)))
}

/// The papers that come back from the applicant with a step are papers of the case. Where the step has to bring some
/// and some were asked for, one of those is among them.
///
/// # Errors
/// A paper that the case does not know, or none of those that were asked for.
pub(super) fn check_brought(action: &Action, case: &Case, papers: &[String]) -> Result<(), Refusal> {
    if case.service.is_none() {
        return Ok(());
    }
    let knows = |paper: &&String| case.papers().contains_key(*paper) || case.missing().contains(*paper);
    if let Some(unknown) = papers.iter().find(|paper| !knows(paper)) {
        return Err(Refusal::new(Code::FormPaperUnknown).field("papers").with("label", unknown));
    }
    let Some(need) = action.needs.iter().find(|need| need.kind == NeedKind::Papers && need.required) else {
        return Ok(());
    };
    let asked = case.missing();
    if asked.is_empty() || papers.iter().any(|paper| asked.contains(paper)) {
        return Ok(());
    }
    Err(Refusal::new(Code::FormPaperMissing).field(&need.name).with_both("label", &need.title))
}

/// The answers are few enough, and none is too long.
///
/// # Errors
/// Too many, or a long one.
pub(super) fn check_lengths(fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let long = |answer: &String| answer.chars().count() > ANSWER_CHARACTERS;
    if fields.len() > ANSWERS {
        return Err(Refusal::new(Code::RequestTooLarge));
    }
    let refusal =
        |name| Refusal::new(Code::FormTooLong).field(name).with("label", name).with("limit", ANSWER_CHARACTERS);
    fields.iter().find(|(_, answer)| long(answer)).map_or(Ok(()), |(name, _)| Err(refusal(name)))
}

/// Everything an action needs is answered, each answer by its kind. `no_papers` says that no paper is asked for any
/// more, so that none need be named.
///
/// # Errors
/// The first need that is not.
pub(super) fn check_needs(
    action: &Action,
    fields: &BTreeMap<String, String>,
    papers: &[String],
    no_papers: bool,
) -> Result<(), Refusal> {
    let asked = |need: &&Need| !(no_papers && need.kind == NeedKind::Papers);
    check_asked(action.needs.iter().filter(asked), action, fields, papers)
}

/// The same in a case, which asks for some answers only where they choose something.
///
/// # Errors
/// The first need that is not answered.
pub(super) fn check_needs_of(
    case: &Case,
    action: &Action,
    fields: &BTreeMap<String, String>,
    papers: &[String],
    no_papers: bool,
) -> Result<(), Refusal> {
    let asked = |need: &&Need| asks(case, action, need) && !(no_papers && need.kind == NeedKind::Papers);
    check_asked(action.needs.iter().filter(asked), action, fields, papers)
}

fn check_asked<'n>(
    mut needs: impl Iterator<Item = &'n Need>,
    action: &Action,
    fields: &BTreeMap<String, String>,
    papers: &[String],
) -> Result<(), Refusal> {
    needs.try_for_each(|need| {
        check_need(need, fields, papers)?;
        let herself = matches!(action.by, By::Applicant | By::Party(_));
        let open = !herself && fields.get(&need.name).is_some_and(|answer| answer.contains(BLANK));
        if open { Err(Refusal::new(Code::FormBlank).field(&need.name).with_both("label", &need.title)) } else { Ok(()) }
    })
}

/// Nothing is answered that the action does not ask for. `for_her` says that it is also asked how she said it, `noting`
/// that staff note a party's word and say whose. By which power an agent says it stands with a party's step whoever
/// takes it: staff who note his word, or he himself in her place.
///
/// # Errors
/// The first answer that it does not.
pub(super) fn check_known(
    case: &Case,
    action: &Action,
    fields: &BTreeMap<String, String>,
    for_her: bool,
    noting: bool,
) -> Result<(), Refusal> {
    let asked = |field: &String| {
        let is_need = |need: &Need| need.name == *field && need.kind != NeedKind::Papers && asks(case, action, need);
        let is_need = action.needs.iter().any(is_need);
        let is_agents = is_noted(action) && field == BY_AGENT;
        is_need || (for_her && field == HER_WORD) || (noting && field == FOR_WHOM) || is_agents
    };
    match fields.keys().find(|field| !asked(field)) {
        Some(field) => Err(Refusal::new(Code::FormFieldUnknown).field(field).with("label", field)),
        None => Ok(()),
    }
}

fn check_need(need: &Need, fields: &BTreeMap<String, String>, papers: &[String]) -> Result<(), Refusal> {
    let refusal = |code: Code| Refusal::new(code).field(&need.name).with_both("label", &need.title);
    if need.kind == NeedKind::Papers {
        let missing = need.required && papers.is_empty();
        return if missing { Err(refusal(Code::FormPaperMissing)) } else { Ok(()) };
    }
    let answer = fields.get(&need.name).map(|answer| answer.trim()).unwrap_or_default();
    if answer.is_empty() {
        let code = if need.kind == NeedKind::Consent { Code::FormConsent } else { Code::FormMissing };
        return if need.required { Err(refusal(code)) } else { Ok(()) };
    }
    if answer.chars().count() > ANSWER_CHARACTERS {
        return Err(refusal(Code::FormTooLong).with("limit", ANSWER_CHARACTERS));
    }
    match fault(&need.kind, answer) {
        None => Ok(()),
        Some(code) => Err(match need.kind {
            NeedKind::Number { least, most } => refusal(code).with("from", least).with("to", most),
            NeedKind::Date if code == Code::CaseDayOutside => refusal(code).with("from", FIRST).with("to", LAST),
            _ => refusal(code),
        }),
    }
}

/// What is wrong with an answer of that kind.
fn fault(kind: &NeedKind, answer: &str) -> Option<Code> {
    let handle = |text: &str| Uuid::parse_str(text).is_ok();
    let (good, code) = match kind {
        NeedKind::Papers => (true, Code::FormInvalid),
        NeedKind::Text | NeedKind::Reason => return lines_fault(answer),
        NeedKind::Date => match answer.parse::<Date>() {
            Ok(day) => ((FIRST..=LAST).contains(&day), Code::CaseDayOutside),
            Err(_) => (false, Code::FormDate),
        },
        NeedKind::Choice { options } => (options.iter().any(|option| option.code == answer), Code::FormChoice),
        NeedKind::Number { least, most } => {
            (answer.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number)), Code::FormNumber)
        }
        NeedKind::Money => (Fen::parse_amount(answer).is_some_and(|amount| amount > Fen::ZERO), Code::FormAmount),
        NeedKind::Place => (PlacePath::parse(answer).is_ok(), Code::FormInvalid),
        NeedKind::Point => (Point::parse(answer).is_some(), Code::FormInvalid),
        NeedKind::Files => {
            let mut files = answer.split_whitespace();
            (answer.split_whitespace().count() <= FILES && files.all(handle), Code::FormInvalid)
        }
        NeedKind::Person => (handle(answer), Code::FormInvalid),
        NeedKind::Unit => (is_unit(answer), Code::FormInvalid),
        NeedKind::Case => (CaseNumber::parse(answer).is_ok(), Code::FormInvalid),
        NeedKind::Consent => (answer == TICKED, Code::FormConsent),
    };
    (!good).then_some(code)
}

/// `department@path`.
fn is_unit(answer: &str) -> bool {
    answer.split_once('@').is_some_and(|(department, place)| !department.is_empty() && PlacePath::parse(place).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_answer_is_checked_and_names_its_field() {
        let number = || NeedKind::Number { least: 1, most: 5 };
        let file = "0190b5f0-0000-7000-8000-000000000001";
        let files = format!("{file} {file}");
        let table: Vec<(NeedKind, &str, Option<&str>)> = vec![
            (NeedKind::Text, "一行", None),
            (NeedKind::Text, "一行\n又一行", None),
            (NeedKind::Text, "a\u{1}b", Some("form.invalid")),
            (NeedKind::Reason, "r\u{1b}r", Some("form.invalid")),
            (NeedKind::Reason, "a\u{202e}b", Some("form.hidden")),
            (NeedKind::Text, "e\u{301}\u{301}\u{301}\u{301}", Some("form.hidden")),
            (NeedKind::Date, "2026-11-23", None),
            (NeedKind::Date, "23.11.2026", Some("form.date")),
            (number(), "5", None),
            (number(), "6", Some("form.number")),
            (number(), "two", Some("form.number")),
            (NeedKind::Money, "1,200.50", None),
            (NeedKind::Money, "１２００", None),
            (NeedKind::Money, "1.234", Some("form.amount")),
            (NeedKind::Money, "0", Some("form.amount")),
            (NeedKind::Money, "-50000", Some("form.amount")),
            (NeedKind::Money, "92233720368547758.07", Some("form.amount")),
            (NeedKind::Place, "1.2.3.", None),
            (NeedKind::Place, "1.2.3", Some("form.invalid")),
            (NeedKind::Point, "41.8,123.4", None),
            (NeedKind::Point, "here", Some("form.invalid")),
            (NeedKind::Files, files.as_str(), None),
            (NeedKind::Files, "photo.jpg", Some("form.invalid")),
            (NeedKind::Person, file, None),
            (NeedKind::Person, "王", Some("form.invalid")),
            (NeedKind::Unit, "water@1.2.", None),
            (NeedKind::Unit, "@1.2.", Some("form.invalid")),
            (NeedKind::Unit, "water", Some("form.invalid")),
            (NeedKind::Case, "210102-2026-0000123-4", None),
            (NeedKind::Case, "210102-2026-0000123-5", Some("form.invalid")),
            (NeedKind::Case, "that one", Some("form.invalid")),
            (NeedKind::Consent, "yes", None),
            (NeedKind::Consent, "no", Some("form.consent")),
            (NeedKind::Consent, "", Some("form.consent")),
            (NeedKind::Place, " ", Some("form.missing")),
        ];
        for (kind, answer, expected) in table {
            let words = kind.code();
            let need = Need { name: "asked".to_owned(), kind, required: true, title: Bilingual::new("甲", "A") };
            let fields = BTreeMap::from([("asked".to_owned(), answer.to_owned())]);
            let found = check_need(&need, &fields, &[]).err();
            assert_eq!(found.as_ref().map(|refusal| refusal.code.as_str()), expected, "{words} {answer:?}");
            assert!(found.is_none_or(|refusal| {
                refusal.field.as_deref() == Some("asked") && !refusal.to_string().contains('…')
            }));
        }
    }
}
