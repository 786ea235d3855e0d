//! What a step of a report adds to the figures of the grid.

use std::collections::BTreeMap;

use kernel::calendar::{Calendar, Unit};
use kernel::case::{Case, Event};
use kernel::figure::Indicator;
use kernel::time::Instant;

use super::duty::Ground;
use crate::words::figures::{
    ANSWERED, BY_PUBLIC, CLOSED, DUE, FILED, FOUND, ON_TIME, OVERDUE, RATED, REPEATED, REPORTED, REWORKED, SAID,
    SATISFIED, SOLVED, UNCLEAR,
};
use crate::words::{DUTY, FIND, FIND_TO_CHECK, MERGE, REPORTER, VERIFY};

/// The steps that say that something has to be done again.
const REWORK: [&str; 3] = ["send_back", STILL_WRONG, "refer"];
/// The step with which whoever reported says that it is not done.
const STILL_WRONG: &str = "still_wrong";
/// The states in which a report was not filed yet, and not sent out yet.
const REPORTED_STATE: &str = "reported";
const FILED_STATE: &str = "filed";
/// The answers with which somebody says that she is satisfied.
const PLEASED: [&str; 2] = ["yes", "mostly"];

/// The sums to which something that happened to a report adds one, or from which it takes one off.
#[must_use]
pub fn counts(event: &Event, after: &Case, calendar: &Calendar, at: Instant) -> Vec<(&'static Indicator, i64)> {
    match event {
        Event::Opened(opened) => opening(&opened.action, after).into_iter().map(|one| (one, 1)).collect(),
        Event::Acted { action, to, fields, .. } => {
            let mut counted: Vec<&'static Indicator> = Vec::new();
            match (action.as_str(), to.as_str()) {
                ("file", _) => counted.push(&FILED),
                (MERGE, _) => counted.push(&REPEATED),
                (_, "closed") => {
                    let late = is_late(after, calendar, at);
                    counted.extend([&CLOSED, &DUE, if late { &OVERDUE } else { &ON_TIME }]);
                }
                _ => {}
            }
            let again = REWORK.contains(&action.as_str()) && times(after, &REWORK) <= 1;
            counted.extend(Some(&REWORKED).filter(|_| again));
            let public = is_public(after);
            if public {
                counted.extend(Some(&ANSWERED).filter(|_| is_answer(action, to) && times(after, &[STILL_WRONG]) == 0));
                counted.extend(said(action, fields));
            }
            // Two who said the same are one matter to be answered: that to which the report was joined.
            let joined = Some((&BY_PUBLIC, -1)).filter(|_| public && action == MERGE);
            counted.into_iter().map(|one| (one, 1)).chain(joined).collect()
        }
        _ => Vec::new(),
    }
}

/// What was counted of a report until it came to the unit that has it, each with when. It goes along where another
/// unit gets the report, so that what a unit is counted to have closed was counted to it before. What a unit did
/// itself stays with it. A report that was sent out was filed a short time before.
#[must_use]
pub fn carried(before: &Case) -> Vec<(&'static Indicator, Instant)> {
    let by = if is_public(before) { &BY_PUBLIC } else { &FOUND };
    let filed = match before.state.as_str() {
        REPORTED_STATE => None,
        FILED_STATE => Some(before.entered_at),
        _ => Some(before.accepted_at.unwrap_or(before.opened_at)),
    };
    let opened = [&REPORTED, by].map(|indicator| (indicator, before.opened_at));
    opened.into_iter().chain(filed.map(|at| (&FILED, at))).collect()
}

/// Whether a step tells whoever reported what came of it: that it is put right, that it was not there, or whom to ask.
fn is_answer(action: &str, to: &str) -> bool {
    action == VERIFY || ["not_there", "not_a_case"].contains(&to)
}

/// What whoever reported says herself: each time that it is done or not, and whether she is satisfied.
fn said(action: &str, fields: &BTreeMap<String, String>) -> Vec<&'static Indicator> {
    match action {
        STILL_WRONG => vec![&SAID],
        "confirm" => {
            let told = fields.get("satisfied");
            let pleased = told.filter(|told| PLEASED.contains(&told.as_str()));
            let rated = told.map(|_| &RATED).into_iter().chain(pleased.map(|_| &SATISFIED));
            [&SAID, &SOLVED].into_iter().chain(rated).collect()
        }
        _ => Vec::new(),
    }
}

fn opening(action: &str, after: &Case) -> Vec<&'static Indicator> {
    let mut counted: Vec<&'static Indicator> = vec![&REPORTED];
    counted.push(if [FIND, FIND_TO_CHECK].contains(&action) { &FOUND } else { &BY_PUBLIC });
    counted.extend(Some(&FILED).filter(|_| action == FIND));
    let unclear = after.fields.get(DUTY).is_some_and(|code| Ground::is_unclear(code));
    counted.extend(Some(&UNCLEAR).filter(|_| unclear));
    counted
}

/// Whether somebody reported it who is not a worker on the round.
#[must_use]
pub fn is_public(case: &Case) -> bool {
    let holders = case.parties_of(REPORTER).iter();
    holders.map(|party| &party.holder).any(|holder| *holder != kernel::case::Holder::Nobody)
}

/// How often some steps were taken, together.
fn times(case: &Case, actions: &[&str]) -> u32 {
    actions.iter().filter_map(|action| case.taken.get(*action)).map(|taken| taken.times).sum()
}

/// Whether one of the limits of handling had passed: before the unit handed it in, as the time for checking does not
/// count. Days are over when they are over, hours at once.
#[must_use]
pub fn is_late(case: &Case, calendar: &Calendar, at: Instant) -> bool {
    case.clocks.values().any(|clock| {
        let Some(deadline) = clock.deadline(calendar, at) else { return false };
        let until = clock.ended.unwrap_or(at);
        if matches!(clock.limit.unit, Unit::WorkingHour | Unit::UrgentHour) {
            until > deadline.due
        } else {
            calendar.zone().date(until) > deadline.due_on
        }
    })
}
