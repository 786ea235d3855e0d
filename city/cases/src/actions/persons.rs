//! The persons behind a case: whose seal is opened, by whom and why, how long their data are kept, whose record seals
//! its files.

use kernel::case::{Case, Holder, settles};
use kernel::permission::{Actor, Grant, Permission, Target, may};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::VaultError;

use super::words::own_record;
use super::{Known, district};
use crate::Cases;
use crate::kind::Files;
use hall::Fault;

/// Who looks at somebody who takes part in a case, why, and when.
#[derive(Clone, Copy, Debug)]
pub struct Looking<'l> {
    /// Who looks.
    pub actor: &'l Actor,
    /// What for. The person reads it.
    pub purpose: &'l str,
    /// When.
    pub now: Instant,
    /// The key of the form that asks for it. Sent twice with the same key, it is one look.
    pub once: Option<&'l str>,
}

impl Known {
    /// The sealed record that it is mainly about.
    ///
    /// # Errors
    /// `NotFound` where nobody's data are sealed.
    pub fn record(&self) -> Result<Uuid, Fault> {
        self.person.ok_or(Fault::NotFound)
    }

    /// The same with the district that keeps it, as the vault names records.
    #[must_use]
    pub fn sealed(&self) -> Option<(PlaceId, Uuid)> {
        self.person.map(|record| (district(&self.case), record))
    }

    /// The sealed records of all who take part, each once, the one that it is mainly about first.
    #[must_use]
    pub fn records(&self) -> Vec<Uuid> {
        let mut records: Vec<Uuid> = self.person.into_iter().collect();
        for party in self.case.parties.values().flatten() {
            if let Holder::Record(record) = party.holder
                && !records.contains(&record)
            {
                records.push(record);
            }
        }
        records
    }
}

impl Cases {
    /// An ended case keeps the data of all who take part as long as the rulebook says.
    pub(super) fn start_retention(&self, tx: &mut dyn Tx, known: &Known, now: Instant) -> Result<(), Fault> {
        let on = self.hall.calendar().zone().date(now);
        let days = self.hall.rulebook.get(crate::words::CASE_PERSONAL_DATA_RETENTION_DAYS, &known.case.place, on)?;
        let until = kernel::time::date_plus_days(on, days)
            .ok_or_else(|| Fault::Broken("retention ends after the calendar".to_owned()))?;
        for record in known.records() {
            self.hall.vault.retain_until(tx, district(&known.case), record, Some(until))?;
        }
        // Words that no person's record seals are kept as long.
        match self.hall.vault.retain_until(tx, district(&known.case), own_record(known.case.id.0), Some(until)) {
            Err(VaultError::NotFound) => Ok(()),
            kept => Ok(kept?),
        }
    }

    /// Opens the seal of the person whom a case is mainly about for somebody who sees the case and says why; the look
    /// is logged where she can read it.
    ///
    /// # Errors
    /// `NotFound`, a refusal (no permission, no purpose), or a failure of the vault.
    pub fn open_person(&self, tx: &mut dyn Tx, known: &Known, looking: &Looking<'_>) -> Result<vault::Person, Fault> {
        self.open_party(tx, known, known.record()?, looking)
    }

    /// Opens the seal of somebody who takes part in a case, as [`Cases::open_person`] does.
    ///
    /// # Errors
    /// `NotFound` when that record has no part in the case; else as [`Cases::open_person`].
    pub fn open_party(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        record: Uuid,
        looking: &Looking<'_>,
    ) -> Result<vault::Person, Fault> {
        let case = &known.case;
        let look = self.look(case, looking.actor, looking.purpose, looking.now)?;
        if !known.records().contains(&record) {
            return Err(Fault::NotFound);
        }
        self.hall.within_measure(tx, district(case), record, &look)?;
        self.hall.open_once(tx, district(case), record, &look, looking.once)
    }

    /// The record under which the files of a case are sealed, as its kind says; none where cases of that kind have no
    /// files.
    #[must_use]
    pub fn file_owner(&self, known: &Known) -> Option<(PlaceId, Uuid)> {
        let Files::Sealed { role } = self.kinds.get(&known.case.kind)?.files() else { return None };
        let held = known.case.parties_of(role).iter().find_map(|party| match party.holder {
            Holder::Record(record) => Some(record),
            _ => None,
        });
        // A case that was opened before parties were kept has one record, that of its row.
        Some((district(&known.case), held.or(known.person)?))
    }

    /// Who looks at what belongs to a case, on behalf of which place, and why.
    ///
    /// # Errors
    /// The refusal of [`Cases::may_open`].
    pub fn look(&self, case: &Case, actor: &Actor, purpose: &str, now: Instant) -> Result<vault::Look, Refusal> {
        let grant = Self::may_open(case, actor)?;
        Ok(vault::Look {
            account: actor.account,
            name: actor.name.clone(),
            place: self.hall.places.tree().chain(&grant.place, kernel::language::Lang::Zh),
            purpose: purpose.trim().to_owned(),
            case_number: Some(case.number.clone()),
            at: now,
        })
    }

    /// Whether somebody may open the data of those who take part: at the office, the counter that took an application
    /// in, or the place it is about; and at a counter that may say where the applicant lives, while nobody knows.
    ///
    /// # Errors
    /// The refusal of the office.
    pub fn may_open<'a>(case: &Case, actor: &'a Actor) -> Result<&'a Grant, Refusal> {
        let at_office = may(actor, Permission::PersonOpen, &case.office);
        let places: Vec<&PlacePath> = case.counter().into_iter().chain([case.residence()]).collect();
        let elsewhere = || {
            places.iter().find_map(|place| {
                may(actor, Permission::PersonOpen, &Target { place: (*place).clone(), department: None }).ok()
            })
        };
        match at_office {
            Ok(grant) => Ok(grant),
            Err(refusal) => elsewhere().or_else(|| settles(case, actor, Permission::PersonOpen)).ok_or(refusal),
        }
    }
}
