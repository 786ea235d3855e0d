//! Decides how long the next try waits, from how many were wrong. Nothing is looked up: moments are arguments.

use kernel::time::Instant;

/// The most times that a wait is doubled. It keeps the arithmetic inside its numbers.
const MOST_DOUBLINGS: i64 = 60;

/// How wrong tries slow the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many wrong tries slow nothing.
    pub free_tries: i64,
    /// How many seconds the first try after them waits. Each further wrong one doubles the wait.
    pub first_wait_seconds: i64,
    /// How many seconds a try waits at most.
    pub longest_wait_seconds: i64,
    /// In how many seconds as many wrong tries as slow nothing are forgotten, evenly, one by one.
    pub forgotten_seconds: i64,
}

impl Pace {
    /// Returns the pace of what is right and may still not be done without end: so many times at once, and from then on
    /// as many in so many seconds, evenly.
    #[must_use]
    pub fn spread(times: i64, seconds: i64) -> Self {
        let wait = (seconds / times.max(1)).max(1);
        Self { free_tries: times, first_wait_seconds: wait, longest_wait_seconds: wait, forgotten_seconds: seconds }
    }

    /// Returns how many seconds the next try waits after so many wrong ones.
    #[must_use]
    pub fn wait_seconds(&self, wrong: i64) -> i64 {
        let doublings = wrong.saturating_sub(self.free());
        if doublings < 0 {
            return 0;
        }
        let factor = u32::try_from(doublings).ok().and_then(|times| 2_i64.checked_pow(times)).unwrap_or(i64::MAX);
        self.first_wait_seconds.max(1).saturating_mul(factor).min(self.longest())
    }

    /// Returns the greatest count: more wrong tries would not make the wait longer. So a count is forgotten soon after
    /// the guessing stops, however long it went on.
    #[must_use]
    pub fn most(&self) -> i64 {
        let mut counts = (0..MOST_DOUBLINGS).map(|doublings| self.free().saturating_add(doublings));
        let longest = self.longest();
        counts.find(|wrong| self.wait_seconds(*wrong) >= longest).unwrap_or(i64::MAX)
    }

    fn free(&self) -> i64 {
        self.free_tries.max(1)
    }

    fn longest(&self) -> i64 {
        self.longest_wait_seconds.max(1)
    }

    /// Returns in how many seconds one wrong try is forgotten.
    fn forgets_one_in(&self) -> i64 {
        (self.forgotten_seconds / self.free()).max(1)
    }
}

/// The wrong tries at one thing, with those that are being checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many there are.
    pub wrong: i64,
    /// The moment since which none of them was forgotten.
    pub since: Instant,
    /// The moment from which the next try is let in.
    pub free_at: Instant,
}

impl Count {
    /// Returns the count of what nobody tried.
    #[must_use]
    pub const fn none(now: Instant) -> Self {
        Self { wrong: 0, since: now, free_at: now }
    }

    /// Returns the count as it is now, without what was forgotten meanwhile. Moments that lie further ahead than any
    /// wait come from a clock that was ahead and was put right; nobody waits for them.
    #[must_use]
    pub fn at(self, pace: &Pace, now: Instant) -> Self {
        let furthest = now.plus_seconds(pace.longest().saturating_mul(2));
        if self.free_at > furthest || self.since > furthest {
            return Self { wrong: self.wrong, ..Self::none(now) };
        }
        let each = pace.forgets_one_in();
        let forgotten = now.seconds_since(self.since).max(0) / each;
        if forgotten >= self.wrong {
            return Self { wrong: 0, since: now, free_at: self.free_at };
        }
        let since = self.since.plus_seconds(forgotten.saturating_mul(each));
        Self { wrong: self.wrong - forgotten, since, free_at: self.free_at }
    }

    /// Returns how many seconds a try has to wait now, or nought if it is let in. While there are free tries nobody
    /// waits, so that of two that came at the same moment the one whose clock was read first is not sent away.
    #[must_use]
    pub fn waits_seconds(self, pace: &Pace, now: Instant) -> i64 {
        let Self { wrong, free_at, .. } = self.at(pace, now);
        if free_at <= now || pace.wait_seconds(wrong) == 0 { 0 } else { free_at.seconds_since(now).saturating_add(1) }
    }

    /// Counts one more try as if it were wrong. The caller has seen that it need not wait.
    #[must_use]
    pub fn reserved(self, pace: &Pace, now: Instant) -> Self {
        let count = self.at(pace, now);
        let wrong = count.wrong.saturating_add(1).min(pace.most());
        Self { wrong, since: count.since, free_at: now.plus_seconds(pace.wait_seconds(wrong)) }
    }

    /// Takes a reserved try back, because it was not wrong. The wait that it began is over, but not one that a later
    /// try began.
    #[must_use]
    pub fn given_back(self, reserved: Self, pace: &Pace, now: Instant) -> Self {
        let count = self.at(pace, now);
        let own = count.free_at == reserved.free_at;
        let free_at = if own { count.free_at.min(now) } else { count.free_at };
        Self { wrong: count.wrong.saturating_sub(1).max(0), since: count.since, free_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { free_tries: 3, first_wait_seconds: 5, longest_wait_seconds: 60, forgotten_seconds: 900 };

    fn at(second: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000).plus_seconds(second)
    }

    /// A guesser who tries at each of these seconds and is always wrong. Says which tries were let in.
    fn let_in(seconds: &[i64]) -> Vec<bool> {
        let mut count = Count::none(at(0));
        let mut tried = |second: i64| {
            let free = count.waits_seconds(&PACE, at(second)) == 0;
            if free {
                count = count.reserved(&PACE, at(second));
            }
            free
        };
        seconds.iter().map(|second| tried(*second)).collect()
    }

    #[test]
    fn the_wait_doubles_after_the_free_tries_up_to_its_bound() {
        let table = [(0, 0), (2, 0), (3, 5), (4, 10), (5, 20), (6, 40), (7, 60), (8, 60), (500, 60), (i64::MAX, 60)];
        for (wrong, seconds) in table {
            assert_eq!(PACE.wait_seconds(wrong), seconds, "{wrong}");
        }
        assert_eq!(PACE.most(), 7);
        let odd = Pace { free_tries: 0, first_wait_seconds: -1, longest_wait_seconds: 0, forgotten_seconds: 0 };
        assert_eq!((odd.wait_seconds(0), odd.wait_seconds(1), odd.most()), (0, 1, 1), "figures that make no sense");
    }

    #[test]
    fn guesses_in_one_moment_get_no_more_through_than_the_free_tries() {
        let found = let_in(&[0; 400]);
        assert_eq!(found.iter().filter(|free| **free).count(), 3);
        assert!(found.iter().take(3).all(|free| *free));
    }

    #[test]
    fn the_next_try_waits_and_is_then_let_in() {
        let table: [(&[i64], &[bool]); 4] = [
            (&[0, 0, 0, 4, 5, 5, 14, 15], &[true, true, true, false, true, false, false, true]),
            (&[0, 1, 2, 6, 7], &[true, true, true, false, true]),
            (&[0, 0, 0, 300], &[true, true, true, true]),
            (&[0, 0, 0, 5, 15, 35, 75, 134, 135], &[true, true, true, true, true, true, true, false, true]),
        ];
        for (seconds, expected) in table {
            assert_eq!(let_in(seconds), expected, "{seconds:?}");
        }
    }

    #[test]
    fn what_is_spread_is_let_in_so_many_times_at_once_and_then_evenly() {
        let pace = Pace::spread(4, 3_600);
        let mut count = Count::none(at(0));
        let mut done = |second: i64| {
            let free = count.waits_seconds(&pace, at(second)) == 0;
            if free {
                count = count.reserved(&pace, at(second));
            }
            free
        };
        assert_eq!((0..9).filter(|_| done(0)).count(), 4, "at once");
        let later = (1..=7_200).filter(|second| done(*second)).count();
        assert_eq!(later, 8, "in the two hours after that");
        let idle = (0..9).filter(|_| done(20_000)).count();
        assert_eq!(idle, 4, "after a rest");
        assert_eq!(Pace::spread(0, 0), Pace { free_tries: 0, ..Pace::spread(1, 0) }, "figures that make no sense");
    }

    #[test]
    fn wrong_tries_are_forgotten_one_by_one() {
        let count = Count { wrong: 3, since: at(0), free_at: at(5) };
        for (second, wrong, since) in
            [(0, 3, 0), (299, 3, 0), (300, 2, 300), (650, 1, 600), (900, 0, 900), (5_000, 0, 5_000)]
        {
            let found = count.at(&PACE, at(second));
            assert_eq!((found.wrong, found.since), (wrong, at(since)), "{second}");
        }
        let stays = count.at(&PACE, at(299)).at(&PACE, at(300));
        assert_eq!(stays.wrong, 2, "looking at it prolongs nothing");
    }

    #[test]
    fn a_right_try_is_given_back_and_ends_its_own_wait_alone() {
        let before = Count { wrong: 2, since: at(0), free_at: at(0) };
        let first = before.reserved(&PACE, at(1));
        assert_eq!((first.wrong, first.free_at), (3, at(6)));
        let back = first.given_back(first, &PACE, at(2));
        assert_eq!((back.wrong, back.waits_seconds(&PACE, at(2))), (2, 0));
        let later = first.reserved(&PACE, at(6));
        let back = later.given_back(first, &PACE, at(7));
        assert_eq!((back.wrong, back.free_at), (3, later.free_at), "another try began this wait");
        assert_eq!(Count::none(at(0)).given_back(first, &PACE, at(0)).wrong, 0);
    }

    #[test]
    fn a_clock_that_was_ahead_and_is_put_right_keeps_nobody_waiting() {
        let days = 2 * 86_400;
        for count in [
            Count { wrong: 7, since: at(days), free_at: at(days + 60) },
            Count { wrong: 7, since: at(0), free_at: at(days) },
        ] {
            let found = count.at(&PACE, at(0));
            assert_eq!((found.wrong, found.waits_seconds(&PACE, at(0))), (7, 0), "{count:?}");
        }
        let another_server = Count { wrong: 3, since: at(1), free_at: at(6) };
        assert_eq!(another_server.waits_seconds(&PACE, at(0)), 7, "a clock a little ahead changes nothing");
    }

    #[test]
    fn an_hour_of_guessing_is_forgotten_within_minutes() {
        let mut count = Count::none(at(0));
        for second in (0..3_600).filter(|second| second % 60 == 0) {
            count = count.reserved(&PACE, at(second));
        }
        assert!(count.wrong <= PACE.most());
        assert_eq!(count.at(&PACE, at(3_600 + 7 * 300)).wrong, 0);
    }
}
