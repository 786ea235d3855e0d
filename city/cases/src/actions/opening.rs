//! How a case is opened, in one transaction: remembered as asked, looked at, sealed, numbered, decided, written down.

use std::collections::BTreeMap;

use kernel::calendar::Limit;
use kernel::case::{Case, CaseId, Command, Opening, Relation};
use kernel::permission::{Actor, ActorKind};
use kernel::place::{PlaceId, PlacePath};
use kernel::procedure::Procedure;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use vault::NewRecord;

use super::{Known, known};
use crate::{Cases, records};
use hall::Fault;

/// A case to be opened. Identities and times are made by the caller, so that the transaction may run again.
pub struct NewCase {
    /// Identity of the new case.
    pub id: CaseId,
    /// What the vault seals.
    pub record: NewRecord,
    /// Everything the kernel wants to know; `number` is filled in here.
    pub opening: Opening,
    /// Name of the procedure it follows.
    pub procedure: String,
    /// Official code of the resident's district, the head of the number.
    pub district_code: String,
    /// Account of the applicant when she applies for herself.
    pub applicant: Option<Uuid>,
    /// Sent twice with the same key, done once.
    pub once: String,
}

impl NewCase {
    /// Code of the item that is applied for; empty for none.
    fn item(&self) -> &str {
        self.opening.service.as_ref().map_or("", |service| service.item.as_str())
    }
}

/// What else must hold before a new case is opened; not asked when it was opened already.
pub type Guard<'g> = &'g dyn Fn(&mut dyn Tx) -> Result<(), Fault>;

impl Cases {
    /// Opens a case: decides, numbers, seals the person, writes events, row and announcement. Sent twice it answers the first case.
    ///
    /// # Errors
    /// A refusal of the kernel, or a failure of store or vault.
    pub fn open(&self, tx: &mut dyn Tx, new: &NewCase, actor: &Actor, now: Instant) -> Result<Case, Fault> {
        self.open_guarded(tx, new, (actor, now), &|_| Ok(()))
    }

    /// As [`Cases::open`], once a guard lets it. The running number of a district and the figures, which all who apply there share, are taken last, so
    /// that nobody waits for more than the commit.
    ///
    /// # Errors
    /// A refusal of the guard or of the kernel, or a failure of store or vault.
    pub fn open_guarded(
        &self,
        tx: &mut dyn Tx,
        new: &NewCase,
        (actor, now): (&Actor, Instant),
        guard: Guard<'_>,
    ) -> Result<Case, Fault> {
        let district = new.record.district;
        let command = store::once::Command { scope: "cases.open", key: &new.once, digest: new.item() };
        match store::once::take(tx, command, &new.id.0.to_string(), now)? {
            Once::Again(answer) => {
                let id = Uuid::parse_str(&answer).map_err(|fault| Fault::Broken(fault.to_string()))?;
                return self.opened_before(tx, new, id);
            }
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        self.hall.vault.seal(tx, &new.record)?;
        let procedure = self.procedure(&new.procedure)?;
        let year = i64::from(self.hall.calendar().zone().date(now).year());
        let number = Self::number(tx, district, &new.district_code, year)?;
        // Whoever holds the district's number sees what others have opened there: two who come at once do not overlook each other.
        guard(tx)?;
        let limits = self.limits_of(procedure, &new.opening.place, now)?;
        let command = Command::Open(Box::new(Opening { number, limits, ..new.opening.clone() }));
        let relation = Relation::applicant(actor.kind != ActorKind::Staff);
        let recorded = self.decided(procedure, (new.id, None), &command, actor, relation, now)?;
        let (case, cells) = self.folded(None, &recorded, procedure)?;
        let known = Known { case, person: new.record.id, applicant: new.applicant };
        self.remember(tx, &known, (&recorded, &cells), 0, now)?;
        Ok(known.case)
    }

    /// The case that was opened with the same key, if it was opened for the same person at the same home: else something was changed in between.
    fn opened_before(&self, tx: &mut dyn Tx, new: &NewCase, id: Uuid) -> Result<Case, Fault> {
        let different = || Fault::from(Refusal::new(Code::RequestSentDifferently));
        let before = records::find(tx, new.record.district, id)?.ok_or_else(different)?;
        let before = known(&before)?;
        let mut same = *before.case.residence() == new.opening.place;
        for field in [vault::PersonField::Telephone, vault::PersonField::ResidentId] {
            if let Some(value) = new.record.person.get(field) {
                same =
                    same && self.hall.vault.matches(tx, new.record.district, before.person, field, value.expose())?;
            }
        }
        if same { Ok(before.case) } else { Err(different()) }
    }

    /// The limits of the rulebook that a procedure asks for, as they hold at a place today.
    ///
    /// # Errors
    /// The rulebook has no such figure, or one that is no limit.
    pub fn limits_of(
        &self,
        procedure: &Procedure,
        place: &PlacePath,
        now: Instant,
    ) -> Result<BTreeMap<String, Limit>, Fault> {
        let on = self.hall.calendar().zone().date(now);
        let mut limits = BTreeMap::new();
        for code in procedure.rules() {
            limits.insert(code.to_owned(), self.hall.rulebook.limit(code, place, on)?);
        }
        Ok(limits)
    }

    fn number(tx: &mut dyn Tx, district: PlaceId, code: &str, year: i64) -> Result<String, Fault> {
        let running = records::next_number(tx, district, year)?;
        let year = i16::try_from(year).map_err(|fault| Fault::Broken(fault.to_string()))?;
        let number = kernel::identifier::CaseNumber::new(code, year, running)
            .map_err(|fault| Fault::Broken(format!("district code {code}: {fault}")))?;
        Ok(number.as_str().to_owned())
    }
}
