//! This file decides who may see a visit: the person who booked it on her device or gives the code of its slip, and
//! staff whose post reaches the community. Number and telephone number are known to many: they show when and where it
//! is, and nothing else. It also opens the person, with a purpose.

use cases::{Looking, Pass, ReceiptCode};
use hall::Fault;
use kernel::permission::{Actor, Permission, Scope, Target, may};
use kernel::place::PlacePath;
use kernel::time::Instant;
use store::Tx;
use vault::{Look, Person, PersonField, VaultError};

use crate::Visits;
use crate::records::visit::Visit;
use crate::words::Number;

/// Names what the code of a visit is made for.
const SLIP: &str = "slip";

/// What somebody types to come back to a visit.
#[derive(Clone)]
pub struct Typed {
    /// The number of the visit.
    pub number: String,
    /// The telephone number.
    pub telephone: String,
    /// The code of its slip.
    pub code: String,
}

/// What was proved of a visit.
pub enum Proved {
    /// She holds its code.
    Whole(Visit),
    /// She knows number and telephone number, as many may.
    Glance(Visit),
}

/// Says what somebody may do with a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Whether it is her own visit: she booked it on this device, or gave its code.
    pub own: bool,
    /// Whether she sees the lists of the community.
    pub reads: bool,
    /// Whether she works at its counter.
    pub works: bool,
}

impl Rights {
    /// Returns what a post allows at a community.
    #[must_use]
    pub fn of(actor: &Actor, community: &PlacePath) -> Self {
        let allowed = |permission| may(actor, permission, &Target::at(community.clone())).is_ok();
        Self { own: false, reads: allowed(Permission::CaseRead), works: allowed(Permission::CaseAccept) }
    }

    /// Says whether she may know of it at all.
    #[must_use]
    pub const fn any(self) -> bool {
        self.own || self.reads || self.works
    }
}

/// Returns where an actor holds a permission for any matter, because visits belong to no department.
#[must_use]
pub fn reach(actor: &Actor, permission: Permission) -> Vec<PlacePath> {
    let scopes = actor.scopes(permission).into_iter();
    scopes.filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}

impl Visits {
    /// Says whether somebody reads which item a visit is for. A confidential one is told to the person herself, to
    /// whoever takes in at that counter, and to posts of the department whose item it is.
    pub(crate) fn tells_item(&self, actor: &Actor, visit: &Visit, own: bool) -> bool {
        if own || !self.is_confidential(&visit.item) || Rights::of(actor, &visit.path).works {
            return true;
        }
        let catalogue = self.counter.catalogue();
        let Some(item) = catalogue.get(&visit.item) else { return false };
        let office = Target { place: visit.path.clone(), department: Some(item.department.clone()) };
        let named = |scope: &Scope| scope.department.is_some() && scope.covers(&office);
        actor.scopes(Permission::CaseRead).iter().any(named)
    }

    /// Returns a visit with what this person may do with it.
    ///
    /// # Errors
    /// Returns `NotFound` if she gave no number, if there is no such visit, or if she may not know of it.
    pub fn seen(
        &self,
        tx: &mut dyn Tx,
        number: Option<&Number>,
        actor: &Actor,
        pass: Option<&str>,
        now: Instant,
    ) -> Result<(Visit, Rights), Fault> {
        let visit = self.numbered(tx, number.ok_or(Fault::NotFound)?)?;
        let passed = pass.and_then(|value| self.pass_key.read(value, now));
        let own = passed.is_some_and(|pass| pass.id == visit.id && pass.district == visit.district);
        let rights = Rights { own, ..Rights::of(actor, &visit.path) };
        if rights.any() { Ok((visit, rights)) } else { Err(Fault::NotFound) }
    }

    /// Returns the value of the cookie that opens one visit until a moment.
    #[must_use]
    pub fn pass(&self, visit: &Visit, until: Instant) -> String {
        self.pass_key.write(&Pass { district: visit.district, id: visit.id, until, code: None })
    }

    /// Returns the code of a visit, as it is printed on its slip. It is reckoned from the visit and a key that lies
    /// outside of the database, so nothing of it is kept.
    #[must_use]
    pub fn code(&self, visit: &Visit) -> Option<ReceiptCode> {
        self.code_key.code(visit.id, SLIP)
    }

    fn is_code_of(&self, visit: &Visit, typed: &ReceiptCode) -> bool {
        let digest = self.code(visit).and_then(|code| self.code_key.digest(visit.id, &code));
        digest.is_some_and(|digest| self.code_key.holds(visit.id, typed, &digest))
    }

    /// Says what somebody proved of a visit. The telephone number is not looked at if there is a code.
    ///
    /// # Errors
    /// Returns `NotFound`, which is the same for a wrong number, a wrong code and a wrong telephone number.
    pub fn proved(&self, tx: &mut dyn Tx, typed: &Typed) -> Result<Proved, Fault> {
        let visit = self.known(tx, &typed.number)?;
        if !typed.code.trim().is_empty() {
            let holds = ReceiptCode::parse(&typed.code).is_some_and(|code| self.is_code_of(&visit, &code));
            return if holds { Ok(Proved::Whole(visit)) } else { Err(Fault::NotFound) };
        }
        let vault = &self.counter.cases.hall.vault;
        match vault.matches(tx, visit.district, visit.person, PersonField::Telephone, &typed.telephone) {
            Ok(true) => Ok(Proved::Glance(visit)),
            Ok(false) | Err(VaultError::Malformed { .. } | VaultError::Erased) => Err(Fault::NotFound),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Opens the person's seal for staff whose post allows it and who say why. The look is logged where the person can
    /// read it.
    ///
    /// # Errors
    /// Refuses if the post does not allow it, if no purpose is given, or if the data were erased.
    pub fn open_person(&self, tx: &mut dyn Tx, visit: &Visit, looking: &Looking<'_>) -> Result<Person, Fault> {
        let Looking { actor, purpose, now, once } = *looking;
        let grant = may(actor, Permission::PersonOpen, &Target::at(visit.path.clone()))?;
        let look = Look {
            account: actor.account,
            name: actor.name.clone(),
            place: self.counter.cases.hall.places.tree().chain(&grant.place, kernel::language::Lang::Zh),
            purpose: purpose.trim().to_owned(),
            case_number: Some(visit.number.clone()),
            at: now,
        };
        self.counter.cases.hall.within_measure(tx, visit.district, visit.person, &look)?;
        self.counter.cases.hall.open_once(tx, visit.district, visit.person, &look, once)
    }
}
