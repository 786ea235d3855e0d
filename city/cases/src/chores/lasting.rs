//! Takes the steps that procedures name for states that have lasted as long as they may, a batch in a transaction.

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
