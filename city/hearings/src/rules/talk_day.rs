//! When the talk days (说事日) of a hearing point are: once a week but for holidays, and as a calendar that telephones
//! read.

pub use kernel::time::read_minute_of_day as minute;
use kernel::time::{Date, Instant, Zone, date_plus_days};

/// How many weeks ahead holidays are looked for.
const WEEKS: i64 = 52;
const DAYS_OF_A_WEEK: i64 = 7;

/// A weekly talk day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalkDay {
    /// The day of the week, Monday is 1.
    pub weekday: i64,
    /// The first minute after midnight.
    pub opens_at: u32,
    /// The minute at which it ends.
    pub closes_at: u32,
}

/// A minute of the day as people write it.
#[must_use]
pub fn clock(minute: u32) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

impl TalkDay {
    /// The first talk day that has not ended at a moment.
    #[must_use]
    pub fn next(self, now: Instant, zone: Zone) -> Option<Date> {
        let today = zone.date(now);
        let is_ahead = |day: &Date| weekday(*day) == self.weekday && now < zone.instant(*day, self.closes_at);
        (0..=7).filter_map(|days| date_plus_days(today, days)).find(is_ahead)
    }

    /// The next talk days that have not ended at a moment, at most so many, without those on which nobody is heard.
    #[must_use]
    pub fn ahead(self, now: Instant, zone: Zone, count: usize, is_off: impl Fn(Date) -> bool) -> Vec<Date> {
        let days = self.next(now, zone).into_iter().flat_map(weekly);
        days.filter(|day| !is_off(*day)).take(count).collect()
    }

    /// The talk days of the year after one on which nobody is heard.
    #[must_use]
    pub fn off(first: Date, is_off: impl Fn(Date) -> bool) -> Vec<Date> {
        weekly(first).filter(|day| is_off(*day)).collect()
    }

    /// Whether somebody can still be noted today as having come on a day: a talk day of the last week, or today.
    #[must_use]
    pub fn is_hosted(self, day: Date, today: Date) -> bool {
        let first = date_plus_days(today, -6).unwrap_or(today);
        weekday(day) == self.weekday && first <= day && day <= today
    }

    /// The talk days as a calendar (RFC 5545) with one event that repeats every week from a day on, but for some days.
    /// `uid` names it anywhere in the world, `words` are its title and its place as people read them.
    #[must_use]
    pub fn calendar(self, uid: &str, words: [&str; 2], first: Date, except: &[Date], zone: Zone) -> String {
        let span = [0, self.opens_at, self.closes_at].map(|minute| zone.instant(first, minute));
        let except: Vec<Instant> = except.iter().map(|day| zone.instant(*day, self.opens_at)).collect();
        event(uid, words, span, Some(&except))
    }
}

/// One event that happens once, as a calendar (RFC 5545): what it is called and where, from when to when.
#[must_use]
pub fn once(uid: &str, words: [&str; 2], [opens, closes]: [Instant; 2]) -> String {
    event(uid, words, [opens, opens, closes], None)
}

/// The same day of this week and of the weeks after it.
fn weekly(first: Date) -> impl Iterator<Item = Date> {
    (0..WEEKS).filter_map(move |week| date_plus_days(first, week * DAYS_OF_A_WEEK))
}

/// A calendar of one event: when it was written, when it begins and when it ends; where it repeats every week, without
/// the times at which it does not.
fn event(uid: &str, words: [&str; 2], span: [Instant; 3], except: Option<&[Instant]>) -> String {
    let ([title, room], [written, opens, closes]) = (words, span);
    let head = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Lianglin//hearings//ZH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}"),
        format!("DTSTAMP:{}", stamp(written)),
        format!("DTSTART:{}", stamp(opens)),
        format!("DTEND:{}", stamp(closes)),
    ];
    let rule = except.map(|_| "RRULE:FREQ=WEEKLY".to_owned());
    let off = except.unwrap_or_default().iter().map(|at| format!("EXDATE:{}", stamp(*at)));
    let tail = [
        format!("SUMMARY:{}", escaped(title)),
        format!("LOCATION:{}", escaped(room)),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    head.into_iter().chain(rule).chain(off).chain(tail).map(|line| folded(&line)).collect()
}

/// The day of the week, Monday is 1.
fn weekday(day: Date) -> i64 {
    i64::from(day.weekday().to_monday_one_offset())
}

/// A moment in UTC as RFC 5545 writes it: `20261126T010000Z`.
fn stamp(at: Instant) -> String {
    let utc = Zone::new(0);
    let (day, minute) = (utc.date(at), utc.minute_of_day(at));
    format!("{:04}{:02}{:02}T{:02}{:02}00Z", day.year(), day.month(), day.day(), minute / 60, minute % 60)
}

/// A text with the signs escaped that mean something in a calendar.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' | ';' | ',' => escaped.extend(['\\', sign]),
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// The most bytes of a line of a calendar, its end not counted.
const LINE_BYTES: usize = 75;

/// A line with its end, folded where it is longer than a calendar's lines may be.
fn folded(line: &str) -> String {
    let (mut told, mut room) = (String::new(), LINE_BYTES);
    for sign in line.chars() {
        if sign.len_utf8() > room {
            told.push_str("\r\n ");
            room = LINE_BYTES - 1;
        }
        told.push(sign);
        room -= sign.len_utf8();
    }
    told.push_str("\r\n");
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: TalkDay = TalkDay { weekday: 4, opens_at: 540, closes_at: 660 };

    #[test]
    fn who_came_is_noted_on_the_day_or_within_a_week() {
        let (thursday, day) =
            (TalkDay { weekday: 4, opens_at: 540, closes_at: 660 }, |text: &str| text.parse().unwrap());
        for (on, today, expected) in [
            ("2026-11-26", "2026-11-26", true),
            ("2026-11-26", "2026-12-02", true),
            ("2026-11-26", "2026-12-03", false),
            ("2026-11-26", "2026-11-25", false),
            ("2026-11-25", "2026-11-26", false),
        ] {
            assert_eq!(thursday.is_hosted(day(on), day(today)), expected, "{on} noted on {today}");
        }
    }

    #[test]
    fn the_next_talk_day_is_today_until_it_ends() {
        let zone = Zone::new(480);
        let at = |day: &str, minute| zone.instant(day.parse().unwrap(), minute);
        let next = |day: &str, minute| DAY.next(at(day, minute), zone).unwrap().to_string();
        // The twenty-sixth of November 2026 is a Thursday.
        assert_eq!(next("2026-11-23", 600), "2026-11-26");
        assert_eq!(next("2026-11-26", 659), "2026-11-26");
        assert_eq!(next("2026-11-26", 660), "2026-12-03");
    }

    #[test]
    fn nobody_is_heard_on_a_holiday_and_the_calendar_leaves_it_out() {
        let (zone, day) = (Zone::new(480), |text: &str| text.parse::<Date>().unwrap());
        let is_off = |date: Date| date == day("2026-12-03");
        let ahead = DAY.ahead(zone.instant(day("2026-11-26"), 600), zone, 3, is_off);
        assert_eq!(ahead, ["2026-11-26", "2026-12-10", "2026-12-17"].map(day));
        let off = TalkDay::off(day("2026-11-26"), is_off);
        assert_eq!(off, [day("2026-12-03")]);
        let text = DAY.calendar("a@b", ["说事日", "一楼"], day("2026-11-26"), &off, zone);
        assert!(text.contains("RRULE:FREQ=WEEKLY\r\nEXDATE:20261203T010000Z\r\n"), "{text}");
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        assert_eq!(clock(545), "9:05");
        assert_eq!(minute(&clock(545)), Some(545));
    }

    #[test]
    fn a_calendar_says_the_same_in_every_zone_and_folds_its_lines() {
        let zone = Zone::new(480);
        let text = DAY.calendar(
            "a@b",
            ["说事日；谁都能来, 不用预约", &"一楼".repeat(30)],
            "2026-11-26".parse().unwrap(),
            &[],
            zone,
        );
        assert!(text.contains("DTSTART:20261126T010000Z\r\nDTEND:20261126T030000Z\r\nRRULE:FREQ=WEEKLY\r\n"), "{text}");
        assert!(text.contains("谁都能来\\, 不用预约"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_BYTES), "{text}");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn what_happens_once_does_not_repeat() {
        let zone = Zone::new(480);
        let span = [540, 600].map(|minute| zone.instant("2026-11-26".parse().unwrap(), minute));
        let text = once("x@hearings", ["说事", "评理室"], span);
        assert!(text.contains("DTSTART:20261126T010000Z\r\n") && text.contains("DTEND:20261126T020000Z\r\n"));
        assert!(!text.contains("RRULE"), "{text}");
    }
}
