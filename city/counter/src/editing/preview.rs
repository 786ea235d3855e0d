//! This file says what a change would have meant for past cases: dates, papers, offices. It counts cases, never people.

use std::collections::BTreeMap;

use kernel::calendar::Calendar;
use kernel::case::{Case, CaseClock};
use kernel::permission::Target;
use kernel::place::PlacePath;
use kernel::time::{Instant, days_between};

use crate::catalogue::Item;

/// The most numbers that are given as examples.
const MOST_EXAMPLES: usize = 20;

/// A past case, and whether whoever looks may open it.
pub struct Past {
    /// The case.
    pub case: Case,
    /// Its number may be shown.
    pub may_open: bool,
}

/// The two versions of an item that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'a> {
    /// The item in force.
    pub before: &'a Item,
    /// The draft.
    pub after: &'a Item,
}

/// What would have been different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Cases looked at.
    pub cases: usize,
    /// Cases that nothing would have changed for.
    pub same: usize,
    /// Cases promised earlier, by calendar days.
    pub earlier: BTreeMap<i64, usize>,
    /// Cases promised later, by calendar days.
    pub later: BTreeMap<i64, usize>,
    /// Papers that would not have been asked for: code, in how many cases.
    pub dropped: BTreeMap<String, usize>,
    /// Papers that would have been asked for as well: code, in how many cases.
    pub added: BTreeMap<String, usize>,
    /// Cases that another office would have decided.
    pub elsewhere: usize,
    /// Numbers of cases with a difference that may be opened.
    pub examples: Vec<String>,
}

/// Compares the item in force with a draft over past cases. `office` says who decides an item for a residence and a
/// counter.
#[must_use]
pub fn effect(
    versions: Versions<'_>,
    past: &[Past],
    calendar: &Calendar,
    now: Instant,
    office: impl Fn(&Item, &PlacePath, Option<&PlacePath>) -> Target,
) -> Effect {
    let Versions { before, after } = versions;
    let mut effect = Effect { cases: past.len(), ..Effect::default() };
    for Past { case, may_open } in past {
        let days = shift(case, versions, calendar, now);
        let counts = if days < 0 { Some(&mut effect.earlier) } else { Some(&mut effect.later).filter(|_| days > 0) };
        if let Some(counts) = counts {
            *counts.entry(days.abs()).or_default() += 1;
        }
        let papers = papers(&mut effect, versions);
        let moved = office(before, case.residence(), case.counter()) != office(after, case.residence(), case.counter());
        effect.elsewhere += usize::from(moved);
        if days == 0 && !papers && !moved {
            effect.same += 1;
        } else if *may_open && effect.examples.len() < MOST_EXAMPLES {
            effect.examples.push(case.number.clone());
        }
    }
    effect
}

/// Returns by how many calendar days the promised date would move. Less than nothing is earlier. A case that was never
/// accepted is counted from its opening.
fn shift(case: &Case, versions: Versions<'_>, calendar: &Calendar, now: Instant) -> i64 {
    let due = |item: &Item| {
        let promised = case.promised()?;
        let started = promised.started.or(Some(case.opened_at));
        let clock = CaseClock { limit: item.promised, started, ..promised.clone() };
        clock.deadline(calendar, now).map(|deadline| deadline.due_on)
    };
    due(versions.before).zip(due(versions.after)).map_or(0, |(old, new)| days_between(old, new))
}

/// Counts the papers that would no longer be asked for or newly be asked for. Says whether there are any.
fn papers(effect: &mut Effect, versions: Versions<'_>) -> bool {
    let Versions { before, after } = versions;
    let asks = |item: &Item, code: &str| item.materials.iter().any(|paper| paper.code == code);
    let mut differs = false;
    for paper in before.materials.iter().filter(|paper| !asks(after, &paper.code)) {
        *effect.dropped.entry(paper.code.clone()).or_default() += 1;
        differs = true;
    }
    for paper in after.materials.iter().filter(|paper| !asks(before, &paper.code)) {
        *effect.added.entry(paper.code.clone()).or_default() += 1;
        differs = true;
    }
    differs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::MaterialUse;
    use crate::catalogue::tests::catalogue;
    use kernel::calendar::{Limit, Unit};
    use kernel::case::{
        Application, CaseId, Event, LEGAL, Opened, PROMISED, READING, Recorded, SERVICE, Signature, Term, fold,
    };
    use kernel::time::{Date, Zone};
    use uuid::Uuid;

    /// Monday the 23rd of November 2026, ten in the morning.
    fn monday() -> Instant {
        Zone::new(480).instant(Date::constant(2026, 11, 23), 600)
    }

    fn calendar() -> Calendar {
        let days = include_str!("../../../../data/calendar/holidays_cn_2004_2026.csv");
        Calendar::parse(days, include_str!("../../../../data/calendar/city.toml")).unwrap()
    }

    fn home() -> PlacePath {
        PlacePath::parse("1.2.3.4.").unwrap()
    }

    /// Makes a case of MZ-11 that was opened on Monday by an action.
    fn case(action: &str) -> Case {
        let text = include_str!("../../../../data/procedures/separate.toml");
        let procedure = kernel::procedure::load("separate", text).unwrap();
        let days = |amount| Term::Limit(Limit::new(amount, Unit::WorkingDay));
        let opened = Opened {
            kind: SERVICE.to_owned(),
            procedure: procedure.name.clone(),
            procedure_version: procedure.version,
            action: action.to_owned(),
            to: procedure.actions[action].to.clone(),
            number: "210104-2026-0000001-4".to_owned(),
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
                online: false,
            }),
            reading: READING,
        };
        let event = Event::Opened(Box::new(opened));
        let recorded = Recorded { id: CaseId(Uuid::nil()), at: monday(), by: Signature::system(), event };
        fold(None, &recorded, &procedure).unwrap()
    }

    fn compared(after: &Item, past: &[Past]) -> Effect {
        let catalogue = catalogue();
        let before = catalogue.get("MZ-11").unwrap();
        let office = |item: &Item, home: &PlacePath, _: Option<&PlacePath>| Target {
            place: home.at(item.decides.level).unwrap(),
            department: Some(item.decides.department.clone()),
        };
        effect(Versions { before, after }, past, &calendar(), monday().plus_days(60), office)
    }

    /// Changes the item in force.
    type Change = fn(&mut Item);

    #[test]
    fn the_date_moves_with_the_promise() {
        // Fifteen working days from Monday the 23rd of November end on Monday the 14th of December.
        let table: [(Limit, &[(i64, usize)], &[(i64, usize)]); 6] = [
            (Limit::new(15, Unit::WorkingDay), &[], &[]),
            (Limit::new(10, Unit::WorkingDay), &[(7, 1)], &[]),
            (Limit::new(20, Unit::WorkingDay), &[], &[(7, 1)]),
            (Limit::new(15, Unit::CalendarDay), &[(6, 1)], &[]),
            (Limit::new(21, Unit::CalendarDay), &[], &[]),
            (Limit::new(0, Unit::WorkingDay), &[(21, 1)], &[]),
        ];
        let days = |pairs: &[(i64, usize)]| pairs.iter().copied().collect::<BTreeMap<i64, usize>>();
        for action in ["accept_at_counter", "apply_online"] {
            let past = [Past { case: case(action), may_open: true }];
            for (promised, earlier, later) in table {
                let after = Item { promised, ..catalogue().get("MZ-11").unwrap().clone() };
                let found = compared(&after, &past);
                assert_eq!(found.earlier, days(earlier), "{action} {promised:?}");
                assert_eq!(found.later, days(later), "{action} {promised:?}");
                let is_same = earlier.is_empty() && later.is_empty();
                assert_eq!((found.same, found.examples.len()), (usize::from(is_same), usize::from(!is_same)));
            }
        }
    }

    #[test]
    fn papers_and_offices_that_change_are_counted_by_case() {
        let table: [(Change, &[&str], &[&str], usize); 5] = [
            (|_| {}, &[], &[], 0),
            (|item| item.materials.retain(|paper| paper.code != "PH"), &["PH"], &[], 0),
            (|item| item.materials.iter_mut().for_each(|paper| paper.needed = false), &[], &[], 0),
            (
                |item| {
                    item.materials.clear();
                    let code = "IN".to_owned();
                    item.materials.push(MaterialUse { code, needed: true, alternatives: Vec::new(), note: None });
                },
                &["BK", "HK", "ID", "PH"],
                &["IN"],
                0,
            ),
            (|item| item.decides.department = "health".to_owned(), &[], &[], 2),
        ];
        for (change, dropped, added, elsewhere) in table {
            let mut after = catalogue().get("MZ-11").unwrap().clone();
            change(&mut after);
            let past = [true, false].map(|may_open| Past { case: case("accept_at_counter"), may_open });
            let found = compared(&after, &past);
            let counted =
                |codes: &[&str]| codes.iter().map(|code| ((*code).to_owned(), 2_usize)).collect::<BTreeMap<_, _>>();
            assert_eq!((found.dropped, found.added), (counted(dropped), counted(added)));
            assert_eq!((found.cases, found.elsewhere), (2, elsewhere));
            let is_same = dropped.is_empty() && added.is_empty() && elsewhere == 0;
            assert_eq!((found.same, found.examples.len()), if is_same { (2, 0) } else { (0, 1) });
        }
    }

    #[test]
    fn no_more_than_twenty_examples_are_given() {
        let past: Vec<Past> = (0..25).map(|_| Past { case: case("accept_at_counter"), may_open: true }).collect();
        let after = Item { promised: Limit::new(1, Unit::WorkingDay), ..catalogue().get("MZ-11").unwrap().clone() };
        let found = compared(&after, &past);
        assert_eq!((found.cases, found.same, found.examples.len()), (25, 0, MOST_EXAMPLES));
        assert_eq!(compared(&after, &[]), Effect::default());
    }
}
