//! How a case is opened, in one transaction: remembered as asked, looked at, sealed, numbered, decided, written down.

use std::collections::BTreeMap;

use kernel::calendar::Limit;
use kernel::case::{Case, CaseId, Command, Holder, Opening, Party, Relation};
use kernel::identifier::CaseNumber;
use kernel::permission::Actor;
use kernel::place::{PlaceId, PlacePath};
use kernel::procedure::Procedure;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use vault::NewRecord;

use super::words::Written;
use super::{Deciding, Known, known};
use crate::kind::{Kind, Series};
use crate::records::Key;
use crate::{Cases, records};
use hall::Fault;

/// Where the keys of forms that open cases are kept apart from those of others.
pub const OPENED: &str = "cases.open";
/// Digits of a district's code at the head of a case's number.
const DISTRICT_DIGITS: usize = 6;

/// A case to be opened, of whatever kind. Identities and times are made by the caller, so that the transaction may run
/// again.
#[derive(Clone)]
pub struct NewCase {
    /// Identity of the new case.
    pub id: CaseId,
    /// Name of the procedure it follows.
    pub procedure: String,
    /// Everything the kernel wants to know: kind, place, point, parties, office, dates that were given, answers.
    /// `number` and `limits` are filled in
    /// here. The district of the place keeps the case.
    pub opening: Opening,
    /// What the vault seals: the records that the parties hold, all in the district of the place.
    pub records: Vec<NewRecord>,
    /// Account of the one who applies, when she does so for herself.
    pub applicant: Option<Uuid>,
    /// How the one who opens it stands to it.
    pub relation: Relation,
    /// Sent twice with the same key, done once.
    pub once: String,
    /// What its department adds to what tells it from another request with the same key, such as what is said beside
    /// the opening. Empty where there is nothing. Only a keyed digest of it is kept.
    pub said: String,
}

impl NewCase {
    /// What tells it from another one that is asked for with the same key. Of an application that is the item; what
    /// else must be the same is compared with the case. Of any other kind it is everything that was said: the records
    /// of persons are new each time, the clocks and limits follow from the catalogue of the day, and so do the answers
    /// that the kind gives by itself.
    fn asked(&self, kind: &dyn Kind) -> String {
        let Opening { kind: code, place, point, parties, fields, service, .. } = &self.opening;
        if let Some(service) = service {
            return service.item.clone();
        }
        let holders = |parties: &[Party]| -> Vec<String> { parties.iter().map(|party| who(&party.holder)).collect() };
        let parties: Vec<(&String, Vec<String>)> =
            parties.iter().map(|(role, parties)| (role, holders(parties))).collect();
        let answers: Vec<(&String, &String)> =
            fields.iter().filter(|(name, _)| !kind.own_answers().contains(&name.as_str())).collect();
        let point = point.as_ref().map(ToString::to_string);
        serde_json::json!([code, place.id().0, point, parties, answers, self.said]).to_string()
    }

    /// The sealed record that it is mainly about: of the role that its kind names, else of the first party that has
    /// one.
    fn person(&self, kind: &dyn Kind) -> Option<Uuid> {
        let parties = &self.opening.parties;
        let of_role = kind.person().and_then(|role| parties.get(role));
        let mut held = of_role.into_iter().chain(parties.values()).flatten().filter_map(|party| match party.holder {
            Holder::Record(record) => Some(record),
            _ => None,
        });
        held.next()
    }
}

/// What else must hold before a new case is opened; not asked when it was opened already.
pub type Guard<'g> = &'g dyn Fn(&mut dyn Tx) -> Result<(), Fault>;

impl Cases {
    /// Opens a case: decides, numbers, seals the persons, writes events, row and announcement. Sent twice it answers
    /// the first case.
    ///
    /// # Errors
    /// A refusal of the kernel, or a failure of store or vault.
    pub fn open(&self, tx: &mut dyn Tx, new: &NewCase, actor: &Actor, now: Instant) -> Result<Case, Fault> {
        self.open_guarded(tx, new, actor, now, &|_| Ok(()))
    }

    /// Does the same as [`Cases::open`] if a guard allows it. Everybody who applies in a district shares its running
    /// number and its figures; these are taken last, so that nobody waits for more than the commit.
    ///
    /// # Errors
    /// A refusal of the guard or of the kernel, or a failure of store or vault.
    pub fn open_guarded(
        &self,
        tx: &mut dyn Tx,
        new: &NewCase,
        actor: &Actor,
        now: Instant,
        guard: Guard<'_>,
    ) -> Result<Case, Fault> {
        let district = new.opening.place.district();
        let unknown = || Fault::Broken(format!("no department has registered the kind {}", new.opening.kind));
        let kind = self.kinds.get(&new.opening.kind).ok_or_else(unknown)?;
        let asked = self.asked_as(new, &*kind);
        let command = store::once::Command { scope: OPENED, key: &new.once, digest: &asked };
        match store::once::take(tx, command, &new.id.0.to_string(), now)? {
            Once::Again(answer) => {
                let id = Uuid::parse_str(&answer).map_err(|fault| Fault::Broken(fault.to_string()))?;
                return self.opened_before(tx, new, id);
            }
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        self.seal(tx, new, district)?;
        let procedure = self.procedure(&new.procedure)?;
        let number = self.number(tx, kind.series(), district, now)?;
        // Whoever holds the district's number sees what others have opened there. So if two people come at once,
        // neither overlooks the other.
        guard(tx)?;
        let mut limits = self.limits_of(procedure, &new.opening.place, now)?;
        limits.extend(new.opening.limits.clone());
        let confidential = kind.is_confidential(&new.opening);
        let command = Command::Open(Box::new(Opening { number, limits, confidential, ..new.opening.clone() }));
        let asked = Deciding { id: new.id, case: None, command: &command, actor, relation: new.relation, now };
        let (mut recorded, after) = self.decided(procedure, &asked)?;
        let (person, case) = (new.person(&*kind), Key { district, id: new.id.0 });
        let written = Written { case, person, procedure, sequence: 0, now };
        let sealed = self.seal_words(tx, &written, &mut recorded)?;
        let (case, figures) = self.folded_from(None, &recorded, after.filter(|_| !sealed), procedure)?;
        let known = Known { case, person, applicant: new.applicant, code: None };
        self.remember(tx, &known, &recorded, &figures, 0, now)?;
        Ok(known.case)
    }

    /// What is remembered of what was asked for. Words that people wrote are told apart under a key, so that nobody who
    /// has the database alone can try out what they were.
    fn asked_as(&self, new: &NewCase, kind: &dyn Kind) -> String {
        let asked = new.asked(kind);
        if new.opening.service.is_some() { asked } else { self.hall.vault.told_apart(&asked) }
    }

    fn seal(&self, tx: &mut dyn Tx, new: &NewCase, district: PlaceId) -> Result<(), Fault> {
        for record in &new.records {
            if record.district != district {
                return Err(Fault::Broken("a party is sealed in another district than its case".to_owned()));
            }
            self.hall.vault.seal(tx, record)?;
        }
        Ok(())
    }

    /// The case that was opened with the same key, if it was opened for the same persons at the same place: else
    /// something was changed in between.
    fn opened_before(&self, tx: &mut dyn Tx, new: &NewCase, id: Uuid) -> Result<Case, Fault> {
        let different = || Fault::from(Refusal::new(Code::RequestSentDifferently));
        let district = new.opening.place.district();
        let before = known(&records::find(tx, district, id)?.ok_or_else(different)?)?;
        let mut same = before.case.place == new.opening.place;
        for record in &new.records {
            let twin = twin(new, record.id, &before).ok_or_else(different)?;
            for field in [vault::PersonField::Telephone, vault::PersonField::ResidentId] {
                if let Some(value) = record.person.get(field) {
                    same = same && self.hall.vault.matches(tx, district, twin, field, value.expose())?;
                }
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

    /// The next number of a series in a district.
    fn number(&self, tx: &mut dyn Tx, series: Series, district: PlaceId, now: Instant) -> Result<String, Fault> {
        let tree = self.hall.places.tree();
        let missing = || Fault::Broken(format!("the district {} is not in the tree", district.0));
        let code = &tree.get(district).ok_or_else(missing)?.code;
        let code: String = code.chars().take(DISTRICT_DIGITS).collect();
        let year = self.hall.calendar().zone().date(now).year();
        let made = match series {
            Series::Applications => CaseNumber::new(&code, year, records::next_number(tx, district, year.into())?),
            Series::Own { name, letter } => {
                let running = store::series::next(tx, district, name, year.into())?;
                CaseNumber::of_series(letter, &code, year, running)
            }
        };
        let number = made.map_err(|fault| Fault::Broken(format!("district code {code}: {fault}")))?;
        Ok(number.as_str().to_owned())
    }
}

/// Who a party is, as far as it is the same when the request is sent again: a sealed record is new each time.
fn who(holder: &Holder) -> String {
    match holder {
        Holder::Record(_) => "record".to_owned(),
        Holder::Account(account) => format!("account {account}"),
        Holder::Unit(unit) => format!("unit {} {}", unit.place.id(), unit.department.as_deref().unwrap_or_default()),
        Holder::Organisation { code, .. } => format!("organisation {code}"),
        Holder::Nobody => "nobody".to_owned(),
    }
}

/// The record of the case that was opened before which holds the place of a new one; of a case that was opened before
/// parties were kept, the one that
/// its row names.
fn twin(new: &NewCase, record: Uuid, before: &Known) -> Option<Uuid> {
    let place = new.opening.parties.iter().find_map(|(role, parties)| {
        let position = parties.iter().position(|party| party.holder == Holder::Record(record))?;
        Some((role, position))
    });
    let held = place.and_then(|(role, position)| before.case.parties_of(role).get(position));
    match held.map(|party| &party.holder) {
        Some(Holder::Record(found)) => Some(*found),
        _ => before.person,
    }
}
