//! Amounts of time in a procedure: no days mean the same day where something is due, and elsewhere each is some time.
//! None is so long that it can only be a slip of the pen.

use super::reader::Reader;
use crate::calendar::{Limit, Unit};

/// The most days that may stand in a procedure: ten years. A bound of the machine.
const MOST_DAYS: u32 = 3_650;
/// The most hours that may stand in a procedure: as long. A bound of the machine.
const MOST_HOURS: u32 = 87_600;

/// What an amount is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measures {
    /// Something is due when the time is over: what is due after no days is due the same day.
    Due,
    /// Somebody waits as long: to wait for nothing is no rule.
    Wait,
}

impl Reader<'_> {
    /// Notes an amount of nothing where it makes no sense, and one that is longer than any matter takes.
    pub(super) fn amount(&mut self, key: &str, what: &str, limit: Limit, measures: Measures) {
        let (least_due, most) = match limit.unit {
            Unit::CalendarDay | Unit::WorkingDay => (0, MOST_DAYS),
            Unit::WorkingHour | Unit::UrgentHour => (1, MOST_HOURS),
        };
        let least = if measures == Measures::Due { least_due } else { 1 };
        if (least..=most).contains(&limit.amount) {
            return;
        }
        let message = format!("{what} has a limit of {} in the unit {}", limit.amount, limit.unit.code());
        self.fault(key, message, format!("Write an amount from {least} to {most}"));
    }
}
