//! Reaching a case's letters as somebody, opening the seal for what is printed, checking whether a result is genuine.

use cases::{Known, district, own_counter};
use hall::Fault;
use kernel::language::Lang;
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use vault::{Look, Person, PersonField, VaultError};
use web::Page;

use crate::words::{Kind, Named, Reader, Standing};
use crate::{Letters, rules};

/// A result that is genuine, as anybody may know it who holds its number and code.
pub struct Genuine {
    /// Its case.
    pub known: Known,
    /// The day it was decided.
    pub on: Date,
    /// Whether it still holds.
    pub standing: Standing,
    /// The applicant's masked name; empty when the item asks for none or her data are erased.
    pub name: String,
}

impl Letters {
    /// The case of a number, if this reader may have its letters.
    ///
    /// # Errors
    /// `NotFound` otherwise, or a failure of the store.
    pub fn reach(&self, tx: &mut dyn Tx, page: &Page, reader: Reader, number: &str) -> Result<Known, Fault> {
        match reader {
            Reader::Staff => {
                let pass = page.cookie(cases::PASS_COOKIE);
                self.counter.cases.seen(tx, number, &page.visitor.actor, pass.as_deref(), page.now)
            }
            Reader::Applicant => self.counter.owned(tx, page, number),
        }
    }

    /// Whom a letter names. A decision or certificate opens the seal, which is logged where the person can read it; whoever may not open it, and
    /// whatever was erased, leaves the masks and the reason.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn named(&self, tx: &mut dyn Tx, page: &Page, known: &Known, kind: Kind) -> Result<Named, Fault> {
        if !kind.names_in_full() {
            return self.masked(tx, known);
        }
        let purpose = Self::in_chinese(page, &format!("letters-purpose-{}", kind.code()));
        match self.opened(tx, page, known, &purpose) {
            Ok(person) => {
                let field = |field: PersonField| person.get(field).map(|value| value.expose().clone());
                let (name, resident_id) = (field(PersonField::Name), field(PersonField::ResidentId));
                Ok(Named { name, resident_id, withheld: None })
            }
            Err(Fault::Refused(refusal)) => Ok(Named { withheld: Some(refusal), ..self.masked(tx, known)? }),
            Err(fault) => Err(fault),
        }
    }

    fn masked(&self, tx: &mut dyn Tx, known: &Known) -> Result<Named, Fault> {
        let masks = self.counter.cases.hall.vault.masked(tx, &[(district(&known.case), known.person)])?;
        let fields = masks.into_iter().next().map(|(_, fields)| fields).unwrap_or_default();
        let field = |field: PersonField| fields.get(&field).cloned();
        Ok(Named { name: field(PersonField::Name), resident_id: field(PersonField::ResidentId), withheld: None })
    }

    /// Opens the seal for what is printed: as staff by a post, as staff of any counter while the applicant stands there with her number and
    /// telephone, or as the applicant herself. Each look is logged.
    ///
    /// # Errors
    /// A refusal (no permission, no purpose, erased), or a failure of the vault.
    pub fn opened(&self, tx: &mut dyn Tx, page: &Page, known: &Known, purpose: &str) -> Result<Person, Fault> {
        let (desk, actor) = (&self.counter.cases, &page.visitor.actor);
        if !page.visitor.staff() {
            return self.look(tx, page, known, purpose);
        }
        match desk.open_person(tx, known, actor, purpose, page.now) {
            Err(Fault::Refused(refusal)) if refusal.code.is_permission() && self.is_with_her(page, known) => {
                self.look(tx, page, known, purpose)
            }
            answer => answer,
        }
    }

    /// Whether this worker's browser carries the applicant's pass, and her posts let her open personal data at all.
    fn is_with_her(&self, page: &Page, known: &Known) -> bool {
        let pass = page.cookie(cases::PASS_COOKIE);
        page.visitor.actor.has(Permission::PersonOpen) && self.counter.cases.passed(known, pass.as_deref(), page.now)
    }

    fn look(&self, tx: &mut dyn Tx, page: &Page, known: &Known, purpose: &str) -> Result<Person, Fault> {
        let (desk, actor) = (&self.counter.cases, &page.visitor.actor);
        let counter = own_counter(actor).map(|place| desk.hall.places.tree().chain(&place, Lang::Zh));
        let (name, place) = if page.visitor.staff() {
            (actor.name.clone(), counter.unwrap_or_default())
        } else {
            (Self::in_chinese(page, "letters-herself"), Self::in_chinese(page, "letters-online"))
        };
        let case_number = Some(known.case.number.clone());
        let look =
            Look { account: actor.account, name, place, purpose: purpose.trim().to_owned(), case_number, at: page.now };
        match desk.hall.vault.open(tx, district(&known.case), known.person, &look) {
            Err(VaultError::NoPurpose) => Err(Refusal::new(Code::VaultPurposeMissing).field("purpose").into()),
            Err(VaultError::Erased) => Err(Refusal::new(Code::VaultRecordErased).into()),
            opened => Ok(opened?),
        }
    }

    /// What stands in a log or on a seal, whatever language the page is in.
    pub(crate) fn in_chinese(page: &Page, key: &str) -> String {
        page.frame().texts.get(Lang::Zh, key, &[])
    }

    /// The result that a number and a code belong to. A number that is unknown, a case that was not granted and a wrong code are all nothing.
    ///
    /// # Errors
    /// A failure of store or vault.
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
