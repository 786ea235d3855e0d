//! What pages say of the consent of each party: that it agreed to the mediation, and what it said of the step about
//! which it was asked.

use std::collections::{BTreeMap, BTreeSet};

use kernel::case::{Case, Event, Recorded};
use kernel::procedure::Procedure;
use kernel::time::Instant;
use web::Page;

use crate::rules::asking::{Said, agent_on_mediation, agent_on_step, asked, of_mediation, of_step};
use crate::rules::guarding::lapsed_at;
use crate::words::SIDES;
use crate::words::asking::{APPLIED, ASKED_IN, INVITING, REFUSES, TO_SIGN};
use crate::words::people::Member;

/// What is said of each party, by the role of its side, in the order of its people. `guarded` are those who have a
/// guardian.
#[must_use]
pub fn consents(
    page: &Page,
    case: &Case,
    procedure: &Procedure,
    events: &[Recorded],
    guarded: &BTreeSet<Member>,
) -> BTreeMap<String, Vec<String>> {
    let line = |member: Member| {
        let (side, number) = (member.side, Some(member.number));
        if let Some(at) = refused(events, member).filter(|_| case.closed_at.is_some()) {
            return dated(page, "hearings-consent-refused", at);
        }
        let whole = of_whole(page, case, events, member);
        let whole = by_whom(page, whole, agent_on_mediation(events, side, number));
        let now = of_now(page, case, procedure, events, member);
        let now = by_whom(page, now, agent_on_step(events, procedure, side, number));
        let lapsed = lapsed_at(events, procedure, member).filter(|_| case.closed_at.is_none());
        // That somebody has a guardian is for whoever mediates to read, and for nobody of the other side.
        let is_his = page.visitor.staff() && guarded.contains(&member);
        let key = if is_his { "hearings-consent-lapsed-guardian" } else { "hearings-consent-lapsed" };
        let lapsed = lapsed.map(|at| dated(page, key, at));
        let said = [whole, now, lapsed.unwrap_or_default()];
        let said = said.into_iter().filter(|text| !text.is_empty());
        said.collect::<Vec<_>>().join(page.lang.pick("；", "; "))
    };
    let lines = |side: &'static str| {
        let parties = case.parties_of(side).iter().enumerate();
        let told = parties.map(|(number, party)| match party.left_at {
            Some(at) => dated(page, "hearings-consent-left", at),
            None => line(Member { side, number }),
        });
        (side.to_owned(), told.collect())
    };
    SIDES.into_iter().map(lines).collect()
}

/// What was said, and that an agent said it, by his power.
fn by_whom(page: &Page, said: String, power: Option<&str>) -> String {
    if power.is_none() || said.is_empty() { said } else { page.t1("hearings-consent-by-agent", "said", said) }
}

/// A text that says a day.
fn dated(page: &Page, key: &str, at: Instant) -> String {
    page.t1(key, "at", page.date(page.zone().date(at)))
}

/// Whether a party wants to be mediated.
fn of_whole(page: &Page, case: &Case, events: &[Recorded], member: Member) -> String {
    match of_mediation(events, member.side, Some(member.number)) {
        Some(Said::Agreed(at)) => dated(page, "hearings-consent-mediation", at),
        Some(Said::TookBack(at)) => dated(page, "hearings-consent-back", at),
        None if case.closed_at.is_some() => page.t("hearings-consent-silent"),
        None => page.t("hearings-consent-open"),
    }
}

/// When a party said a clear no; none where she did not.
fn refused(events: &[Recorded], member: Member) -> Option<Instant> {
    let step = REFUSES.into_iter().zip(SIDES).find(|(_, side)| *side == member.side).map(|(step, _)| step)?;
    events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, parties, .. } if action == step => {
            (parties.is_empty() || parties.contains(&member.number)).then_some(one.at)
        }
        _ => None,
    })
}

/// What a party said of the step about which it was asked, or of its signature, or of the court.
fn of_now(page: &Page, case: &Case, procedure: &Procedure, events: &[Recorded], member: Member) -> String {
    if case.state == APPLIED || case.state == INVITING || case.closed_at.is_some() {
        return String::new();
    }
    let said = of_step(events, procedure, member.side, Some(member.number));
    if case.state == TO_SIGN {
        return match said {
            Some(Said::Agreed(at)) => dated(page, "hearings-consent-signed", at),
            _ => page.t("hearings-consent-unsigned"),
        };
    }
    if !ASKED_IN.contains(&case.state.as_str()) {
        return match said {
            Some(Said::Agreed(at)) => dated(page, "hearings-consent-given", at),
            Some(Said::TookBack(at)) => dated(page, "hearings-consent-taken", at),
            None => String::new(),
        };
    }
    let step = asked(events, procedure).and_then(|step| procedure.actions.get(step));
    let Some(step) = step.map(|step| page.of(&step.title)) else { return page.t("hearings-consent-unasked") };
    let day = |at: Instant| page.date(page.zone().date(at));
    match said {
        Some(Said::Agreed(at)) => page.t2("hearings-consent-step", "step", step, "at", day(at)),
        Some(Said::TookBack(at)) => page.t2("hearings-consent-step-no", "step", step, "at", day(at)),
        None => page.t1("hearings-consent-step-open", "step", step),
    }
}
