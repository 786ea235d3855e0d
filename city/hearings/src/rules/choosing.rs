//! Decides whether the parties chose the same mediator (第十九条), and whether one of them does not accept whom they
//! have (第二十三条).

use std::collections::BTreeSet;

use kernel::case::{Case, Event, Recorded};
use kernel::line::name_key;

use super::people::members;
use crate::words::asking::{ACCEPTS, CHOOSES, OBJECTS};
use crate::words::people::Member;
use crate::words::{MEDIATES, MEDIATOR, NAMESAKE, SIDES};

/// Whom a step that one of the parties took, or that was noted for her, belongs to.
fn takers(steps: [&str; 2], action: &str, parties: &[usize]) -> Vec<Member> {
    let side = steps.into_iter().zip(SIDES).find(|(step, _)| *step == action).map(|(_, side)| side);
    side.into_iter().flat_map(|side| parties.iter().map(move |number| Member { side, number: *number })).collect()
}

/// What somebody chose last, as it stands in the events; none where she chose nothing yet.
#[must_use]
pub fn choice(events: &[Recorded], member: Member) -> Option<&str> {
    events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, parties, .. } if takers(CHOOSES, action, parties).contains(&member) => {
            Some(fields.get(MEDIATOR).map_or("", String::as_str))
        }
        _ => None,
    })
}

/// Whether anybody who takes part chose a mediator.
#[must_use]
pub fn is_chosen(case: &Case, events: &[Recorded]) -> bool {
    members(case).into_iter().any(|member| choice(events, member).is_some_and(|name| !name.is_empty()))
}

/// The mediator whom everybody who takes part chose; none where one of them chose nobody, or somebody else. `read`
/// opens what stands in the events.
#[must_use]
pub fn agreed(case: &Case, events: &[Recorded], read: impl Fn(&str) -> String) -> Option<String> {
    let chosen: Option<Vec<&str>> = members(case).into_iter().map(|member| choice(events, member)).collect();
    let names: Vec<String> = chosen?.into_iter().map(read).collect();
    let first = names.first().filter(|name| !name.is_empty())?;
    names.iter().all(|name| name_key(name) == name_key(first)).then(|| first.clone())
}

/// The name of whoever mediates now, as it stands in the events; none before somebody does.
#[must_use]
pub fn mediating(events: &[Recorded]) -> Option<&str> {
    events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, .. } if MEDIATES.contains(&action.as_str()) => {
            fields.get(MEDIATOR).map(String::as_str)
        }
        _ => None,
    })
}

/// Whether it was said of whoever mediates now how it was checked that he is not the party of the same name.
#[must_use]
pub fn told_apart(events: &[Recorded]) -> bool {
    let said = events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, .. } if MEDIATES.contains(&action.as_str()) => {
            Some(fields.get(NAMESAKE).is_some_and(|text| !text.is_empty()))
        }
        _ => None,
    });
    said == Some(true)
}

/// Who does not accept the mediator whom they have; empty once there is another, or they accepted after all.
#[must_use]
pub fn objecting(case: &Case, events: &[Recorded]) -> BTreeSet<Member> {
    let mut standing = BTreeSet::new();
    for one in events {
        let Event::Acted { action, parties, .. } = &one.event else { continue };
        if MEDIATES.contains(&action.as_str()) {
            standing.clear();
        }
        standing.extend(takers(OBJECTS, action, parties));
        for member in takers(ACCEPTS, action, parties) {
            standing.remove(&member);
        }
    }
    let there: BTreeSet<Member> = members(case).into_iter().collect();
    standing.intersection(&there).copied().collect()
}
