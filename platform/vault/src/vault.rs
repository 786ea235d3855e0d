//! The vault itself: it seals, shows masked, opens with a purpose, finds, changes and erases.

use crate::cipher::{self, CipherKey, KEY_BYTES};
use crate::records::{self, Access, Deed, Logged, Looker, SeenAt, Stored, WrappedKey};
use crate::words::{Labelled, Look, Looks, NewRecord};
use crate::{MasterKeys, Person, PersonField, VaultError};
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use store::{StoreError, Tx};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Plain text is filled up to a multiple of this many bytes before it is sealed, so that its length reveals little.
const PADDING_BYTES: usize = 256;
/// The most characters of a look's purpose: a title with its word, or what the platform itself says.
const PURPOSE_CHARACTERS: usize = 200;
/// How many records one search may name.
const FOUND_LIMIT: i64 = 200;
pub(crate) const INDEX_SECRET: &str = "vault-index";

/// The fields of a record as they may be shown to anybody who handles the matter.
pub type Masked = BTreeMap<PersonField, String>;

/// The vault. It is cheap to clone, and it holds the master keys and no data.
#[derive(Clone)]
pub struct Vault {
    pub(crate) keys: Arc<MasterKeys>,
    /// The key of the blind index, once it was seen stored. It never changes after that.
    index_key: Arc<OnceLock<Zeroizing<[u8; 32]>>>,
    /// What others keep under a record and forget with it.
    forgets: Arc<OnceLock<Vec<Forget>>>,
}

/// Forgets what somebody keeps under a sealed record (its district, its identity), in the transaction that erases it.
pub type Forget = Arc<dyn Fn(&mut dyn Tx, PlaceId, Uuid, Instant) -> Result<(), StoreError> + Send + Sync>;

impl fmt::Debug for Vault {
    /// Shows that there is a vault, and no key of it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// Makes a vault that opens and seals with these keys.
    pub fn new(keys: MasterKeys) -> Self {
        Self { keys: Arc::new(keys), index_key: Arc::default(), forgets: Arc::default() }
    }

    /// Keeps the key of the blind index in memory if it is stored already. It is called with committed data, before
    /// work begins: a key made in a unit of work that fails must not be kept.
    ///
    /// # Errors
    /// Fails when the key cannot be unwrapped or the store fails.
    pub fn prepare(&self, tx: &mut dyn Tx) -> Result<(), VaultError> {
        if let Some(key) = self.index_key(tx)? {
            self.index_key.get_or_init(|| key);
        }
        Ok(())
    }

    /// Returns a key of 32 bytes for another purpose (forms, audit seals), which is fixed for the life of the
    /// installation: HMAC-SM3 over the label under a secret that rotations do not touch.
    pub fn derive_key(&self, label: &str) -> [u8; 32] {
        self.keys.derive_key(label)
    }

    /// Seals a new record.
    ///
    /// # Errors
    /// Fails with [`VaultError::Malformed`] for a malformed identity number or telephone, and with a constraint when
    /// the id is taken.
    pub fn seal(&self, tx: &mut dyn Tx, record: &NewRecord) -> Result<(), VaultError> {
        let person = record.person.normalised()?;
        let key: CipherKey = cipher::random::<KEY_BYTES>()?;
        let ciphertext = seal_person(record.district, record.id, &person, &key)?;
        let wrapped = self.wrap(record.district, record.id, &key)?;
        let key = WrappedKey { key_id: self.keys.newest_id().to_owned(), wrapped };
        records::insert(tx, record, &key, &ciphertext)?;
        self.index(tx, record.district, record.id, &person)
    }

    /// Returns every field of the given records, masked. It is not logged, since nothing is revealed. A record that is
    /// erased or unknown is left out.
    pub fn masked(&self, tx: &mut dyn Tx, wanted: &[(PlaceId, Uuid)]) -> Result<Vec<(Uuid, Masked)>, VaultError> {
        let mut by_district: BTreeMap<PlaceId, Vec<Uuid>> = BTreeMap::new();
        for (district, id) in wanted {
            by_district.entry(*district).or_default().push(*id);
        }
        let mut shown = Vec::with_capacity(wanted.len());
        for (district, ids) in by_district {
            for stored in records::several(tx, district, &ids)? {
                if let Some(person) = self.unseal(district, &stored)? {
                    shown.push((stored.id, person.masked()));
                }
            }
        }
        Ok(shown)
    }

    /// Opens a record for a stated purpose and writes the look into its access log, in this transaction.
    ///
    /// # Errors
    /// Fails with [`VaultError::NoPurpose`], [`VaultError::LongPurpose`], [`VaultError::NotFound`] or
    /// [`VaultError::Erased`].
    pub fn open(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid, look: &Look) -> Result<Person, VaultError> {
        let person = self.reveal(tx, district, id, look)?;
        records::insert_access(tx, district, id, Deed::Opened, look, access_id(look.at)?)?;
        Ok(person)
    }

    /// Opens a record for a look of an account that stands in its access log since a moment, because the same command
    /// was sent again. No second line is written.
    ///
    /// # Errors
    /// Fails with [`VaultError::NotFound`] if no look of that account stands there, else as [`Vault::open`] does.
    pub fn open_again(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        look: &Look,
        since: Instant,
    ) -> Result<Person, VaultError> {
        let stands = look.account.map(|account| records::saw(tx, district, id, account, since)).transpose()?;
        if stands == Some(true) { self.reveal(tx, district, id, look) } else { Err(VaultError::NotFound) }
    }

    /// Puts new fields in place of the old ones. A field that is absent stays as it was. It is logged like a look. The
    /// record's key stays, because other things were sealed under it.
    pub fn change(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        fields: &Person,
        look: &Look,
    ) -> Result<(), VaultError> {
        records::lock(tx, district, id)?;
        let person = self.reveal(tx, district, id, look)?.overlaid(&fields.normalised()?);
        let key = self.record_key(tx, district, id)?;
        let ciphertext = seal_person(district, id, &person, &key)?;
        records::update_sealed(tx, district, id, &ciphertext, look.at)?;
        records::delete_index(tx, district, id)?;
        self.index(tx, district, id, &person)?;
        records::insert_access(tx, district, id, Deed::Changed, look, access_id(look.at)?)?;
        Ok(())
    }

    /// Returns who looked into a record or changed it, newest first, 500 lines at most. This stays readable after
    /// erasure.
    pub fn accesses(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Vec<Access>, VaultError> {
        records::accesses(tx, district, id)
    }

    /// Returns the same page by page: at most `limit` lines that are older than the line `before`, newest first.
    pub fn accesses_before(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Logged>, VaultError> {
        records::accesses_before(tx, district, id, before, limit)
    }

    /// Returns what the access log says of the records of some districts in some time, newest first: for whoever
    /// watches over personal data. It names those who looked and never the person.
    pub fn looks(&self, tx: &mut dyn Tx, asked: &Looks) -> Result<Vec<Logged>, VaultError> {
        records::looks(tx, asked)
    }

    /// Returns who looked in that time and how often, those who looked most first.
    pub fn lookers(&self, tx: &mut dyn Tx, asked: &Looks) -> Result<Vec<Looker>, VaultError> {
        records::lookers(tx, asked)
    }

    /// Returns when an account looked at which records, newest first, as [`Vault::looks`] is asked: to be counted by
    /// days and hours.
    pub fn seen(&self, tx: &mut dyn Tx, asked: &Looks, account: Uuid) -> Result<Vec<SeenAt>, VaultError> {
        records::seen(tx, asked, account)
    }

    /// Counts the persons at whose records an account looked since a moment, wherever they are kept.
    pub fn persons_seen(&self, tx: &mut dyn Tx, account: Uuid, since: Instant) -> Result<i64, VaultError> {
        records::persons_seen(tx, account, since)
    }

    /// Says whether an account has looked at a record since a moment.
    pub fn saw(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        account: Uuid,
        since: Instant,
    ) -> Result<bool, VaultError> {
        records::saw(tx, district, id, account, since)
    }

    /// Returns the records, in any district, that carry this whole name, identity number or telephone. A malformed
    /// value finds nothing.
    ///
    /// # Errors
    /// Fails with [`VaultError::NotSearchable`] for any other field.
    pub fn find(&self, tx: &mut dyn Tx, field: PersonField, value: &str) -> Result<Vec<(PlaceId, Uuid)>, VaultError> {
        if !field.searchable() {
            return Err(VaultError::NotSearchable { field });
        }
        let Some(key) = self.index_key(tx)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for value in field.meant(value) {
            let compared = digest(&key, field, &field.compared(&value));
            found.extend(records::find(tx, field.index_code(), &compared, FOUND_LIMIT)?);
            if field == PersonField::Name {
                // A record that was sealed before names were compared so is found by its name as it was written.
                found.extend(records::find(tx, field.code(), &digest(&key, field, &value), FOUND_LIMIT)?);
            }
        }
        Ok(found)
    }

    /// Seals something that belongs to a record, such as a file or a message, under the record's own key. Erasing the
    /// record then makes it unreadable wherever it lies. `label` says what it is; what is sealed under one label opens
    /// under no other. The caller keeps the sealed bytes.
    ///
    /// # Errors
    /// Fails with [`VaultError::NotFound`] or [`VaultError::Erased`].
    pub fn cover(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let key = self.record_key(tx, district, id)?;
        cipher::seal(&key, &bound(label, district, id), plain)
    }

    /// Opens what [`Vault::cover`] sealed. Whoever shows it to somebody logs the look with [`Vault::looked`].
    ///
    /// # Errors
    /// Fails with [`VaultError::NotFound`] or [`VaultError::Erased`], and with [`VaultError::Damaged`] when it was
    /// altered or belongs to another record or label.
    pub fn uncover(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        label: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.opener(tx, district, id)?.uncover(label, sealed)
    }

    /// Seals several things as [`Vault::cover`] does, and reads the record's key once. Returns them in the same order.
    ///
    /// # Errors
    /// Fails with [`VaultError::NotFound`] or [`VaultError::Erased`].
    pub fn cover_each(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        plain: &[Labelled<'_>],
    ) -> Result<Vec<Vec<u8>>, VaultError> {
        let key = self.record_key(tx, district, id)?;
        plain.iter().map(|one| cipher::seal(&key, &bound(&one.label, district, id), one.bytes)).collect()
    }

    /// Opens several things as [`Vault::uncover`] does, and reads the record's key once. Returns them in the same
    /// order.
    ///
    /// # Errors
    /// Fails as [`Vault::uncover`] does, at the first of them that cannot be opened.
    pub fn uncover_each(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        sealed: &[Labelled<'_>],
    ) -> Result<Vec<Zeroizing<Vec<u8>>>, VaultError> {
        let opener = self.opener(tx, district, id)?;
        sealed.iter().map(|one| opener.uncover(&one.label, one.bytes)).collect()
    }

    /// Returns what tells one text from another and gives nothing of it away: its HMAC-SM3 under a key that the
    /// database never sees. Without that key, nobody can try out what was written.
    pub fn told_apart(&self, text: &str) -> String {
        self.teller().told_apart(text)
    }

    /// Writes a look at something that belongs to a record into its access log.
    ///
    /// # Errors
    /// Fails with [`VaultError::NoPurpose`] or [`VaultError::LongPurpose`].
    pub fn looked(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid, look: &Look) -> Result<(), VaultError> {
        stated(look)?;
        records::insert_access(tx, district, id, Deed::Opened, look, access_id(look.at)?)
    }

    pub(crate) fn record_key(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<CipherKey, VaultError> {
        let stored = records::one(tx, district, id)?.ok_or(VaultError::NotFound)?;
        let (Some(key_id), Some(wrapped)) = (&stored.key_id, &stored.wrapped) else { return Err(VaultError::Erased) };
        self.unwrap_key(district, id, key_id, wrapped)
    }

    /// Sets the last day on which a record may be kept.
    pub fn retain_until(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        last_day: Option<Date>,
    ) -> Result<(), VaultError> {
        if records::update_retention(tx, district, id, last_day)? == 0 { Err(VaultError::NotFound) } else { Ok(()) }
    }

    /// Says what is forgotten together with a sealed record. The caller says it once, when everybody who keeps
    /// something stands; what was said before stays.
    pub fn forget_with(&self, forgets: Vec<Forget>) {
        self.forgets.get_or_init(|| forgets);
    }

    /// Destroys a record's key, its ciphertext and its digests, and whatever else is kept under it
    /// ([`Vault::forget_with`]). It stays known that there was a record, and who looked. Erasing twice succeeds.
    /// [`Vault::clear_traces`] takes what the deleted key may have left in the files of the database.
    ///
    /// # Errors
    /// Fails if there is no such record in that district, or if the store fails.
    pub fn erase(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), VaultError> {
        if records::erase(tx, district, id, now)? == 0 && records::one(tx, district, id)?.is_none() {
            return Err(VaultError::NotFound);
        }
        records::delete_index(tx, district, id)?;
        for forget in self.forgets.get().into_iter().flatten() {
            forget(tx, district, id, now)?;
        }
        Ok(())
    }

    /// Returns at most `limit` records whose last day is before `on`, the longest overdue first.
    pub fn expired(&self, tx: &mut dyn Tx, on: Date, limit: i64) -> Result<Vec<(PlaceId, Uuid)>, VaultError> {
        records::expired(tx, on, limit)
    }

    fn reveal(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid, look: &Look) -> Result<Person, VaultError> {
        stated(look)?;
        let stored = records::one(tx, district, id)?.ok_or(VaultError::NotFound)?;
        self.unseal(district, &stored)?.ok_or(VaultError::Erased)
    }

    pub(crate) fn wrap(&self, district: PlaceId, id: Uuid, key: &CipherKey) -> Result<Vec<u8>, VaultError> {
        cipher::seal(self.keys.newest_key(), &bound("key", district, id), key.as_slice())
    }

    pub(crate) fn unwrap_key(
        &self,
        district: PlaceId,
        id: Uuid,
        key_id: &str,
        wrapped_key: &[u8],
    ) -> Result<CipherKey, VaultError> {
        let key = cipher::open(self.keys.key(key_id)?, &bound("key", district, id), wrapped_key)?;
        key.as_slice().try_into().map(Zeroizing::new).map_err(|_| VaultError::Damaged)
    }

    /// Returns the person, or none when the record is erased.
    pub(crate) fn unseal(&self, district: PlaceId, stored: &Stored) -> Result<Option<Person>, VaultError> {
        let (Some(key_id), Some(wrapped), Some(ciphertext)) = (&stored.key_id, &stored.wrapped, &stored.ciphertext)
        else {
            return Ok(None);
        };
        if stored.algorithm != cipher::ALGORITHM {
            return Err(VaultError::Damaged);
        }
        let key = self.unwrap_key(district, stored.id, key_id, wrapped)?;
        let plain = cipher::open(&key, &bound("record", district, stored.id), ciphertext)?;
        Person::from_bytes(&plain).map(Some)
    }

    pub(crate) fn index(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        person: &Person,
    ) -> Result<(), VaultError> {
        let mut fields = person.fields().filter(|(field, _)| field.searchable()).peekable();
        if fields.peek().is_none() {
            return Ok(());
        }
        let key = self.index_key_or_new(tx)?;
        for (field, value) in fields {
            let compared = digest(&key, field, &field.compared(value.expose()));
            records::insert_index(tx, district, id, field.index_code(), &compared)?;
        }
        Ok(())
    }

    fn index_key(&self, tx: &mut dyn Tx) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
        if let Some(kept) = self.index_key.get() {
            return Ok(Some(kept.clone()));
        }
        let Some(bytes) = self.secret(tx, INDEX_SECRET, Uuid::nil())? else { return Ok(None) };
        bytes.as_slice().try_into().map(|key| Some(Zeroizing::new(key))).map_err(|_| VaultError::Damaged)
    }

    /// Returns the key of the blind index. It is made once, at the first record, and kept wrapped like any secret. So a
    /// rotation of the master keys wraps it anew, and no digest must be computed again.
    fn index_key_or_new(&self, tx: &mut dyn Tx) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        if let Some(key) = self.index_key(tx)? {
            return Ok(key);
        }
        self.put_secret_if_absent(tx, INDEX_SECRET, Uuid::nil(), cipher::random::<32>()?.as_slice())?;
        self.index_key(tx)?.ok_or(VaultError::Damaged)
    }
}

/// Seals a person's data under the key of the record.
fn seal_person(district: PlaceId, id: Uuid, person: &Person, key: &CipherKey) -> Result<Vec<u8>, VaultError> {
    cipher::seal(key, &bound("record", district, id), &person.to_bytes(PADDING_BYTES)?)
}

pub(crate) fn digest(key: &[u8; 32], field: PersonField, value: &str) -> [u8; 32] {
    cipher::mac(key, &[field.code().as_bytes(), value.as_bytes()])
}

/// Returns what a ciphertext is bound to. Moved to another record or district, it no longer opens.
pub(crate) fn bound(kind: &str, district: PlaceId, id: Uuid) -> Vec<u8> {
    format!("lianglin vault {kind} 1|{}|{}", district.0, id.simple()).into_bytes()
}

/// A look needs a purpose, and no purpose is a letter.
fn stated(look: &Look) -> Result<(), VaultError> {
    match look.purpose.trim().chars().count() {
        0 => Err(VaultError::NoPurpose),
        long if long > PURPOSE_CHARACTERS => Err(VaultError::LongPurpose),
        _ => Ok(()),
    }
}

fn access_id(at: Instant) -> Result<Uuid, VaultError> {
    let millis = u64::try_from(at.micros() / 1000).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &*cipher::random::<10>()?).into_uuid())
}
