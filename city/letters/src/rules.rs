//! These rules read from the events of a case which letters it has, what decided it, and whether its result is still
//! valid. They are pure.

use kernel::case::{Case, Event, Outcome, Recorded};
use kernel::procedure::{Procedure, Waits};

use crate::words::{Asked, Decision, Kind, Standing};

/// Returns the letters of a case, in the order in which it gives them.
#[must_use]
pub fn letters(procedure: &Procedure, case: &Case, events: &[Recorded]) -> Vec<Kind> {
    let decided = decision(procedure, events).map(|decision| decision.outcome);
    let standing = granted(procedure, events).map(|(_, standing)| standing);
    let there = |kind: &Kind| match kind {
        Kind::Receipt => true,
        Kind::Missing => asked(procedure, events).is_some(),
        Kind::Accepted => case.accepted_at.is_some(),
        Kind::NotAccepted => decided == Some(Outcome::NotAccepted),
        Kind::Refused => decided == Some(Outcome::Refused),
        Kind::Certificate => standing == Some(Standing::Valid),
    };
    Kind::ALL.into_iter().filter(there).collect()
}

/// Returns the first step that gave the case an outcome.
#[must_use]
pub fn decision<'e>(procedure: &Procedure, events: &'e [Recorded]) -> Option<Decision<'e>> {
    events.iter().find_map(|recorded| match &recorded.event {
        Event::Acted { to, fields, .. } => {
            Some(Decision { outcome: outcome_of(procedure, to)?, at: recorded.at, fields })
        }
        _ => None,
    })
}

/// Returns the decision that granted the case, and whether its result is still valid. A later step into a state with
/// another outcome takes it back.
#[must_use]
pub fn granted<'e>(procedure: &Procedure, events: &'e [Recorded]) -> Option<(Decision<'e>, Standing)> {
    let decision = decision(procedure, events).filter(|decision| decision.outcome == Outcome::Granted)?;
    let last = events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Acted { to, .. } => outcome_of(procedure, to),
        _ => None,
    });
    let standing = match last {
        Some(Outcome::Granted) | None => Standing::Valid,
        Some(Outcome::Refused | Outcome::Withdrawn | Outcome::NotAccepted) => Standing::Withdrawn,
    };
    Some((decision, standing))
}

/// Returns what the applicant was last asked to supply: the papers named by a step after which the case waits for her.
#[must_use]
pub fn asked<'e>(procedure: &'e Procedure, events: &'e [Recorded]) -> Option<Asked<'e>> {
    events.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Acted { to, fields, papers, .. } if !papers.is_empty() => {
            let state = procedure.states.get(to).filter(|state| state.waits_for == Waits::Applicant)?;
            Some(Asked {
                at: recorded.at,
                state: to,
                papers,
                reason: fields.get("reason").map_or("", |text| text.trim()),
                ground: state.ground.as_deref(),
            })
        }
        _ => None,
    })
}

fn outcome_of(procedure: &Procedure, state: &str) -> Option<Outcome> {
    Outcome::parse(procedure.states.get(state)?.outcome.as_deref()?)
}

/// Returns the lines of a text, without empty ones.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::calendar::{Limit, Unit};
    use kernel::case::{Application, CaseId, LEGAL, Opened, PROMISED, READING, SERVICE, Signature, Term, fold};
    use kernel::permission::Target;
    use kernel::place::{PlaceId, PlacePath};
    use kernel::time::Instant;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn procedure(name: &str) -> Procedure {
        let file =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/procedures").join(format!("{name}.toml"));
        kernel::procedure::load(name, &std::fs::read_to_string(file).unwrap()).unwrap()
    }

    fn home() -> PlacePath {
        PlacePath::root(PlaceId(1)).child(PlaceId(2)).child(PlaceId(3)).child(PlaceId(4))
    }

    fn opened(procedure: &Procedure, action: &str) -> Event {
        let days = |amount| Term::Limit(Limit { amount, unit: Unit::WorkingDay });
        Event::Opened(Box::new(Opened {
            kind: SERVICE.to_owned(),
            procedure: procedure.name.clone(),
            procedure_version: procedure.version,
            action: action.to_owned(),
            to: procedure.actions[action].to.clone(),
            number: "210104-2026-0000001-1".to_owned(),
            place: home(),
            point: None,
            parties: BTreeMap::new(),
            office: Target { place: home(), department: None },
            counter: None,
            clocks: BTreeMap::from([(PROMISED.to_owned(), days(15)), (LEGAL.to_owned(), days(30))]),
            limits: BTreeMap::new(),
            confidential: false,
            fields: BTreeMap::new(),
            latest: None,
            service: Some(Application {
                item: "MZ-11".to_owned(),
                item_version: 1,
                papers: BTreeMap::new(),
                online: true,
            }),
            reading: READING,
        }))
    }

    /// Makes a case by actions that are taken one after another. A paper is named wherever something is asked for.
    fn told(procedure: &Procedure, actions: &[&str]) -> (Case, Vec<Recorded>) {
        let (mut case, mut events): (Option<Case>, Vec<Recorded>) = (None, Vec::new());
        for (minute, action) in (0_i64..).zip(actions) {
            let event = match &case {
                None => opened(procedure, action),
                Some(case) => Event::Acted {
                    action: (*action).to_owned(),
                    from: case.state.clone(),
                    to: procedure.actions[*action].to.clone(),
                    fields: BTreeMap::from([("reason".to_owned(), " 缺首页 ".to_owned())]),
                    papers: vec!["HK".to_owned()],
                    counter: None,
                    parties: Vec::new(),
                    overdue: None,
                    latest: None,
                },
            };
            let at = Instant::from_micros(minute * 60_000_000);
            let recorded = Recorded { id: CaseId(Uuid::nil()), at, by: Signature::system(), event };
            case = Some(fold(case, &recorded, procedure).unwrap());
            events.push(recorded);
        }
        (case.unwrap(), events)
    }

    #[test]
    fn which_letters_there_are_follows_from_what_happened() {
        use Kind::{Accepted, Certificate, Missing, NotAccepted, Receipt, Refused};
        let table: [(&[&str], &[Kind]); 9] = [
            (&["apply_online"], &[Receipt]),
            (&["accept_at_counter"], &[Receipt, Accepted]),
            (&["apply_online", "return_for_completion"], &[Receipt, Missing]),
            (&["apply_online", "return_for_completion", "complete", "accept"], &[Receipt, Missing, Accepted]),
            (&["apply_online", "not_accept"], &[Receipt, NotAccepted]),
            (&["apply_online", "accept", "refuse", "tell_refusal"], &[Receipt, Accepted, Refused]),
            (&["accept_at_counter", "request_correction", "close_uncorrected"], &[Receipt, Missing, Accepted, Refused]),
            (&["accept_at_counter", "grant", "hand_over"], &[Receipt, Accepted, Certificate]),
            (&["accept_at_counter", "withdraw"], &[Receipt, Accepted]),
        ];
        for name in ["separate", "direct", "online"] {
            let procedure = procedure(name);
            for (actions, expected) in table {
                let (case, events) = told(&procedure, actions);
                assert_eq!(letters(&procedure, &case, &events), expected, "{name}: {actions:?}");
            }
        }
    }

    #[test]
    fn what_was_asked_says_on_which_ground_the_clock_stands() {
        let procedure = procedure("separate");
        let (_, before) = told(&procedure, &["apply_online", "return_for_completion"]);
        let (_, after) = told(&procedure, &["accept_at_counter", "request_correction", "supply"]);
        let (before, after) = (asked(&procedure, &before).unwrap(), asked(&procedure, &after).unwrap());
        assert_eq!((before.ground, after.ground), (None, Some("correction")));
        assert_eq!((before.state, after.state), ("returned", "correction"));
        assert_eq!((before.papers, before.reason), (["HK".to_owned()].as_slice(), "缺首页"));
        assert_eq!(after.at, Instant::from_micros(60_000_000));
    }

    #[test]
    fn the_first_outcome_is_the_decision_and_later_steps_do_not_change_it() {
        // (steps, outcome of the decision, at which minute, standing of what was granted)
        let table: [(&[&str], Option<(Outcome, i64)>, Option<Standing>); 6] = [
            (&["apply_online"], None, None),
            (&["apply_online", "accept"], None, None),
            (&["apply_online", "accept", "grant"], Some((Outcome::Granted, 2)), Some(Standing::Valid)),
            (&["accept_at_counter", "grant", "hand_over"], Some((Outcome::Granted, 1)), Some(Standing::Valid)),
            (&["accept_at_counter", "refuse", "tell_refusal"], Some((Outcome::Refused, 1)), None),
            (&["accept_at_counter", "withdraw"], Some((Outcome::Withdrawn, 1)), None),
        ];
        let procedure = procedure("separate");
        for (actions, decided, standing) in table {
            let (_, events) = told(&procedure, actions);
            let found = decision(&procedure, &events).map(|found| (found.outcome, found.at.micros() / 60_000_000));
            assert_eq!(found, decided, "{actions:?}");
            assert_eq!(granted(&procedure, &events).map(|(_, standing)| standing), standing, "{actions:?}");
        }
        assert!(decision(&procedure, &[]).is_none() && asked(&procedure, &[]).is_none());
    }

    #[test]
    fn a_result_that_is_taken_back_holds_no_more() {
        let mut procedure = procedure("separate");
        let mut revoke = procedure.actions["withdraw"].clone();
        revoke.from = vec!["granted".to_owned()];
        procedure.actions.insert("revoke".to_owned(), revoke);
        for (actions, expected) in [
            (["accept_at_counter", "grant", "hand_over"], Standing::Valid),
            (["accept_at_counter", "grant", "revoke"], Standing::Withdrawn),
        ] {
            let (case, events) = told(&procedure, &actions);
            assert_eq!(granted(&procedure, &events).map(|(_, standing)| standing), Some(expected));
            let has = letters(&procedure, &case, &events).contains(&Kind::Certificate);
            assert_eq!(has, expected == Standing::Valid);
        }
        let (_, refused) = told(&procedure, &["accept_at_counter", "refuse"]);
        assert!(granted(&procedure, &refused).is_none());
    }

    #[test]
    fn a_text_is_told_line_by_line() {
        let table: [(&str, &[&str]); 6] = [
            (" 一 \n\n二", &["一", "二"]),
            ("一\r\n二\r\n", &["一", "二"]),
            ("　一　\n　", &["一"]),
            ("一", &["一"]),
            (" \n", &[]),
            ("", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(lines(text), expected, "{text:?}");
        }
    }
}
