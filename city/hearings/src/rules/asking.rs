//! Decides about which step both sides were asked last, and how each side answered. What a side agreed to is one step
//! alone: it is used up by it, and is none to another.

use std::collections::BTreeMap;

use kernel::case::{BY_AGENT, Event, Recorded};
use kernel::language::Bilingual;
use kernel::procedure::{Action, By, NeedKind, Procedure};
use kernel::time::Instant;

use crate::words::FIRST;
use crate::words::asking::{ABOUT, APPLIED, ASKS, BEGIN, INVITING, JOIN, JOIN_TALKS, MEETS, NEXT, REFUSES, TO_SIGN};
use crate::words::people::Member;

/// The words for a no to the step about which both sides were asked.
const NOT_THIS: &str = "hearings-offer-not-this";

/// The names of the steps about which both sides are asked before they are taken in a state; none by procedures of
/// before, which did not ask.
#[must_use]
pub fn steps<'p>(procedure: &'p Procedure, state: &str) -> Vec<&'p str> {
    let here = |action: &&Action| action.from.iter().any(|from| from == state);
    let asking = ASKS.iter().filter_map(|name| procedure.actions.get(*name)).find(here);
    let needs = asking.into_iter().flat_map(|action| &action.needs).filter(|need| need.name == NEXT);
    let codes = needs.flat_map(|need| match &need.kind {
        NeedKind::Choice { options } => options.iter().map(|option| option.code.as_str()).collect::<Vec<&str>>(),
        _ => Vec::new(),
    });
    codes.collect()
}

/// What a step is called in the question about it: the question adds to its title how it is done.
#[must_use]
pub fn called<'p>(procedure: &'p Procedure, step: &str) -> Option<&'p Bilingual> {
    let needs = ASKS.iter().filter_map(|name| procedure.actions.get(*name)).flat_map(|action| &action.needs);
    let mut named = needs.filter(|need| need.name == NEXT);
    named.find_map(|need| match &need.kind {
        NeedKind::Choice { options } => options.iter().find(|option| option.code == step).map(|option| &option.title),
        _ => None,
    })
}

/// The step about which both sides were asked last. None where they were asked about nothing, where a step has used
/// their answers up since, and where the mediation has come to another state.
#[must_use]
pub fn asked<'e>(events: &'e [Recorded], procedure: &Procedure) -> Option<&'e str> {
    question(events, procedure)?.get(NEXT).map(String::as_str)
}

/// What they were asked then, in words; none where only the step was named.
#[must_use]
pub fn asked_about<'e>(events: &'e [Recorded], procedure: &Procedure) -> Option<&'e str> {
    let words = question(events, procedure)?.get(ABOUT).map(|text| text.trim());
    words.filter(|text| !text.is_empty())
}

/// The answers of the question that stands.
fn question<'e>(events: &'e [Recorded], procedure: &Procedure) -> Option<&'e BTreeMap<String, String>> {
    for one in events.iter().rev() {
        let Event::Acted { action, from, to, fields, .. } = &one.event else { continue };
        if ASKS.contains(&action.as_str()) {
            return Some(fields);
        }
        let uses_up = procedure.actions.get(action).is_some_and(|step| !step.consent.is_empty());
        if uses_up || from != to {
            return None;
        }
    }
    None
}

/// What a side said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It consented.
    Agreed(Instant),
    /// It took a consent back, or did not give one.
    TookBack(Instant),
}

/// Whether a step was taken by, or noted for, one of the people of a side; where no number is given, by any of them.
fn is_hers_among(parties: &[usize], number: Option<usize>) -> bool {
    number.is_none_or(|number| parties.is_empty() || parties.contains(&number))
}

/// Whether what one of the people of a side, or any of them, had consented to lapsed with that.
#[must_use]
pub fn is_lapse(event: &Event, side: &str, number: Option<usize>) -> bool {
    matches!(event, Event::Lapsed { role, number: of } if role == side && number.is_none_or(|number| number == *of))
}

/// Whether a mediation has not begun in a state.
fn is_before(state: &str) -> bool {
    state == APPLIED || state == INVITING
}

/// What one of the people of a side said last of the mediation as a whole: whether she wants it; any of them where no
/// number is given. Once somebody left or joined, all are asked anew.
#[must_use]
pub fn of_mediation(events: &[Recorded], side: &str, number: Option<usize>) -> Option<Said> {
    on_mediation(events, side, number).map(|(_, said)| said)
}

/// The power by which an agent said that for her; none where she said it herself.
#[must_use]
pub fn agent_on_mediation<'e>(events: &'e [Recorded], side: &str, number: Option<usize>) -> Option<&'e str> {
    on_mediation(events, side, number).and_then(|(one, _)| agent_of(one))
}

fn on_mediation<'e>(events: &'e [Recorded], side: &str, number: Option<usize>) -> Option<(&'e Recorded, Said)> {
    let (agrees, unsure) = (format!("{side}_agrees"), format!("{side}_unsure"));
    let mut has_lapsed = false;
    for one in events.iter().rev() {
        match &one.event {
            event if is_lapse(event, side, number) => has_lapsed = true,
            // What lapsed after that was no consent to the mediation as a whole.
            Event::Acted { action, .. } if action == BEGIN => has_lapsed = false,
            Event::Acted { action, parties, .. } if *action == agrees && is_hers_among(parties, number) => {
                return (!has_lapsed).then_some((one, Said::Agreed(one.at)));
            }
            Event::Acted { action, parties, .. } if *action == unsure && is_hers_among(parties, number) => {
                return Some((one, Said::TookBack(one.at)));
            }
            Event::Acted { action, .. } if action == JOIN => return None,
            Event::Acted { action, to, .. } if REFUSES.contains(&action.as_str()) && is_before(to) => return None,
            // Whoever asks for a mediation agrees to it.
            Event::Opened(opened) if opened.action == "apply" && side == FIRST => {
                return (!has_lapsed && number.unwrap_or(0) == 0).then_some((one, Said::Agreed(one.at)));
            }
            _ => {}
        }
    }
    None
}

/// What one of the people of a side, or any of them, said last since both were asked, or since the case came to the
/// state in which it stands; none where nothing was said.
#[must_use]
pub fn of_step(events: &[Recorded], procedure: &Procedure, side: &str, number: Option<usize>) -> Option<Said> {
    on_step(events, procedure, side, number).map(|(_, said)| said)
}

/// The power by which an agent said that for her; none where she said it herself.
#[must_use]
pub fn agent_on_step<'e>(
    events: &'e [Recorded],
    procedure: &Procedure,
    side: &str,
    number: Option<usize>,
) -> Option<&'e str> {
    on_step(events, procedure, side, number).and_then(|(one, _)| agent_of(one))
}

fn on_step<'e>(
    events: &'e [Recorded],
    procedure: &Procedure,
    side: &str,
    number: Option<usize>,
) -> Option<(&'e Recorded, Said)> {
    let is_hers = |action: &Action| matches!(&action.by, By::Party(role) if role == side);
    for one in events.iter().rev() {
        if is_lapse(&one.event, side, number) {
            return None;
        }
        let Event::Acted { action, from, to, parties, .. } = &one.event else { continue };
        let Some(step) = procedure.actions.get(action) else { continue };
        let is_own = is_hers(step) && is_hers_among(parties, number);
        if is_own && step.gives_consent {
            return Some((one, Said::Agreed(one.at)));
        }
        if is_own && step.withdraws_consent {
            return Some((one, Said::TookBack(one.at)));
        }
        let voids = step.voids_consent.iter().chain(&step.consent).any(|role| role == side);
        if from != to || voids || step.joins.is_some() || !step.leaves.is_empty() {
            return None;
        }
    }
    None
}

/// What had happened by an hour that is over: what came within its minute belongs to it.
#[must_use]
pub fn until(events: &[Recorded], hour: Instant) -> &[Recorded] {
    let count = events.iter().take_while(|one| is_by(one.at, hour)).count();
    events.get(..count).unwrap_or_default()
}

/// Whether something was by an hour, within whose minute it still is.
#[must_use]
pub fn is_by(at: Instant, hour: Instant) -> bool {
    at < hour.plus_minutes(1)
}

/// Whether both sides had been asked by an hour about the step about which they are asked now. Of a step about which
/// they are not asked now nothing is said.
#[must_use]
pub fn was_asked(events: &[Recorded], procedure: &Procedure, step: &str, hour: Instant) -> bool {
    asked(events, procedure) != Some(step) || asked(until(events, hour), procedure) == Some(step)
}

/// Whether one of the people of a side had agreed by an hour, and had not taken that back by then.
#[must_use]
pub fn had_agreed(events: &[Recorded], procedure: &Procedure, member: Member, hour: Instant) -> bool {
    let said = of_step(until(events, hour), procedure, member.side, Some(member.number));
    matches!(said, Some(Said::Agreed(_)))
}

/// Whether somebody is asked again because a party joined: what she had consented to lapsed with that, and she has said
/// nothing since.
#[must_use]
pub fn is_asked_again(events: &[Recorded], procedure: &Procedure, member: Member) -> bool {
    let mut has_joined = false;
    for one in events.iter().rev() {
        let (action, from, to, parties) = match &one.event {
            // Whoever asks for a mediation agrees to it.
            Event::Opened(opened) => return has_joined && opened.action == "apply" && member == Member::ASKER,
            Event::Acted { action, from, to, parties, .. } => (action, from, to, parties),
            _ => continue,
        };
        if action == JOIN || action == JOIN_TALKS {
            has_joined = true;
            continue;
        }
        let Some(step) = procedure.actions.get(action) else { continue };
        // What was noted of a whole side was said by the one who was it then.
        let is_own = if parties.is_empty() { member.number == 0 } else { parties.contains(&member.number) };
        if is_own && matches!(&step.by, By::Party(role) if role == member.side) {
            if step.gives_consent {
                return has_joined;
            }
            if step.withdraws_consent {
                return false;
            }
        }
        let voids = step.voids_consent.iter().chain(&step.consent).any(|role| role == member.side);
        let moves = from != to && !is_before(from);
        if ASKS.contains(&action.as_str()) || voids || moves || !step.leaves.is_empty() {
            return false;
        }
    }
    false
}

/// The power by which an agent took a step; none where the party took it herself.
#[must_use]
pub fn agent_of(one: &Recorded) -> Option<&str> {
    let Event::Acted { fields, .. } = &one.event else { return None };
    fields.get(BY_AGENT).map(|power| power.trim()).filter(|power| !power.is_empty())
}

/// What a side said by a step that takes a consent back, where none of hers stood: that she does not agree to the step
/// about which both were asked, does not sign, or does not talk on face to face. It is the key of the words for it;
/// none for every other step. The step is the last of what happened.
#[must_use]
pub fn instead_of_back(until: &[Recorded], procedure: &Procedure) -> Option<&'static str> {
    let (last, before) = until.split_last()?;
    let Event::Acted { action, from, parties, .. } = &last.event else { return None };
    let step = procedure.actions.get(action).filter(|step| step.withdraws_consent)?;
    let By::Party(role) = &step.by else { return None };
    if matches!(of_step(before, procedure, role, parties.first().copied()), Some(Said::Agreed(_))) {
        return None;
    }
    match from.as_str() {
        TO_SIGN => Some("hearings-path-not-signed"),
        "talks" | "together" if asked(before, procedure).is_some() => Some(NOT_THIS),
        "together" => Some("hearings-path-not-together"),
        _ => None,
    }
}

/// Whether a side comes to no session any more that was arranged before the last of what happened: it took its consent
/// back, or does not agree to meet. By a no to another step about which both were asked it takes nothing back.
#[must_use]
pub fn stays_away(until: &[Recorded], procedure: &Procedure) -> bool {
    let Some((last, before)) = until.split_last() else { return false };
    let Event::Acted { action, .. } = &last.event else { return false };
    if !procedure.actions.get(action).is_some_and(|step| step.withdraws_consent) {
        return false;
    }
    let is_other = asked(before, procedure).is_some_and(|step| !MEETS.contains(&step));
    !is_other || instead_of_back(until, procedure) != Some(NOT_THIS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::case::{CaseId, Signature};
    use uuid::Uuid;

    fn procedure() -> Procedure {
        let text = include_str!("../../../../data/procedures/mediation.toml");
        kernel::procedure::load("mediation.toml", text).unwrap()
    }

    fn told(steps: &[(&str, &str, &str, &str)]) -> Vec<Recorded> {
        let event = |(minute, (action, from, to, next)): (i64, &(&str, &str, &str, &str))| {
            let answer = |text: &str| BTreeMap::from([(NEXT.to_owned(), text.to_owned())]);
            Recorded {
                id: CaseId(Uuid::nil()),
                at: Instant::from_micros(minute),
                by: Signature { account: None, name: String::new(), role: String::new(), on_behalf: false },
                event: Event::Acted {
                    action: (*action).to_owned(),
                    from: (*from).to_owned(),
                    to: (*to).to_owned(),
                    fields: if next.is_empty() { BTreeMap::new() } else { answer(next) },
                    papers: Vec::new(),
                    counter: None,
                    parties: Vec::new(),
                    overdue: None,
                    latest: None,
                },
            }
        };
        (0_i64..).zip(steps).map(event).collect()
    }

    #[test]
    fn a_question_stands_until_a_step_uses_the_answers_up() {
        let procedure = procedure();
        assert!(steps(&procedure, "talks").contains(&"go_up") && !steps(&procedure, "together").contains(&"go_up"));
        assert!(steps(&procedure, "inviting").is_empty());
        let begin = ("begin", "inviting", "talks", "");
        let (ask, agrees) = (("ask", "talks", "talks", "draft"), ("first_goes_on", "talks", "talks", ""));
        let table: [(&[(&str, &str, &str, &str)], Option<&str>); 6] = [
            (&[begin], None),
            (&[begin, ask], Some("draft")),
            (&[begin, ask, agrees, ("first_withdraws", "talks", "talks", "")], Some("draft")),
            (&[begin, ask, agrees, ("write", "talks", "talks", "")], Some("draft")),
            (&[begin, ask, agrees, ("session", "talks", "talks", "")], None),
            (&[begin, ask, agrees, ("draft", "talks", "to_sign", "")], None),
        ];
        for (events, expected) in table {
            assert_eq!(asked(&told(events), &procedure), expected, "{events:?}");
        }
        let mut events = told(&[begin, ask]);
        assert_eq!(asked_about(&events, &procedure), None, "the step alone was named");
        if let Event::Acted { fields, .. } = &mut events[1].event {
            fields.insert(ABOUT.to_owned(), " 请楼长 ".to_owned());
        }
        assert_eq!(asked_about(&events, &procedure), Some("请楼长"));
    }

    #[test]
    fn what_a_side_said_is_said_to_the_last_question() {
        let procedure = procedure();
        let ask = ("ask", "talks", "talks", "session");
        let (goes_on, withdraws) = (("first_goes_on", "talks", "talks", ""), ("first_withdraws", "talks", "talks", ""));
        let said = |events: &[(&str, &str, &str, &str)]| of_step(&told(events), &procedure, "first", Some(0));
        assert_eq!(said(&[ask]), None);
        assert_eq!(said(&[ask, goes_on]), Some(Said::Agreed(Instant::from_micros(1))));
        assert_eq!(said(&[ask, goes_on, withdraws]), Some(Said::TookBack(Instant::from_micros(2))));
        assert_eq!(said(&[ask, goes_on, ask]), None, "asked anew, nothing was said yet");
        let agreed =
            told(&[("second_agrees", "inviting", "inviting", ""), ("second_unsure", "inviting", "inviting", "")]);
        assert_eq!(of_mediation(&agreed, "second", None), Some(Said::TookBack(Instant::from_micros(1))));
        assert_eq!(of_mediation(&agreed, "first", None), None);
    }

    /// What can be said or done in talks: both are asked about a session or about more time, and answer; a session is
    /// written down.
    const DEEDS: [(&str, &str); 7] = [
        ("ask", "session"),
        ("ask", "prolong"),
        ("first_goes_on", ""),
        ("second_goes_on", ""),
        ("first_withdraws", ""),
        ("second_withdraws", ""),
        ("session", ""),
    ];

    /// Whether both sides stand to a consent to a session by a minute, counted in words of the law alone: each was
    /// asked about it, said yes since, took nothing back, and no session used it up.
    fn by_law(deeds: &[usize], minute: usize) -> bool {
        let (mut is_asked, mut given) = (false, [false, false]);
        for deed in deeds.iter().take(minute + 1) {
            match DEEDS[*deed] {
                ("ask", next) => (is_asked, given) = (next == "session", [false, false]),
                ("first_goes_on", _) => given[0] = true,
                ("second_goes_on", _) => given[1] = true,
                // Whoever takes a consent back ends that of the other side too: both are asked anew.
                ("first_withdraws" | "second_withdraws", _) => given = [false, false],
                _ => (is_asked, given) = (false, [false, false]),
            }
        }
        is_asked && given == [true, true]
    }

    #[test]
    fn no_session_is_older_than_the_consent_on_which_it_rests_in_whatever_order_things_are_said() {
        let procedure = procedure();
        let count = DEEDS.len();
        // Everything that four people can say one after another, each a minute after the one before.
        for code in 0..count.pow(4) {
            let deeds: Vec<usize> = (0_u32..4).map(|place| code / count.pow(place) % count).collect();
            let steps: Vec<(&str, &str, &str, &str)> =
                deeds.iter().map(|deed| (DEEDS[*deed].0, "talks", "talks", DEEDS[*deed].1)).collect();
            let mut events = told(&steps);
            for (minute, event) in (0_i64..).zip(&mut events) {
                event.at = Instant::from_micros(0).plus_minutes(minute).plus_seconds(59);
            }
            if asked(&events, &procedure) != Some("session") {
                continue;
            }
            for minute in 0..deeds.len() {
                let hour = Instant::from_micros(0).plus_minutes(i64::try_from(minute).unwrap());
                let was_asked = was_asked(&events, &procedure, "session", hour);
                let agreed = |side| had_agreed(&events, &procedure, Member { side, number: 0 }, hour);
                let found = was_asked && agreed("first") && agreed("second");
                assert_eq!(found, by_law(&deeds, minute), "{steps:?} at minute {minute}");
            }
        }
        let hour = |minute: i64| Instant::from_micros(0).plus_minutes(minute);
        assert!(is_by(hour(9).plus_seconds(59), hour(9)) && !is_by(hour(10), hour(9)));
    }

    #[test]
    fn whose_consent_lapsed_as_somebody_joined_is_asked_again() {
        let procedure = procedure();
        let (agrees, unsure) =
            (("second_agrees", "inviting", "inviting", ""), ("second_unsure", "inviting", "inviting", ""));
        let join = ("join", "inviting", "inviting", "");
        let (ask, goes_on) = (("ask", "talks", "talks", "session"), ("second_goes_on", "talks", "talks", ""));
        let joins = ("join_talks", "talks", "talks", "");
        let table: [(&[(&str, &str, &str, &str)], bool); 9] = [
            (&[join], false),
            (&[agrees, join], true),
            (&[agrees, join, join], true),
            (&[agrees, join, agrees], false),
            (&[agrees, unsure, join], false),
            (&[ask, goes_on, joins], true),
            (&[ask, joins], false),
            (&[ask, goes_on, joins, ask], false),
            (&[ask, goes_on], false),
        ];
        for (events, expected) in table {
            let found = |number| is_asked_again(&told(events), &procedure, Member { side: "second", number });
            assert_eq!(found(0), expected, "{events:?}");
            assert!(!found(1), "whoever joined was not asked before: {events:?}");
        }
    }

    #[test]
    fn whoever_had_not_agreed_took_nothing_back() {
        let procedure = procedure();
        let (ask, agrees) = (("ask", "talks", "talks", "session"), ("second_goes_on", "talks", "talks", ""));
        let back = ("second_withdraws", "talks", "talks", "");
        let signs = ("second_signs", "to_sign", "to_sign", "");
        let drafted = ("draft", "talks", "to_sign", "");
        let not_signed = ("second_withdraws", "to_sign", "talks", "");
        let table: [(&[(&str, &str, &str, &str)], Option<&str>); 7] = [
            (&[ask, back], Some("hearings-offer-not-this")),
            (&[ask, agrees, back], None),
            (&[ask, agrees, back, back], Some("hearings-offer-not-this")),
            (&[ask, agrees, drafted, not_signed], Some("hearings-path-not-signed")),
            (&[ask, agrees, drafted, signs, not_signed], None),
            (&[("second_withdraws", "together", "talks", "")], Some("hearings-path-not-together")),
            (&[ask, agrees], None),
        ];
        for (events, expected) in table {
            assert_eq!(instead_of_back(&told(events), &procedure), expected, "{events:?}");
        }
    }

    #[test]
    fn a_side_comes_to_no_session_once_it_took_its_consent_back() {
        let procedure = procedure();
        let (meets, agrees) = (("ask", "talks", "talks", "session"), ("second_goes_on", "talks", "talks", ""));
        let other = ("ask", "talks", "talks", "prolong");
        let back = ("second_withdraws", "talks", "talks", "");
        let table: [(&[(&str, &str, &str, &str)], bool); 8] = [
            (&[], false),
            (&[meets, agrees], false),
            (&[meets, agrees, back], true),
            (&[meets, back], true),
            (&[meets, agrees, other, back], false),
            (&[meets, agrees, other, agrees, back], true),
            (&[back], true),
            (&[("draft", "talks", "to_sign", ""), ("second_withdraws", "to_sign", "talks", "")], true),
        ];
        for (events, expected) in table {
            assert_eq!(stays_away(&told(events), &procedure), expected, "{events:?}");
        }
    }
}
