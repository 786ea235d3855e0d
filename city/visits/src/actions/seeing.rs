//! Who may see a visit: whoever proved number and telephone, and those whose post reaches the community. Opening the person, with a purpose.

use cases::Pass;
use hall::Fault;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use vault::{Look, Person, PersonField, VaultError};

use crate::Visits;
use crate::records::visit::Visit;

/// What somebody may do with a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// It is her own: she gave number and telephone.
    pub own: bool,
    /// She sees the lists of the community.
    pub reads: bool,
    /// She works at its counter.
    pub works: bool,
}

impl Rights {
    /// What a post allows at a community.
    #[must_use]
    pub fn of(actor: &Actor, community: &PlacePath) -> Self {
        let allowed = |permission| may(actor, permission, &Target::at(community.clone())).is_ok();
        Self { own: false, reads: allowed(Permission::CaseRead), works: allowed(Permission::CaseAccept) }
    }

    /// Whether she may know of it at all.
    #[must_use]
    pub const fn any(self) -> bool {
        self.own || self.reads || self.works
    }
}

/// Where an actor holds a permission for any matter: visits belong to no department.
#[must_use]
pub fn reach(actor: &Actor, permission: Permission) -> Vec<PlacePath> {
    let scopes = actor.scopes(permission).into_iter();
    scopes.filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}

impl Visits {
    /// A visit with what this person may do with it.
    ///
    /// # Errors
    /// `NotFound` when there is none or it is not for her to know.
    pub fn seen(
        &self,
        tx: &mut dyn Tx,
        number: &str,
        actor: &Actor,
        pass: Option<&str>,
        now: Instant,
    ) -> Result<(Visit, Rights), Fault> {
        let visit = self.known(tx, number)?;
        let passed = pass.and_then(|value| self.pass_key.read(value, now));
        let own = passed.is_some_and(|pass| pass.id == visit.id && pass.district == visit.district);
        let rights = Rights { own, ..Rights::of(actor, &visit.path) };
        if rights.any() { Ok((visit, rights)) } else { Err(Fault::NotFound) }
    }

    /// The value of the cookie that opens one visit until a moment.
    #[must_use]
    pub fn pass(&self, visit: &Visit, until: Instant) -> String {
        self.pass_key.write(&Pass { district: visit.district, id: visit.id, until })
    }

    /// The visit of a number, if the telephone is the one it was booked with.
    ///
    /// # Errors
    /// `NotFound`, the same for a wrong number and a wrong telephone; or a failure of store or vault.
    pub fn proved(&self, tx: &mut dyn Tx, number: &str, telephone: &str) -> Result<Visit, Fault> {
        let visit = self.known(tx, number)?;
        let vault = &self.counter.cases.hall.vault;
        match vault.matches(tx, visit.district, visit.person, PersonField::Telephone, telephone) {
            Ok(true) => Ok(visit),
            Ok(false) | Err(VaultError::Malformed { .. } | VaultError::Erased) => Err(Fault::NotFound),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Opens the person's seal for somebody whose post allows it and who says why; the look is logged where the person can read it.
    ///
    /// # Errors
    /// A refusal (no permission, no purpose, erased), or a failure of the vault.
    pub fn open_person(
        &self,
        tx: &mut dyn Tx,
        visit: &Visit,
        actor: &Actor,
        purpose: &str,
        now: Instant,
    ) -> Result<Person, Fault> {
        let grant = may(actor, Permission::PersonOpen, &Target::at(visit.path.clone()))?;
        let look = Look {
            account: actor.account,
            name: actor.name.clone(),
            place: self.counter.cases.hall.places.tree().chain(&grant.place, kernel::language::Lang::Zh),
            purpose: purpose.trim().to_owned(),
            case_number: Some(visit.number.clone()),
            at: now,
        };
        match self.counter.cases.hall.vault.open(tx, visit.district, visit.person, &look) {
            Err(VaultError::NoPurpose) => Err(Refusal::new(Code::VaultPurposeMissing).field("purpose").into()),
            Err(VaultError::Erased) => Err(Refusal::new(Code::VaultRecordErased).into()),
            opened => Ok(opened?),
        }
    }
}
