//! Looks at personal data: what was asked for twice is one look, and on a day somebody sees the data of so many people
//! before a second person is asked.

use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use store::once::{Command, Once};
use uuid::Uuid;
use vault::{Look, Person, VaultError};

use crate::Hall;
use crate::fault::Fault;
use crate::records;
use crate::refusals::Why;
use crate::words::PERSONS_A_DAY;

/// Takes the key of a command. Returns false if the command was done before, so that nothing is to be done.
///
/// # Errors
/// Refuses a key that was used for another command.
pub fn is_first(tx: &mut dyn Tx, command: Command<'_>, now: Instant) -> Result<bool, Fault> {
    match store::once::take(tx, command, "", now)? {
        Once::New => Ok(true),
        Once::Again(_) => Ok(false),
        Once::Conflict => Err(Refusal::new(Code::RequestSentDifferently).into()),
    }
}

/// How long a look that is sent again counts as the same one, in seconds.
const SAME_LOOK_SECONDS: i64 = 600;

impl Hall {
    /// Opens a record for a look that a form asked for with the key `once`. The same form sent again within some
    /// minutes is the same look, and the log has one line of it. A look without a key is a look of its own.
    ///
    /// # Errors
    /// Refuses if no purpose is given, if the data were erased, or if the key was used for another purpose.
    pub fn open_once(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        record: Uuid,
        look: &Look,
        once: Option<&str>,
    ) -> Result<Person, Fault> {
        let before = match (once, look.account) {
            (Some(once), Some(account)) => {
                let (key, at) = (format!("{account}/{record}/{once}"), look.at.micros().to_string());
                let digest = self.vault.told_apart(&look.purpose);
                let command = Command { scope: "hall.look", key: &key, digest: &digest };
                match store::once::take(tx, command, &at, look.at)? {
                    Once::New => None,
                    Once::Again(before) => before.parse().ok().map(Instant::from_micros),
                    Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                }
            }
            _ => None,
        };
        let since = look.at.plus_seconds(-SAME_LOOK_SECONDS);
        let opened = match before.filter(|before| *before >= since) {
            Some(before) => self.vault.open_again(tx, district, record, look, before),
            None => self.vault.open(tx, district, record, look),
        };
        match opened {
            Err(VaultError::NoPurpose) => Err(Refusal::new(Code::VaultPurposeMissing).field("purpose").into()),
            Err(VaultError::Erased) => Err(Refusal::new(Code::VaultRecordErased).into()),
            opened => Ok(opened?),
        }
    }

    /// Lets a look pass that stays within the measure of the day: so many people, and as many again for each time that
    /// a second person confirmed it. Whom somebody saw today already is no further person.
    ///
    /// # Errors
    /// Refuses a look beyond it, and says whom to ask.
    pub fn within_measure(&self, tx: &mut dyn Tx, district: PlaceId, record: Uuid, look: &Look) -> Result<(), Fault> {
        let Some(account) = look.account else { return Ok(()) };
        let since = self.zone().instant(self.day(look.at), 0);
        let persons = self.vault.persons_seen(tx, account, since)?;
        let measure = self.figure(PERSONS_A_DAY, look.at)?;
        if persons < measure || self.vault.saw(tx, district, record, account, since)? {
            return Ok(());
        }
        if persons < self.measure_of(tx, account, look.at)? {
            return Ok(());
        }
        Err(Refusal::new(Why::HallLooksMeasure).with("persons", persons).into())
    }

    /// Returns how many people's data an account may see today.
    pub fn measure_of(&self, tx: &mut dyn Tx, account: Uuid, now: Instant) -> Result<i64, Fault> {
        let times = records::more_looks(tx, account, self.day(now))?;
        Ok(self.figure(PERSONS_A_DAY, now)?.saturating_mul(times.saturating_add(1)))
    }

    /// Confirms that an account may see as many people again today. It is written into the log of events with who
    /// confirmed it. Sent twice it is confirmed once.
    ///
    /// # Errors
    /// Refuses if somebody confirms her own looks.
    pub fn confirm_more(
        &self,
        tx: &mut dyn Tx,
        account: Uuid,
        by: &Actor,
        once: &str,
        now: Instant,
    ) -> Result<(), Fault> {
        if by.account.is_none() || by.account == Some(account) {
            return Err(Refusal::new(Why::HallLooksOwn).into());
        }
        let digest = account.simple().to_string();
        let command = Command { scope: "hall.more_looks", key: once, digest: &digest };
        match store::once::take(tx, command, "", now)? {
            Once::New => {}
            Once::Again(_) => return Ok(()),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        }
        records::add_more_looks(tx, account, self.day(now), by, now)?;
        let city = self.places.tree().root().map(|place| place.id).ok_or(Fault::NotFound)?;
        let detail = json!({ "day": self.day(now).to_string() });
        let (kind, by_name) = ("hall.more_looks", by.name.as_str());
        let act = store::log::Act {
            district: city,
            stream: account,
            kind,
            detail: &detail,
            by: by.account,
            by_name,
            at: now,
        };
        Ok(store::log::note(tx, &act)?)
    }
}
