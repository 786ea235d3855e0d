//! This chore tells applicants who want it that somebody looked at their data: once a day at most, however many looked.

use std::sync::Arc;

use house::{BATCH, LastRow, begins_after, goes_on, tell_batch};
use jobs::{ChannelKind, Job, JobError, NewNotice};
use kernel::time::Instant;
use store::{Store, Tx};
use vault::Logged;

use crate::Cases;
use crate::notices::{About, LOOKED, Message, Recipient, in_app, outside};
use crate::records::Key;
use crate::records::looks::{self, Watched};
use hall::Fault;

/// The job that tells of looks: once a day, and once more for each further batch.
pub const TELL_LOOKS: &str = "cases.tell_looks";
/// The newest looks of a record that are read.
const NEWEST: i64 = 200;

/// Tells one batch of applicants, and puts in the job for the next one.
///
/// # Errors
/// Later again when the store failed.
pub fn tell_looks(
    cases: &Arc<Cases>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    let LastRow { district, id } = begins_after(job, "case");
    let after = Key { district, id };
    let rows = store.read_blocking(move |tx| looks::watched(tx, &after, BATCH))?;
    for row in rows.clone() {
        let (desk, channels) = (cases.clone(), channels.to_vec());
        store.write_blocking(move |tx| desk.tell_of_looks(tx, &channels, &row, now))?;
    }
    let day = cases.hall.day(now);
    tell_batch(store, &rows, Vec::new(), |last| {
        let last = LastRow { district: last.district, id: last.id };
        goes_on(TELL_LOOKS, day, "case", last, now)
    })
}

impl Cases {
    /// Puts in the notices of one case, if staff looked since the applicant was told last. The platform's own looks are
    /// none that she is told of, else each message would call for the next one.
    fn tell_of_looks(
        &self,
        tx: &mut dyn Tx,
        channels: &[ChannelKind],
        row: &Watched,
        now: Instant,
    ) -> Result<(), Fault> {
        let known = match self.known(tx, row.district, row.id) {
            Err(Fault::NotFound) => return Ok(()),
            known => known?,
        };
        let Some((district, record)) = known.sealed() else { return Ok(()) };
        let found = self.hall.vault.accesses_before(tx, district, record, None, NEWEST)?;
        let by_staff = |one: &Logged| {
            let look = &one.access;
            look.at > row.told_until && look.account.is_some() && look.account != known.applicant
        };
        if !found.iter().any(by_staff) {
            return Ok(());
        }
        let (calendar, procedure) = (self.hall.calendar(), self.procedure_of(&known.case)?);
        let about = About { number: &known.case.number, procedure: &procedure.name, state: &known.case.state };
        let key = format!("looked:{}:{}", row.id, self.hall.day(now));
        let message = Message { text: LOOKED, key: &key, about };
        let case = known.key();
        let own = known.applicant.map(|account| in_app(&Recipient::Account(account), message, &calendar, now));
        let told = channels.iter().map(|channel| outside(*channel, &case, message, &calendar, now));
        let notices: Vec<NewNotice> = own.into_iter().chain(told).collect();
        let mut is_new = false;
        for notice in &notices {
            is_new |= jobs::notify(tx, notice)?;
        }
        // What came after the message of a day is told with that of the next one.
        if is_new {
            looks::told_of_looks(tx, &case, now)?;
        }
        Ok(())
    }
}
