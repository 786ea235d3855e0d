//! Rotates the master keys: every wrapped key is opened with the old master key and wrapped by the newest, in batches.
//!
//! The content of the records is not touched. A rotation that was interrupted is simply begun again: what is done stays
//! done.

use crate::{Vault, VaultError, cipher, records, secrets};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use store::{Store, Tx};

/// How many keys one transaction wraps anew: few, so that nobody waits for it.
const BATCH: i64 = 100;

/// The result of a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// How many keys were wrapped anew.
    pub rewrapped: u64,
    /// How many keys are still under an older master key; 0 unless it was interrupted.
    pub remaining: u64,
}

impl Vault {
    /// Wraps every record's key and every secret by the newest master key. `progress` gets the numbers (done, to do in
    /// all) after each batch and may interrupt. It blocks, so it is for the command line and threads.
    pub fn rotate(
        &self,
        store: &Store,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<Rotation, VaultError> {
        let total = self.outdated(store)?;
        let mut done = 0;
        loop {
            let vault = self.clone();
            let batch = store.write_blocking(move |tx| vault.rotate_batch(tx))?;
            if batch == 0 {
                return Ok(Rotation { rewrapped: done, remaining: self.outdated(store)? });
            }
            done += batch;
            if progress(done, total.max(done)).is_break() {
                return Ok(Rotation { rewrapped: done, remaining: self.outdated(store)? });
            }
        }
    }

    /// Returns how many records and secrets each master key wraps. A key that is not named here may be removed.
    pub fn key_use(&self, tx: &mut dyn Tx) -> Result<BTreeMap<String, u64>, VaultError> {
        records::key_use(tx)
    }

    fn outdated(&self, store: &Store) -> Result<u64, VaultError> {
        let used = store.read_blocking::<_, VaultError, _>(records::key_use)?;
        Ok(used.into_iter().filter(|(id, _)| id != self.keys.newest_id()).map(|(_, count)| count).sum())
    }

    fn rotate_batch(&self, tx: &mut dyn Tx) -> Result<u64, VaultError> {
        let newest = self.keys.newest_id();
        let mut batch = 0;
        for row in records::outdated_records(tx, newest, BATCH)? {
            let old = row.wrapped;
            let key = self.unwrap_key(row.district, row.id, &row.key_id, &old)?;
            let wrapped = self.wrap(row.district, row.id, &key)?;
            records::rewrap_record(tx, row.district, row.id, &old, newest, &wrapped)?;
            batch += 1;
        }
        for row in records::outdated_secrets(tx, newest, BATCH)? {
            let bound_to = secrets::bound(&row.purpose, row.id);
            let secret = cipher::open(self.keys.key(&row.key_id)?, &bound_to, &row.wrapped)?;
            let wrapped = cipher::seal(self.keys.newest_key(), &bound_to, &secret)?;
            records::rewrap_secret(tx, &row.purpose, row.id, &row.wrapped, newest, &wrapped)?;
            batch += 1;
        }
        Ok(batch)
    }
}
