//! How many requests a client has left this minute. It is kept in memory: a server that starts again forgives.

use crate::cost::class::Class;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const WINDOW: Duration = Duration::from_mins(1);
/// How many clients and classes are remembered.
const MOST: usize = 20_000;
/// How long a full table stays as it is before it is looked through again.
const SWEPT_AGAIN: Duration = Duration::from_secs(1);

/// Counts requests. A client may ask for a whole minute's requests at once and gets them back evenly.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    /// The moment at which a client has all of its requests back.
    whole_at: HashMap<(String, Class), Instant>,
    /// When it was looked through the last time, because it was full.
    swept_at: Option<Instant>,
}

impl Table {
    /// Makes sure that there is room, and returns whether there is. A crowd of new clients has a full table looked
    /// through once in a while, not each time.
    fn has_room(&mut self, now: Instant) -> bool {
        let is_due = self.swept_at.is_none_or(|at| now.saturating_duration_since(at) >= SWEPT_AGAIN);
        if self.whole_at.len() >= MOST && is_due {
            self.whole_at.retain(|_, whole_at| *whole_at > now);
            self.swept_at = Some(now);
        }
        self.whole_at.len() < MOST
    }
}

impl Quota {
    /// Takes one request of a client.
    ///
    /// # Errors
    /// Gives the seconds after which the client has one request again, at least 1.
    pub(crate) fn take(&self, client: &str, class: Class, a_minute: u32, now: Instant) -> Result<(), u64> {
        let each = WINDOW / a_minute.max(1);
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = (client.to_owned(), class);
        if !table.whole_at.contains_key(&key) && !table.has_room(now) {
            // Who comes when the table is full counts together with everybody else who does.
            key.0.clear();
        }
        let whole_at = table.whole_at.get(&key).copied().unwrap_or(now).max(now);
        let after = whole_at + each;
        let over = after.duration_since(now).saturating_sub(WINDOW);
        if over > Duration::ZERO {
            return Err(over.as_secs() + 1);
        }
        table.whole_at.insert(key, after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_minutes_requests_come_at_once_and_come_back_evenly() {
        let (quota, start) = (Quota::default(), Instant::now());
        let take = |client: &str, after: u64| quota.take(client, Class::Page, 3, start + Duration::from_secs(after));
        for _ in 0..3 {
            assert_eq!(take("a", 0), Ok(()));
        }
        assert_eq!(take("a", 0), Err(21));
        assert_eq!(take("a", 10), Err(11));
        assert_eq!(take("b", 0), Ok(()), "each has its own");
        assert_eq!(quota.take("a", Class::Form, 3, start), Ok(()), "and for each class");
        assert_eq!(take("a", 20), Ok(()));
        assert_eq!(take("a", 20), Err(21));
        for _ in 0..3 {
            assert_eq!(take("a", 86_400), Ok(()));
        }
        assert_eq!(take("a", 86_400), Err(21), "a day gives back no more than a minute's requests");
    }

    #[tokio::test]
    async fn the_table_forgets_and_never_grows_beyond_its_bound() {
        let (quota, start) = (Quota::default(), Instant::now());
        for number in 0..MOST {
            assert_eq!(quota.take(&number.to_string(), Class::Form, 2, start), Ok(()));
        }
        let late = |client: &str| quota.take(client, Class::Form, 2, start);
        assert_eq!((late("x"), late("y"), late("z")), (Ok(()), Ok(()), Err(31)), "who comes now counts together");
        assert_eq!(late("0"), Ok(()), "who was there before keeps her own");
        let after = start + WINDOW;
        assert_eq!(quota.take("z", Class::Form, 2, after), Ok(()));
        assert_eq!(quota.table.lock().unwrap().whole_at.len(), 1, "who has all back is forgotten");
    }

    #[tokio::test]
    async fn a_full_table_is_looked_through_once_a_second() {
        let (quota, start) = (Quota::default(), Instant::now());
        for number in 0..MOST {
            assert_eq!(quota.take(&number.to_string(), Class::Form, 2, start), Ok(()));
        }
        let known = || quota.table.lock().unwrap().whole_at.len();
        let comes = |client: &str, after: u64| {
            quota.take(client, Class::Form, 2, start + Duration::from_millis(after)).unwrap();
        };
        comes("x", 29_500);
        assert_eq!(known(), MOST + 1, "all have come too lately, and whoever comes now counts together");
        comes("y", 30_400);
        assert_eq!(known(), MOST + 1, "it was looked through a moment ago");
        comes("z", 30_500);
        assert_eq!(known(), 2, "those who came together, and the new one");
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_one_request_takes() {
        for (a_minute, seconds) in [(1, 61), (2, 31), (60, 2), (1_200, 1), (0, 61)] {
            let (quota, start) = (Quota::default(), Instant::now());
            for _ in 0..a_minute.max(1) {
                assert_eq!(quota.take("a", Class::Page, a_minute, start), Ok(()), "{a_minute}");
            }
            assert_eq!(quota.take("a", Class::Page, a_minute, start), Err(seconds), "{a_minute}");
        }
    }
}
