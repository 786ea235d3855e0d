//! Danger to life of which a report speaks, as it came or later: it is noted, so that the report comes first in lists;
//! staff read it before anything else, and whoever wrote of it later reads on her page whom to call.

use cases::kind::Own;
use cases::{Cases, Key};
use hall::Fault;
use house::BesideLink;
use kernel::case::Case;
use kernel::language::Lang;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::Tx;
use web::Page;

use super::{Reports, edition};
use crate::catalogue::{Catalogue, Condition, Danger, Editions};
use crate::records::alarm::Heard;
use crate::records::{self, handling};
use crate::refusals::Why;
use crate::rules::alarm::Alarm;
use crate::rules::heard_in;
use crate::words::{KIND, WORDS_FIELD};

/// The state of a report that was put off, and the step by which the platform ends that where danger is heard.
const SHELVED: &str = "shelved";
const WAKE_FOR_DANGER: &str = "wake_for_danger";
/// For so many hours after danger was heard whoever reported reads on her page whom to call.
const TOLD_HOURS: i64 = 24;

/// Notes the dangers that are heard in a report that just came: in what was said of it, and in its condition.
///
/// # Errors
/// A failure of the store.
pub(crate) fn heard_first(catalogue: &Editions, tx: &mut dyn Tx, case: &Case, now: Instant) -> Result<(), Fault> {
    let chosen = chosen(catalogue, case);
    let said = case.fields.get(WORDS_FIELD).map(String::as_str).unwrap_or_default();
    let heard = catalogue.heard(&heard_in(said, chosen));
    let stops = chosen.is_some_and(|condition| condition.stop.is_some());
    if heard.is_empty() && !stops { Ok(()) } else { note(tx, case, &heard, now) }
}

/// Notes the dangers that are heard in what the platform of a unit says of a report that it has in hand.
///
/// # Errors
/// A failure of the store.
pub(crate) fn heard_from_unit(
    catalogue: &Catalogue,
    tx: &mut dyn Tx,
    case: &Case,
    said: &str,
    now: Instant,
) -> Result<(), Fault> {
    let heard = catalogue.heard(said);
    if heard.is_empty() { Ok(()) } else { note(tx, case, &heard, now) }
}

/// What somebody of the staff said last of the danger in a report; none where nobody did.
///
/// # Errors
/// A failure of store or vault.
pub(crate) fn staff_say(
    cases: &Cases,
    tx: &mut dyn Tx,
    page: &Page,
    case: &Case,
    heard: &Heard,
) -> Result<Option<String>, Fault> {
    if heard.seen_by.is_empty() {
        return Ok(None);
    }
    let words = cases.words_of(tx, &Key { district: cases::district(case), id: case.id.0 })?;
    let erased = page.t("grid-fact-danger-erased");
    let (by, seen) = (&heard.seen_by, words.read(&heard.seen, &erased));
    let told = match heard.cleared_at.map(|at| page.minute(at)) {
        Some(at) => page.text("grid-fact-danger-cleared", &[("name", by), ("at", &at), ("seen", seen)]),
        None => page.t2("grid-fact-danger-marked", "name", by, "seen", seen),
    };
    Ok(Some(told))
}

fn note(tx: &mut dyn Tx, case: &Case, heard: &[&Danger], now: Instant) -> Result<(), Fault> {
    let codes: Vec<&str> = heard.iter().map(|danger| danger.code.as_str()).collect();
    Ok(records::alarm::note(tx, cases::district(case), case.id.0, &codes, now)?)
}

/// The condition of a report, in the edition of the catalogue under which it was opened.
fn chosen<'c>(catalogue: &'c Editions, case: &Case) -> Option<&'c Condition> {
    let known = case.fields.get(KIND).and_then(|key| catalogue.condition_of(key, edition(case)));
    known.map(|(_, condition)| condition)
}

/// Whom to call because of dangers that were noted before, beside those of an alarm.
fn noted(catalogue: &Catalogue, alarm: Alarm, dangers: &str, lang: Lang) -> Alarm {
    let known = dangers.split_whitespace().filter_map(|code| catalogue.danger(code));
    known.fold(alarm, |alarm, danger| alarm.with(&danger.stop, lang))
}

impl Reports {
    /// Notes the dangers that are heard in what somebody wrote later of a report, also of one that ended; of one that
    /// was joined to another, at that one as well. Gives the step of the platform that follows: what was put off goes
    /// on.
    pub(super) fn heard_later(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        said: &str,
        now: Instant,
    ) -> Result<Option<&'static str>, Fault> {
        let heard = self.catalogue.heard(said);
        if heard.is_empty() {
            return Ok(None);
        }
        note(tx, case, &heard, now)?;
        if let Some(merged) = handling::merged(tx, cases::district(case), case.id.0)? {
            let codes: Vec<&str> = heard.iter().map(|danger| danger.code.as_str()).collect();
            records::alarm::note(tx, merged.into_district, merged.into_case, &codes, now)?;
        }
        Ok((case.state == SHELVED).then_some(WAKE_FOR_DANGER))
    }

    /// What may be dangerous is handled now: what the catalogue calls so, and a report in which danger was heard.
    pub(super) fn check_danger(&self, tx: &mut dyn Tx, case: &Case) -> Result<(), Fault> {
        let stops = chosen(&self.catalogue, case).is_some_and(|condition| condition.stop.is_some());
        if stops {
            return Err(Refusal::new(Why::GridShelveDanger).into());
        }
        let heard = records::alarm::of_case(tx, cases::district(case), case.id.0)?;
        let is_heard = heard.is_some_and(|heard| heard.is_open());
        if is_heard { Err(Refusal::new(Why::GridShelveHeard).into()) } else { Ok(()) }
    }

    /// Words and what they say, while a report is open whose words or condition speak of danger, and where somebody
    /// said so later. Once somebody found that there is none, they say who and when.
    pub(super) fn danger_told(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
    ) -> Result<Option<(String, String)>, Fault> {
        let before = records::alarm::of_case(tx, cases::district(case), case.id.0)?;
        if case.closed_at.is_some() && before.is_none() {
            return Ok(None);
        }
        let staff = match before.as_ref().zip(self.cases.upgrade()) {
            Some((heard, cases)) => staff_say(&cases, tx, page, case, heard)?,
            None => None,
        };
        if before.as_ref().is_some_and(|heard| !heard.is_open()) {
            return Ok(staff.map(|told| (page.t("grid-fact-danger-was"), told)));
        }
        let said = case.fields.get(WORDS_FIELD).map(String::as_str).unwrap_or_default();
        let alarm = Alarm::of(&self.catalogue, said, chosen(&self.catalogue, case), page.lang);
        let alarm = noted(&self.catalogue, alarm, &before.map(|heard| heard.dangers).unwrap_or_default(), page.lang);
        let (numbers, says) = (alarm.numbers(page.lang), alarm.text(page.lang));
        let said = || page.t2("grid-fact-danger-told", "numbers", numbers, "says", says);
        let told: Vec<String> = staff.into_iter().chain((!alarm.is_none()).then(said)).collect();
        let told = (!told.is_empty()).then(|| told.join(page.lang.pick("", " ")));
        Ok(told.map(|told| (page.t("grid-fact-danger"), told)))
    }

    /// Her page with whom to call, while danger was heard not long ago in what she wrote.
    pub(super) fn with_alarm(&self, tx: &mut dyn Tx, page: &Page, case: &Case, mut own: Own) -> Result<Own, Fault> {
        let heard = records::alarm::of_case(tx, cases::district(case), case.id.0)?;
        let is_new = |at: Instant| page.now < at.plus_minutes(TOLD_HOURS * 60);
        let Some(heard) = heard.filter(|heard| heard.is_open() && is_new(heard.at)) else { return Ok(own) };
        let alarm = noted(&self.catalogue, Alarm::default(), &heard.dangers, page.lang);
        if !alarm.is_none() {
            own.ahead.push(format!("{}{}{}", page.t("grid-stop"), page.lang.pick("", " "), alarm.text(page.lang)));
        }
        let link = |number: &String| BesideLink {
            href: format!("tel:{number}"),
            text: page.t1("grid-stop-call", "number", number),
            is_open: false,
        };
        own.doors.extend(alarm.call.iter().map(link));
        Ok(own)
    }
}
