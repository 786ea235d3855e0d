//! The days of the court that both asked to confirm an agreement (法释〔2011〕5号): within some days it says whether it
//! accepts, within some more it decides, and longer with the approval of its president.

use kernel::time::{Date, date_plus_days};

/// The days that the rulebook gives the court.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourtDays {
    /// To accept the application or not (第四条).
    pub accepts: i64,
    /// To decide once it accepted (第五条).
    pub decides: i64,
    /// More, with the approval of the president of the court (第五条).
    pub more: i64,
}

/// The last day on which the court says whether it accepts. The first day is not counted.
#[must_use]
pub fn accepts_by(sent_on: Date, days: CourtDays) -> Option<Date> {
    date_plus_days(sent_on, days.accepts)
}

/// The last day on which the court decides. The first day is not counted.
#[must_use]
pub fn decides_by(accepted_on: Date, is_prolonged: bool, days: CourtDays) -> Option<Date> {
    date_plus_days(accepted_on, days.decides + if is_prolonged { days.more } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_court_accepts_in_three_days_and_decides_in_fifteen_or_twenty_five() {
        let (days, day) = (CourtDays { accepts: 3, decides: 15, more: 10 }, |text: &str| text.parse::<Date>().unwrap());
        assert_eq!(accepts_by(day("2026-03-09"), days), Some(day("2026-03-12")));
        assert_eq!(decides_by(day("2026-03-10"), false, days), Some(day("2026-03-25")));
        assert_eq!(decides_by(day("2026-03-10"), true, days), Some(day("2026-04-04")));
    }
}
