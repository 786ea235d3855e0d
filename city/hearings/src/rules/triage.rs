//! Decides which matter comes first, from facts of the matter alone, and says why.

use std::collections::BTreeSet;

use kernel::case::Case;
use kernel::time::{Date, Instant, Zone, days_between};

use crate::words::IN_EFFECT;
use crate::words::triage::{Priority, Reason, Triage, Waiting, Weighed, When};

/// The states in which the sides keep what they agreed, or a court has it: nothing waits for whoever mediates.
const WITH_SIDES: [&str; 5] = [IN_EFFECT, "at_court", "confirmed", "kept", "asking"];

/// A priority and its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged<'t> {
    /// How soon the matter is taken up.
    pub priority: Priority,
    /// The reasons that hold, in the order of the rule, without those that say again what one before them says.
    pub reasons: Vec<&'t Reason>,
}

/// How soon a matter is taken up, and why: the most urgent of all reasons that hold.
#[must_use]
pub fn judge<'t>(triage: &'t Triage, matter: &Weighed) -> Judged<'t> {
    let reasons: Vec<&Reason> = triage.reason.iter().filter(|reason| holds(&reason.when, matter)).collect();
    let priority = reasons.iter().map(|reason| reason.priority).max().unwrap_or(Priority::Ordinary);
    let mut told: Vec<&Reason> = Vec::new();
    for reason in reasons {
        if !told.iter().any(|before| says_all_of(before, reason)) {
            told.push(reason);
        }
    }
    Judged { priority, reasons: told }
}

/// Whether a reason, no less urgent, speaks of everything of which another one speaks.
fn says_all_of(reason: &Reason, other: &Reason) -> bool {
    reason.priority >= other.priority
        && facts(&reason.when).iter().zip(facts(&other.when)).all(|(own, its)| *own || !its)
}

/// Of which facts a condition speaks.
fn facts(when: &When) -> [bool; 6] {
    let When { danger_now, people_from, times_back_from, days_waited_from, vulnerable, days_left_most } = *when;
    let (people, back, waited) = (people_from.is_some(), times_back_from.is_some(), days_waited_from.is_some());
    [danger_now, people, back, waited, vulnerable, days_left_most.is_some()]
}

/// Whether every condition that is named holds.
fn holds(when: &When, matter: &Weighed) -> bool {
    let Weighed { told, days_waited, days_left } = *matter;
    let at_least = |least: Option<u32>, number: u32| least.is_none_or(|least| number >= least);
    (!when.danger_now || told.danger_now)
        && (!when.vulnerable || told.vulnerable)
        && at_least(when.people_from, told.people)
        && at_least(when.times_back_from, told.times_back)
        && at_least(when.days_waited_from, days_waited)
        && when.days_left_most.is_none_or(|most| days_left.is_some_and(|left| left <= most))
}

/// What a dispute says of itself on a day.
#[must_use]
pub fn weighed(waiting: &Waiting, now: Instant, zone: Zone) -> Weighed {
    let today = zone.date(now);
    let is_kept = WITH_SIDES.contains(&waiting.stage.as_str());
    let waited = if is_kept { 0 } else { days_between(zone.date(waiting.entered_at), today) };
    Weighed {
        told: waiting.told(),
        days_waited: u32::try_from(waited).unwrap_or_default(),
        days_left: pressing(waiting, today).map(|due| days_between(today, due)),
    }
}

/// The nearest deadline of a dispute, as long as it presses anybody: whether both ask a court is theirs to say, so
/// nothing is late once the days for it are over.
#[must_use]
pub fn pressing(waiting: &Waiting, today: Date) -> Option<Date> {
    waiting.due_on.filter(|due| waiting.stage != IN_EFFECT || *due >= today)
}

/// The nearest day by which something of a case is due: its present step, or a clock that runs.
#[must_use]
pub fn nearest(case: &Case) -> Option<Date> {
    let running = case.clocks.values().filter(|clock| clock.started.is_some() && clock.ended.is_none());
    running.filter_map(|clock| clock.due).chain(case.latest.map(|due| due.on)).min()
}

/// What is wrong with a rule: a reason without a condition would hold of everything, and one that is ordinary says
/// nothing.
#[must_use]
pub fn faults(triage: &Triage) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut faults = Vec::new();
    for reason in &triage.reason {
        let code = &reason.code;
        if !known.insert(code.as_str()) {
            faults.push(format!("hearings/triage.toml: the reason {code} stands twice. Keep one."));
        }
        if reason.when == When::default() {
            faults.push(format!("hearings/triage.toml: the reason {code} has no condition. Name one."));
        }
        if reason.priority == Priority::Ordinary {
            faults.push(format!("hearings/triage.toml: the reason {code} changes nothing. Say soon or now."));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use kernel::place::{PlaceId, PlacePath};
    use uuid::Uuid;

    use super::*;
    use crate::words::triage::Told;

    const DATA: &str = include_str!("../../../../data/hearings/triage.toml");

    fn rule() -> Triage {
        toml::from_str(DATA).unwrap()
    }

    const QUIET: Weighed = Weighed {
        told: Told { danger_now: false, people: 2, times_back: 0, vulnerable: false },
        days_waited: 0,
        days_left: Some(20),
    };

    fn judged(matter: &Weighed) -> (Priority, Vec<String>) {
        let rule = rule();
        let judged = judge(&rule, matter);
        (judged.priority, judged.reasons.iter().map(|reason| reason.code.clone()).collect())
    }

    #[test]
    fn a_matter_comes_first_for_reasons_of_the_matter() {
        assert_eq!(faults(&rule()), Vec::<String>::new());
        let told = QUIET.told;
        let table = [
            (QUIET, Priority::Ordinary, vec![]),
            (Weighed { told: Told { danger_now: true, ..told }, ..QUIET }, Priority::Now, vec!["danger"]),
            (Weighed { told: Told { people: 5, ..told }, ..QUIET }, Priority::Soon, vec!["several"]),
            (Weighed { told: Told { people: 30, ..told }, ..QUIET }, Priority::Now, vec!["many"]),
            (Weighed { told: Told { vulnerable: true, ..told }, ..QUIET }, Priority::Soon, vec!["vulnerable"]),
            (
                Weighed { told: Told { vulnerable: true, times_back: 1, ..told }, ..QUIET },
                Priority::Now,
                vec!["vulnerable_back"],
            ),
            (
                Weighed { told: Told { vulnerable: true, times_back: 2, ..told }, days_waited: 7, ..QUIET },
                Priority::Now,
                vec!["vulnerable_back", "waited"],
            ),
            (Weighed { told: Told { times_back: 2, ..told }, ..QUIET }, Priority::Soon, vec!["back"]),
            (Weighed { days_waited: 6, ..QUIET }, Priority::Ordinary, vec![]),
            (Weighed { days_waited: 7, ..QUIET }, Priority::Soon, vec!["waited"]),
            (Weighed { days_left: Some(2), ..QUIET }, Priority::Soon, vec!["deadline"]),
            (Weighed { days_left: Some(-3), ..QUIET }, Priority::Now, vec!["last_day"]),
            (Weighed { days_left: None, ..QUIET }, Priority::Ordinary, vec![]),
        ];
        for (matter, priority, reasons) in table {
            let reasons: Vec<String> = reasons.into_iter().map(str::to_owned).collect();
            assert_eq!(judged(&matter), (priority, reasons), "{matter:?}");
        }
    }

    #[test]
    fn what_both_agreed_presses_nobody_while_it_is_kept() {
        let zone = Zone::new(480);
        let day = |text: &str| text.parse::<Date>().unwrap();
        let waiting = |stage: &str| Waiting {
            district: PlaceId(4),
            case_id: Uuid::nil(),
            path: PlacePath::parse("1.4.40.400.").unwrap(),
            number: String::new(),
            class: String::new(),
            stage: stage.to_owned(),
            brought_at: zone.instant(day("2026-11-23"), 600),
            entered_at: zone.instant(day("2026-12-24"), 600),
            due_on: Some(day("2026-12-23")),
            danger: false,
            people: 0,
            times_back: 0,
            vulnerable: false,
            chosen: String::new(),
            open: true,
            detail: String::new(),
        };
        for (stage, on, expected) in
            [("in_effect", "2026-12-22", Some(1)), ("in_effect", "2026-12-24", None), ("talks", "2026-12-24", Some(-1))]
        {
            let now = zone.instant(day(on), 600);
            assert_eq!(weighed(&waiting(stage), now, zone).days_left, expected, "{stage} on {on}");
        }
        let later = zone.instant(day("2027-01-03"), 600);
        let waited = ["in_effect", "broken"].map(|stage| weighed(&waiting(stage), later, zone).days_waited);
        assert_eq!(waited, [0, 10], "what is being kept waits for nobody here");
    }

    /// Whatever is told more of a matter, it never comes later for it.
    #[test]
    fn more_of_a_matter_never_makes_it_come_later() {
        let mut matters = Vec::new();
        for danger_now in [false, true] {
            for vulnerable in [false, true] {
                for people in [0, 4, 5, 29, 30, 100_000] {
                    for times_back in [0, 1, 2, 9] {
                        for days_waited in [0, 6, 7, 400] {
                            for days_left in [Some(9), Some(2), Some(1), Some(-40), None] {
                                let told = Told { danger_now, people, times_back, vulnerable };
                                matters.push(Weighed { told, days_waited, days_left });
                            }
                        }
                    }
                }
            }
        }
        for matter in matters {
            let before = judged(&matter).0;
            let told = matter.told;
            let sooner = matter.days_left.map_or(1, |left| left - 1);
            for more in [
                Weighed { told: Told { danger_now: true, ..told }, ..matter },
                Weighed { told: Told { vulnerable: true, ..told }, ..matter },
                Weighed { told: Told { people: told.people + 1, ..told }, ..matter },
                Weighed { told: Told { times_back: told.times_back + 1, ..told }, ..matter },
                Weighed { days_waited: matter.days_waited + 1, ..matter },
                Weighed { days_left: Some(sooner), ..matter },
            ] {
                assert!(judged(&more).0 >= before, "{matter:?} {more:?}");
            }
        }
    }

    /// These are all fields that decide, each named here: whoever adds one about a person has to name it and is asked.
    #[test]
    fn nothing_about_a_person_can_enter() {
        let Weighed { told, days_waited: _, days_left: _ } = QUIET;
        let Told { danger_now: _, people: _, times_back: _, vulnerable: _ } = told;
        let When {
            danger_now: _,
            people_from: _,
            times_back_from: _,
            days_waited_from: _,
            vulnerable: _,
            days_left_most: _,
        } = When::default();
        let about_people = [
            "character = \"quarrelsome\"",
            "opinion = \"critical\"",
            "past_petitions_from = 1",
            "criminal_record = true",
            "faith = \"any\"",
            "health = \"ill\"",
            "party_member = true",
            "credit_score_most = 500",
            "name = \"李\"",
            "household = \"1\"",
        ];
        for line in about_people {
            let reason = format!(
                "{DATA}\n[[reason]]\ncode = \"x\"\ntitle = {{ zh = \"x\", en = \"x\" }}\npriority = \"now\"\n\
                 when = {{ danger_now = true, {line} }}\n"
            );
            let refused = toml::from_str::<Triage>(&reason).unwrap_err().to_string();
            assert!(refused.contains("unknown field"), "{line}: {refused}");
            let beside = format!("{DATA}\n[[reason]]\n{line}\n");
            assert!(toml::from_str::<Triage>(&beside).is_err(), "{line}");
        }
    }

    #[test]
    fn a_rule_that_says_nothing_is_refused() {
        let mut rule = rule();
        let first = rule.reason[0].clone();
        rule.reason.push(Reason { when: When::default(), priority: Priority::Ordinary, ..first });
        let found = faults(&rule);
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
