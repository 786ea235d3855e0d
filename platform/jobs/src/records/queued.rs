//! Reads the queue for whoever looks after it, page by page, and does what she decides about a job.

use std::fmt;

use kernel::time::Instant;
use store::{StoreError, Tx, all, args};
use uuid::Uuid;

use super::{JOB, JobRecord};

/// The job after which a page of the queue goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobCursor {
    /// The moment by which the list is ordered.
    pub at: Instant,
    /// The identity of the job.
    pub id: Uuid,
}

impl JobCursor {
    /// Reads what its text says. Anything else is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        Some(Self { at: Instant::from_micros(at.parse().ok()?), id: id.parse().ok()? })
    }
}

impl fmt::Display for JobCursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.at.micros(), self.id.simple())
    }
}

/// Returns jobs that are not done and not given up, what is due first at the top, after a job.
pub fn waiting_jobs(tx: &mut dyn Tx, after: Option<JobCursor>, limit: i64) -> Result<Vec<JobRecord>, StoreError> {
    let after = after.unwrap_or(JobCursor { at: Instant::from_micros(i64::MIN), id: Uuid::nil() });
    all(
        tx,
        &format!(
            "select {JOB} from jobs_job \
             where done_at is null and failed_at is null and (run_at > $1 or (run_at = $1 and id > $2)) \
             order by run_at, id limit $3"
        ),
        &args![after.at, after.id, limit],
    )
}

/// Returns jobs that were given up, the latest first, after a job.
pub fn given_up_jobs(tx: &mut dyn Tx, after: Option<JobCursor>, limit: i64) -> Result<Vec<JobRecord>, StoreError> {
    let after = after.unwrap_or(JobCursor { at: Instant::from_micros(i64::MAX), id: Uuid::nil() });
    all(
        tx,
        &format!(
            "select {JOB} from jobs_job \
             where failed_at is not null and (failed_at < $1 or (failed_at = $1 and id > $2)) \
             order by failed_at desc, id limit $3"
        ),
        &args![after.at, after.id, limit],
    )
}

/// Makes a job that failed and waits for its next attempt due now. Returns false when nothing of it failed, it is in
/// somebody's hands, or it is over.
pub fn hurry(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let rows = tx.exec(
        "update jobs_job set run_at = $2, set_at = $2 where id = $1 and last_error is not null and run_at > $2 \
         and done_at is null and failed_at is null and (lease_until is null or lease_until <= $2)",
        &args![id, now],
    )?;
    Ok(rows == 1)
}

/// Drops a job that was given up: it counts as done and is forgotten like others. Its key stays used as long as theirs.
/// Returns false when it was not given up.
pub fn drop_job(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let rows = tx.exec(
        "update jobs_job set done_at = $2, failed_at = null where id = $1 and failed_at is not null",
        &args![id, now],
    )?;
    Ok(rows == 1)
}
