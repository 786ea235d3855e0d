//! Moments as Open311 writes them: W3C date and time with the zone.

use kernel::time::{Instant, Zone};

const MICROS_PER_MINUTE: i64 = 60_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// Writes a moment in the city's zone: `2026-11-23T10:00:00+08:00`.
pub fn written(at: Instant, zone: Zone) -> String {
    let (minute, offset) = (zone.minute_of_day(at), zone.utc_offset_minutes);
    let second = at.micros().rem_euclid(MICROS_PER_MINUTE) / MICROS_PER_SECOND;
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.unsigned_abs() / 60, offset.unsigned_abs() % 60);
    let (date, hour) = (zone.date(at), minute / 60);
    format!("{date}T{hour:02}:{:02}:{second:02}{sign}{hours:02}:{minutes:02}", minute % 60)
}

/// Reads a moment that says its zone. A plus sign that was sent as a blank is one all the same.
pub fn read(text: &str) -> Option<Instant> {
    let text = text.trim().replace(' ', "+");
    text.parse::<jiff::Timestamp>().ok().map(|at| Instant::from_micros(at.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_says_its_zone() {
        for (text, offset, written_as) in [
            ("2026-11-23T02:00:09Z", 480, "2026-11-23T10:00:09+08:00"),
            ("1994-11-05T08:15:30-05:00", -300, "1994-11-05T08:15:30-05:00"),
            ("1994-11-05T13:15:30Z", -300, "1994-11-05T08:15:30-05:00"),
            ("2026-11-23T10:00:00 08:00", 480, "2026-11-23T10:00:00+08:00"),
            ("2026-11-23T10:00:00+05:30", 330, "2026-11-23T10:00:00+05:30"),
        ] {
            let at = read(text).unwrap();
            assert_eq!(written(at, Zone::new(offset)), written_as, "{text}");
        }
        for wrong in ["", "2026-11-23", "2026-11-23T10:00:00", "yesterday", "2026-11-31T10:00:00Z", "1795572000"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
