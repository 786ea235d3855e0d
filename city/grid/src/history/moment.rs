//! Moments as other systems write them: `2011-07-01 01:32:33`, `2026/7/1 1:32`, `07/01/2011 01:32:33 AM`,
//! `2026-11-30T10:42:03.000+08:00`, `20260701013233`, `2026年7月1日下午1时32分`.

use kernel::time::{Date, Instant, Zone};
use serde::Deserialize;
use tables::{Cell, CellKind};

/// In which order the parts of a date stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Dates {
    /// `2026-11-30`.
    #[default]
    #[serde(rename = "year_first")]
    Year,
    /// `11/30/2026`.
    #[serde(rename = "month_first")]
    Month,
    /// `30.11.2026`.
    #[serde(rename = "day_first")]
    Day,
}

const MINUTES_OF_AN_HOUR: u32 = 60;
const HOURS_OF_HALF_A_DAY: u32 = 12;

/// How many digits a date, and a date with hour and minute, or with the second too, have without signs between.
const DATE_DIGITS: usize = 8;
const MOMENT_DIGITS: [usize; 2] = [12, 14];
/// The century of a year that is written with two digits.
const CENTURY: i16 = 2_000;

/// Reads a cell; a date alone is its beginning. None where no moment stands there.
#[must_use]
pub fn read(cell: &Cell, dates: Dates, zone: Zone) -> Option<Instant> {
    if cell.kind == CellKind::Date {
        let (minute, second) = if cell.time.is_empty() { (0, 0) } else { time(&cell.time)? };
        return Some(zone.instant(tables::date(&cell.text)?, minute).plus_seconds(second));
    }
    written(&cell.plain(), dates, zone)
}

/// Reads a moment from words in half-width signs.
pub(super) fn written(text: &str, dates: Dates, zone: Zone) -> Option<Instant> {
    let (day, rest) = parted(text);
    let (rest, zone) = zoned(rest.trim(), zone)?;
    let (minute, second) = if rest.is_empty() { (0, 0) } else { time(rest)? };
    Some(zone.instant(date(day, dates)?, minute).plus_seconds(second))
}

/// The date and what stands behind it: behind a blank, a `T` or the sign of the day, or behind eight digits of more.
fn parted(text: &str) -> (&str, &str) {
    if MOMENT_DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.split_at_checked(DATE_DIGITS).unwrap_or((text, ""));
    }
    let divided = text.split_once([' ', 'T', 't', '日']);
    divided.unwrap_or((text, ""))
}

fn date(text: &str, dates: Dates) -> Option<Date> {
    if dates == Dates::Year {
        return tables::date(text);
    }
    let mut parts = text.split(['/', '-', '.']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (month, day) = if dates == Dates::Month { (first, second) } else { (second, first) };
    let year = match year.len() {
        4 => year.parse::<i16>().ok()?,
        2 => CENTURY + year.parse::<i16>().ok().filter(|year| *year >= 0)?,
        _ => return None,
    };
    let whole = parts.next().is_none();
    whole.then(|| Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()).flatten()
}

/// The zone that stands behind a time: `Z`, `UTC`, `+08:00`.
fn zoned(text: &str, zone: Zone) -> Option<(&str, Zone)> {
    if let Some(rest) = ["Z", "z", "UTC", "GMT"].iter().find_map(|utc| text.strip_suffix(*utc)) {
        return Some((rest.trim_end(), Zone::new(0)));
    }
    match text.rfind(['+', '-']) {
        Some(at) => Some((text.get(..at)?.trim_end(), offset(text.get(at..)?)?)),
        None => Some((text, zone)),
    }
}

/// Reads how far a zone is ahead of UTC: `+08:00`, `-0500`, `+08`.
pub(super) fn offset(text: &str) -> Option<Zone> {
    let ahead = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let mut digits: String = text.get(1..)?.chars().filter(|sign| *sign != ':').collect();
    if digits.len() == 2 {
        digits.push_str("00");
    }
    let is_number = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes): (i32, i32) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    (is_number && hours <= 14 && minutes < 60).then(|| Zone::new(ahead * (hours * 60 + minutes)))
}

/// The minute of the day and the second: `1:32`, `01:32:33.500`, `01:32:33 PM`, `下午1时32分`, `013233`.
fn time(text: &str) -> Option<(u32, i64)> {
    let small = in_signs(text);
    let bare = small.trim_end_matches("am").trim_end_matches("pm").trim_end();
    let mut parts = bare.split(':');
    let number = |part: &str| (part.len() <= 2).then(|| part.parse::<u32>().ok()).flatten();
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let second = match parts.next() {
        Some(part) => number(part.split('.').next()?)?,
        None => 0,
    };
    let is_half = bare.len() < small.len();
    let hour = match is_half {
        false => hour,
        true if (1..=HOURS_OF_HALF_A_DAY).contains(&hour) => {
            hour % HOURS_OF_HALF_A_DAY + if small.ends_with("pm") { HOURS_OF_HALF_A_DAY } else { 0 }
        }
        true => return None,
    };
    let fits = parts.next().is_none() && hour < 24 && minute < MINUTES_OF_AN_HOUR && second <= MINUTES_OF_AN_HOUR;
    fits.then(|| (hour * MINUTES_OF_AN_HOUR + minute, i64::from(second)))
}

/// A time with signs between its parts and half of the day behind it.
fn in_signs(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase();
    let half =
        [("上午", "am"), ("下午", "pm")].into_iter().find_map(|(word, half)| Some((text.strip_prefix(word)?, half)));
    let (text, half) = half.unwrap_or((text.as_str(), ""));
    let is_bare = matches!(text.len(), 4 | 6) && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = match text.split_at_checked(2).filter(|_| is_bare) {
        Some((hour, rest)) => match rest.split_at_checked(2) {
            Some((minute, second)) => format!("{hour}:{minute}:{second}"),
            None => text.to_owned(),
        },
        None => text.replace(['时', '点', '分'], ":").replace('秒', ""),
    };
    format!("{}{half}", text.trim().trim_end_matches(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Zone = Zone::new(8 * 60);

    fn shown(text: &str, dates: Dates) -> Option<String> {
        let cell = Cell { text: text.to_owned(), ..Cell::default() };
        let at = read(&cell, dates, ZONE)?;
        let second = at.micros().div_euclid(1_000_000).rem_euclid(60);
        Some(format!("{}:{second:02}", ZONE.show_minute(at)))
    }

    #[test]
    fn moments_are_read_as_systems_write_them() {
        let table = [
            ("2011-07-01 01:32:33", Dates::Year, Some("2011-07-01 01:32:33")),
            ("2026/7/1 1:32", Dates::Year, Some("2026-07-01 01:32:00")),
            ("２０２６年７月１日 １：３２", Dates::Year, Some("2026-07-01 01:32:00")),
            ("2026-07-01", Dates::Year, Some("2026-07-01 00:00:00")),
            ("2026-07-01T01:32:33.500", Dates::Year, Some("2026-07-01 01:32:33")),
            ("2026-07-01T01:32:33Z", Dates::Year, Some("2026-07-01 09:32:33")),
            ("2026-07-01 01:32:33-05:00", Dates::Year, Some("2026-07-01 14:32:33")),
            ("07/01/2011 01:32:33 PM", Dates::Month, Some("2011-07-01 13:32:33")),
            ("07/01/2011 12:05:00 AM", Dates::Month, Some("2011-07-01 00:05:00")),
            ("13.07.2011 23:59", Dates::Day, Some("2011-07-13 23:59:00")),
            ("7/1/11 1:32", Dates::Month, Some("2011-07-01 01:32:00")),
            ("20260701013233", Dates::Year, Some("2026-07-01 01:32:33")),
            ("202607010132", Dates::Year, Some("2026-07-01 01:32:00")),
            ("2026年7月1日1时32分33秒", Dates::Year, Some("2026-07-01 01:32:33")),
            ("2026年7月1日 下午1时32分", Dates::Year, Some("2026-07-01 13:32:00")),
            ("2026/7/1 上午 12:05", Dates::Year, Some("2026-07-01 00:05:00")),
            ("2026年7月1日", Dates::Year, Some("2026-07-01 00:00:00")),
            ("2026-07-01 01:32:33 UTC", Dates::Year, Some("2026-07-01 09:32:33")),
            ("2026/07/01 01:32:33+00", Dates::Year, Some("2026-07-01 09:32:33")),
            ("2026-07-01t01:32:33z", Dates::Year, Some("2026-07-01 09:32:33")),
            ("20260701 013233", Dates::Year, Some("2026-07-01 01:32:33")),
            ("20261301013233", Dates::Year, None),
            ("2026年7月1日25时", Dates::Year, None),
            ("2026-07-01 下午", Dates::Year, None),
            ("2026-07-01 01:32 EST", Dates::Year, None),
            ("1/-7/11", Dates::Month, None),
            ("07/01/2011", Dates::Year, None),
            ("13/07/2011", Dates::Month, None),
            ("2026-02-30", Dates::Year, None),
            ("2026-07-01 25:00", Dates::Year, None),
            ("2026-07-01 13:00 PM", Dates::Year, None),
            ("soon", Dates::Year, None),
            ("", Dates::Year, None),
        ];
        for (text, dates, expected) in table {
            assert_eq!(shown(text, dates).as_deref(), expected, "{text}");
        }
        let cell = Cell {
            text: "2026-07-01".to_owned(),
            time: "10:42:03".to_owned(),
            kind: CellKind::Date,
            ..Cell::default()
        };
        assert_eq!(read(&cell, Dates::Month, ZONE).map(|at| ZONE.show_minute(at)).as_deref(), Some("2026-07-01 10:42"));
    }
}
