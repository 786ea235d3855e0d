//! Lets a decision leave whose seconds are over.

use std::sync::Arc;

use jobs::{Job, JobError};
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::Store;
use uuid::Uuid;

use crate::Cases;
use crate::records::Key;

/// Records the step that a case holds back. If it left already or was undone, there is nothing to do.
///
/// # Errors
/// Later again when the store failed, never when the job names no case.
pub fn leave(cases: &Arc<Cases>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let nowhere = || JobError::Never("the job names no case".to_owned());
    let district = job.payload.get("district").and_then(serde_json::Value::as_i64).ok_or_else(nowhere)?;
    let id = job.payload.get("id").and_then(|id| Uuid::parse_str(id.as_str()?).ok()).ok_or_else(nowhere)?;
    let (desk, case) = (cases.clone(), Key { district: PlaceId(district), id });
    Ok(store.write_blocking(move |tx| desk.leave(tx, &case, now))?)
}
