//! Compares values with what is sealed, and shows nothing of it but whether they are the same.

use crate::vault::digest;
use crate::{Person, PersonField, Vault, VaultError, cipher, records};
use kernel::place::PlaceId;
use store::Tx;
use subtle::{Choice, ConstantTimeEq as _};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A record that was opened once to compare many values with it. It is overwritten when it is dropped.
pub struct Comparison {
    /// None where the record is erased, or there is none.
    kept: Option<Person>,
    key: Zeroizing<[u8; 32]>,
}

impl Comparison {
    /// Says whether the record carries this value. The comparison takes the same time wherever the values differ. An
    /// erased or unknown record matches nothing.
    pub fn matches(&self, field: PersonField, value: &str) -> bool {
        let Some(kept) = self.kept.as_ref().and_then(|person| person.get(field)) else { return false };
        // The digests of both values have the same length, so the time does not depend on where the values differ or
        // how long they are.
        let kept = digest(&self.key, field, &field.compared(kept.expose()));
        let is_kept = |value: &str| kept.ct_eq(&digest(&self.key, field, &field.compared(value)));
        let same = field.meant(value).iter().fold(Choice::from(0), |same, value| same | is_kept(value));
        same.into()
    }
}

impl Vault {
    /// Opens a record to compare values with it. It is not a look, because it reveals nothing but the answers.
    ///
    /// # Errors
    /// Fails when the record is damaged or the store fails.
    pub fn comparison(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Comparison, VaultError> {
        let kept = match records::one(tx, district, id)? {
            Some(stored) => self.unseal(district, &stored)?,
            None => None,
        };
        Ok(Comparison { kept, key: cipher::random()? })
    }

    /// Says whether a record carries this value, as [`Comparison::matches`] does.
    ///
    /// # Errors
    /// As [`Vault::comparison`].
    pub fn matches(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        field: PersonField,
        value: &str,
    ) -> Result<bool, VaultError> {
        if field.meant(value).is_empty() {
            return Ok(false);
        }
        Ok(self.comparison(tx, district, id)?.matches(field, value))
    }
}
