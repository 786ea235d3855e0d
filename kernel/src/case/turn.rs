//! Whose turn it is (轮到谁): a state says for whom it waits, and where parties consent, what they have said decides.

use super::{Case, party};
use crate::procedure::{Action, Procedure, State, Waits};
use crate::time::Instant;

/// Who has to act next in the state in which a case is. A state that waits for a party waits for its office once every
/// party consents that must; and where the parties were asked, it waits for them until all have answered or one of them
/// has said no.
pub fn turn(procedure: &Procedure, case: &Case, state: &State) -> Waits {
    match state.waits_for {
        Waits::Party if agree(procedure, case) => Waits::Office,
        Waits::Office if case.asked_at.is_some() && !agree(procedure, case) => Waits::Party,
        waits => waits,
    }
}

/// Whether a step gave the last consent that was lacking: the office goes on from there.
pub fn completes(procedure: &Procedure, case: &Case, action: &str) -> bool {
    procedure.actions.get(action).is_some_and(|action| action.gives_consent) && agree(procedure, case)
}

/// Whether every party consents that must. Where nobody must, nobody does.
fn agree(procedure: &Procedure, case: &Case) -> bool {
    let mut roles = procedure.parties.iter().filter(|(_, rule)| rule.must_consent).peekable();
    roles.peek().is_some() && roles.all(|(role, _)| party::consents(case, role))
}

/// Keeps since when the parties are asked. A question stands until a step uses their consents up or voids them,
/// somebody says no, comes or leaves, or the case comes to another state.
pub(super) fn ask(case: &mut Case, action: &Action, from: &str, at: Instant) {
    if action.asks_consent {
        case.asked_at = Some(at);
        return;
    }
    let voids = !action.consent.is_empty() || !action.voids_consent.is_empty() || action.withdraws_consent;
    if voids || from != case.state || !action.leaves.is_empty() || action.joins.is_some() {
        case.asked_at = None;
    }
}
