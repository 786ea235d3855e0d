//! What a step of a report adds to the figures of the grid.

use kernel::calendar::{Calendar, Unit};
use kernel::case::{Case, Event};
use kernel::figure::Indicator;
use kernel::time::Instant;

use super::duty::Ground;
use crate::words::figures::{
    ANSWERED, BY_PUBLIC, CLOSED, DUE, FILED, FOUND, ON_TIME, OVERDUE, RATED, REPEATED, REPORTED, REWORKED, SAID,
    SATISFIED, SOLVED, UNCLEAR,
};
use crate::words::{DUTY, FIND, FIND_TO_CHECK, REPORTER};

/// The steps that say that something has to be done again.
const REWORK: [&str; 3] = ["send_back", "still_wrong", "refer"];
/// The answers with which somebody says that she is satisfied.
const PLEASED: [&str; 2] = ["yes", "mostly"];

/// The sums to which something that happened to a report adds one.
#[must_use]
pub fn counts(event: &Event, after: &Case, calendar: &Calendar, at: Instant) -> Vec<&'static Indicator> {
    match event {
        Event::Opened(opened) => opening(&opened.action, after),
        Event::Acted { action, to, fields, .. } => {
            let mut counted: Vec<&'static Indicator> = Vec::new();
            match (action.as_str(), to.as_str()) {
                ("file", _) => counted.push(&FILED),
                ("merge", _) => counted.push(&REPEATED),
                (_, "closed") => {
                    let late = is_late(after, calendar, at);
                    counted.extend([&CLOSED, &DUE, if late { &OVERDUE } else { &ON_TIME }]);
                    counted.extend(Some(&REWORKED).filter(|_| was_taken(after, &REWORK)));
                }
                _ => {}
            }
            if after.closed_at.is_some() && is_public(after) {
                counted.push(&ANSWERED);
                let confirmed = action == "confirm";
                counted.extend(Some(&SAID).filter(|_| confirmed || was_taken(after, &["still_wrong"])));
                counted.extend(Some(&SOLVED).filter(|_| confirmed));
                let told = fields.get("satisfied");
                counted.extend(told.map(|_| &RATED));
                counted.extend(told.filter(|told| PLEASED.contains(&told.as_str())).map(|_| &SATISFIED));
            }
            counted
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

fn was_taken(case: &Case, actions: &[&str]) -> bool {
    actions.iter().any(|action| case.taken.get(*action).is_some_and(|taken| taken.times > 0))
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
