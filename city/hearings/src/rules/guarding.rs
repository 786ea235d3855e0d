//! Decides what of what was said before still counts once a party has a guardian: what she said herself, or somebody
//! whom she named, does not; and says since when she is asked anew.

use kernel::case::{Case, Event, Recorded};
use kernel::procedure::{Action, By, Procedure};
use kernel::time::Instant;

use super::asking::{agent_on_mediation, agent_on_step, is_lapse};
use crate::words::asking::{APPLIED, INVITING};
use crate::words::people::Member;
use crate::words::power::PowerRow;

/// Whether what a party consents to at present rests on her own word: she said it, or somebody did whom she named
/// herself. What somebody said by a power whose paper was seen rests on that.
#[must_use]
pub fn is_own_word(
    case: &Case,
    procedure: &Procedure,
    events: &[Recorded],
    member: Member,
    powers: &[PowerRow],
) -> bool {
    let party = case.parties_of(member.side).get(member.number);
    if party.is_none_or(|party| party.consented_at.is_none()) {
        return false;
    }
    let number = Some(member.number);
    let by = if [APPLIED, INVITING].contains(&case.state.as_str()) {
        agent_on_mediation(events, member.side, number)
    } else {
        agent_on_step(events, procedure, member.side, number)
    };
    let power = by.and_then(|id| powers.iter().find(|power| power.id.to_string() == id));
    power.is_none_or(|power| power.by_herself)
}

/// When what a party had consented to lapsed, as long as nothing was said for her since and the same is asked.
#[must_use]
pub fn lapsed_at(events: &[Recorded], procedure: &Procedure, member: Member) -> Option<Instant> {
    let number = Some(member.number);
    let says = |step: &Action| matches!(&step.by, By::Party(role) if role == member.side) && speaks(step);
    for one in events.iter().rev() {
        if is_lapse(&one.event, member.side, number) {
            return Some(one.at);
        }
        let Event::Acted { action, from, to, parties, .. } = &one.event else { continue };
        let Some(step) = procedure.actions.get(action) else { continue };
        let is_hers = says(step) && (parties.is_empty() || parties.contains(&member.number));
        let voids = step.voids_consent.iter().chain(&step.consent).any(|role| role == member.side);
        if is_hers || voids || from != to || step.joins.is_some() || !step.leaves.is_empty() {
            return None;
        }
    }
    None
}

/// Whether a step of a party gives a consent or takes one back.
const fn speaks(step: &Action) -> bool {
    step.gives_consent || step.withdraws_consent
}
