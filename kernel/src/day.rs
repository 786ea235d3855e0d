//! Decides whether a day that somebody enters can be meant: a slip of the hand makes the year 1200 or 3026 out of 2026.

use std::ops::RangeInclusive;

use crate::refusal::{Code, Refusal};
use crate::time::{Date, date_plus_days};

/// The first day that is entered anywhere. A bound of the machine: what is older is a slip.
pub const FIRST: Date = Date::constant(1980, 1, 1);
/// The last day that is entered anywhere. A bound of the machine.
pub const LAST: Date = Date::constant(2100, 12, 31);

/// The most days ahead that something is agreed for which has a day at all: fifty years. A bound of the machine.
pub const FARTHEST_DAYS: i64 = 18_263;

/// The most days ahead from which on something is decided to hold: two years. What is later is a slip in the year, and
/// would stand in the way of what is decided next. A bound of the machine.
pub const DECIDED_DAYS: i64 = 731;

/// Returns what is wrong with a day that nobody enters anywhere.
pub fn not_meant(field: &str, day: Date) -> Option<Refusal> {
    outside(field, day, &(FIRST..=LAST))
}

/// Returns what is wrong with a day that lies outside of a span: its field, and the first and the last day.
pub fn outside(field: &str, day: Date, span: &RangeInclusive<Date>) -> Option<Refusal> {
    let refusal = || Refusal::new(Code::CaseDayOutside).field(field).with("from", span.start()).with("to", span.end());
    (!span.contains(&day)).then(refusal)
}

/// Returns what is wrong with a day that has come: it lies ahead, or too far back.
pub fn not_past(field: &str, day: Date, today: Date) -> Option<Refusal> {
    if day > today {
        return Some(Refusal::new(Code::FormDateAhead).field(field));
    }
    outside(field, day, &(FIRST..=today))
}

/// Returns what is wrong with a day that is to come: it is over, or lies more than so many days ahead.
pub fn not_ahead(field: &str, day: Date, today: Date, most_days: i64) -> Option<Refusal> {
    if day < today {
        return Some(Refusal::new(Code::FormPast).field(field));
    }
    let last = date_plus_days(today, most_days).unwrap_or(LAST);
    outside(field, day, &(today..=last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(found: Option<Refusal>) -> Option<&'static str> {
        found.map(|refusal| refusal.code.as_str())
    }

    #[test]
    fn a_day_that_nobody_can_mean_is_refused() {
        let today: Date = "2026-11-23".parse().unwrap();
        for (day, past, ahead) in [
            ("2026-11-23", None, None),
            ("2026-11-22", None, Some("form.past")),
            ("2026-11-24", Some("form.date_ahead"), None),
            ("2027-11-23", Some("form.date_ahead"), None),
            ("2027-11-24", Some("form.date_ahead"), Some("case.day_outside")),
            ("1980-01-01", None, Some("form.past")),
            ("1979-12-31", Some("case.day_outside"), Some("form.past")),
            ("1200-01-01", Some("case.day_outside"), Some("form.past")),
            ("3026-11-23", Some("form.date_ahead"), Some("case.day_outside")),
        ] {
            let read: Date = day.parse().unwrap();
            assert_eq!(code(not_past("on", read, today)), past, "{day} has come");
            assert_eq!(code(not_ahead("on", read, today, 365)), ahead, "{day} is to come");
        }
        let told = outside("on", Date::constant(1200, 1, 1), &(FIRST..=today)).unwrap();
        assert_eq!(told.field.as_deref(), Some("on"));
        assert_eq!(told.detail.get("from").map(String::as_str), Some("1980-01-01"));
        assert_eq!(told.detail.get("to").map(String::as_str), Some("2026-11-23"));
    }
}
