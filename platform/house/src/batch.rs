//! Work that goes through its rows in batches: where a batch begins, and the job of the next one.

use jobs::{Job, JobError, NewJob, NewNotice};
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use serde_json::{Value, json};
use store::Store;
use uuid::Uuid;

/// How many rows a chore goes through at once, so that no transaction is long.
pub const BATCH: i64 = 200;

/// Names the row that a batch read last. The next batch begins after it, in the order of district and identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastRow {
    /// The district that keeps it.
    pub district: PlaceId,
    /// Its identity there.
    pub id: Uuid,
}

impl LastRow {
    /// Stands before all rows.
    pub const NONE: Self = Self { district: PlaceId(i64::MIN), id: Uuid::nil() };
}

/// Returns the row after which a batch begins. The job keeps its district, and its identity under this name. A job that
/// names no row begins before all of them.
#[must_use]
pub fn begins_after(job: &Job, name: &str) -> LastRow {
    let district = job.payload.get("district").and_then(Value::as_i64);
    let id = job.payload.get(name).and_then(|id| id.as_str()?.parse().ok());
    district.zip(id).map_or(LastRow::NONE, |(district, id)| LastRow { district: PlaceId(district), id })
}

/// Returns the job that goes on after this row on this day. It enters the queue once, however often its batch runs.
#[must_use]
pub fn goes_on(kind: &'static str, day: Date, name: &str, last: LastRow, now: Instant) -> NewJob {
    let LastRow { district, id } = last;
    let payload = json!({ "district": district.0, name: id });
    NewJob::new(kind, format!("{kind}:{day}:{}:{id}", district.0), payload, now)
}

/// Returns the job of the next batch. A batch that is not full was the last.
pub fn next_batch<T>(rows: &[T], next: impl FnOnce(&T) -> NewJob) -> Option<NewJob> {
    let full = i64::try_from(rows.len()).is_ok_and(|read| read >= BATCH);
    rows.last().filter(|_| full).map(next)
}

/// Puts in the notices of a batch together with the job of the next one. A batch that is not full was the last.
///
/// # Errors
/// The job runs again later if the store failed.
pub fn tell_batch<T>(
    store: &Store,
    rows: &[T],
    notices: Vec<NewNotice>,
    next: impl FnOnce(&T) -> NewJob,
) -> Result<(), JobError> {
    let next = next_batch(rows, next);
    Ok(store.write_blocking(move |tx| {
        notices.iter().try_for_each(|notice| jobs::notify(tx, notice).map(drop))?;
        next.iter().try_for_each(|job| jobs::enqueue(tx, job).map(drop))
    })?)
}
