//! This file says what a department does by itself: when it hears something, at an hour of the day, when a place moves,
//! when a record is erased.

use std::sync::Arc;

use jobs::{DeliveryError, Envelope, Handler, JobError, Notice};
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

/// When a chore is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whenever somebody puts a job of its kind into the queue.
    Asked,
    /// Whenever a message of that topic stands in the outbox.
    Heard(&'static str),
    /// Every day when the counters open.
    AtOpening,
    /// Every day so many minutes after midnight.
    AtMinute(u32),
}

/// Something that is done by a job.
#[derive(Clone)]
pub struct Chore {
    /// The kind of the job.
    pub kind: &'static str,
    /// When it is done.
    pub when: When,
    /// What does it.
    pub handler: Handler,
    /// Whether it hears the messages about one thing in the order in which they happened.
    pub in_order: bool,
}

impl Chore {
    /// Makes a chore of a kind.
    pub fn new(
        kind: &'static str,
        when: When,
        work: impl Fn(&Store, &jobs::Job, Instant) -> Result<(), JobError> + Send + Sync + 'static,
    ) -> Self {
        Self { kind, when, handler: jobs::handler(work), in_order: false }
    }

    /// Makes a chore that somebody waits for at a page. It has progress and an answer.
    pub fn asked(kind: &'static str, handler: Handler) -> Self {
        Self { kind, when: When::Asked, handler, in_order: false }
    }

    /// Makes it hear the messages about one thing in their order: those that say the same `id`, by their `sequence`.
    #[must_use]
    pub fn in_order(self) -> Self {
        Self { in_order: true, ..self }
    }
}

/// Brings what a department keeps from where places lay to where they lie: each pair is one place's path before and
/// after. It is done again when it failed, so it changes nothing the second time.
pub type Moved = Arc<dyn Fn(&Store, &[(PlacePath, PlacePath)], Instant) -> Result<(), JobError> + Send + Sync>;

/// Follows moved places one after the other, each in a transaction.
pub fn each_move(
    follow: impl Fn(&mut dyn Tx, &PlacePath, &PlacePath) -> Result<(), StoreError> + Clone + Send + Sync + 'static,
) -> Moved {
    Arc::new(move |store, moves, _| {
        for (from, to) in moves {
            let (follow, from, to) = (follow.clone(), from.clone(), to.clone());
            store.write_blocking(move |tx| follow(tx, &from, &to))?;
        }
        Ok(())
    })
}

/// Forgets what belongs to a sealed record (its district, its identity) in the transaction that erases it.
pub type Erased = Arc<dyn Fn(&mut dyn Tx, PlaceId, Uuid, Instant) -> Result<(), StoreError> + Send + Sync>;

/// Finds where a notice goes and what it says at the moment of delivery. Returns none if it is no longer wanted.
pub type Resolve = Arc<dyn Fn(&Store, &Notice, &str, Instant) -> Result<Option<Envelope>, DeliveryError> + Send + Sync>;

/// The recipients of notices that a department knows.
#[derive(Clone)]
pub struct Recipient {
    /// How the handles of its recipients begin, as in `visit:`. The rest is given to `resolve`. An empty prefix takes
    /// only handles without a colon. No two departments give the same.
    pub prefix: &'static str,
    /// Finds the address.
    pub resolve: Resolve,
}
