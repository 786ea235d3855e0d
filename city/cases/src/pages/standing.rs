//! How a row of a list of cases stands: in time, by when something is due, and why it is late.

use std::cmp::Ordering;

use kernel::case::{LateReason, SERVICE};
use kernel::place::Level;
use kernel::procedure::ClockState;
use kernel::time::{Date, Instant};
use web::{Light, Page};

use super::parts::{
    light, light_of_end, light_of_result, light_of_standstill, light_to_accept, light_to_decide, light_to_supply,
    light_to_the_hour,
};
use super::work::late_words;
use crate::records::CaseRow;
use crate::rules::UNSAID;

/// Why it is or was late; of an open case that stayed in a state too long without a word, that a reason is owed.
pub(super) fn late_of(page: &Page, row: &CaseRow) -> String {
    match row.late_reason.as_deref() {
        Some(UNSAID) if row.open => page.t("cases-late-owed"),
        Some(code) => LateReason::parse(code)
            .map_or_else(String::new, |why| page.t1("cases-late-of", "why", late_words(page, why))),
        None => String::new(),
    }
}

/// How a row stands in time. `supply_by` is the day until which its applicant hands in what is missing.
pub(super) fn light_of(page: &Page, row: &CaseRow, supply_by: Option<Date>) -> Light {
    let (is_service, clock) = (row.kind == SERVICE, crate::rules::clock_state(&row.clock));
    match clock {
        _ if row.waits_for_delivery() => return light_of_result(page),
        _ if is_service && !row.open => return light_of_end(page),
        _ if row.waits_for_papers() => return light_to_supply(page, supply_by),
        _ => {}
    }
    let is_told = !is_service && !page.visitor.staff();
    if is_told && clock == ClockState::Stopped {
        // Of a row the day is known that a desk has; until when a case rests is told on its own page.
        return light_of_standstill(page, row.act_by.map(|at| page.zone().date(at)), false);
    }
    // What has not begun needs no words, and the limit of a unit is not the day of whoever is asked.
    if is_told && (clock == ClockState::NotStarted || row.waits_for == "party") {
        return light_of_standstill(page, None, false);
    }
    if let Some(left) = light_to_the_hour(page, row.act_by.filter(|_| row.open)) {
        return left;
    }
    let left = light(page, clock, row.promised_due, row.accept_by());
    match (row.accept_by(), row.promised_due) {
        (Some(at), _) if is_service => light_to_accept(page, &left, at),
        // Staff read the day below.
        (None, Some(due)) if is_service && clock == ClockState::Running && !page.visitor.staff() => {
            light_to_decide(page, &left, due)
        }
        _ => left,
    }
}

/// The promised date; before acceptance, by when it is to be accepted. Where that is told to the moment, the moment.
pub(super) fn due(page: &Page, row: &CaseRow) -> String {
    if let Some(at) = row.act_by.filter(|_| row.open) {
        return page.minute(at);
    }
    match (row.promised_due, row.accept_by()) {
        (Some(date), _) => page.date(date),
        (None, Some(at)) => page.t1("cases-accept-by", "date", page.day(at)),
        (None, None) => String::new(),
    }
}

impl CaseRow {
    /// What is to be done first stands first.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        (self.rank, self.sort_at, self.id).cmp(&(other.rank, other.sort_at, other.id))
    }

    /// A matter of the counter is decided and its result waits to be handed over.
    fn waits_for_delivery(&self) -> bool {
        self.open && self.clock == "ended" && self.kind == SERVICE
    }

    /// A matter of the counter waits for its applicant to hand in what is missing.
    pub(super) fn waits_for_papers(&self) -> bool {
        let stands = matches!(self.clock.as_str(), "not_started" | "stopped");
        self.open && stands && self.kind == SERVICE && self.waits_for == "applicant"
    }

    /// It was applied for without saying in which community the applicant lives, as the case itself says.
    pub(super) fn is_unsettled(&self) -> bool {
        self.kind == SERVICE && self.residence_path.level() < Level::Community
    }

    /// Until when it is to be accepted, while it waits for that.
    pub(super) fn accept_by(&self) -> Option<Instant> {
        Some(self.sort_at).filter(|_| self.rank == 0 && self.clock == "not_started")
    }
}
