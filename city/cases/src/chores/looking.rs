//! These chores tell applicants and other parties who want it that somebody looked at their data: once a day at most,
//! however many looked.

use std::sync::Arc;

use house::{BATCH, LastRow, begins_after, goes_on, next_batch};
use jobs::{ChannelKind, Job, JobError, NewJob, NewNotice};
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{Store, StoreError, Tx};
use uuid::Uuid;
use vault::Logged;

use crate::Cases;
use crate::notices::{About, LOOKED, Message, Recipient, in_app, outside, outside_party};
use crate::records::Key;
use crate::records::looks::{self, Watched};
use crate::records::wishes::{self, WatchedParty};
use hall::Fault;

/// The job that tells of looks: once a day, and once more for each further batch.
pub const TELL_LOOKS: &str = "cases.tell_looks";
/// The job that tells other parties than applicants of looks: once a day, and once more for each further batch.
pub const TELL_PARTY_LOOKS: &str = "cases.tell_party_looks";
/// The newest looks of a record that are read.
const NEWEST: i64 = 200;

/// Tells one batch of applicants in one transaction, which also puts in the job for the next one.
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
    let (desk, by, read) = (cases.clone(), channels.to_vec(), rows.clone());
    let told = store.read_blocking(move |tx| desk.looks_to_tell(tx, &by, &read, now))?;
    let day = cases.hall.day(now);
    let next = next_batch(&rows, |last| {
        let last = LastRow { district: last.district, id: last.id };
        goes_on(TELL_LOOKS, day, "case", last, now)
    });
    send(store, told, next, move |tx, case: &Key| looks::told_of_looks(tx, case, now))
}

/// Tells one batch of other parties than applicants in one transaction, which also puts in the job for the next one.
///
/// # Errors
/// Later again when the store failed.
pub fn tell_party_looks(
    cases: &Arc<Cases>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    let LastRow { district, id } = begins_after(job, "party");
    let rows = store.read_blocking(move |tx| wishes::watched(tx, district, id, BATCH))?;
    let (desk, by, read) = (cases.clone(), channels.to_vec(), rows.clone());
    let told = store.read_blocking(move |tx| desk.party_looks_to_tell(tx, &by, &read, now))?;
    let day = cases.hall.day(now);
    let next = next_batch(&rows, |last| {
        let last = LastRow { district: last.district, id: last.id };
        goes_on(TELL_PARTY_LOOKS, day, "party", last, now)
    });
    send(store, told, next, move |tx, party: &WatchedParty| wishes::told_of_looks(tx, party.district, party.id, now))
}

/// Sends the notices of a batch, together with the job of the next one. Whoever is sent something new has it kept that
/// she was told.
fn send<T: Send + 'static>(
    store: &Store,
    told: Vec<(T, Vec<NewNotice>)>,
    next: Option<NewJob>,
    keep: impl Fn(&mut dyn Tx, &T) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), JobError> {
    let write = move |tx: &mut dyn Tx| {
        for (whom, notices) in &told {
            let mut is_new = false;
            for notice in notices {
                is_new |= jobs::notify(tx, notice)?;
            }
            // What came after the message of a day is told with that of the next one.
            if is_new {
                keep(tx, whom)?;
            }
        }
        next.iter().try_for_each(|job| jobs::enqueue(tx, job).map(drop))
    };
    Ok(store.write_blocking(write)?)
}

/// Looks at each row of a batch. A case that cannot be read holds up no other.
fn each<R, T>(rows: &[R], mut look: impl FnMut(&R) -> Result<Option<T>, Fault>) -> Result<Vec<T>, Fault> {
    let mut told = Vec::new();
    for row in rows {
        match look(row) {
            Ok(found) => told.extend(found),
            Err(Fault::NotFound) => {}
            Err(Fault::Broken(fault)) => {
                tracing::error!(%fault, "a case cannot be read and nobody is told of looks at it");
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(told)
}

/// A party, and the notices that tell her of looks.
type ToldParty = (WatchedParty, Vec<NewNotice>);

/// A case, and the notices that tell its applicant of looks.
type Told = (Key, Vec<NewNotice>);

impl Cases {
    /// Returns the cases of a batch at whose data staff looked since their applicants were told last, with the notices.
    fn looks_to_tell(
        &self,
        tx: &mut dyn Tx,
        channels: &[ChannelKind],
        rows: &[Watched],
        now: Instant,
    ) -> Result<Vec<Told>, Fault> {
        each(rows, |row| self.looked_at(tx, channels, row, now))
    }

    /// Returns the parties of a batch at whose data staff looked since they were told last, with the notices.
    fn party_looks_to_tell(
        &self,
        tx: &mut dyn Tx,
        channels: &[ChannelKind],
        rows: &[WatchedParty],
        now: Instant,
    ) -> Result<Vec<ToldParty>, Fault> {
        each(rows, |row| {
            let notices = self.party_looked_at(tx, channels, row, now)?;
            Ok(notices.map(|notices| (row.clone(), notices)))
        })
    }

    /// Returns the notices of one party, if staff looked at her data since she was told last.
    fn party_looked_at(
        &self,
        tx: &mut dyn Tx,
        channels: &[ChannelKind],
        row: &WatchedParty,
        now: Instant,
    ) -> Result<Option<Vec<NewNotice>>, Fault> {
        let known = self.known(tx, row.district, row.case_id)?;
        let takes_part = known.records().contains(&row.party);
        if !takes_part || !self.staff_looked(tx, row.district, row.party, row.told_until, None)? {
            return Ok(None);
        }
        let (calendar, procedure) = (self.hall.calendar(), self.procedure_of(&known.case)?);
        let about = About { number: &known.case.number, procedure: &procedure.name, state: &known.case.state };
        let key = format!("looked:{}:{}", row.id, self.hall.day(now));
        let (case, message) = (known.key(), Message { text: LOOKED, key: &key, about });
        let told = |channel: &ChannelKind| outside_party(*channel, &case, row.party, message, &calendar, now);
        Ok(Some(channels.iter().map(told).collect()))
    }

    /// Says whether staff looked at a sealed record after a moment; the looks of that account are the person's own. The
    /// platform's own looks are none that she is told of, else each message would call for the next one.
    fn staff_looked(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        record: Uuid,
        since: Instant,
        own: Option<Uuid>,
    ) -> Result<bool, Fault> {
        let found = self.hall.vault.accesses_before(tx, district, record, None, NEWEST)?;
        let by_staff = |one: &Logged| {
            let look = &one.access;
            look.at > since && look.account.is_some() && look.account != own
        };
        Ok(found.iter().any(by_staff))
    }

    /// Returns the notices of one case, if staff looked since the applicant was told last.
    fn looked_at(
        &self,
        tx: &mut dyn Tx,
        channels: &[ChannelKind],
        row: &Watched,
        now: Instant,
    ) -> Result<Option<Told>, Fault> {
        let known = self.known(tx, row.district, row.id)?;
        let Some((district, record)) = known.sealed() else { return Ok(None) };
        if !self.staff_looked(tx, district, record, row.told_until, known.applicant)? {
            return Ok(None);
        }
        let (calendar, procedure) = (self.hall.calendar(), self.procedure_of(&known.case)?);
        let about = About { number: &known.case.number, procedure: &procedure.name, state: &known.case.state };
        let key = format!("looked:{}:{}", row.id, self.hall.day(now));
        let message = Message { text: LOOKED, key: &key, about };
        let case = known.key();
        let own = known.applicant.map(|account| in_app(&Recipient::Account(account), message, &calendar, now));
        let told = channels.iter().map(|channel| outside(*channel, &case, message, &calendar, now));
        let notices = own.into_iter().chain(told).collect();
        Ok(Some((case, notices)))
    }
}
