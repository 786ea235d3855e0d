//! Decides what another platform is told of a report that was sent there, and whether the report still lies with it.

use kernel::case::{Case, Event, Recorded};
use kernel::permission::Target;
use kernel::procedure::Procedure;
use kernel::time::Instant;

use super::stage::is_over;
use crate::words::forward::Turned;
use crate::words::{HANDLE, REDISPATCH, SETTLE};

/// What happened to a report since it was put on its way, up to what took it away from the other platform; each with
/// how many events its case had then. What was found not done counts until it is put right again.
#[must_use]
pub fn turns(procedure: &Procedure, events: &[Recorded], since: Instant) -> Vec<(i64, Turned)> {
    let mut turns = Vec::new();
    for (one, place) in events.iter().zip(1_i64..).filter(|(one, _)| one.at > since) {
        let Event::Acted { action, to, .. } = &one.event else { continue };
        if action == HANDLE {
            turns.clear();
        }
        let Some(turned) = turned(action, is_over(procedure, to)) else { continue };
        turns.push((place, turned));
        if turned != Turned::NotDone {
            break;
        }
    }
    turns
}

/// Whether a report lies with the unit whose duty it is by rule: the one with which it was opened. No other platform
/// gets what was sent to a unit that somebody chose.
#[must_use]
pub fn is_by_rule(case: &Case, events: &[Recorded]) -> bool {
    let by_rule = events.iter().find_map(|one| match &one.event {
        Event::Opened(opened) => Some(&opened.office),
        _ => None,
    });
    // A place keeps its identity where it lies elsewhere by now.
    let is_same =
        |unit: &Target| unit.place.id() == case.decider.place.id() && unit.department == case.decider.department;
    by_rule.is_some_and(is_same)
}

/// Whether somebody decided whose duty a report is: a dispute was settled, or it lies with another unit than by rule.
#[must_use]
pub fn is_duty_decided(case: &Case, events: &[Recorded]) -> bool {
    let settles = |one: &Recorded| match &one.event {
        Event::Acted { action, .. } => action == REDISPATCH || action == SETTLE,
        _ => false,
    };
    events.iter().any(settles) || !is_by_rule(case, events)
}

/// How often a report was sent out so far, however it came to that: first, again, or as a dispute was settled.
#[must_use]
pub fn times_sent_out(procedure: &Procedure, events: &[Recorded]) -> usize {
    let hands = |action: &str| procedure.actions.get(action).is_some_and(|action| action.hands_to.is_some());
    let sent = |one: &&Recorded| matches!(&one.event, Event::Acted { action, .. } if hands(action));
    events.iter().filter(sent).count()
}

/// Whether a report still lies with the other platform.
#[must_use]
pub fn lies_there(turns: &[(i64, Turned)]) -> bool {
    turns.iter().all(|(_, turned)| *turned == Turned::NotDone)
}

/// Whether the other platform has to be told, as the report stands there: what it closed need not be closed again, and
/// what it has open need not be opened.
#[must_use]
pub fn is_told(turned: Turned, foreign_status: Option<&str>) -> bool {
    let closed = foreign_status == Some("closed");
    match turned {
        Turned::NotDone => closed,
        Turned::Taken | Turned::Ended => !closed,
    }
}

fn turned(action: &str, over: bool) -> Option<Turned> {
    match action {
        "send_back" | "still_wrong" => Some(Turned::NotDone),
        "not_ours" | "go_up" | "refer" | "ask_above" | "redispatch" | "settle" => Some(Turned::Taken),
        _ => over.then_some(Turned::Ended),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::case::{CaseId, Signature};
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn acted(action: &str, to: &str, at: i64) -> Recorded {
        let event = Event::Acted {
            action: action.to_owned(),
            from: String::new(),
            to: to.to_owned(),
            fields: BTreeMap::new(),
            papers: Vec::new(),
            counter: None,
            parties: Vec::new(),
            overdue: None,
            latest: None,
        };
        Recorded { id: CaseId(Uuid::nil()), at: Instant::from_micros(at), by: Signature::system(), event }
    }

    #[test]
    fn the_other_platform_is_told_up_to_what_takes_the_report_away() {
        let procedure =
            kernel::procedure::load("report.toml", include_str!("../../../../data/procedures/report.toml")).unwrap();
        let sent_out = acted("dispatch", "handling", 10);
        for (later, expected, there) in [
            (vec![], vec![], true),
            (vec![acted("not_ours", "disputed", 9)], vec![], true),
            (vec![acted("ask_time", "asking_time", 20)], vec![], true),
            (vec![acted("not_ours", "disputed", 20)], vec![(2, Turned::Taken)], false),
            (vec![acted("handle", "handled", 20), acted("verify", "asked", 21)], vec![], true),
            (
                vec![acted("handle", "handled", 20), acted("send_back", "handling", 21)],
                vec![(3, Turned::NotDone)],
                true,
            ),
            (
                vec![
                    acted("handle", "handled", 20),
                    acted("send_back", "handling", 21),
                    acted("handle", "handled", 22),
                ],
                vec![],
                true,
            ),
            (
                vec![
                    acted("still_wrong", "handling", 20),
                    acted("not_ours", "disputed", 21),
                    acted("decline", "not_a_case", 22),
                ],
                vec![(2, Turned::NotDone), (3, Turned::Taken)],
                false,
            ),
            (vec![acted("confirm", "closed", 20)], vec![(2, Turned::Ended)], false),
        ] {
            let events: Vec<Recorded> = std::iter::once(sent_out.clone()).chain(later).collect();
            let turns = turns(&procedure, &events, Instant::from_micros(12));
            assert_eq!(turns, expected);
            assert_eq!(lies_there(&turns), there, "{turns:?}");
        }
    }

    #[test]
    fn each_sending_out_is_counted_and_what_comes_between_is_not() {
        let procedure =
            kernel::procedure::load("report.toml", include_str!("../../../../data/procedures/report.toml")).unwrap();
        let steps = [
            ("file", "filed", 0),
            ("dispatch", "handling", 1),
            ("ask_time", "asking_time", 1),
            ("prolong", "handling", 1),
            ("handle", "handled", 1),
            ("send_back", "handling", 1),
            ("not_ours", "disputed", 1),
            ("redispatch", "handling", 2),
            ("go_up", "above", 2),
            ("settle", "handling", 3),
            ("wake", "handling", 3),
        ];
        let mut events = Vec::new();
        for (action, to, times) in steps {
            events.push(acted(action, to, 10));
            assert_eq!(times_sent_out(&procedure, &events), times, "{action}");
        }
    }

    #[test]
    fn nobody_is_told_what_stands_there_already() {
        for (turned, status, told) in [
            (Turned::NotDone, Some("closed"), true),
            (Turned::NotDone, Some("open"), false),
            (Turned::Taken, None, true),
            (Turned::Taken, Some("closed"), false),
            (Turned::Ended, Some("open"), true),
            (Turned::Ended, Some("closed"), false),
        ] {
            assert_eq!(is_told(turned, status), told, "{turned:?} {status:?}");
        }
        for turned in Turned::ALL {
            assert_eq!(Turned::parse(turned.code()), Some(turned));
        }
    }
}
