//! Counting how often somebody tries number and telephone, or number and code, so that they cannot be guessed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;

use crate::Counter;

/// Keys remembered at most; the oldest are forgotten first.
const KEYS_LIMIT: usize = 100_000;

/// Failed attempts by key (a case's number, a network address) within a sliding window.
#[derive(Default)]
pub struct Attempts {
    failures: Mutex<BTreeMap<String, Vec<Instant>>>,
}

impl Attempts {
    /// Whether the key has fewer failures than `limit` within the window before `now`.
    #[must_use]
    pub fn free(&self, key: &str, limit: i64, window_seconds: i64, now: Instant) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now.plus_seconds(-window_seconds);
        let Some(times) = failures.get_mut(key) else { return true };
        times.retain(|at| *at > since);
        let free = i64::try_from(times.len()).is_ok_and(|count| count < limit);
        if times.is_empty() {
            failures.remove(key);
        }
        free
    }

    /// Remembers a failure.
    pub fn failed(&self, key: &str, now: Instant) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= KEYS_LIMIT && !failures.contains_key(key) {
            let oldest = failures.iter().min_by_key(|(_, times)| times.last().copied()).map(|(key, _)| key.clone());
            oldest.and_then(|key| failures.remove(&key));
        }
        failures.entry(key.to_owned()).or_default().push(now);
    }
}

/// One try that is allowed; told back with [`Counter::tried_in_vain`] when it was wrong.
pub struct Tries(Vec<String>);

impl Counter {
    /// Allows one try at something that could be guessed. `what` names the page. Wrong tries count for `from`: a
    /// network address, or a system that asks for its own users. If a number is given, they also count for that number,
    /// wherever they come from.
    ///
    /// # Errors
    /// Refuses with `request.too_many` if there were too many wrong tries within the window. Fails if the rulebook does
    /// not have the figures.
    pub fn tries(&self, from: &str, what: &str, number: Option<&str>, now: Instant) -> Result<Tries, Fault> {
        let window = self.cases.hall.figure(crate::words::FOLLOW_LOOKUP_WINDOW_MINUTES, now)?.saturating_mul(60);
        let shared = i64::from(self.cases.hall.figure(crate::words::FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS, now)?);
        let mut keys = vec![(format!("{what} from {from}"), shared)];
        if let Some(number) = number {
            // One key however the number is spelled, or each spelling would have tries of its own.
            let number = CaseNumber::parse(number)
                .map_or_else(|_| number.trim().to_owned(), |number| number.as_str().to_owned());
            let most = self.cases.hall.figure(crate::words::FOLLOW_LOOKUP_ATTEMPTS, now)?;
            keys.push((format!("{what} number {number}"), i64::from(most)));
        }
        if !keys.iter().all(|(key, limit)| self.attempts.free(key, *limit, window, now)) {
            return Err(Refusal::new(Code::RequestTooMany).with("seconds", window).into());
        }
        Ok(Tries(keys.into_iter().map(|(key, _)| key).collect()))
    }

    /// Counts a try that was wrong.
    pub fn tried_in_vain(&self, tries: &Tries, now: Instant) {
        for key in &tries.0 {
            self.attempts.failed(key, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_waits_until_the_window_has_passed() {
        let (attempts, start) = (Attempts::default(), Instant::from_micros(0));
        for second in 0..5 {
            let now = start.plus_seconds(second);
            assert!(attempts.free("number", 5, 600, now));
            attempts.failed("number", now);
        }
        assert!(!attempts.free("number", 5, 600, start.plus_seconds(5)));
        assert!(attempts.free("another", 5, 600, start.plus_seconds(5)));
        assert!(attempts.free("number", 5, 600, start.plus_seconds(600)), "the first failure is out of the window");
    }

    #[test]
    fn a_window_slides_over_the_failures() {
        let (attempts, start) = (Attempts::default(), Instant::from_micros(0));
        for second in [0, 300, 599] {
            attempts.failed("number", start.plus_seconds(second));
        }
        let table =
            [(599, 3, false), (599, 4, true), (600, 3, true), (600, 2, false), (900, 2, true), (1_199, 1, true)];
        for (second, limit, free) in table {
            assert_eq!(attempts.free("number", limit, 600, start.plus_seconds(second)), free, "{second} {limit}");
        }
        assert!(attempts.free("number", 0, 600, start), "what nobody tried is free");
    }

    #[test]
    fn the_oldest_key_is_forgotten_when_there_are_too_many() {
        let (attempts, start) = (Attempts::default(), Instant::from_micros(0));
        for at in (0_i64..).take(KEYS_LIMIT) {
            attempts.failed(&format!("key {at}"), start.plus_seconds(at));
        }
        let now = start.plus_seconds(100_000);
        attempts.failed("key 0", now);
        attempts.failed("one more", now);
        for (key, free) in [("key 0", false), ("key 1", true), ("key 2", false), ("one more", false)] {
            assert_eq!(attempts.free(key, 1, 1_000_000, now), free, "{key}");
        }
    }
}
