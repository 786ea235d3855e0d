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
