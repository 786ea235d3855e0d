//! Reports with which one may be the same: open, of the same kind, and near in space and time as the rulebook says or
//! in the same community.

use std::cmp::Reverse;

use hall::Fault;
use kernel::case::{Case, Relation, may_read};
use kernel::permission::Permission;
use kernel::time::Instant;
use store::Tx;
use web::{Choice, Page};

use super::Reports;
use crate::records;
use crate::records::alike::{Like, open_here, open_like};
use crate::rules::counting::is_public;
use crate::rules::metres_apart;
use crate::words::{GRID_NEAR_HOURS, GRID_NEAR_METRES, Report, Spot, WORDS_FIELD};

/// The most reports of one kind near it that are compared.
const COMPARED: i64 = 500;
/// The most that are offered.
const OFFERED: usize = 8;
/// The most characters of what somebody said that stand beside an offer.
const SAID: usize = 60;
const SECONDS_OF_AN_HOUR: i64 = 3_600;
const MICROS_OF_A_MINUTE: i64 = 60_000_000;
const MINUTES_OF_AN_HOUR: i64 = 60;
const HOURS_OF_A_DAY: i64 = 24;

impl Reports {
    /// The reports that are offered to whoever joins one to another, the nearest first, as far as she may read them.
    ///
    /// # Errors
    /// The rulebook has no such figure, or the store failed.
    pub(super) fn likely(&self, tx: &mut dyn Tx, case: &Case, page: &Page) -> Result<Vec<Choice>, Fault> {
        let district = cases::district(case);
        let Some(own) = records::find(tx, district, case.id.0)? else { return Ok(Vec::new()) };
        let on = self.hall.day(page.now);
        let metres = i64::from(self.hall.figure_at(GRID_NEAR_METRES, &own.path, on)?);
        let seconds = self.hall.figure_at(GRID_NEAR_HOURS, &own.path, on)? * SECONDS_OF_AN_HOUR;
        let during = own.reported_at.plus_seconds(-seconds)..own.reported_at.plus_seconds(seconds);
        let spot = Spot { community: own.path.clone(), compound: own.compound, at: own.x.zip(own.y), point: None };
        let scopes = page.visitor.actor.scopes(Permission::CaseRead);
        let like = Like { district, kind: own.kind.clone(), spot, metres, during, public: false };
        let mut found = open_like(tx, &like, COMPARED)?;
        // What lies open in the community for longer may be the same too: nobody has to know its number.
        for other in open_here(tx, &own, COMPARED)? {
            if found.iter().all(|known| known.case_id != other.case_id) {
                found.push(other);
            }
        }
        found.retain(|other| {
            let may_read = scopes.iter().any(|scope| scope.place.contains(&other.path));
            other.case_id != own.case_id && may_read
        });
        found.sort_by_key(|other| (metres_apart(&own, other).unwrap_or(i64::MAX), Reverse(other.reported_at)));
        found.truncate(OFFERED);
        let mut offered = Vec::with_capacity(found.len());
        for other in &found {
            let said = self.begins(tx, page, other)?;
            offered.push(self.offer(page, &own, other, said));
        }
        Ok(offered)
    }

    /// Who said it and how begins what she said, whoever reported or found it; none where she said nothing, it was
    /// erased, or this member of staff may not read the case.
    fn begins(&self, tx: &mut dyn Tx, page: &Page, report: &Report) -> Result<Option<String>, Fault> {
        let Some(cases) = self.cases.upgrade() else { return Ok(None) };
        let known = match cases.known(tx, report.district, report.case_id) {
            Err(Fault::NotFound) => return Ok(None),
            known => known?,
        };
        let is_read = may_read(&known.case, &page.visitor.actor, &Relation::default()).is_ok();
        let Some(text) = known.case.fields.get(WORDS_FIELD).filter(|_| is_read) else { return Ok(None) };
        let words = cases.words_of(tx, &known.key())?;
        let said = beginning(words.read(text, ""));
        let key = if is_public(&known.case) { "grid-alike-said" } else { "grid-alike-found" };
        Ok((!said.is_empty()).then(|| page.t1(key, "text", said)))
    }

    /// One of them: its number and class, how far away it is, how long ago it came, how many met with it, and how
    /// begins what was said.
    fn offer(&self, page: &Page, own: &Report, other: &Report, said: Option<String>) -> Choice {
        let condition = self.catalogue.condition_ever(&format!("{}/{}", other.kind, other.condition));
        let class = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        let class = class.unwrap_or_else(|| other.kind.clone());
        let apart = match metres_apart(own, other) {
            Some(metres) => page.t1("grid-alike-metres", "n", metres),
            None if other.compound.is_some() => page.t("grid-alike-compound"),
            None => page.t("grid-alike-community"),
        };
        let hint = [apart, age(page, other.reported_at), page.t1("grid-met", "n", other.met)];
        let hint = hint.into_iter().chain(said).collect::<Vec<_>>().join(" · ");
        Choice::new(other.number.as_str(), format!("{class} · {}", other.number), "-").hint(hint)
    }
}

/// How long ago a report came, in words.
fn age(page: &Page, at: Instant) -> String {
    let minutes = page.now.micros().saturating_sub(at.micros()).max(0) / MICROS_OF_A_MINUTE;
    let hours = minutes / MINUTES_OF_AN_HOUR;
    match (hours, hours / HOURS_OF_A_DAY) {
        (0, _) => page.t1("grid-alike-minutes", "n", minutes),
        (hours, 0) => page.t1("grid-alike-hours", "n", hours),
        (_, days) => page.t1("grid-alike-days", "n", days),
    }
}

/// The first characters of a text, with a mark where there are more.
fn beginning(text: &str) -> String {
    let begins: String = text.chars().take(SAID).collect();
    if begins.len() < text.len() { format!("{begins}…") } else { begins }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        for (text, told) in [
            (String::new(), String::new()),
            ("三单元门口".to_owned(), "三单元门口".to_owned()),
            ("长".repeat(SAID), "长".repeat(SAID)),
            ("长".repeat(SAID + 1), format!("{}…", "长".repeat(SAID))),
        ] {
            assert_eq!(beginning(&text), told);
        }
    }
}
