//! What a job is, who does it, and when a failed one is tried again.

use kernel::place::PlaceId;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use store::{Store, StoreError};
use uuid::Uuid;

/// The numbers of the queue. They come from the rulebook; nothing here has a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How often a job is tried before it is given up.
    pub attempts: u32,
    /// How long a job belongs to the process that took it; after that another may take it. Longer than the longest handler.
    pub lease_seconds: u32,
    /// How long after the first failure it is tried again; doubled after each further one.
    pub first_delay_seconds: u32,
    /// The longest time between two attempts.
    pub longest_delay_seconds: u32,
    /// How long the runner rests when nothing is due.
    pub idle_milliseconds: u32,
    /// How many messages of the outbox are dealt with at once.
    pub outbox_batch: u32,
}

impl Rules {
    /// Seconds to wait after that many attempts.
    pub fn delay_seconds(&self, attempts: i64) -> i64 {
        let doublings = u32::try_from(attempts.saturating_sub(1).max(0)).unwrap_or(u32::MAX);
        let factor = 2_i64.checked_pow(doublings).unwrap_or(i64::MAX);
        i64::from(self.first_delay_seconds).saturating_mul(factor).min(i64::from(self.longest_delay_seconds))
    }
}

/// A job about to be put into the queue. Make it outside of the unit of work: it carries its identity.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// Identity (UUIDv7).
    pub id: Uuid,
    /// Which handler does it, for example `cases.remind`.
    pub kind: String,
    /// The same key twice is one job, also long after the first was done.
    pub dedupe_key: String,
    /// The particulars, never personal data.
    pub payload: Value,
    /// When it is due.
    pub run_at: Instant,
}

impl NewJob {
    /// A job of a kind, due at a moment.
    pub fn new(kind: &str, dedupe_key: impl Into<String>, payload: Value, run_at: Instant) -> Self {
        Self { id: Uuid::now_v7(), kind: kind.to_owned(), dedupe_key: dedupe_key.into(), payload, run_at }
    }
}

/// A job in the hands of its handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Identity.
    pub id: Uuid,
    /// The kind it was put in as.
    pub kind: String,
    /// The particulars.
    pub payload: Value,
    /// When it was due.
    pub run_at: Instant,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// Whether it is given up if this attempt fails.
    pub last: bool,
}

impl Job {
    /// The message of the outbox that this job was made for.
    ///
    /// # Errors
    /// [`JobError::Never`] when it was not made for one.
    pub fn heard(&self) -> Result<Heard, JobError> {
        serde_json::from_value(self.payload.clone())
            .map_err(|fault| JobError::Never(format!("the job carries no message of the outbox: {fault}")))
    }
}

/// A message of the outbox as a listener hears it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Identity of the message, the same for each listener.
    pub id: Uuid,
    /// The district it is about.
    pub district: PlaceId,
    /// What happened.
    pub topic: String,
    /// The particulars.
    pub payload: Value,
    /// When.
    pub at: Instant,
}

/// Why a job is not done. The texts are kept and shown to staff: nothing personal in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It may go better later: tried again after a while, as often as the rules say.
    #[error("{0}")]
    Retry(String),
    /// It is not the hour for it: comes again at that moment, without counting as an attempt.
    #[error("not before {}", .0.micros())]
    Later(Instant),
    /// It will never go: given up at once.
    #[error("{0}")]
    Never(String),
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Retry(error.to_string())
    }
}

/// Does the jobs of one kind. Runs at least once for each job, so it bears being run twice.
pub type Handler = Arc<dyn Fn(&Store, &Job, Instant) -> Result<(), JobError> + Send + Sync>;

/// A handler from a function.
pub fn handler(work: impl Fn(&Store, &Job, Instant) -> Result<(), JobError> + Send + Sync + 'static) -> Handler {
    Arc::new(work)
}
