//! This file counts how many calls a system has left. Each system has a bucket in memory that fills up by the minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kernel::time::Instant;
use uuid::Uuid;

/// Says into how many parts a bucket divides one call, so that it fills evenly without fractions.
const PARTS: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;
const SECONDS_PER_MINUTE: i64 = 60;

/// Holds the buckets of all systems.
#[derive(Default)]
pub struct Limits {
    buckets: Mutex<BTreeMap<Uuid, Bucket>>,
}

struct Bucket {
    level: i64,
    at: Instant,
    /// How many calls were turned away since the last one that was let in.
    refused: i64,
}

/// Says whether a call is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The call is let in. It tells how many calls were turned away since the last one.
    Taken {
        /// How many calls were turned away.
        refused: i64,
    },
    /// The system has to wait for some seconds.
    Wait {
        /// How many seconds, at least 1.
        seconds: i64,
    },
}

impl Limits {
    /// Takes one call out of a system's bucket. A full bucket holds a minute's calls.
    pub fn take(&self, system: Uuid, per_minute: i64, now: Instant) -> Turn {
        let (rate, mut buckets) = (per_minute.max(1), self.buckets.lock().unwrap_or_else(PoisonError::into_inner));
        let full = rate.saturating_mul(PARTS);
        let bucket = buckets.entry(system).or_insert(Bucket { level: full, at: now, refused: 0 });
        let elapsed = now.micros().saturating_sub(bucket.at.micros()).clamp(0, MICROS_PER_MINUTE);
        let gained = elapsed.saturating_mul(rate) / SECONDS_PER_MINUTE;
        bucket.level = bucket.level.saturating_add(gained).min(full);
        bucket.at = now;
        if bucket.level >= PARTS {
            bucket.level -= PARTS;
            return Turn::Taken { refused: std::mem::take(&mut bucket.refused) };
        }
        bucket.refused += 1;
        let micros = (PARTS - bucket.level).saturating_mul(SECONDS_PER_MINUTE) / rate;
        Turn::Wait { seconds: micros / PARTS + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_evenly() {
        let (limits, start) = (Limits::default(), Instant::from_micros(0));
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for _ in 0..3 {
            assert_eq!(limits.take(one, 3, start), Turn::Taken { refused: 0 });
        }
        assert_eq!(limits.take(one, 3, start), Turn::Wait { seconds: 21 });
        assert_eq!(limits.take(one, 3, start.plus_seconds(10)), Turn::Wait { seconds: 11 });
        assert_eq!(limits.take(other, 3, start), Turn::Taken { refused: 0 }, "each has its own");
        assert_eq!(limits.take(one, 3, start.plus_seconds(20)), Turn::Taken { refused: 2 });
        assert_eq!(limits.take(one, 3, start.plus_seconds(20)), Turn::Wait { seconds: 21 });
        let later = start.plus_days(1);
        assert_eq!(limits.take(one, 3, later), Turn::Taken { refused: 1 });
        assert_eq!(limits.take(one, 3, later), Turn::Taken { refused: 0 });
        assert_eq!(limits.take(one, 3, later), Turn::Taken { refused: 0 });
        assert!(matches!(limits.take(one, 3, later), Turn::Wait { .. }), "a day fills no more than a minute's calls");
    }

    #[test]
    fn a_system_waits_as_long_as_one_call_takes_to_come_back() {
        // (calls a minute, seconds until the next one)
        for (per_minute, seconds) in [(1, 61), (2, 31), (60, 2), (120, 1), (0, 61), (-5, 61), (6_000, 1)] {
            let (limits, start, system) = (Limits::default(), Instant::from_micros(0), Uuid::from_u128(1));
            for _ in 0..per_minute.max(1) {
                assert_eq!(limits.take(system, per_minute, start), Turn::Taken { refused: 0 }, "{per_minute}");
            }
            assert_eq!(limits.take(system, per_minute, start), Turn::Wait { seconds }, "{per_minute}");
            let later = start.plus_seconds(seconds);
            assert_eq!(limits.take(system, per_minute, later), Turn::Taken { refused: 1 }, "{per_minute}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_fills_nothing() {
        let (limits, start, system) = (Limits::default(), Instant::from_micros(0), Uuid::from_u128(1));
        assert_eq!(limits.take(system, 1, start), Turn::Taken { refused: 0 });
        assert!(matches!(limits.take(system, 1, start.plus_seconds(-30)), Turn::Wait { .. }));
        assert!(matches!(limits.take(system, i64::MAX, start.plus_seconds(-30)), Turn::Wait { .. }), "nor a huge rate");
    }
}
