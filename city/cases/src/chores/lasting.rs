//! Takes the steps that procedures name for states that have lasted as long as they may, a batch in a transaction, and
//! notes by when desks are to act where it is not noted yet.

use std::sync::Arc;

use house::BATCH;
use jobs::JobError;
use kernel::time::Instant;
use store::Store;

use crate::Cases;
use crate::actions::FIRST;

/// Goes through the open cases whose state has lasted its time, those that wait longest first. Run again it finds
/// nothing left to do.
///
/// # Errors
/// The store failed; it is tried again later.
pub fn take(cases: &Arc<Cases>, store: &Store, now: Instant) -> Result<(), JobError> {
    let mut after = FIRST;
    loop {
        let desk = cases.clone();
        let last = store.write_blocking(move |tx| desk.take_by_itself(tx, after, BATCH, now))?;
        let Some(last) = last else { return Ok(()) };
        after = last;
    }
}

/// Goes through the open cases that came to their desk before it was noted by when it is to act. It is a matter of one
/// night: run again it finds nothing left to do.
///
/// # Errors
/// The store failed; it is tried again later.
pub fn note(cases: &Arc<Cases>, store: &Store, now: Instant) -> Result<(), JobError> {
    let mut after = FIRST;
    loop {
        let desk = cases.clone();
        let last = store.write_blocking(move |tx| desk.note_act_by(tx, after, BATCH, now))?;
        let Some(last) = last else { return Ok(()) };
        after = last;
    }
}
