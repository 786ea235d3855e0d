//! Opens what belongs to many records at once, for lists that show a little of each.

use crate::records::{self, Stored};
use crate::vault::bound;
use crate::words::Labelled;
use crate::{Vault, VaultError, cipher};
use kernel::place::PlaceId;
use std::collections::BTreeMap;
use store::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

impl Vault {
    /// Opens things that belong to several records of a district, each named with its record, and reads the keys of all
    /// of them together. Returns them in the same order; none where the record is erased, or there is none.
    ///
    /// # Errors
    /// Fails with [`VaultError::Damaged`] as [`Vault::uncover`] does.
    pub fn uncover_several(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        sealed: &[(Uuid, Labelled<'_>)],
    ) -> Result<Vec<Option<Zeroizing<Vec<u8>>>>, VaultError> {
        let mut ids: Vec<Uuid> = sealed.iter().map(|(record, _)| *record).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = records::several(tx, district, &ids)?;
        let known: BTreeMap<Uuid, &Stored> = found.iter().map(|stored| (stored.id, stored)).collect();
        let open = |(id, one): &(Uuid, Labelled<'_>)| {
            let Some(stored) = known.get(id) else { return Ok(None) };
            let (Some(key_id), Some(wrapped)) = (&stored.key_id, &stored.wrapped) else { return Ok(None) };
            let key = self.unwrap_key(district, *id, key_id, wrapped)?;
            cipher::open(&key, &bound(&one.label, district, *id), one.bytes).map(Some)
        };
        sealed.iter().map(open).collect()
    }
}
