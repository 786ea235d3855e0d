//! This folder does things with papers as somebody: files, data checks, promises and originals.

mod checks;
mod custody;
mod files;
mod promises;

pub use checks::Asking;
pub use custody::{Confirming, Sending, Taking};
pub use files::{Inspected, Looked, NewFile};
pub use promises::NewPromise;

use cases::{Known, own_counter};
use hall::Fault;
use kernel::case::{Command, Relation, sign};
use kernel::permission::{Actor, ActorKind, Permission, Scope};
use kernel::place::Level;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use std::collections::BTreeMap;
use store::once::Once;
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::words::{Bounds, Doer, Holder, LaterDates};
use crate::{Papers, ShelfFault, rules};

pub(crate) use checks::objected;
pub(crate) use files::sweep;

/// A shelf on a full disk is told as a full database is: nothing was kept, and it may be sent again later.
impl From<ShelfFault> for Fault {
    fn from(fault: ShelfFault) -> Self {
        if fault.is_full() { StoreError::Full.into() } else { Self::Broken(fault.to_string()) }
    }
}

/// Is the role under which the applicant is written down.
pub(crate) const APPLICANT: &str = "applicant";

impl Papers {
    /// Returns how large a file may be now.
    ///
    /// # Errors
    /// Fails if the rulebook has no such figures.
    pub fn bounds(&self, now: Instant) -> Result<Bounds, Fault> {
        let cases = &self.counter.cases;
        let bytes = cases.hall.figure(crate::words::PAPERS_FILE_BYTES, now)?.unsigned_abs();
        Ok(Bounds { bytes, pixels: u64::from(cases.hall.figure(crate::words::PAPERS_IMAGE_PIXELS, now)?) })
    }

    /// Returns until when a paper may be promised now.
    ///
    /// # Errors
    /// Fails if the rulebook has no such figures.
    pub fn later_dates(&self, now: Instant) -> Result<LaterDates, Fault> {
        let cases = &self.counter.cases;
        let usual = cases.hall.figure(crate::words::PAPERS_LATER, now)?;
        let most = cases.hall.figure(crate::words::PAPERS_LATER_MOST, now)?;
        Ok(rules::later_dates(&cases.hall.calendar(), now, usual, most))
    }

    /// Checks that this member of staff could take papers of the case in, at her counter or at the office.
    ///
    /// # Errors
    /// Refuses if she may not, and fails if the procedure is not loaded.
    pub fn takes(&self, known: &Known, actor: &Actor) -> Result<(), Fault> {
        let command = Command::Receive { papers: BTreeMap::new(), counter: own_counter(actor) };
        let procedure = self.counter.cases.procedure_of(&known.case)?;
        sign(procedure, Some(&known.case), &command, actor, &Relation::default())?;
        Ok(())
    }
}

/// Takes the key of a command. Returns the earlier answer if the command was done already.
pub(crate) fn once(
    tx: &mut dyn Tx,
    scope: &str,
    key: &str,
    digest: &str,
    now: Instant,
) -> Result<Option<String>, Fault> {
    match store::once::begin(tx, scope, key, digest, now)? {
        Once::New => Ok(None),
        Once::Again(answer) => Ok(Some(answer)),
        Once::Conflict => Err(Refusal::new(Code::RequestSentDifferently).into()),
    }
}

/// Returns where somebody works with papers: wherever she accepts or handles.
#[must_use]
pub fn desks(actor: &Actor) -> Vec<Scope> {
    let mut scopes = actor.scopes(Permission::CaseAccept);
    for scope in actor.scopes(Permission::CaseHandle) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// Returns the desk at which a member of staff sits: her community's counter, otherwise the office of her first post.
#[must_use]
pub fn own_desk(actor: &Actor) -> Option<Holder> {
    let desks = desks(actor);
    let counter = desks.iter().find(|scope| scope.place.level() == Level::Community && scope.department.is_none());
    let desk = counter.or_else(|| desks.first())?;
    Some(Holder { place: desk.place.clone(), department: desk.department.clone().unwrap_or_default() })
}

/// Returns who does it, as it is written down. Returns nothing for somebody without a desk.
#[must_use]
pub fn doer(actor: &Actor) -> Option<Doer> {
    if actor.kind != ActorKind::Staff {
        return None;
    }
    let desk = own_desk(actor)?;
    let held = |permission| actor.holding(permission).find(|grant| grant.place == desk.place);
    let grant = held(Permission::CaseAccept).or_else(|| held(Permission::CaseHandle));
    let role = grant.map(|grant| grant.role.clone()).unwrap_or_default();
    Some(Doer { account: actor.account, name: actor.name.clone(), role, desk })
}

/// Returns who does it, or refuses with the reason why she cannot.
pub(crate) fn doer_or_refusal(actor: &Actor) -> Result<Doer, Fault> {
    let missing = || Refusal::new(Code::PermissionMissing).with_both("permission", &Permission::CaseAccept.title());
    Ok(doer(actor).ok_or_else(missing)?)
}

/// Says whether somebody works at that desk.
#[must_use]
pub fn works_at(actor: &Actor, holder: &Holder) -> bool {
    desks(actor).iter().any(|scope| scope.covers(&holder.target()))
}

/// Returns an identity that follows from another, so that a transaction that runs again makes the same one.
pub(crate) fn derived(from: Uuid, what: &str) -> Uuid {
    Uuid::new_v5(&from, what.as_bytes())
}
