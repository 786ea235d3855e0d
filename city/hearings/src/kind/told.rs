//! How the steps of the parties are told: who took each, herself or by an agent, and what it was by what stood before.

use cases::kind::PartyStep;
use kernel::case::{Case, Event};
use kernel::procedure::By;
use web::Page;

use crate::actions::told::Reader;
use crate::rules::asking::{agent_of, instead_of_back};
use crate::rules::people::member_of;
use crate::words::asking::{CHOOSES, OBJECTS};

/// What a step was where no consent stood that it could take back; none where its title says it.
pub(super) fn meant(page: &Page, step: &PartyStep<'_>) -> Option<String> {
    instead_of_back(step.until, step.procedure).map(|key| page.t(key))
}

/// A step of a party as whoever reads it is told; none where it is told as the procedure calls it.
pub(super) fn party_told(page: &Page, case: &Case, step: &PartyStep<'_>) -> Option<String> {
    let By::Party(role) = &step.action.by else { return None };
    if !step.to_staff
        && let Some(key) = of_mediator(step)
    {
        return is_hers(case, step, role).then(|| page.t(key));
    }
    let by_agent = step.until.last().and_then(agent_of).is_some();
    let reader = if step.to_staff { Reader::Staff } else { Reader::of(case, step.record) };
    let told = meant(page, step);
    let key = match reader {
        Reader::Side { role: own, is_several: true } if own == role => {
            if by_agent {
                "hearings-path-agent-yours"
            } else {
                "hearings-path-yours"
            }
        }
        Reader::Side { role: own, .. } if own == role => {
            if by_agent {
                "hearings-path-agent-you"
            } else {
                "hearings-path-you"
            }
        }
        Reader::Side { .. } => {
            if by_agent {
                "hearings-path-agent-they"
            } else {
                "hearings-path-they"
            }
        }
        Reader::Staff | Reader::Paper if by_agent => "hearings-path-agent",
        Reader::Staff | Reader::Paper if told.is_some() => "hearings-path-side",
        Reader::Staff | Reader::Paper => return None,
    };
    let told = told.unwrap_or_else(|| page.of(&step.action.title).to_owned());
    let side = page.t(&format!("hearings-side-{role}"));
    Some(page.t2(key, "side", side, "step", told))
}

/// The key of what whoever chose a mediator reads of it, or does not accept one; none for every other step.
fn of_mediator(step: &PartyStep<'_>) -> Option<&'static str> {
    match step.until.last().map(|one| &one.event)? {
        Event::Acted { action, .. } if CHOOSES.contains(&action.as_str()) => Some("hearings-path-chose"),
        Event::Acted { action, .. } if OBJECTS.contains(&action.as_str()) => Some("hearings-path-objected"),
        _ => None,
    }
}

/// Whether whoever reads it took the step, or it was taken for her.
fn is_hers(case: &Case, step: &PartyStep<'_>, role: &str) -> bool {
    let Some(Event::Acted { parties, .. }) = step.until.last().map(|one| &one.event) else { return false };
    let member = step.record.and_then(|record| member_of(case, record));
    member.is_some_and(|member| member.side == role && (parties.is_empty() || parties.contains(&member.number)))
}
