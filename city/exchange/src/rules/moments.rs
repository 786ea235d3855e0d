//! Moments as programs write and read them.

use kernel::time::Instant;

/// Returns a moment as programs write it: `2026-11-23T02:00:00Z`.
#[must_use]
pub fn moment(at: Instant) -> String {
    jiff::Timestamp::from_microsecond(at.micros()).map_or_else(|_| String::new(), |at| at.to_string())
}

/// Reads a moment as programs write it: `2026-11-23T10:00:00+08:00`. There is none for a day that never was.
#[must_use]
pub fn instant(text: &str) -> Option<Instant> {
    text.parse::<jiff::Timestamp>().ok().map(|at| Instant::from_micros(at.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        for (text, expected) in [
            ("2026-11-23T02:00:00Z", Some("2026-11-23T02:00:00Z")),
            ("2026-11-23T10:00:00+08:00", Some("2026-11-23T02:00:00Z")),
            ("2026-11-23T02:00:00.25Z", Some("2026-11-23T02:00:00.25Z")),
            ("2026-11-31T02:00:00Z", None),
            ("2026-11-23T25:00:00Z", None),
            ("2026-11-23", None),
            ("", None),
        ] {
            assert_eq!(instant(text).map(moment).as_deref(), expected, "{text}");
        }
    }
}
