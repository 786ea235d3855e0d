//! Decides what staff may note in the name of a side: what she took back herself, only she gives again, or a paper that
//! is no older than what it answers.

use std::collections::BTreeMap;

use kernel::case::{Event, HOW_SAID, ON_PAPER, PAPER_ON, Recorded};
use kernel::procedure::{Action, By, Procedure};
use kernel::time::{Date, Zone};

use super::asking::is_lapse;
use super::paper::step;
use crate::words::people::Member;
use crate::words::{DRAFT, EFFECT_ON, ORAL, SEAL, SIDES};

/// What a box says that was ticked: the original with her signature was seen.
const SEEN: &str = "yes";

fn answer<'f>(fields: &'f BTreeMap<String, String>, name: &str) -> &'f str {
    fields.get(name).map(|answer| answer.trim()).unwrap_or_default()
}

/// The day that a paper with her signature bears; none where what was noted was said otherwise.
#[must_use]
pub fn paper_day(fields: &BTreeMap<String, String>) -> Option<Date> {
    let is_paper = [ON_PAPER, SEEN].contains(&answer(fields, HOW_SAID));
    answer(fields, PAPER_ON).parse::<Date>().ok().filter(|_| is_paper)
}

/// Whether what was noted was seen on paper: it was chosen, or the day of a paper with her signature is named.
#[must_use]
pub fn is_on_paper(fields: &BTreeMap<String, String>) -> bool {
    answer(fields, HOW_SAID) == ON_PAPER || paper_day(fields).is_some()
}

/// Whether a step was taken by, or noted for, one of a side, or any of it where no number is given.
fn is_step_of(step: &Action, role: &str, parties: &[usize], number: Option<usize>) -> bool {
    let is_one = number.is_none_or(|number| parties.is_empty() || parties.contains(&number));
    is_one && matches!(&step.by, By::Party(party) if party == role)
}

/// Whether one of a side, or any of it where no number is given, took her consent back herself, and has given it again
/// since neither herself nor on paper.
#[must_use]
pub fn took_back(events: &[Recorded], procedure: &Procedure, role: &str, number: Option<usize>) -> bool {
    let mut is_taken_back = false;
    for recorded in events {
        let Event::Acted { action, fields, parties, .. } = &recorded.event else { continue };
        let Some(step) = procedure.actions.get(action) else { continue };
        let is_hers = is_step_of(step, role, parties, number);
        let herself = is_hers && !recorded.by.on_behalf;
        if herself && step.withdraws_consent {
            is_taken_back = true;
        }
        if is_hers && step.gives_consent && (herself || is_on_paper(fields)) {
            is_taken_back = false;
        }
    }
    is_taken_back
}

/// The day before which no paper answers what one of a side is asked now: her consents before were used up or void
/// since, because both sides were asked anew, the text was changed or lies there to be signed, or she took them back.
/// None where nothing of that happened.
#[must_use]
pub fn asked_from(
    events: &[Recorded],
    procedure: &Procedure,
    role: &str,
    number: Option<usize>,
    zone: Zone,
) -> Option<Date> {
    let day = |recorded: &Recorded| {
        let Event::Acted { action, fields, parties, .. } = &recorded.event else { return None };
        let step = procedure.actions.get(action)?;
        if is_step_of(step, role, parties, number) && step.withdraws_consent {
            return Some(paper_day(fields).unwrap_or_else(|| zone.date(recorded.at)));
        }
        let mut ended = step.voids_consent.iter().chain(&step.consent);
        if !ended.any(|party| party == role) && step.joins.is_none() && step.leaves.is_empty() {
            return None;
        }
        // What was signed and sealed before it was entered holds from the day that was entered.
        let is_effect = matches!(action.as_str(), SEAL | ORAL);
        let effect = answer(fields, EFFECT_ON).parse::<Date>().ok().filter(|_| is_effect);
        Some(effect.unwrap_or_else(|| zone.date(recorded.at)))
    };
    events.iter().filter_map(day).max()
}

/// The steps by which each side signs.
const SIGNS: [&str; 2] = ["first_signs", "second_signs"];

/// The day of the last signature below the text that lies there to be signed, as its paper bears it; of a party who
/// signed herself the day on which she did. None before anybody signed.
#[must_use]
pub fn signed_on(events: &[Recorded], zone: Zone) -> Option<Date> {
    let drafted = events.iter().rposition(|one| step(one) == Some(DRAFT)).unwrap_or_default();
    let day = |one: &Recorded| match &one.event {
        Event::Acted { action, fields, .. } if SIGNS.contains(&action.as_str()) => {
            Some(paper_day(fields).unwrap_or_else(|| zone.date(one.at)))
        }
        _ => None,
    };
    events.iter().skip(drafted).filter_map(day).max()
}

/// The signature of one of the parties below the text that lies there to be signed, or holds; none where she has not
/// signed it, and where what she signed came to count no longer before the text was sealed.
#[must_use]
pub fn signature_of(events: &[Recorded], member: Member) -> Option<&Recorded> {
    let drafted = events.iter().rposition(|one| step(one) == Some(DRAFT)).unwrap_or_default();
    let signs = SIGNS.into_iter().zip(SIDES).find(|(_, side)| *side == member.side).map(|(signs, _)| signs)?;
    let is_hers = |one: &Recorded| match &one.event {
        Event::Acted { action, parties, .. } => {
            action == signs && (parties.is_empty() || parties.contains(&member.number))
        }
        _ => false,
    };
    let mut signed = None;
    for one in events.iter().skip(drafted).take_while(|one| step(one) != Some(SEAL)) {
        if is_hers(one) {
            signed = Some(one);
        } else if is_lapse(&one.event, member.side, Some(member.number)) {
            signed = None;
        }
    }
    signed
}

#[cfg(test)]
mod tests {
    use kernel::case::{CaseId, Signature};
    use uuid::Uuid;

    use super::*;

    fn procedure() -> Procedure {
        let text = include_str!("../../../../data/procedures/mediation.toml");
        kernel::procedure::load("mediation.toml", text).unwrap()
    }

    fn fields(answers: &[(&str, &str)]) -> BTreeMap<String, String> {
        answers.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect()
    }

    fn taken(zone: Zone, day: &str, action: &str, answers: &[(&str, &str)]) -> Recorded {
        Recorded {
            id: CaseId(Uuid::nil()),
            at: zone.instant(day.parse().unwrap(), 600),
            by: Signature { account: None, name: String::new(), role: String::new(), on_behalf: false },
            event: Event::Acted {
                action: action.to_owned(),
                from: String::new(),
                to: String::new(),
                fields: fields(answers),
                papers: Vec::new(),
                counter: None,
                parties: Vec::new(),
                overdue: None,
                latest: None,
            },
        }
    }

    #[test]
    fn a_telephone_is_no_paper_and_a_paper_bears_a_day() {
        let day = |answers: &[(&str, &str)]| paper_day(&fields(answers)).map(|day| day.to_string());
        for (answers, expected) in [
            (vec![("how_said", "paper"), ("paper_on", "2026-11-23")], Some("2026-11-23")),
            (vec![("how_said", "yes"), ("paper_on", "2026-11-23")], Some("2026-11-23")),
            (vec![("how_said", "telephone"), ("paper_on", "2026-11-23")], None),
            (vec![("paper_on", "2026-11-23")], None),
            (vec![("how_said", "yes")], None),
        ] {
            assert_eq!(day(&answers).as_deref(), expected, "{answers:?}");
            let is_paper = expected.is_some();
            assert_eq!(is_on_paper(&fields(&answers)), is_paper, "{answers:?}");
        }
        assert!(is_on_paper(&fields(&[("how_said", "paper")])), "procedures of before asked for no day");
    }

    #[test]
    fn no_paper_is_older_than_what_it_answers() {
        let (procedure, zone) = (procedure(), Zone::new(480));
        let from =
            |events: &[Recorded]| asked_from(events, &procedure, "second", Some(0), zone).map(|day| day.to_string());
        let mut events = vec![taken(zone, "2026-11-20", "take_on", &[])];
        assert_eq!(from(&events), None, "she may have said it on paper before it was taken on");
        for (day, action, expected) in [
            ("2026-11-20", "second_unsure", "2026-11-20"),
            ("2026-11-21", "begin", "2026-11-21"),
            ("2026-11-22", "ask", "2026-11-22"),
            ("2026-11-23", "first_goes_on", "2026-11-22"),
            ("2026-11-24", "write", "2026-11-24"),
            ("2026-11-25", "second_withdraws", "2026-11-25"),
            ("2026-11-26", "draft", "2026-11-26"),
        ] {
            events.push(taken(zone, day, action, &[]));
            assert_eq!(from(&events).as_deref(), Some(expected), "{action}");
        }
        assert_eq!(signed_on(&events, zone), None, "nobody has signed");
        let paper = [("how_said", "yes"), ("paper_on", "2026-11-27")];
        events.push(taken(zone, "2026-11-29", "first_signs", &paper));
        assert_eq!(signed_on(&events, zone).unwrap().to_string(), "2026-11-27", "the day that her paper bears");
        events.push(taken(zone, "2026-11-28", "second_signs", &[("has_read", "yes")]));
        assert_eq!(signed_on(&events, zone).unwrap().to_string(), "2026-11-28", "the later of both");
        events.push(taken(zone, "2026-11-30", "seal", &[("effect_on", "2026-11-28")]));
        assert_eq!(from(&events).as_deref(), Some("2026-11-28"), "it was entered two days later");
    }
}
