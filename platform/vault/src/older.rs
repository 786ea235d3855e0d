//! Makes older records findable: a record that was sealed before records were found by name, or by a name whose blanks
//! and capitals do not matter, has no digest of such a name.
//! Each is opened, and its digests are written anew, in batches.
//!
//! Nothing of a record is shown or changed. A pass that was interrupted is begun again: what is done stays done.

use crate::{Vault, VaultError, records};
use kernel::place::PlaceId;
use std::ops::ControlFlow;
use store::{Store, Tx};
use uuid::Uuid;

/// How many records one transaction opens: few, so that nobody waits for it.
const BATCH: i64 = 100;

/// The result of a pass over older records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indexed {
    /// How many records can be found by name now that could not before.
    pub indexed: u64,
    /// How many have no name, and never had one.
    pub nameless: u64,
    /// How many could not be opened. Looking whether all is in order says why.
    pub unreadable: u64,
    /// How many were not looked at, because the pass was interrupted.
    pub remaining: u64,
}

/// What became of one record.
enum Record {
    Indexed,
    Nameless,
    Unreadable,
}

impl Vault {
    /// Writes the digests of records that have none of a name. `progress` gets the numbers (done, to do in all) after
    /// each batch and may interrupt. It blocks, so it is for the command line and threads.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn index_older(
        &self,
        store: &Store,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<Indexed, VaultError> {
        let total = store.read_blocking::<_, VaultError, _>(records::count_without_name)?;
        let (mut pass, mut done, mut after) = (Indexed::default(), 0_u64, (PlaceId(i64::MIN), Uuid::nil()));
        loop {
            let (vault, from) = (self.clone(), after);
            let batch = store.write_blocking(move |tx| vault.index_batch(tx, from))?;
            let Some((last, _)) = batch.last() else { return Ok(pass) };
            after = *last;
            for (_, record) in &batch {
                match record {
                    Record::Indexed => pass.indexed += 1,
                    Record::Nameless => pass.nameless += 1,
                    Record::Unreadable => pass.unreadable += 1,
                }
                done += 1;
            }
            if progress(done, total.max(done)).is_break() {
                return Ok(Indexed { remaining: total.saturating_sub(done), ..pass });
            }
        }
    }

    /// Looks at the next records after one of them.
    fn index_batch(
        &self,
        tx: &mut dyn Tx,
        after: (PlaceId, Uuid),
    ) -> Result<Vec<((PlaceId, Uuid), Record)>, VaultError> {
        let mut batch = Vec::new();
        for (district, id) in records::without_name(tx, after, BATCH)? {
            batch.push(((district, id), self.index_again(tx, district, id)?));
        }
        Ok(batch)
    }

    fn index_again(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Record, VaultError> {
        records::lock(tx, district, id)?;
        let person = match records::one(tx, district, id)?.map(|stored| self.unseal(district, &stored)).transpose() {
            Ok(person) => person.flatten(),
            Err(VaultError::Store(fault)) => return Err(VaultError::Store(fault)),
            Err(_) => return Ok(Record::Unreadable),
        };
        // Erased meanwhile, it has nothing that could be found.
        let Some(person) = person else { return Ok(Record::Nameless) };
        if person.get(crate::PersonField::Name).is_none() {
            return Ok(Record::Nameless);
        }
        records::delete_index(tx, district, id)?;
        self.index(tx, district, id, &person)?;
        Ok(Record::Indexed)
    }
}
