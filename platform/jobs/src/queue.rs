//! What a job is, who does it, and when a failed one is tried again.

use kernel::place::PlaceId;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use store::{Store, StoreError};
use uuid::Uuid;

/// The numbers by which the queue works. They come from the rulebook, so there is no default here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How often a job is tried before it is given up.
    pub attempts: u32,
    /// How long a job belongs to the process that took it. Then another process may take it. This must be longer than
    /// the longest handler runs.
    pub lease_seconds: u32,
    /// How long after the first failure the job is tried again. The wait doubles after each further failure.
    pub first_delay_seconds: u32,
    /// The longest time between two attempts.
    pub longest_delay_seconds: u32,
    /// How long the runner rests when nothing is due.
    pub idle_milliseconds: u32,
    /// How many messages of the outbox are handled at once.
    pub outbox_batch: u32,
    /// How many jobs for destinations are done at once, beside the platform's own work. Half of the workers leave alone
    /// what failed the last time, so that destinations that hang never keep all of them.
    pub lane_workers: u32,
    /// How many jobs for one destination are done at once.
    pub lane_jobs: u32,
    /// After how many failures in a row a destination is left in peace for a while.
    pub lane_failures: u32,
}

impl Rules {
    /// Returns how many seconds to wait after that many attempts.
    pub fn delay_seconds(&self, attempts: i64) -> i64 {
        let doublings = u32::try_from(attempts.saturating_sub(1).max(0)).unwrap_or(u32::MAX);
        let factor = 2_i64.checked_pow(doublings).unwrap_or(i64::MAX);
        i64::from(self.first_delay_seconds).saturating_mul(factor).min(i64::from(self.longest_delay_seconds))
    }

    /// Returns how many jobs for a destination are done at once: one alone after it failed.
    pub(crate) fn lane_width(&self, failures: i64) -> i64 {
        if failures > 0 { 1 } else { i64::from(self.lane_jobs.max(1)) }
    }

    /// Returns for how many seconds a destination is left in peace after that many failures in a row.
    pub(crate) fn lane_pause_seconds(&self, failures: i64) -> Option<i64> {
        let beyond = failures.saturating_sub(i64::from(self.lane_failures.max(1)));
        (beyond >= 0).then(|| self.delay_seconds(beyond.saturating_add(1)))
    }
}

/// A job that is about to enter the queue. It carries its identity, so make it outside the unit of work.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// The identity (UUIDv7).
    pub id: Uuid,
    /// The kind names the handler that does the job, for example `cases.remind`.
    pub kind: String,
    /// Two jobs with the same key are one job, even long after the first was done.
    pub dedupe_key: String,
    /// The particulars. They are never personal data.
    pub payload: Value,
    /// The moment when the job is due.
    pub run_at: Instant,
    /// What the clock said when that moment was reckoned, or nothing if somebody planned the moment. A job that a clock
    /// put off that was ahead is due once the clock is put right; a planned one keeps its moment.
    pub set_at: Option<Instant>,
    /// The destination to which it goes, or an empty text for the platform's own work.
    pub lane: String,
    /// Jobs with the same key are done one after the other.
    pub order: Option<Order>,
}

/// The turn of a job among those that are done one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What they have in common.
    pub key: String,
    /// The number of this one. It waits until each with a smaller number is done or given up.
    pub number: i64,
}

impl NewJob {
    /// Makes a job of a kind that is due as soon as possible: `now` is what the clock says.
    pub fn new(kind: &str, dedupe_key: impl Into<String>, payload: Value, now: Instant) -> Self {
        Self {
            id: Uuid::now_v7(),
            kind: kind.to_owned(),
            dedupe_key: dedupe_key.into(),
            payload,
            run_at: now,
            set_at: Some(now),
            lane: String::new(),
            order: None,
        }
    }

    /// Makes a job of a kind that is due at a planned moment, and never before it.
    pub fn planned(kind: &str, dedupe_key: impl Into<String>, payload: Value, run_at: Instant) -> Self {
        Self { set_at: None, ..Self::new(kind, dedupe_key, payload, run_at) }
    }

    /// With the destination to which it goes.
    #[must_use]
    pub fn in_lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = lane.into();
        self
    }

    /// With its turn among the jobs of one key.
    #[must_use]
    pub fn in_order(mut self, key: impl Into<String>, number: i64) -> Self {
        self.order = Some(Order { key: key.into(), number });
        self
    }
}

/// A job in the hands of its handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The identity.
    pub id: Uuid,
    /// The kind under which it entered the queue.
    pub kind: String,
    /// The particulars.
    pub payload: Value,
    /// The moment when it was due.
    pub run_at: Instant,
    /// The number of this attempt, from 1.
    pub attempt: i64,
    /// This is set when the job is given up if this attempt fails.
    pub last: bool,
}

impl Job {
    /// Returns the message of the outbox for which this job was made.
    ///
    /// # Errors
    /// Fails with [`JobError::Never`] when the job was not made for a message.
    pub fn heard(&self) -> Result<Heard, JobError> {
        serde_json::from_value(self.payload.clone())
            .map_err(|fault| JobError::Never(format!("the job carries no message of the outbox: {fault}")))
    }
}

/// A message of the outbox as a listener gets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// The identity of the message, the same for each listener.
    pub id: Uuid,
    /// The district that the message is about.
    pub district: PlaceId,
    /// What happened.
    pub topic: String,
    /// The particulars.
    pub payload: Value,
    /// When it happened.
    pub at: Instant,
}

impl Heard {
    /// Returns the turn of this message among those about the same thing, if it says `id` and `sequence`.
    pub(crate) fn order(&self, listener: &str) -> Option<Order> {
        let id = self.payload.get("id")?.as_str()?;
        Some(Order { key: format!("{listener}:{id}"), number: self.payload.get("sequence")?.as_i64()? })
    }
}

/// The reason why a job is not done. The texts are kept and shown to staff, so they contain nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// The job may succeed later. It is tried again after a while, as often as the rules say.
    #[error("{0}")]
    Retry(String),
    /// This is the wrong hour for the job. It comes again at that moment, and this run does not count as an attempt.
    #[error("not before {}", .0.micros())]
    Later(Instant),
    /// This attempt failed, and the handler says itself when the next one comes, or that there is none. It counts no
    /// attempt: how often and for how long is for the handler to say.
    #[error("{why}")]
    Again {
        /// Why it failed.
        why: String,
        /// When it is tried again, or nothing when it is given up.
        at: Option<Instant>,
        /// Whether the destination asked for that pause: then nothing else is sent to it before, for as long as the
        /// rules let a destination be left in peace.
        asked: bool,
    },
    /// The job can never succeed. It is given up at once.
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
