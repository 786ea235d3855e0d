//! Who does something here, from which form, and what is noted of it in the log of the district.

use hall::{Fault, Sent};
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::PlacePath;
use kernel::time::Instant;
use serde_json::Value;
use store::Tx;
use uuid::Uuid;

/// Who does something, from which form, and when.
#[derive(Clone, Debug)]
pub struct By {
    /// Who does it.
    pub actor: Actor,
    /// The form that says it. It is done once, however often it is sent.
    pub sent: Sent,
    /// When.
    pub now: Instant,
}

/// What was done, as the log keeps it. Nothing personal stands in it.
#[derive(Clone, Debug)]
pub(crate) struct Deed<'d> {
    /// Where it was done.
    pub place: &'d PlacePath,
    /// The thing that it was done to.
    pub stream: Uuid,
    /// What was done.
    pub kind: &'d str,
    /// The particulars.
    pub detail: Value,
}

impl By {
    /// Lets only those pass that may do it there.
    pub(crate) fn may_at(&self, permission: Permission, place: &PlacePath) -> Result<(), Fault> {
        may(&self.actor, permission, &Target::at(place.clone()))?;
        Ok(())
    }

    /// Says whether it is to be done, or was done before.
    pub(crate) fn is_first(&self, tx: &mut dyn Tx, scope: &str) -> Result<bool, Fault> {
        self.sent.is_first(tx, scope, self.now)
    }

    /// Notes what was done.
    pub(crate) fn note(&self, tx: &mut dyn Tx, deed: &Deed<'_>) -> Result<(), Fault> {
        let act = store::log::Act {
            district: deed.place.district(),
            stream: deed.stream,
            kind: deed.kind,
            detail: &deed.detail,
            by: self.actor.account,
            by_name: &self.actor.name,
            at: self.now,
        };
        Ok(store::log::note(tx, &act)?)
    }
}

/// Returns the places in which somebody holds a permission, without those that lie in another one.
#[must_use]
pub fn places_of(actor: &Actor, permission: Permission) -> Vec<PlacePath> {
    let scopes = actor.scopes(permission).into_iter().filter(|scope| scope.department.is_none());
    let places: Vec<PlacePath> = scopes.map(|scope| scope.place).collect();
    let lies_in_another = |place: &PlacePath| places.iter().any(|other| other != place && other.contains(place));
    let mut own: Vec<PlacePath> = places.iter().filter(|place| !lies_in_another(place)).cloned().collect();
    own.sort();
    own.dedup();
    own
}
