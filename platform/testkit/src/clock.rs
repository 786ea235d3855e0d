//! A clock that stands until a test moves it.

use kernel::time::{Clock, Date, Instant, Zone};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time zone of the tests: China.
pub const ZONE: Zone = Zone::new(480);

/// A clock that tests can set. Its clones show the same time.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// Makes a clock that shows this moment.
    pub fn at(now: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(now.micros())))
    }

    /// Makes a clock that shows this local time, such as `2026-11-23 10:00`, or `2026-11-23` for ten o'clock that day.
    ///
    /// # Panics
    /// Panics when the text is not such a time, which is a mistake in the test.
    pub fn local(text: &str) -> Self {
        Self::at(local(text))
    }

    /// Returns the time that it shows.
    pub fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }

    /// Sets it.
    pub fn set(&self, now: Instant) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }

    /// Sets it to a local time, written as for [`FixedClock::local`].
    ///
    /// # Panics
    /// Panics when the text is not such a time.
    pub fn set_local(&self, text: &str) {
        self.set(local(text));
    }

    /// Moves the clock on and returns what it shows then.
    pub fn plus_seconds(&self, seconds: i64) -> Instant {
        self.set(self.now().plus_seconds(seconds));
        self.now()
    }

    /// Moves the clock on by 24 hours for each day and returns what it shows then.
    pub fn plus_days(&self, days: i64) -> Instant {
        self.set(self.now().plus_days(days));
        self.now()
    }

    /// Returns the clock as the product takes it.
    pub fn clock(&self) -> Clock {
        let own = self.clone();
        Arc::new(move || own.now())
    }
}

/// Reads a local time of the tests' zone as a moment: `2026-11-23 10:00`, or `2026-11-23` for ten o'clock that day.
///
/// # Panics
/// Panics when the text is not such a time.
pub fn local(text: &str) -> Instant {
    let (date, time) = text.split_once(' ').unwrap_or((text, "10:00"));
    let date: Date = date.parse().unwrap_or_else(|fault| panic!("{text:?} is no local time: {fault}"));
    let minute = time.split_once(':').and_then(|(hour, minute)| {
        Some(hour.parse::<u32>().ok()?.checked_mul(60)?.saturating_add(minute.parse::<u32>().ok()?))
    });
    ZONE.instant(date, minute.unwrap_or_else(|| panic!("{text:?} is no local time")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_show_the_same_time() {
        let clock = FixedClock::local("2026-11-23 10:42");
        let product = clock.clock();
        clock.plus_seconds(60);
        assert_eq!(ZONE.show_minute(product()), "2026-11-23 10:43");
        clock.set_local("2026-11-24");
        assert_eq!(ZONE.show_minute(clock.clone().now()), "2026-11-24 10:00");
    }
}
