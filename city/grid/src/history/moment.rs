//! Moments as other systems write them: `2011-07-01 01:32:33`, `2026/7/1 1:32`, `07/01/2011 01:32:33 AM`,
//! `2026-11-30T10:42:03.000+08:00`.

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

/// Reads a cell; a date alone is its beginning.
pub(super) fn read(cell: &Cell, dates: Dates, zone: Zone) -> Option<Instant> {
    if cell.kind == CellKind::Date {
        let (minute, second) = if cell.time.is_empty() { (0, 0) } else { time(&cell.time)? };
        return Some(zone.instant(tables::date(&cell.text)?, minute).plus_seconds(second));
    }
    written(&cell.plain(), dates, zone)
}

/// Reads a moment from words in half-width signs.
pub(super) fn written(text: &str, dates: Dates, zone: Zone) -> Option<Instant> {
    let (day, rest) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let (rest, zone) = zoned(rest.trim(), zone)?;
    let (minute, second) = if rest.is_empty() { (0, 0) } else { time(rest)? };
    Some(zone.instant(date(day, dates)?, minute).plus_seconds(second))
}

fn date(text: &str, dates: Dates) -> Option<Date> {
    if dates == Dates::Year {
        return tables::date(text);
    }
    let mut parts = text.split(['/', '-', '.']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (month, day) = if dates == Dates::Month { (first, second) } else { (second, first) };
    let whole = parts.next().is_none() && year.len() == 4;
    whole.then(|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()).flatten()
}

/// The zone that stands behind a time: `Z`, `+08:00`.
fn zoned(text: &str, zone: Zone) -> Option<(&str, Zone)> {
    if let Some(rest) = text.strip_suffix('Z') {
        return Some((rest, Zone::new(0)));
    }
    match text.rfind(['+', '-']) {
        Some(at) => Some((text.get(..at)?.trim_end(), offset(text.get(at..)?)?)),
        None => Some((text, zone)),
    }
}

/// Reads how far a zone is ahead of UTC: `+08:00`, `-0500`.
pub(super) fn offset(text: &str) -> Option<Zone> {
    let ahead = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = text.get(1..)?.chars().filter(|sign| *sign != ':').collect();
    let is_number = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes): (i32, i32) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    (is_number && hours <= 14 && minutes < 60).then(|| Zone::new(ahead * (hours * 60 + minutes)))
}

/// The minute of the day and the second: `1:32`, `01:32:33.500`, `01:32:33 PM`.
fn time(text: &str) -> Option<(u32, i64)> {
    let small = text.to_ascii_lowercase();
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
