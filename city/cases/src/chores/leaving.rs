//! Lets a decision leave whose seconds are over, and tells whoever made it where it could not be made any more.

use std::sync::Arc;

use jobs::{Heard, Job, JobError};
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::Store;
use uuid::Uuid;

use crate::Cases;
use crate::notices::{About, DROPPED, Message, Recipient, in_app};
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

/// A step that was held back was dropped: whoever decided it is told, once.
///
/// # Errors
/// Later again when the store failed, never when the message makes no sense.
pub fn tell_dropped(cases: &Arc<Cases>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let heard: Heard = job.heard()?;
    let text = |name: &str| heard.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let identity =
        |name: &str| Uuid::parse_str(text(name)).map_err(|fault| JobError::Never(format!("{name}: {fault}")));
    let (id, account, shard, desk) = (identity("id")?, identity("account")?, heard.district, cases.clone());
    let case = store.read_blocking(move |tx| desk.known(tx, shard, id))?.case;
    let procedure = cases.procedure_of(&case)?;
    let about = About { number: &case.number, procedure: &procedure.name, state: &case.state };
    let key = heard.id.to_string();
    let message = Message { text: DROPPED, key: &key, about };
    let notice = in_app(&Recipient::Account(account), message, &cases.hall.calendar(), now);
    let notice = notice.with("step", text("action"));
    Ok(store.write_blocking(move |tx| jobs::notify(tx, &notice).map(drop))?)
}
