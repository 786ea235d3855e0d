//! Puts right what a clock wrote that was ahead: waits, leases and pauses that would last until its time comes.

use kernel::time::Instant;
use store::{StoreError, Tx, all, args, record};

/// How many seconds the clocks of several machines may differ.
const APART_SECONDS: i64 = 300;

record! {
    /// Jobs of one kind that a clock put off that was ahead.
    pub struct Ahead {
        /// The kind.
        pub kind: String,
        /// How many there are.
        pub jobs: i64,
        /// When the first of them would be due.
        pub first: Instant,
    }
}

/// Returns the jobs that were put off by a clock that was ahead, by kind. The runner makes them due within a minute.
///
/// # Errors
/// Those of the store.
pub fn ahead(tx: &mut dyn Tx, now: Instant) -> Result<Vec<Ahead>, StoreError> {
    all(
        tx,
        "select kind, count(*), min(run_at) from jobs_job where done_at is null and failed_at is null \
         and set_at > $1 and run_at > $1 group by kind order by kind limit 100",
        &args![now.plus_seconds(APART_SECONDS)],
    )
}

/// The longest times that are right.
#[derive(Clone, Copy)]
pub(crate) struct Longest {
    /// The seconds of a lease.
    pub lease: i64,
    /// The seconds of a pause.
    pub pause: i64,
}

/// Makes jobs due that a clock put off that was ahead, and ends its leases and pauses. Moments that somebody planned
/// stay. Returns how many jobs it put right.
pub(crate) fn put_right(tx: &mut dyn Tx, now: Instant, longest: Longest) -> Result<u64, StoreError> {
    let beyond = |seconds: i64| now.plus_seconds(seconds.saturating_add(APART_SECONDS));
    tx.exec("update jobs_lane set paused_until = null where paused_until > $1", &args![beyond(longest.pause)])?;
    let freed = tx.exec(
        "update jobs_job set lease_until = null where lease_until > $1 and done_at is null and failed_at is null",
        &args![beyond(longest.lease)],
    )?;
    let due = tx.exec(
        "update jobs_job set run_at = $1, set_at = $1 where done_at is null and failed_at is null \
         and set_at > $2 and run_at > $1 and lease_until is null",
        &args![now, beyond(0)],
    )?;
    Ok(freed.saturating_add(due))
}
