//! Moments, civil dates, the clock as an argument, and the city's time zone that joins moments to dates.

use crate::language::Lang;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A civil date without time of day. Its text form is `YYYY-MM-DD`.
pub type Date = jiff::civil::Date;

/// The source of "now". It is passed in from outside; no rule reads a clock by itself.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;
/// The minutes of a civil day.
pub const MINUTES_PER_DAY: u32 = 24 * 60;
const MICROS_PER_DAY: i64 = MICROS_PER_MINUTE * 24 * 60;
/// The months of a year.
pub const MONTHS_PER_YEAR: i64 = 12;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A moment: the microseconds since 1970-01-01T00:00:00 UTC. It is stored and serialized as that integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// Makes a moment from microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Returns the moment that many seconds later (earlier if negative). It stops at the end of time instead of
    /// overflowing.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// Returns the moment that many minutes later (earlier if negative).
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(MICROS_PER_MINUTE)))
    }

    /// Returns the moment that many times 24 hours later (earlier if negative).
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(MICROS_PER_DAY)))
    }

    /// Returns the whole seconds from `earlier` to this moment. They are negative when this moment is the earlier one.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / MICROS_PER_SECOND
    }
}

/// The city's time zone: a fixed distance from UTC (China has had no summer time since 1992).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// The minutes by which local time is ahead of UTC; 480 for China.
    pub utc_offset_minutes: i32,
}

impl Zone {
    /// Makes a zone that many minutes ahead of UTC.
    pub const fn new(utc_offset_minutes: i32) -> Self {
        Self { utc_offset_minutes }
    }

    fn local_micros(self, at: Instant) -> i64 {
        at.micros().saturating_add(i64::from(self.utc_offset_minutes) * MICROS_PER_MINUTE)
    }

    /// Returns the civil date at a moment. A moment outside the calendar's years gives its first or last day.
    pub fn date(self, at: Instant) -> Date {
        let days = self.local_micros(at).div_euclid(MICROS_PER_DAY);
        EPOCH.saturating_add(SignedDuration::from_hours(days.saturating_mul(24)))
    }

    /// Returns the minute of the civil day, 0 to 1439.
    pub fn minute_of_day(self, at: Instant) -> u32 {
        let minute = self.local_micros(at).rem_euclid(MICROS_PER_DAY) / MICROS_PER_MINUTE;
        u32::try_from(minute).unwrap_or_default()
    }

    /// Returns the moment at which a minute of a civil day begins. Minute 1440 is the midnight that ends the day.
    pub fn instant(self, date: Date, minute: u32) -> Instant {
        let days = days_between(EPOCH, date);
        let minutes = i64::from(minute).saturating_sub(i64::from(self.utc_offset_minutes));
        Instant::from_micros(0).plus_days(days).plus_minutes(minutes)
    }

    /// Writes date and minute for people to read: `2026-11-23 10:42`.
    pub fn show_minute(self, at: Instant) -> String {
        format!("{} {}", self.date(at), show_minute_of_day(self.minute_of_day(at)))
    }

    /// Writes the date for people and programs: `2026-11-23`.
    pub fn show_date(self, at: Instant) -> String {
        self.date(at).to_string()
    }
}

/// Writes a minute of the day as `08:30`; 1440 is `24:00`.
pub fn show_minute_of_day(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Writes a date as people say it, always with its year: `2026年11月23日`, `23 Nov 2026`.
pub fn said_date(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => date.strftime("%-d %b %Y").to_string(),
    }
}

/// Reads a time of day as people write it: `9:00`, `09:00`, `9：00`. Minutes from midnight; none for anything else.
pub fn read_minute_of_day(text: &str) -> Option<u32> {
    let plain = text.trim().replace('：', ":");
    let (hours, minutes) = plain.split_once(':')?;
    let number = |text: &str, most: u32| {
        let is_sound = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| is_sound && *number <= most)
    };
    Some(number(hours, 23)? * 60 + number(minutes, 59)?)
}

/// Returns the whole days from one date to another. They are negative when `to` is the earlier one.
pub fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// Returns the date that many days later (earlier if negative), or none after the end of the calendar (year 9999).
pub fn date_plus_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(SignedDuration::from_hours(days.checked_mul(24)?)).ok()
}

/// Returns the same day that many months later (earlier if negative), or the last day of that month where it is shorter
/// (民法典 art. 202). None outside the calendar.
pub fn date_plus_months(date: Date, months: i64) -> Option<Date> {
    let before = i64::from(date.year()) * MONTHS_PER_YEAR + i64::from(date.month()) - 1;
    let count = before.checked_add(months)?;
    let (year, month) = (count.div_euclid(MONTHS_PER_YEAR), count.rem_euclid(MONTHS_PER_YEAR) + 1);
    let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
    Date::new(first.year(), first.month(), date.day().min(first.days_in_month())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const SHENYANG: Zone = Zone::new(480);

    #[test]
    fn a_moment_belongs_to_the_local_day() {
        let table = [
            (0, "1970-01-01 08:00"),
            (-1, "1970-01-01 07:59"),
            (1_795_399_200, "2026-11-23 10:00"),
            (1_577_807_999, "2019-12-31 23:59"),
            (1_577_808_000, "2020-01-01 00:00"),
            (-62_135_596_800, "0001-01-01 08:00"),
        ];
        for (seconds, expected) in table {
            assert_eq!(SHENYANG.show_minute(Instant::from_micros(0).plus_seconds(seconds)), expected);
        }
    }

    #[test]
    fn a_moment_is_stored_as_an_integer() {
        assert_eq!(serde_json::to_string(&Instant::from_micros(12)).unwrap(), "12");
    }

    #[test]
    fn times_of_day_are_read_as_people_write_them() {
        let table = [
            ("9:00", Some(540)),
            ("09:05", Some(545)),
            (" 09：30 ", Some(570)),
            ("0:00", Some(0)),
            ("23:59", Some(1_439)),
            ("24:00", None),
            ("9:60", None),
            ("+9:00", None),
            ("009:00", None),
            ("9", None),
            ("9:", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(read_minute_of_day(text), expected, "{text}");
        }
        assert_eq!(read_minute_of_day(&show_minute_of_day(545)), Some(545));
    }

    #[test]
    fn months_lead_to_the_same_day_or_to_the_last_one_of_a_shorter_month() {
        for (from, months, to) in [
            (date(2023, 5, 1), 36, Some(date(2026, 5, 1))),
            (date(2024, 2, 29), 12, Some(date(2025, 2, 28))),
            (date(2024, 2, 29), 48, Some(date(2028, 2, 29))),
            (date(2026, 1, 31), 1, Some(date(2026, 2, 28))),
            (date(2026, 12, 15), 1, Some(date(2027, 1, 15))),
            (date(2026, 6, 30), 0, Some(date(2026, 6, 30))),
            (date(2026, 3, 31), -1, Some(date(2026, 2, 28))),
            (date(9999, 12, 31), 1, None),
            (date(2026, 1, 1), i64::MAX, None),
        ] {
            assert_eq!(date_plus_months(from, months), to, "{from} {months}");
        }
    }

    #[test]
    fn midnight_ends_one_day_and_begins_the_next() {
        assert_eq!(SHENYANG.instant(date(2026, 2, 28), 1440), SHENYANG.instant(date(2026, 3, 1), 0));
    }

    proptest! {
        #[test]
        fn date_and_minute_lead_back_to_the_moment(micros in any::<i64>(), offset in -840i32..=840) {
            let zone = Zone::new(offset);
            let at = Instant::from_micros(micros);
            let day = zone.date(at);
            let back = zone.instant(day, zone.minute_of_day(at));
            if day > Date::MIN && day < Date::MAX {
                prop_assert!(back <= at && at < back.plus_minutes(1));
            }
        }

        #[test]
        fn days_are_counted_both_ways(days in -700_000i64..700_000) {
            let start = date(2026, 1, 1);
            let end = date_plus_days(start, days).unwrap();
            prop_assert_eq!(days_between(start, end), days);
            prop_assert_eq!(days_between(end, start), -days);
        }
    }
}
