//! The daily measure of looks: how many people's data somebody sees on a day before a second person is asked.

use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use store::once::{Command, Once};
use uuid::Uuid;
use vault::Look;

use crate::Hall;
use crate::fault::Fault;
use crate::records;
use crate::refusals::Why;
use crate::words::PERSONS_A_DAY;

impl Hall {
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
