//! Small secrets of the platform itself (the index key, second factors). The master keys wrap them, and a rotation
//! wraps them anew.

use crate::{Vault, VaultError, cipher, records};
use store::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

impl Vault {
    /// Keeps a secret under a purpose and an id, in place of an earlier one.
    pub fn put_secret(&self, tx: &mut dyn Tx, purpose: &str, id: Uuid, secret: &[u8]) -> Result<(), VaultError> {
        records::delete_secret(tx, purpose, id)?;
        self.put_secret_if_absent(tx, purpose, id, secret)
    }

    /// Returns a secret that was kept, if there is one.
    pub fn secret(&self, tx: &mut dyn Tx, purpose: &str, id: Uuid) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let Some(row) = records::secret(tx, purpose, id)? else { return Ok(None) };
        if row.algorithm != cipher::ALGORITHM {
            return Err(VaultError::Damaged);
        }
        cipher::open(self.keys.key(&row.key_id)?, &bound(purpose, id), &row.wrapped).map(Some)
    }

    /// Destroys a secret. Succeeds if there is none.
    pub fn drop_secret(&self, tx: &mut dyn Tx, purpose: &str, id: Uuid) -> Result<(), VaultError> {
        records::delete_secret(tx, purpose, id)
    }

    pub(crate) fn put_secret_if_absent(
        &self,
        tx: &mut dyn Tx,
        purpose: &str,
        id: Uuid,
        secret: &[u8],
    ) -> Result<(), VaultError> {
        let wrapped = cipher::seal(self.keys.newest_key(), &bound(purpose, id), secret)?;
        records::insert_secret(tx, purpose, id, self.keys.newest_id(), &wrapped)
    }
}

pub(crate) fn bound(purpose: &str, id: Uuid) -> Vec<u8> {
    format!("lianglin vault secret 1|{purpose}|{}", id.simple()).into_bytes()
}
