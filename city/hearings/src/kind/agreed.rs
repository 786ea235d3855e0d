//! What must hold before an agreement of a mediation is drafted, holds, is changed or goes to a court, and what takes
//! effect with it.

use std::collections::BTreeMap;

use cases::Key;
use cases::kind::Asked;
use hall::{Fault, Hall};
use kernel::case::{Case, Recorded};
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use store::Tx;

use super::key;
use crate::records::{inside, passing};
use crate::refusals::Why;
use crate::rules::court::asked_until;
use crate::rules::noted::signed_on;
use crate::rules::paper;
use crate::rules::passing::seen;
use crate::words::asking::NEXT;
use crate::words::passing::TEXT;
use crate::words::{COURT_AGAIN, DRAFT, EFFECT_ON, ORAL, PROPOSE_CHANGE, SEAL, TALKS, VARY};

/// The day that an answer names; none where it names none.
pub(super) fn day_of(fields: &BTreeMap<String, String>, name: &str) -> Option<Date> {
    fields.get(name)?.trim().parse().ok()
}

/// An agreement holds from a day of the mediation, not ahead; a written one not before the last of its signatures
/// (第二十九条).
pub(super) fn holds_from(asked: &Asked<'_>, events: &[Recorded], hall: &Hall) -> Result<(), Fault> {
    let Some(day) = day_of(asked.fields, EFFECT_ON) else { return Ok(()) };
    let begun = asked.case.clock(TALKS).and_then(|clock| clock.started).map(|begun| hall.day(begun));
    if day > hall.day((hall.clock)()) || begun.is_some_and(|begun| day < begun) {
        return Err(Refusal::new(Why::HearingsEffectDay).field(EFFECT_ON).into());
    }
    let signed = if asked.action == SEAL { signed_on(events, hall.zone()) } else { None };
    match signed {
        Some(signed) if day < signed => {
            Err(Refusal::new(Why::HearingsEffectSigned).field(EFFECT_ON).with("date", signed).into())
        }
        _ => Ok(()),
    }
}

/// A change was written down before both signed it; in cases of before it is written down with the step.
pub(super) fn is_proposed(asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
    if asked.fields.contains_key("change") {
        return Ok(());
    }
    let last = events.iter().rev().filter_map(paper::step).find(|step| matches!(*step, VARY | PROPOSE_CHANGE));
    if last == Some(PROPOSE_CHANGE) { Ok(()) } else { Err(Refusal::new(Why::HearingsNoChange).into()) }
}

/// Both have asked the court, or are asked about it again, within the days of the law or not at all: not before the
/// agreement holds, and not after the last of them.
pub(super) fn in_time(asked: &Asked<'_>, effect: Option<Date>, hall: &Hall) -> Result<(), Refusal> {
    let today = hall.day((hall.clock)());
    let day = if asked.action == COURT_AGAIN { Some(today) } else { day_of(asked.fields, "sent_on") };
    let Some(day) = day else { return Ok(()) };
    if let Some(from) = effect.filter(|from| day < *from) {
        return Err(Refusal::new(Why::HearingsCourtEarly).field("sent_on").with("date", from));
    }
    match asked_until(asked.case, effect, &hall.calendar()) {
        Some(last) if day > last => Err(Refusal::new(Why::HearingsCourtLate).field("sent_on").with("date", last)),
        _ if day > today => Err(Refusal::new(Why::HearingsDay).field("sent_on")),
        _ => Ok(()),
    }
}

/// An agreement has a content before it is drafted or holds by word of mouth: what the law asks of it (第二十九条), and
/// what both consented to as it stands now.
pub(super) fn has_content(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    let case = asked.case;
    let file = inside::file(tx, &key(case))?;
    let is_older = |changed: Instant| {
        let mut parties = case.parties.values().flatten();
        parties.any(|party| party.consented_at.is_some_and(|given| given < changed))
    };
    if file.is_some_and(|file| is_older(file.changed_at)) {
        return Err(Refusal::new(Why::HearingsTextNewer).into());
    }
    // Cases of before may say it in one text.
    if asked.fields.get("clauses").is_some_and(|text| !text.trim().is_empty()) {
        return Ok(());
    }
    is_written(tx, case, asked.action)
}

/// Both sides are asked about an agreement once there is one to read: nobody consents to a text that is not written.
pub(super) fn asks_of_text(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    match asked.fields.get(NEXT).map_or("", |step| step.trim()) {
        next @ (DRAFT | ORAL) => is_written(tx, asked.case, next),
        _ => Ok(()),
    }
}

/// The clauses of an agreement are written, and of one that is to be signed the main facts and responsibilities too.
fn is_written(tx: &mut dyn Tx, case: &Case, step: &str) -> Result<(), Fault> {
    let (file, text) = (inside::file(tx, &key(case))?, seen(&passing::stays(tx, &key(case))?, TEXT));
    if !inside::clauses(tx, &key(case))?.iter().any(|clause| text.contains(&clause.stay)) {
        return Err(Refusal::new(Why::HearingsNoClauses).into());
    }
    let is_headed = file.is_some_and(|file| !file.sealed.is_empty() && text.contains(&file.stay));
    if is_headed || step != DRAFT { Ok(()) } else { Err(Refusal::new(Why::HearingsNoHead).into()) }
}

/// What is said to be done is done clause by clause.
pub(super) fn is_done(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    match inside::undone(tx, &key(asked.case))? {
        0 => Ok(()),
        count => Err(Refusal::new(Why::HearingsClausesOpen).with("count", count).into()),
    }
}

/// The agreement that takes effect is the one that is read at the office of today: what of another one was left with an
/// office before is gone, and its clauses are to be kept from now on.
pub(super) fn takes_effect(tx: &mut dyn Tx, key: &Key) -> Result<(), Fault> {
    let text = seen(&passing::stays(tx, key)?, TEXT);
    for left in inside::clauses(tx, key)?.iter().filter(|clause| !text.contains(&clause.stay)) {
        inside::remove_clause(tx, key, left.id)?;
    }
    Ok(inside::set_active(tx, key, true)?)
}
