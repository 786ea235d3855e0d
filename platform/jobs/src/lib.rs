//! Durable work: a queue with timers on both engines, listeners to the outbox, and notices that reach people once.
//!
//! A job enters the queue in the transaction of the change that causes it. It runs at least once, so handlers must
//! tolerate a second run. A failed job is retried after longer and longer waits; finally it is given up and stays
//! visible to people. Notices to people are jobs too. They go through channels, within working hours if they would
//! disturb, and each has a receipt. Work that somebody waits for at a page is a job with progress and an answer
//! ([`ask`], [`worker`]).
//!
//! The platform's own work is done a few jobs at once where they are about different things, and in order otherwise.
//!
//! Jobs for a destination outside the platform are in its lane. A lane has workers apart from the platform's own work,
//! runs a few jobs at once, and is paused for longer and longer while it fails. Jobs with the same order key run one
//! after the other.

pub mod channels;
mod notice;
mod queue;
mod records;
mod runner;
#[cfg(test)]
mod tests;
mod thread;
mod words;
mod work;

pub use notice::{CalendarSource, Channel, Delivery, DeliveryError, Envelope, Receipt, Resolver, notify};
pub use queue::{Handler, Heard, Job, JobError, NewJob, Order, Rules, handler};
pub use records::clock::{Ahead, ahead};
pub use records::lanes::{Destination, destination, forget_destinations, restless_destinations, try_destination};
pub use records::late::{LATE_MINUTES, Late, late};
pub use records::queued::{JobCursor, drop_job, given_up_jobs, hurry, waiting_jobs};
pub use records::work::{forget_work, relocate, stop, work, works};
pub use records::{
    Counts, JobRecord, Notice, counts, enqueue, failed_jobs, failed_notices, forget_done, inbox, mark_read, notice,
    readdress, retry, unread,
};
pub use runner::Runner;
pub use thread::Running;
pub use words::{ChannelKind, NewNotice, NewWork, WorkState};
pub use work::{Progress, Work, WorkError, ask, worker};

use store::Migration;

/// The tables of this crate, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "jobs/0001_jobs", sql: include_str!("../migrations/0001_jobs.sql") },
    Migration { name: "jobs/0002_unread", sql: include_str!("../migrations/0002_unread.sql") },
    Migration { name: "jobs/0003_work", sql: include_str!("../migrations/0003_work.sql") },
    Migration { name: "jobs/0004_kinds", sql: include_str!("../migrations/0004_kinds.sql") },
    Migration { name: "jobs/0005_keys", sql: include_str!("../migrations/0005_keys.sql") },
    Migration { name: "jobs/0006_lanes", sql: include_str!("../migrations/0006_lanes.sql") },
];
