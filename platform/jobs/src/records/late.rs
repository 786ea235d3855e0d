//! Says how far the queue is behind: what has been due for longer than it should be, and since when.

use kernel::time::Instant;
use store::{StoreError, Tx, args, one, record};

/// For how many minutes a job is due before it is late. A healthy queue does what is due within seconds.
pub const LATE_MINUTES: i64 = 5;
/// The most late jobs that are no reason to worry: a burst of work is behind for a while and is caught up with.
const LATE_JOBS: i64 = 100;
/// The longest time in minutes for which a late job waits without a reason to worry, however few there are.
const LONGEST_MINUTES: i64 = 60;

record! {
    /// The jobs that have been due for more than [`LATE_MINUTES`] and are in nobody's hands. What waits for a place
    /// that fails is not among them: [`restless_destinations`](crate::restless_destinations) tells of it.
    #[derive(Copy, Default)]
    pub struct Late {
        /// How many there are.
        pub jobs: i64,
        /// When the oldest of them was due.
        pub since: Option<Instant>,
    }
}

impl Late {
    /// Whether somebody has to look after the queue: it is far behind, or nobody does what is due.
    #[must_use]
    pub fn needs_attention(&self, now: Instant) -> bool {
        let longest = now.plus_minutes(-LONGEST_MINUTES);
        self.jobs > LATE_JOBS || self.since.is_some_and(|since| since < longest)
    }
}

/// Counts the jobs that are late.
///
/// # Errors
/// Those of the store.
pub fn late(tx: &mut dyn Tx, now: Instant) -> Result<Late, StoreError> {
    let sql = "select count(*), min(run_at) from jobs_job where done_at is null and failed_at is null and run_at < $1 \
               and (lease_until is null or lease_until <= $2) and not exists (\
               select 1 from jobs_lane where jobs_lane.lane = jobs_job.lane and jobs_lane.failures > 0)";
    Ok(one(tx, sql, &args![now.plus_minutes(-LATE_MINUTES), now])?.unwrap_or_default())
}
