//! This file lets a person reach the letters of a case, opens the seal for what is printed, and checks whether a result
//! is genuine.

use cases::{Cases, Known, Looking, district, own_counter};
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::language::Lang;
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use vault::{Look, Person, PersonField};
use web::Page;

use crate::words::{Kind, Named, Reader, Standing};
use crate::{Letters, rules};

/// A genuine result, as far as anybody who holds its number and code may know it.
pub struct Genuine {
    /// Its case.
    pub known: Known,
    /// The day it was decided.
    pub on: Date,
    /// Whether it is still valid.
    pub standing: Standing,
    /// The applicant's masked name. It is empty if the item does not ask for one or her data were erased.
    pub name: String,
}

/// Says which letter is asked for, why it is opened, and whether the applicant proved once more who she is.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The letter.
    pub kind: Kind,
    /// The purpose for which the person is named in full. None before it is stated.
    pub stated: Option<&'a Result<String, Refusal>>,
    /// The key of the form that states it. Sent twice with the same key, it is one look.
    pub once: Option<&'a str>,
    /// Whether the applicant typed her identity number once more and it is hers.
    pub is_proved: bool,
}

/// Why a person is opened.
#[derive(Clone, Copy)]
pub struct Reason<'r> {
    /// The purpose. The person reads it.
    pub purpose: &'r str,
    /// The key of the form that states it. Sent twice with the same key, it is one look.
    pub once: Option<&'r str>,
}

impl Letters {
    /// Returns the case of a number, if this reader may have its letters.
    ///
    /// # Errors
    /// Returns `NotFound` if the reader may not.
    pub fn reach(&self, tx: &mut dyn Tx, page: &Page, reader: Reader, number: &CaseNumber) -> Result<Known, Fault> {
        let known = match reader {
            Reader::Staff => {
                let pass = page.cookie(cases::PASS_COOKIE);
                self.counter.cases.seen(tx, number.as_str(), &page.visitor.actor, pass.as_deref(), page.now)?
            }
            Reader::Applicant => self.counter.owned(tx, page, number)?,
        };
        // No letters of the counter are written of other kinds.
        let kind = self.counter.cases.kinds.get(&known.case.kind);
        if kind.is_some_and(|kind| kind.has_letters()) { Ok(known) } else { Err(Fault::NotFound) }
    }

    /// Returns whom a letter names. A decision or certificate opens the seal for the purpose that was stated, and the
    /// look is logged where the person can read it. If no good purpose was stated, the reader may not open the seal, or
    /// the data were erased, the masks stay and the reason is given. The applicant reads her identity number in full
    /// only if she proved once more who she is.
    pub fn named(&self, tx: &mut dyn Tx, page: &Page, known: &Known, asked: Asked<'_>) -> Result<Named, Fault> {
        if !asked.kind.names_in_full() {
            return self.masked(tx, known);
        }
        let opened = match asked.stated {
            Some(Ok(purpose)) => self.opened(tx, page, known, Reason { purpose, once: asked.once }),
            Some(Err(refusal)) => Err(self.asks(page, known, refusal.clone()).into()),
            None => Err(self.asks(page, known, Refusal::new(Code::VaultPurposeMissing).field("purpose")).into()),
        };
        let is_whole = page.visitor.staff() || asked.is_proved;
        match opened {
            Ok(person) => {
                let field = |field: PersonField| person.get(field).map(|value| value.expose().clone());
                let number = field(PersonField::ResidentId);
                let resident_id =
                    number.map(|number| if is_whole { number } else { PersonField::ResidentId.mask(&number) });
                Ok(Named { name: field(PersonField::Name), resident_id, withheld: None })
            }
            Err(Fault::Refused(refusal)) => Ok(Named { withheld: Some(refusal), ..self.masked(tx, known)? }),
            Err(fault) => Err(fault),
        }
    }

    /// Returns why the seal stays closed before a purpose is stated: the purpose is missing, or the permission too.
    fn asks(&self, page: &Page, known: &Known, purpose: Refusal) -> Refusal {
        match Cases::may_open(&known.case, &page.visitor.actor) {
            Err(refusal) if !self.is_with_her(page, known) => refusal,
            _ => purpose,
        }
    }

    /// Returns whom a letter names, by her masks.
    pub(crate) fn masked(&self, tx: &mut dyn Tx, known: &Known) -> Result<Named, Fault> {
        let masks = self.counter.cases.hall.vault.masked(tx, known.sealed().as_slice())?;
        let fields = masks.into_iter().next().map(|(_, fields)| fields).unwrap_or_default();
        let field = |field: PersonField| fields.get(&field).cloned();
        Ok(Named { name: field(PersonField::Name), resident_id: field(PersonField::ResidentId), withheld: None })
    }

    /// Opens the seal for what is printed. Staff open it by a post, or at any counter while the applicant stands there
    /// with her number and code. The applicant opens it herself too. Each look is logged.
    ///
    /// # Errors
    /// Refuses if the reader has no permission or no purpose, or if the data were erased.
    pub fn opened(&self, tx: &mut dyn Tx, page: &Page, known: &Known, reason: Reason<'_>) -> Result<Person, Fault> {
        let (desk, actor) = (&self.counter.cases, &page.visitor.actor);
        if !page.visitor.staff() {
            return self.look(tx, page, known, reason);
        }
        let looking = Looking { actor, purpose: reason.purpose, now: page.now, once: reason.once };
        match desk.open_person(tx, known, &looking) {
            Err(Fault::Refused(refusal)) if refusal.code.is_permission() && self.is_with_her(page, known) => {
                self.look(tx, page, known, reason)
            }
            answer => answer,
        }
    }

    /// Says whether this worker's browser carries the applicant's pass, and whether her posts let her open personal
    /// data at all.
    fn is_with_her(&self, page: &Page, known: &Known) -> bool {
        let pass = page.cookie(cases::PASS_COOKIE);
        page.visitor.actor.has(Permission::PersonOpen)
            && self.counter.cases.passed(known, &page.visitor.actor, pass.as_deref(), page.now)
    }

    fn look(&self, tx: &mut dyn Tx, page: &Page, known: &Known, reason: Reason<'_>) -> Result<Person, Fault> {
        let (desk, actor) = (&self.counter.cases, &page.visitor.actor);
        let counter = own_counter(actor).map(|place| desk.hall.places.tree().chain(&place, Lang::Zh));
        let (name, place) = if page.visitor.staff() {
            (actor.name.clone(), counter.unwrap_or_default())
        } else {
            (page.in_chinese("letters-herself"), page.in_chinese("letters-online"))
        };
        let case_number = Some(known.case.number.clone());
        let purpose = reason.purpose.trim().to_owned();
        let look = Look { account: actor.account, name, place, purpose, case_number, at: page.now };
        if page.visitor.staff() {
            desk.hall.within_measure(tx, district(&known.case), known.record()?, &look)?;
        }
        desk.hall.open_once(tx, district(&known.case), known.record()?, &look, reason.once)
    }

    /// Returns the result that a number and a code belong to. It returns nothing for an unknown number, a case that was
    /// not granted, and a wrong code alike.
    pub fn genuine(&self, tx: &mut dyn Tx, number: &str, code: &str) -> Result<Option<Genuine>, Fault> {
        let desk = &self.counter.cases;
        let known = match desk.known_number(tx, number) {
            Err(Fault::NotFound) => return Ok(None),
            known => known?,
        };
        let events = desk.events(tx, &known.case)?;
        let Some((decision, standing)) = rules::granted(desk.procedure_of(&known.case)?, &events) else {
            return Ok(None);
        };
        let on = desk.hall.day(decision.at);
        if !self.code_key.holds(code, known.case.id, decision.outcome, on) {
            return Ok(None);
        }
        let name = self.masked(tx, &known)?.name.unwrap_or_default();
        Ok(Some(Genuine { known, on, standing, name }))
    }
}
