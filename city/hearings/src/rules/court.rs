//! Decides until when both may ask the court to confirm an agreement, and the days of the court that was asked
//! (法释〔2011〕5号): within some days it says whether it accepts, within some more it decides, and longer with the
//! approval of its president. A last day on which nobody works moves to the next one on which people do (民事诉讼法，
//! 期间届满的最后一日).

use kernel::calendar::Calendar;
use kernel::case::{Case, Event, Recorded};
use kernel::time::{Date, date_plus_days};

use crate::words::{COURT, EFFECT_ON, IN_EFFECT, ORAL, SEAL};

/// The states in which an agreement holds that no court has: both may still ask one.
const MAY_ASK_IN: [&str; 3] = [IN_EFFECT, "kept", "asking"];

/// Whether both may ask a court in a state, as far as the days of the law are not over.
#[must_use]
pub fn is_asked_in(state: &str) -> bool {
    MAY_ASK_IN.contains(&state)
}

/// The day from which an agreement holds, as it was entered; none in cases of before, where it was not asked for.
#[must_use]
pub fn effect_day(events: &[Recorded]) -> Option<Date> {
    events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, .. } if matches!(action.as_str(), SEAL | ORAL) => {
            fields.get(EFFECT_ON)?.trim().parse().ok()
        }
        _ => None,
    })
}

/// The last day on which both may ask the court: so many days from the day of effect on, which may lie before the day
/// on which it was entered (第三十三条). None before an agreement is in effect.
#[must_use]
pub fn asked_until(case: &Case, effect: Option<Date>, calendar: &Calendar) -> Option<Date> {
    let clock = case.clock(COURT)?;
    effect.and_then(|from| ends_on(from, i64::from(clock.limit.amount), calendar)).or(clock.due)
}

/// The last of so many days after a day, which is not counted itself.
fn ends_on(from: Date, days: i64, calendar: &Calendar) -> Option<Date> {
    date_plus_days(from, days).map(|last| calendar.working_day_from(last))
}

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
pub fn accepts_by(sent_on: Date, days: CourtDays, calendar: &Calendar) -> Option<Date> {
    ends_on(sent_on, days.accepts, calendar)
}

/// The last day on which the court decides. The first day is not counted.
#[must_use]
pub fn decides_by(accepted_on: Date, is_prolonged: bool, days: CourtDays, calendar: &Calendar) -> Option<Date> {
    ends_on(accepted_on, days.decides + if is_prolonged { days.more } else { 0 }, calendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENING: &str = "utc_offset_minutes = 480\n[[opening]]\nfrom = \"09:00\"\nuntil = \"17:00\"\n";

    #[test]
    fn the_court_accepts_in_three_days_and_decides_in_fifteen_or_twenty_five() {
        let (days, day) = (CourtDays { accepts: 3, decides: 15, more: 10 }, |text: &str| text.parse::<Date>().unwrap());
        let notices = include_str!("../../../../data/calendar/holidays_cn_2004_2026.csv");
        let calendar = Calendar::parse(notices, OPENING).unwrap();
        assert_eq!(accepts_by(day("2026-03-09"), days, &calendar), Some(day("2026-03-12")));
        assert_eq!(decides_by(day("2026-03-10"), false, days, &calendar), Some(day("2026-03-25")));
        // The fourth of April 2026 is a Saturday and the beginning of the holiday of Qingming.
        assert_eq!(decides_by(day("2026-03-10"), true, days, &calendar), Some(day("2026-04-07")));
        assert_eq!(accepts_by(day("2026-03-11"), days, &calendar), Some(day("2026-03-16")), "Saturday is no last day");
    }

    #[test]
    fn the_thirty_days_end_with_a_day_that_is_worked() {
        let notices = include_str!("../../../../data/calendar/holidays_cn_2004_2026.csv");
        let calendar = Calendar::parse(notices, OPENING).unwrap();
        for (effect, last) in [
            ("2026-03-03", "2026-04-02"),
            // Saturdays that are worked in place of a holiday are no days off.
            ("2026-01-29", "2026-02-28"),
            ("2026-09-10", "2026-10-10"),
            ("2026-04-02", "2026-05-06"),
            ("2026-09-01", "2026-10-08"),
        ] {
            let found = ends_on(effect.parse().unwrap(), 30, &calendar);
            assert_eq!(found, Some(last.parse().unwrap()), "{effect}");
        }
    }
}
