//! Decides what of what was said before still counts once a party has a guardian: what she said herself, or somebody
//! whom she named, does not, whether or not his paper was seen; and says since when she is asked anew.

use kernel::case::{Case, Event, Recorded};
use kernel::procedure::{Action, By, Procedure};
use kernel::time::{Instant, Zone};

use super::asking::{agent_on_mediation, agent_on_step, is_lapse};
use crate::words::asking::{APPLIED, INVITING};
use crate::words::people::Member;
use crate::words::power::PowerRow;

/// Whether what a party consents to at present rests on her own word: she said it, or somebody did whom she named. What
/// her guardian said, or somebody whom he named, rests on his.
#[must_use]
pub fn is_own_word(
    case: &Case,
    procedure: &Procedure,
    events: &[Recorded],
    member: Member,
    powers: &[PowerRow],
    zone: Zone,
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
    power.is_none_or(|power| !rests_on_guardian(power, powers, zone))
}

/// Whether a power rests on the word of a guardian: it is his own, or it was written down while he stood. What a party
/// gives herself, or gave before she had one, she could not give alone.
#[must_use]
pub fn rests_on_guardian(power: &PowerRow, powers: &[PowerRow], zone: Zone) -> bool {
    let stood = |row: &PowerRow| row.giver == power.giver && had_stood(row, power.noted_at, zone);
    power.is_guardian() || (!power.by_herself && powers.iter().any(stood))
}

/// Whether somebody had become the guardian of a party by a moment, and was it still.
fn had_stood(row: &PowerRow, at: Instant, zone: Zone) -> bool {
    let is_over = row.withdrawn_at.is_some_and(|end| end <= at) || row.until_on.is_some_and(|on| on < zone.date(at));
    row.is_guardian() && row.noted_at < at && !is_over
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

#[cfg(test)]
mod tests {
    use kernel::time::Date;
    use uuid::Uuid;

    use super::*;
    use crate::words::power::GUARDIAN;

    /// A power of the first side whose paper was seen at a minute.
    fn noted(minute: i64, special: &str) -> PowerRow {
        PowerRow {
            id: Uuid::nil(),
            giver: "first".to_owned(),
            fellow: String::new(),
            special: special.to_owned(),
            until_on: None,
            sealed: Vec::new(),
            paper_on: "2026-11-20".parse().ok(),
            by_herself: false,
            noted_name: "李".to_owned(),
            noted_at: Instant::from_micros(0).plus_minutes(minute),
            withdrawn_at: None,
            told_apart: false,
        }
    }

    #[test]
    fn whom_a_party_named_before_she_had_a_guardian_does_not_rest_on_his_word() {
        let guardian = noted(10, GUARDIAN);
        let gone = PowerRow { withdrawn_at: Some(Instant::from_micros(0).plus_minutes(12)), ..guardian.clone() };
        let yesterday: Option<Date> = "1969-12-31".parse().ok();
        let over = PowerRow { until_on: yesterday, ..guardian.clone() };
        let of_other = PowerRow { giver: "second".to_owned(), ..guardian.clone() };
        let (before, later) = (noted(9, "agree"), noted(15, "agree"));
        let herself = PowerRow { by_herself: true, ..later.clone() };
        let table = [
            ("before him", &before, &guardian, false),
            ("at once with him", &noted(10, "agree"), &guardian, false),
            ("while he stands", &later, &guardian, true),
            ("given by herself", &herself, &guardian, false),
            ("while he stood", &noted(11, "agree"), &gone, true),
            ("once he stood no more", &later, &gone, false),
            ("once his days were over", &later, &over, false),
            ("the other side has one", &later, &of_other, false),
        ];
        let zone = Zone::new(480);
        for (told, power, one, expected) in table {
            assert_eq!(rests_on_guardian(power, &[one.clone(), power.clone()], zone), expected, "{told}");
        }
        assert!(rests_on_guardian(&guardian, &[], zone), "he speaks by law");
    }
}
