//! Keeps what a session may do for a few seconds, so that a page costs at most one read.

use crate::records::{Account, Session};
use crate::rules::{Post, SessionTimes};
use crate::token::TokenDigest;
use kernel::time::Instant;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The greatest number of entries. A full cache is emptied, which costs one read for each session and nothing else.
const MOST: usize = 20_000;

/// A session with its account and posts as they were read.
#[derive(Debug)]
pub struct Snapshot {
    pub session: Session,
    pub account: Account,
    pub posts: Vec<Post>,
    /// Whether two others removed the one-time code, and it is still off.
    pub code_removed: bool,
}

impl Snapshot {
    pub const fn times(&self) -> SessionTimes {
        SessionTimes { seen_at: self.session.seen_at, expires_at: self.session.expires_at }
    }
}

#[derive(Debug)]
struct Kept {
    snapshot: Arc<Snapshot>,
    read_at: Instant,
}

/// The cache. Other instances of the platform learn of a change when their own entries expire.
#[derive(Debug)]
pub struct Cache {
    seconds: i64,
    kept: Mutex<BTreeMap<TokenDigest, Kept>>,
}

impl Cache {
    /// Makes a cache whose entries hold for so many seconds; 0 keeps nothing.
    pub fn new(seconds: u32) -> Self {
        Self { seconds: i64::from(seconds), kept: Mutex::default() }
    }

    pub fn get(&self, digest: &TokenDigest, now: Instant) -> Option<Arc<Snapshot>> {
        let kept = self.entries();
        let found = kept.get(digest)?;
        let age = now.seconds_since(found.read_at);
        (age >= 0 && age < self.seconds).then(|| Arc::clone(&found.snapshot))
    }

    pub fn put(&self, digest: TokenDigest, snapshot: Arc<Snapshot>, now: Instant) {
        if self.seconds == 0 {
            return;
        }
        let mut kept = self.entries();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(digest, Kept { snapshot, read_at: now });
    }

    /// Forgets every session of an account.
    pub fn forget(&self, account: Uuid) {
        self.entries().retain(|_, kept| kept.snapshot.account.id != account);
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<TokenDigest, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{KIND_STAFF, STAGE_FULL};
    use kernel::place::PlaceId;

    fn at(second: i64) -> Instant {
        Instant::from_micros(0).plus_seconds(second)
    }

    fn snapshot(account: u128) -> Arc<Snapshot> {
        let account = Account {
            id: Uuid::from_u128(account),
            district: PlaceId(1),
            kind: KIND_STAFF.to_owned(),
            login: Some("wang".to_owned()),
            name: "王芳".to_owned(),
            password: None,
            must_change: false,
            code_on: true,
            code_step: None,
            failures: 0,
            failed_at: None,
            locked_until: None,
            person: None,
            opened_at: at(0),
            closed_at: None,
            password_until: None,
        };
        let session = Session {
            id: Uuid::from_u128(99),
            account: account.id,
            stage: STAGE_FULL.to_owned(),
            device: String::new(),
            opened_at: at(0),
            seen_at: at(0),
            expires_at: at(3_600),
        };
        Arc::new(Snapshot { session, account, posts: Vec::new(), code_removed: false })
    }

    #[test]
    fn what_was_read_holds_for_the_seconds_of_the_rule() {
        let table = [(0, 0, false), (1, 0, true), (1, 1, false), (5, 4, true), (5, 5, false), (5, -1, false)];
        for (seconds, age, found) in table {
            let cache = Cache::new(seconds);
            cache.put([1; 32], snapshot(1), at(100));
            assert_eq!(cache.get(&[1; 32], at(100 + age)).is_some(), found, "{seconds} {age}");
            assert!(cache.get(&[2; 32], at(100)).is_none(), "another token");
        }
    }

    #[test]
    fn an_account_that_changed_is_forgotten_in_all_its_sessions() {
        let cache = Cache::new(60);
        for (token, account) in [(1, 1), (2, 1), (3, 2)] {
            cache.put([token; 32], snapshot(account), at(0));
        }
        cache.forget(Uuid::from_u128(1));
        for (token, found) in [(1, false), (2, false), (3, true)] {
            assert_eq!(cache.get(&[token; 32], at(1)).is_some(), found, "{token}");
        }
        cache.put([3; 32], snapshot(7), at(2));
        let kept = cache.get(&[3; 32], at(2)).unwrap();
        assert_eq!(kept.account.id, Uuid::from_u128(7), "what was read last counts");
        assert_eq!((kept.times().seen_at, kept.times().expires_at), (at(0), at(3_600)));
    }
}
