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
