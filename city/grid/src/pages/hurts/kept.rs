//! Keeps what took long to find out, so that a page of a large city does not count everything for each of its readers.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::place::PlacePath;
use kernel::time::Instant;

/// What took less than this is found out again each time.
const LONG: Duration = Duration::from_millis(100);
/// It is kept for so many times as long as it took.
const TIMES: u32 = 100;
/// For how many seconds it is kept at most.
const MOST_SECONDS: u32 = 600;
/// For how many places something is kept at most.
const PLACES: usize = 1_000;

/// What was found out of places, each until a moment.
pub struct Kept<T>(Mutex<BTreeMap<PlacePath, (Instant, T)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    /// What is kept of a place.
    pub fn get(&self, place: &PlacePath, now: Instant) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(place).filter(|(until, _)| *until > now).map(|(_, found)| found.clone())
    }

    /// Keeps what was found of a place, if that took long.
    pub fn keep(&self, place: &PlacePath, found: &T, now: Instant, took: Duration) {
        if took < LONG {
            return;
        }
        let seconds = took.saturating_mul(TIMES).as_secs().min(MOST_SECONDS.into());
        let until = now.plus_seconds(i64::try_from(seconds).unwrap_or(0));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (until, _)| *until > now);
        if kept.len() < PLACES {
            kept.insert(place.clone(), (until, found.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_is_kept_a_hundred_times_as_long_and_ten_minutes_at_most() {
        let place = PlacePath::parse("1.4.").unwrap();
        let now = Instant::from_micros(1_795_572_000_000_000);
        for (milliseconds, seconds) in [(0, 0), (99, 0), (100, 10), (2_000, 200), (60_000, 600)] {
            let kept = Kept::default();
            kept.keep(&place, &7, now, Duration::from_millis(milliseconds));
            let after = |seconds: i64| kept.get(&place, now.plus_seconds(seconds));
            assert_eq!(after(seconds - 1), (seconds > 0).then_some(7), "{milliseconds}");
            assert_eq!(after(seconds), None, "{milliseconds}");
        }
    }
}
