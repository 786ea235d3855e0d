//! Clears what erased keys may have left in the files of the database: the small table of keys is rewritten.

use crate::{Vault, VaultError, records};
use store::Store;

/// How many erasures one rewrite answers for. Those beyond are left for the next one.
const MOST: i64 = 10_000;
/// How many erasures one transaction notes as cleared.
const BATCH: usize = 500;

impl Vault {
    /// Rewrites the table of keys if records were erased since the last time, and returns for how many of them that
    /// was; none where the table has too many rows to be rewritten. Otherwise the tables and the write-ahead log of
    /// SQLite hold nothing of their keys any more. The log of PostgreSQL does until its segments are used again, and so
    /// do copies that were made before. It blocks, so it is for the command line and threads.
    ///
    /// # Errors
    /// Fails when the store fails or somebody still reads what was deleted. Then it is done again later.
    pub fn clear_traces(&self, store: &Store) -> Result<usize, VaultError> {
        let cleared = store.read_blocking::<_, VaultError, _>(|tx| records::traces(tx, MOST))?;
        if cleared.is_empty() {
            return Ok(0);
        }
        if !store.rewrite_blocking(&[records::KEY_TABLE])? {
            // They stay noted, for the day on which the table can be rewritten.
            return Ok(0);
        }
        for batch in cleared.chunks(BATCH) {
            let batch = batch.to_vec();
            store.write_blocking::<_, VaultError, _>(move |tx| {
                batch.iter().try_for_each(|(district, record)| records::delete_trace(tx, *district, *record))
            })?;
        }
        Ok(cleared.len())
    }
}
