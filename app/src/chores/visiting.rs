//! Reminds of appointments and home visits on the working day before, through the channels that reach people outside of the platform.

use std::sync::Arc;

use jobs::{ChannelKind, Job, JobError, NewJob};
use kernel::place::PlaceId;
use kernel::time::Instant;
use serde_json::json;
use store::Store;
use uuid::Uuid;

use super::BATCH;
use crate::City;

/// The job that reminds: once a day, and once more for each further batch.
pub const REMIND: &str = "app.remind_visits";

/// On a working day, reminds of one batch of what is agreed for the next working day, and puts in the job for the next batch.
///
/// # Errors
/// Later again when the store failed.
pub fn remind(
    city: &Arc<City>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    if channels.is_empty() {
        return Ok(());
    }
    let (calendar, after) = (city.cases.hall.calendar(), cursor(job));
    let days = calendar.clone();
    let rows = store.read_blocking(move |tx| visits::of_next_day(tx, &days, now, after, BATCH))?;
    let mut notices = Vec::new();
    for row in &rows {
        notices.extend(channels.iter().map(|channel| visits::notice(row, *channel, &calendar, now)));
    }
    let full = i64::try_from(rows.len()).is_ok_and(|read| read >= BATCH);
    let next = rows.last().filter(|_| full).map(|last| {
        let key = format!("{REMIND}:{}:{}:{}", calendar.zone().date(now), last.district.0, last.id);
        NewJob::new(REMIND, key, json!({ "district": last.district.0, "visit": last.id }), now)
    });
    Ok(store.write_blocking(move |tx| {
        notices.iter().try_for_each(|notice| jobs::notify(tx, notice).map(drop))?;
        next.iter().try_for_each(|job| jobs::enqueue(tx, job).map(drop))
    })?)
}

/// The visit after which a batch begins; before all of them when the job names none.
fn cursor(job: &Job) -> (PlaceId, Uuid) {
    let district = job.payload.get("district").and_then(serde_json::Value::as_i64);
    let visit = job.payload.get("visit").and_then(|id| id.as_str()?.parse().ok());
    district.zip(visit).map_or((PlaceId(i64::MIN), Uuid::nil()), |(district, visit)| (PlaceId(district), visit))
}
