//! Amounts of time in a procedure: each is some time, and none is so long that it can only be a slip of the pen.

use super::reader::Reader;
use crate::calendar::{Limit, Unit};

/// The most days that may stand in a procedure: ten years. A bound of the machine.
const MOST_DAYS: u32 = 3_650;
/// The most hours that may stand in a procedure: as long. A bound of the machine.
const MOST_HOURS: u32 = 87_600;

impl Reader<'_> {
    /// Notes an amount of nothing, and one that is longer than any matter takes.
    pub(super) fn amount(&mut self, key: &str, what: &str, limit: Limit) {
        let most = match limit.unit {
            Unit::CalendarDay | Unit::WorkingDay => MOST_DAYS,
            Unit::WorkingHour | Unit::UrgentHour => MOST_HOURS,
        };
        if (1..=most).contains(&limit.amount) {
            return;
        }
        let message = format!("{what} has a limit of {} in the unit {}", limit.amount, limit.unit.code());
        self.fault(key, message, format!("Write an amount from 1 to {most}"));
    }
}
