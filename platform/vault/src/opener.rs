//! Opens many things of one record, and tells many texts apart, with keys that are read and laid out once. Several
//! threads can use both at once.

use crate::cipher::{Macs, Opening};
use crate::vault::bound;
use crate::{Vault, VaultError};
use data_encoding::HEXLOWER;
use kernel::place::PlaceId;
use store::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What the key of [`Vault::told_apart`] is derived for.
const TOLD_APART: &str = "vault.told_apart";

/// The key of a record, for whoever opens many things that [`Vault::cover`] sealed. It is overwritten when it is
/// dropped.
pub struct Opener {
    key: Opening,
    district: PlaceId,
    id: Uuid,
}

impl Opener {
    /// Opens what [`Vault::cover`] sealed. Whoever shows it to somebody logs the look with [`Vault::looked`].
    ///
    /// # Errors
    /// Fails with [`VaultError::Damaged`] when it was altered or belongs to another record or label.
    pub fn uncover(&self, label: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.key.open(&bound(label, self.district, self.id), sealed)
    }
}

/// The key of [`Vault::told_apart`], for whoever tells many texts apart. It is overwritten when it is dropped.
pub struct Teller(Macs);

impl Teller {
    /// Returns what [`Vault::told_apart`] returns.
    pub fn told_apart(&self, text: &str) -> String {
        HEXLOWER.encode(&self.0.mac(&[text.as_bytes()]))
    }
}

impl Vault {
    /// Reads the key of a record to open many things of it.
    ///
    /// # Errors
    /// Fails with [`VaultError::NotFound`] or [`VaultError::Erased`].
    pub fn opener(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Opener, VaultError> {
        let key = Opening::new(&self.record_key(tx, district, id)?);
        Ok(Opener { key, district, id })
    }

    /// Lays out the key of [`Vault::told_apart`] for many texts.
    pub fn teller(&self) -> Teller {
        Teller(Macs::new(&self.keys.derive_key(TOLD_APART)))
    }
}
