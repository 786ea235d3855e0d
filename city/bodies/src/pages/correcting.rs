//! What the page of a body shows of corrected days of elections: what would change, and what was corrected.

use kernel::time::{Date, date_plus_days};
use web::{Choice, Page};

use crate::actions::Changes;
use crate::words::Election;
use crate::words::corrections::Correction;

/// Something that changes with the day of an election.
pub(super) struct ChangeLine {
    pub what: String,
    /// What it is now; empty where it is only told what becomes of it.
    pub before: String,
    pub after: String,
}

/// A correction that was made.
pub(super) struct CorrectedLine {
    /// When, and by whom.
    pub at: String,
    /// Both days.
    pub day: String,
    /// Both ends of the term; empty where they are the same.
    pub ends: String,
    /// Both last days for the papers; empty where they are the same.
    pub papers: String,
    pub why: String,
}

/// The days of the elections, to choose from. With one there is nothing to choose.
pub(super) fn days(page: &Page, elections: &[Election], current: &str) -> Vec<Choice> {
    let choice = |one: &Election| Choice::new(one.held_on.to_string(), page.full_date(one.held_on), current);
    let mut choices: Vec<Choice> = elections.iter().map(choice).collect();
    match choices.as_mut_slice() {
        [] => {}
        [only] => only.chosen = true,
        _ => choices.insert(0, Choice::new("", page.t("bodies-choose"), current)),
    }
    choices
}

/// The elections with which somebody may have left, behind a day of its own. Without an election there is nothing to
/// choose.
pub(super) fn leaving_with(page: &Page, elections: &[Election], current: &str) -> Vec<Choice> {
    if elections.is_empty() {
        return Vec::new();
    }
    let choice = |one: &Election| {
        let text = page.t1("bodies-leave-election", "date", page.full_date(one.held_on));
        Choice::new(one.held_on.to_string(), text, current)
    };
    let own = Choice::new("", page.t("bodies-leave-own"), current);
    std::iter::once(own).chain(elections.iter().map(choice)).collect()
}

/// What changes with the right day of an election: the day itself, the term, the day from which the next election is
/// called for, the papers, those who hold their posts from that day on, and those who left them with it.
pub(super) fn changed(page: &Page, changes: &Changes, warn_days: i64) -> Vec<ChangeLine> {
    let (before, after) = (&changes.election, &changes.righted.election);
    let told = |key: &str, before: Option<Date>, after: Option<Date>| {
        let what = page.t(key);
        let is_other = before != after;
        let (before, after) = (shown(page, before), shown(page, after));
        is_other.then_some(ChangeLine { what, before, after })
    };
    let called_from = |ends: Option<Date>| ends.and_then(|ends| date_plus_days(ends, -warn_days));
    let (body, righted) = (&changes.body, &changes.righted.body);
    let dated = [
        told("bodies-change-held", Some(before.held_on), Some(after.held_on)),
        told("bodies-change-ends", before.term_ends, after.term_ends),
        told("bodies-change-call", called_from(body.term_ends), called_from(righted.term_ends)),
        told("bodies-change-papers", before.file_by, after.file_by),
    ];
    let counted =
        [("bodies-change-by-elections", changes.righted.by_elections.len()), ("bodies-change-seated", changes.seated)];
    let count = |(key, number): (&str, usize)| ChangeLine {
        what: page.t(key),
        before: String::new(),
        after: page.t1("bodies-change-number", "number", number),
    };
    let counted = counted.into_iter().filter(|one| one.1 > 0).map(count);
    let left = (!changes.left.is_empty()).then(|| ChangeLine {
        what: page.t1("bodies-change-left", "number", changes.left.len()),
        before: page.full_date(before.held_on),
        after: page.full_date(after.held_on),
    });
    dated.into_iter().flatten().chain(counted).chain(left).collect()
}

/// A correction as it stands in the history of a body.
pub(super) fn corrected(page: &Page, one: &Correction) -> CorrectedLine {
    let both = |key: &str, before: Option<Date>, after: Option<Date>| {
        let (is_other, before, after) = (before != after, shown(page, before), shown(page, after));
        if is_other { page.t2(key, "before", before, "after", after) } else { String::new() }
    };
    CorrectedLine {
        at: page.t2("bodies-corrected-at", "at", page.minute(one.at), "name", &one.by_name),
        day: both("bodies-corrected-held", Some(one.held_before), Some(one.held_after)),
        ends: both("bodies-corrected-ends", one.ends_before, one.ends_after),
        papers: both("bodies-corrected-papers", one.file_before, one.file_after),
        why: page.t1("bodies-corrected-why", "reason", &one.reason),
    }
}

/// A day in words; a dash where there is none.
fn shown(page: &Page, day: Option<Date>) -> String {
    day.map_or_else(|| "—".to_owned(), |day| page.full_date(day))
}
