//! Reserves tries, and gives back those that were right, inside the caller's unit of work.

use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::{StoreError, Tx};

use crate::guard::Digest;
use crate::records;
use crate::rules::{Count, Pace};

/// One thing at which a try is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What it is.
    pub digest: Digest,
    /// How wrong tries at it slow the next one.
    pub pace: Pace,
    /// Whether a right try forgets the wrong ones. It is not set for what strangers share, such as a network address:
    /// somebody who is right once would have fresh guesses at everything else.
    pub cleared: bool,
}

/// A try that counts as wrong until it is given back.
#[derive(Clone, Debug)]
pub struct Reserved(Vec<(Limit, Count)>);

/// Refuses a try that would have to wait, and changes nothing. It spares the one writer of SQLite a flood of guesses;
/// only [`reserve`] decides.
///
/// # Errors
/// The inner one is [`Code::RequestTooMany`] with the seconds to wait. The outer one is the store's.
pub fn look(tx: &mut dyn Tx, limits: &[Limit], now: Instant) -> Result<Result<(), Refusal>, StoreError> {
    let mut waits = 0;
    for limit in limits {
        let count = records::count(tx, &limit.digest)?;
        waits = waits.max(count.map_or(0, |count| count.waits_seconds(&limit.pace, now)));
    }
    Ok(refused(waits).map_or(Ok(()), Err))
}

/// Counts a try at every one of these things before it is checked, or refuses it because it has to wait. Whoever comes
/// at the same moment waits here.
///
/// # Errors
/// The inner one is [`Code::RequestTooMany`] with the seconds to wait. The outer one is the store's.
pub fn reserve(tx: &mut dyn Tx, limits: &[Limit], now: Instant) -> Result<Result<Reserved, Refusal>, StoreError> {
    let mut limits = limits.to_vec();
    // Everybody holds the rows in the same order, so that nobody waits for one another in a circle.
    limits.sort_unstable_by_key(|limit| limit.digest);
    let (mut counts, mut waits) = (Vec::with_capacity(limits.len()), 0);
    for limit in limits {
        let count = records::count_to_change(tx, &limit.digest, now)?;
        waits = waits.max(count.waits_seconds(&limit.pace, now));
        counts.push((limit, count.reserved(&limit.pace, now)));
    }
    if let Some(refusal) = refused(waits) {
        return Ok(Err(refusal));
    }
    for (limit, count) in &counts {
        records::write(tx, &limit.digest, count)?;
    }
    Ok(Ok(Reserved(counts)))
}

/// Makes everybody else who holds the same thing wait until this unit ends. What is checked from here on stays true
/// until then.
pub fn hold(tx: &mut dyn Tx, digest: &Digest, now: Instant) -> Result<(), StoreError> {
    records::count_to_change(tx, digest, now).map(drop)
}

fn refused(waits_seconds: i64) -> Option<Refusal> {
    (waits_seconds > 0).then(|| Refusal::new(Code::RequestTooMany).with("seconds", waits_seconds))
}

impl Reserved {
    /// Returns what the count of a thing is with this try, if the try is counted there.
    #[must_use]
    pub fn count_of(&self, digest: &Digest) -> Option<Count> {
        self.0.iter().find(|(limit, _)| limit.digest == *digest).map(|(_, count)| *count)
    }

    /// Gives the try back, because it was not wrong. Earlier wrong ones stay.
    pub fn give_back(&self, tx: &mut dyn Tx, now: Instant) -> Result<(), StoreError> {
        self.0.iter().try_for_each(|(limit, reserved)| returned(tx, limit, *reserved, now))
    }

    /// Gives the try back, because it was right, and forgets the wrong ones where that is [`Limit::cleared`].
    pub fn right(&self, tx: &mut dyn Tx, now: Instant) -> Result<(), StoreError> {
        self.0.iter().try_for_each(|(limit, reserved)| {
            if limit.cleared { records::forget(tx, &limit.digest) } else { returned(tx, limit, *reserved, now) }
        })
    }
}

fn returned(tx: &mut dyn Tx, limit: &Limit, reserved: Count, now: Instant) -> Result<(), StoreError> {
    let count = records::count_to_change(tx, &limit.digest, now)?;
    records::write(tx, &limit.digest, &count.given_back(reserved, &limit.pace, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { free_tries: 5, first_wait_seconds: 5, longest_wait_seconds: 60, forgotten_seconds: 900 };

    fn limit(byte: u8, cleared: bool) -> Limit {
        Limit { digest: [byte; 32], pace: PACE, cleared }
    }

    fn at(second: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000).plus_seconds(second)
    }

    #[test]
    fn tries_are_counted_at_each_thing_and_given_back() {
        for store in testkit::stores() {
            store::migrate(&store, &[crate::MIGRATIONS]).unwrap();
            let (case, address) = (limit(1, true), limit(2, false));
            let reserved = |limits: Vec<Limit>, second: i64| {
                store.write_blocking(move |tx| reserve(tx, &limits, at(second))).unwrap()
            };
            for _ in 0..5 {
                assert!(reserved(vec![case, address], 0).is_ok(), "{}", store.name);
            }
            let refusal = reserved(vec![address, case], 0).unwrap_err();
            assert_eq!(refusal.detail.get("seconds").map(String::as_str), Some("6"), "{}", store.name);
            let seen = store.read_blocking(move |tx| look(tx, &[limit(9, true), address], at(0))).unwrap();
            assert!(seen.is_err(), "{}", store.name);
            let right = reserved(vec![case, address], 5).unwrap();
            assert_eq!(right.count_of(&case.digest).map(|count| count.wrong), Some(6), "{}", store.name);
            store.write_blocking(move |tx| right.right(tx, at(5))).unwrap();
            let counts = store.read_blocking(move |tx| {
                Ok::<_, StoreError>((records::count(tx, &case.digest)?, records::count(tx, &address.digest)?))
            });
            let (case_count, address_count) = counts.unwrap();
            assert_eq!((case_count, address_count.map(|count| count.wrong)), (None, Some(5)), "{}", store.name);
            let swept = store.write_blocking(move |tx| records::sweep(tx, at(3_600), 10)).unwrap();
            assert_eq!(swept, 1, "{}", store.name);
        }
    }

    #[test]
    fn guesses_at_the_same_moment_get_no_more_through_than_guesses_in_a_row() {
        for store in testkit::stores() {
            store::migrate(&store, &[crate::MIGRATIONS]).unwrap();
            let through: usize = std::thread::scope(|scope| {
                let guessers: Vec<_> = (0..8)
                    .map(|_| {
                        scope.spawn(|| {
                            let tried = |_: &i32| {
                                let limits = [limit(1, true), limit(2, false)];
                                store.write_blocking(move |tx| reserve(tx, &limits, at(0))).unwrap().is_ok()
                            };
                            (0..50).filter(tried).count()
                        })
                    })
                    .collect();
                guessers.into_iter().map(|guesser| guesser.join().unwrap()).sum()
            });
            assert_eq!(through, 5, "{}", store.name);
        }
    }
}
