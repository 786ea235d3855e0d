//! Decides what a guardian changes for those who speak for a party: which of what was said before still counts, by
//! which powers nobody consents any more, and since when the party is asked anew. What she said herself, or somebody
//! whom she named, does not count, whether or not his paper was seen.

use kernel::case::{Case, Event, Recorded};
use kernel::procedure::{Action, By, Procedure};
use kernel::refusal::Code;
use kernel::time::{Date, Instant, Zone};

use super::asking::{agent_on_mediation, agent_on_step, is_lapse};
use crate::refusals::Why;
use crate::words::asking::{APPLIED, INVITING};
use crate::words::people::Member;
use crate::words::power::PowerRow;

/// What was said in a mediation so far, and the powers by which agents said it.
#[derive(Clone, Copy)]
pub struct Spoken<'s> {
    /// The mediation.
    pub case: &'s Case,
    /// Its procedure.
    pub procedure: &'s Procedure,
    /// What happened in it.
    pub events: &'s [Recorded],
    /// All powers of the mediation, those that were taken back among them.
    pub powers: &'s [PowerRow],
    /// The time zone of the city.
    pub zone: Zone,
}

impl Spoken<'_> {
    /// Whether what a party consents to at present rests on her own word: she said it, or somebody did whom she named.
    /// What her guardian said, or somebody whom he named, rests on his.
    #[must_use]
    pub fn is_own_word(&self, member: Member) -> bool {
        let is_hers = |power: &PowerRow| !rests_on_guardian(power, self.powers, self.zone);
        self.consents(member) && self.power(member).is_none_or(is_hers)
    }

    /// Whether what a party consents to at present was said for her by another party who represents her.
    #[must_use]
    pub fn is_word_of(&self, member: Member, fellow: Member) -> bool {
        self.consents(member) && self.power(member).is_some_and(|power| power.fellow == fellow.code())
    }

    fn consents(&self, member: Member) -> bool {
        let party = self.case.parties_of(member.side).get(member.number);
        party.is_some_and(|party| party.consented_at.is_some())
    }

    /// The power by which a party's answer of now was given; none where she gave it herself.
    fn power(&self, member: Member) -> Option<&PowerRow> {
        let number = Some(member.number);
        let by = if [APPLIED, INVITING].contains(&self.case.state.as_str()) {
            agent_on_mediation(self.events, member.side, number)
        } else {
            agent_on_step(self.events, self.procedure, member.side, number)
        };
        by.and_then(|id| self.powers.iter().find(|power| power.id.to_string() == id))
    }
}

/// Why nobody consents by a power. A no can be said by it all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The party has a guardian, and no guardian of now named the agent.
    Guardian,
    /// The party had a guardian when she was said to name the agent, or since, and has none any more: whoever was named
    /// under him, or could not be named by her alone, is named anew.
    Ended,
    /// The agent is a party who has a guardian himself.
    Guarded,
}

impl Barred {
    /// What whoever acts by the power is told.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Guardian => Why::HearingsGuardianAgent,
            _ => self.noted(),
        }
    }

    /// What whoever notes it is told.
    #[must_use]
    pub const fn noted(self) -> Code {
        match self {
            Self::Guardian => Why::HearingsGuardianSays,
            Self::Ended => Why::HearingsAgentAnew,
            Self::Guarded => Why::HearingsAgentGuarded,
        }
    }
}

/// Why nobody consents by a power on a day; none where its agent does.
#[must_use]
pub fn barred(power: &PowerRow, powers: &[PowerRow], on: Date, zone: Zone) -> Option<Barred> {
    let is_guarded = |code: &str| powers.iter().any(|row| row.giver == code && row.guards(on));
    if !power.fellow.is_empty() && is_guarded(&power.fellow) {
        return Some(Barred::Guarded);
    }
    if power.is_guardian() {
        return None;
    }
    if is_guarded(&power.giver) {
        let is_named = powers.iter().any(|row| row.guards(on) && has_named(row, power, zone));
        return (!is_named).then_some(Barred::Guardian);
    }
    // Nobody ever showed that somebody was her guardian whose paper was not seen.
    let stood = |row: &PowerRow| {
        row.is_guardian() && row.is_shown() && row.giver == power.giver && !is_over(row, power.noted_at, zone)
    };
    powers.iter().any(stood).then_some(Barred::Ended)
}

/// Whether a power rests on the word of a guardian: it is his own, or he named the agent. What a party gives herself,
/// or gave before she had one, she could not give alone.
#[must_use]
pub fn rests_on_guardian(power: &PowerRow, powers: &[PowerRow], zone: Zone) -> bool {
    power.is_guardian() || powers.iter().any(|row| has_named(row, power, zone))
}

/// Whether somebody is a guardian who named the agent of a power: it was written down while he stood, its paper is not
/// older than his own, and somebody saw his. When its own paper was seen does not matter.
fn has_named(row: &PowerRow, power: &PowerRow, zone: Zone) -> bool {
    let stood = row.noted_at < power.noted_at && !is_over(row, power.noted_at, zone);
    let is_older = power.paper_on.zip(row.paper_on).is_some_and(|(its, his)| its < his);
    let is_his = row.is_guardian() && row.is_shown() && row.giver == power.giver;
    is_his && stood && !is_older && !power.by_herself
}

/// Whether a power had ended by a moment.
fn is_over(row: &PowerRow, at: Instant, zone: Zone) -> bool {
    row.withdrawn_at.is_some_and(|end| end <= at) || row.until_on.is_some_and(|on| on < zone.date(at))
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
    use uuid::Uuid;

    use super::*;
    use crate::words::power::GUARDIAN;

    const ZONE: Zone = Zone::new(480);

    fn minute(minute: i64) -> Instant {
        Instant::from_micros(0).plus_minutes(minute)
    }

    /// A power of the first side that was written down at a minute, with its paper seen at once.
    fn noted(at: i64, special: &str) -> PowerRow {
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
            noted_at: minute(at),
            seen_at: Some(minute(at)),
            withdrawn_at: None,
            told_apart: false,
        }
    }

    #[test]
    fn whom_a_party_named_before_she_had_a_guardian_does_not_rest_on_his_word() {
        let guardian = noted(10, GUARDIAN);
        let gone = PowerRow { withdrawn_at: Some(minute(12)), ..guardian.clone() };
        let yesterday: Option<Date> = "1969-12-31".parse().ok();
        let over = PowerRow { until_on: yesterday, ..guardian.clone() };
        let of_other = PowerRow { giver: "second".to_owned(), ..guardian.clone() };
        let unseen = PowerRow { paper_on: None, seen_at: None, ..guardian.clone() };
        let (before, later) = (noted(9, "agree"), noted(15, "agree"));
        let herself = PowerRow { by_herself: true, ..later.clone() };
        let seen_later = PowerRow { seen_at: Some(minute(15)), ..before.clone() };
        let named_then_seen = PowerRow { seen_at: Some(minute(20)), ..later.clone() };
        let older = PowerRow { paper_on: "2026-11-19".parse().ok(), ..later.clone() };
        let table = [
            ("before him", &before, &guardian, false),
            ("before him, the paper seen after", &seen_later, &guardian, false),
            ("at once with him", &noted(10, "agree"), &guardian, false),
            ("while he stands", &later, &guardian, true),
            ("while he stands, the paper seen after", &named_then_seen, &guardian, true),
            ("while he stands, by a paper older than his", &older, &guardian, false),
            ("while his own paper is to be seen", &later, &unseen, false),
            ("given by herself", &herself, &guardian, false),
            ("while he stood", &noted(11, "agree"), &gone, true),
            ("once he stood no more", &later, &gone, false),
            ("once his days were over", &later, &over, false),
            ("the other side has one", &later, &of_other, false),
        ];
        for (told, power, one, expected) in table {
            assert_eq!(rests_on_guardian(power, &[one.clone(), power.clone()], ZONE), expected, "{told}");
        }
        assert!(rests_on_guardian(&guardian, &[], ZONE), "he speaks by law");
    }

    #[test]
    fn nobody_consents_by_a_power_that_a_guardian_of_now_or_a_party_without_one_did_not_give() {
        let today: Date = "1970-01-01".parse().unwrap();
        let guardian = noted(10, GUARDIAN);
        let gone = PowerRow { withdrawn_at: Some(minute(12)), ..guardian.clone() };
        let never_seen = PowerRow { paper_on: None, seen_at: None, ..gone.clone() };
        let next = noted(13, GUARDIAN);
        let of_fellow = PowerRow { giver: "first-1".to_owned(), ..guardian.clone() };
        let fellow = |at: i64| PowerRow { fellow: "first-1".to_owned(), ..noted(at, "agree") };
        let son = PowerRow { fellow: "first-1".to_owned(), ..guardian.clone() };
        let (guardian_says, anew, guarded) = (Some(Barred::Guardian), Some(Barred::Ended), Some(Barred::Guarded));
        let table = [
            ("no guardian", noted(9, "agree"), vec![], None),
            ("before him", noted(9, "agree"), vec![guardian.clone()], guardian_says),
            ("by him", noted(11, "agree"), vec![guardian.clone()], None),
            ("himself", guardian.clone(), vec![], None),
            ("before one who is gone", noted(9, "agree"), vec![gone.clone()], anew),
            ("by one who is gone", noted(11, "agree"), vec![gone.clone()], anew),
            ("after one who is gone", noted(12, "agree"), vec![gone.clone()], None),
            ("nobody saw his paper, and he is gone", noted(11, "agree"), vec![never_seen], None),
            ("by the one before", noted(11, "agree"), vec![gone.clone(), next.clone()], guardian_says),
            ("by the next", noted(14, "agree"), vec![gone, next], None),
            ("one of her side", fellow(9), vec![], None),
            ("one of her side who has a guardian", fellow(9), vec![of_fellow.clone()], guarded),
            ("her guardian has one", son, vec![of_fellow], guarded),
        ];
        for (told, power, mut rows, expected) in table {
            rows.push(power.clone());
            assert_eq!(barred(&power, &rows, today, ZONE), expected, "{told}");
        }
    }
}
