//! When a message that was not taken is sent again, when it is given up, and when its receiver is switched off.

use data_encoding::BASE64;
use jiff::fmt::rfc2822::DateTimeParser;
use kernel::time::Instant;
use uuid::Uuid;

/// How the secrets of Standard Webhooks begin.
pub const SECRET_MARK: &str = "whsec_";
/// The status with which a receiver says that it is gone for good.
pub const GONE_FOR_GOOD: u16 = 410;
/// How many seconds an hour and a day have.
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// The figures by which messages are tried again.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Seconds before the first further attempt. They double each time.
    pub first_seconds: i64,
    /// Seconds of the longest wait.
    pub longest_seconds: i64,
    /// By how much a wait is longer or shorter by chance, in thousandths.
    pub jitter: u32,
    /// Hours for which a message is tried.
    pub hours: i64,
    /// Days of failures alone after which a receiver is switched off.
    pub off_days: i64,
}

/// What is done after a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is sent again at that moment.
    Again(Instant),
    /// It is given up.
    GivenUp,
    /// Its receiver is switched off, and the message waits for somebody to switch it on.
    Off,
}

/// An attempt that failed.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// Which message it was: its chance depends on it.
    pub message: Uuid,
    /// How many times it was sent, with this time, from 1.
    pub count: i64,
    /// When it was first tried.
    pub first_at: Instant,
    /// Since when its receiver has taken nothing, if it failed before.
    pub failing_since: Option<Instant>,
    /// For how many seconds its receiver asked to be left in peace.
    pub asked_seconds: Option<i64>,
    /// Whether its receiver says that it is gone for good.
    pub gone: bool,
}

impl Patience {
    /// Says what is done after an attempt that failed now.
    #[must_use]
    pub fn next(&self, attempt: &Attempt, now: Instant) -> Next {
        let failed_for = attempt.failing_since.map_or(0, |since| now.seconds_since(since));
        if attempt.gone || failed_for >= self.off_days.saturating_mul(DAY) {
            return Next::Off;
        }
        let at = now.plus_seconds(self.wait_seconds(attempt));
        let over = attempt.first_at.plus_seconds(self.hours.saturating_mul(HOUR));
        if at > over { Next::GivenUp } else { Next::Again(at) }
    }

    /// Returns the seconds until the next attempt: twice as many as before, a little more or less by chance, and at
    /// least as many as the receiver asked for, but never more than the longest wait.
    fn wait_seconds(&self, attempt: &Attempt) -> i64 {
        let doublings = u32::try_from(attempt.count.saturating_sub(1).clamp(0, 40)).unwrap_or_default();
        let doubled = self.first_seconds.saturating_mul(2_i64.saturating_pow(doublings)).min(self.longest_seconds);
        let asked = attempt.asked_seconds.unwrap_or_default();
        doubled.saturating_add(self.chance(attempt, doubled)).max(asked).min(self.longest_seconds).max(1)
    }

    /// Returns how many seconds a wait is longer or shorter. Two messages differ, and so do two attempts; the same
    /// attempt always has the same.
    fn chance(&self, attempt: &Attempt, seconds: i64) -> i64 {
        let drawn = Uuid::new_v5(&attempt.message, &attempt.count.to_be_bytes());
        let (high, _) = drawn.as_u64_pair();
        // From -1000 to 1000, in thousandths.
        let share = i64::try_from(high % 2_001).unwrap_or_default().saturating_sub(1_000);
        seconds.saturating_mul(i64::from(self.jitter)).saturating_mul(share) / 1_000_000
    }
}

/// Returns for how many seconds a receiver asks to be left in peace: `Retry-After` as seconds or as a date of HTTP.
#[must_use]
pub fn asked_seconds(header: &str, now: Instant) -> Option<i64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(header.parse().unwrap_or(i64::MAX));
    }
    let at = DateTimeParser::new().parse_timestamp(header).ok()?;
    Some(Instant::from_micros(at.as_microsecond()).seconds_since(now).max(0))
}

/// Returns a secret as it is handed over, in the form of Standard Webhooks.
#[must_use]
pub fn secret_text(key: &[u8]) -> String {
    format!("{SECRET_MARK}{}", BASE64.encode(key))
}

/// Returns the key that signs under a secret. A secret of an earlier version has no mark and is the key itself.
#[must_use]
pub fn signing_key(secret: &[u8]) -> Vec<u8> {
    let marked = secret.strip_prefix(SECRET_MARK.as_bytes()).and_then(|text| BASE64.decode(text).ok());
    marked.unwrap_or_else(|| secret.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience =
        Patience { first_seconds: 30, longest_seconds: 21_600, jitter: 200, hours: 48, off_days: 5 };

    fn attempt(message: u128, count: i64) -> Attempt {
        let at = Instant::from_micros(0);
        Attempt {
            message: Uuid::from_u128(message),
            count,
            first_at: at,
            failing_since: None,
            asked_seconds: None,
            gone: false,
        }
    }

    #[test]
    fn a_message_is_tried_for_more_than_a_day_with_waits_that_double_and_differ() {
        for message in 1..50 {
            let (mut now, mut count, mut last) = (Instant::from_micros(0), 1, 0);
            while let Next::Again(at) = PATIENCE.next(&attempt(message, count), now) {
                let wait = at.seconds_since(now);
                let plain = (30_i64 << (count - 1).min(20)).min(21_600);
                assert!((plain * 8 / 10..=plain * 12 / 10).contains(&wait), "{count}: {wait}");
                (now, count, last) = (at, count + 1, wait);
            }
            let tried = now.seconds_since(Instant::from_micros(0));
            assert!((24 * HOUR..=48 * HOUR).contains(&tried) && last <= 21_600, "{message}: {tried}");
        }
        let waits: std::collections::BTreeSet<i64> =
            (1..50).map(|message| PATIENCE.wait_seconds(&attempt(message, 8))).collect();
        assert!(waits.len() > 20, "those who failed together do not come back together: {waits:?}");
        assert_eq!(PATIENCE.wait_seconds(&attempt(7, 8)), PATIENCE.wait_seconds(&attempt(7, 8)));
    }

    #[test]
    fn a_receiver_is_asked_again_when_it_says_and_never_later_than_the_longest_wait() {
        for (asked, least, most) in
            [(None, 24, 36), (Some(0), 24, 36), (Some(900), 900, 900), (Some(i64::MAX), 21_600, 21_600)]
        {
            let wait = PATIENCE.wait_seconds(&Attempt { asked_seconds: asked, ..attempt(1, 1) });
            assert!((least..=most).contains(&wait), "{asked:?}: {wait}");
        }
        let now = Instant::from_micros(784_111_777_000_000);
        for (header, seconds) in [
            ("120", Some(120)),
            (" 5 ", Some(5)),
            ("99999999999999999999", Some(i64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ] {
            assert_eq!(asked_seconds(header, now), seconds, "{header}");
        }
    }

    #[test]
    fn a_receiver_that_fails_for_days_or_says_that_it_is_gone_is_switched_off() {
        let days = |days: i64| Instant::from_micros(0).plus_days(days);
        let since = Some(Instant::from_micros(0));
        for (failing_since, gone, now, off) in [
            (None, false, days(9), false),
            (since, false, days(4), false),
            (since, false, days(5), true),
            (None, true, days(0), true),
        ] {
            let found = PATIENCE.next(&Attempt { failing_since, gone, ..attempt(1, 1) }, now);
            assert_eq!(found == Next::Off, off, "{failing_since:?} {gone} {found:?}");
        }
    }

    #[test]
    fn a_secret_of_an_earlier_version_is_its_own_key() {
        let text = secret_text(&[7; 32]);
        assert!(text.starts_with("whsec_") && text.len() == 50, "{text}");
        assert_eq!(signing_key(text.as_bytes()), [7; 32]);
        for old in ["Q29kZSBvZiBhbiBlYXJsaWVyIHZlcnNpb24tXzEyMzQ", "whsec_not-base64"] {
            assert_eq!(signing_key(old.as_bytes()), old.as_bytes(), "{old}");
        }
    }
}
