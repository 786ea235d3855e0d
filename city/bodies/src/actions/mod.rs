//! Keeps bodies and rosters as somebody, each act in one transaction, and reads them as they are shown.

mod asked;
mod committee;
mod correcting;
mod keeping;
mod knowing;
mod mediating;
mod people;
mod seen;
mod talking;
mod tied;

pub use correcting::{AskFirst, Changes};
pub use keeping::{ByVote, NewBody};
pub use mediating::{Announced, Begun, Choosing, Dispute, NewMediator, OnRoster};
pub use people::{Appointed, Leaving, NewPost};
pub use seen::{AskKnown, Holder, Known, Order, Seat, Standing};
pub use talking::{Agreed, Called};
pub use tied::Candidate;

use hall::{Fault, Sent};
use identity::Managing;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use serde_json::Value;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person, VaultError};

use crate::Bodies;
use crate::permissions::May;

/// The most people of one task on duty at a place who are looked at: more than a place has. A bound of the machine.
const ON_DUTY: i64 = 1_000;

/// Who does something, from which form, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'b> {
    /// Who does it.
    pub actor: &'b Actor,
    /// The form that says it. It is done once, however often it is sent.
    pub sent: &'b Sent,
    /// When.
    pub now: Instant,
}

/// The places in which somebody keeps bodies.
#[must_use]
pub fn reach(actor: &Actor) -> Vec<PlacePath> {
    let scopes = actor.scopes(May::BodiesEdit).into_iter();
    scopes.filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}

/// Whether somebody keeps the bodies of a place.
#[must_use]
pub fn keeps(actor: &Actor, place: &PlacePath) -> bool {
    may(actor, May::BodiesEdit, &Target::at(place.clone())).is_ok()
}

/// What something was done to, for the log of its district.
struct Stream<'s> {
    district: PlaceId,
    id: Uuid,
    kind: &'s str,
}

/// Notes an act in the log of its district. Nothing personal stands in the particulars.
fn note(tx: &mut dyn Tx, stream: &Stream<'_>, detail: &Value, by: &By<'_>) -> Result<(), Fault> {
    let act = store::log::Act {
        district: stream.district,
        stream: stream.id,
        kind: stream.kind,
        detail,
        by: by.actor.account,
        by_name: &by.actor.name,
        at: by.now,
    };
    Ok(store::log::note(tx, &act)?)
}

/// Where something sealed is kept: the district and the identity of its record.
#[derive(Clone, Copy)]
struct Sealed {
    district: PlaceId,
    record: Uuid,
}

/// What a record is kept for under which published names lie.
const PURPOSE: &str = "公示的任职";

impl Bodies {
    /// The city's day at a moment.
    #[must_use]
    pub fn today(&self, now: Instant) -> Date {
        self.hall.day(now)
    }

    /// The accounts of those on duty at exactly this place whose roles have a permission, however many others are on
    /// duty there.
    ///
    /// # Errors
    /// A failure.
    pub fn on_duty(
        &self,
        tx: &mut dyn Tx,
        place: &PlacePath,
        permission: Permission,
        now: Instant,
    ) -> Result<Vec<Uuid>, Fault> {
        let roles = self.roles.all().filter(|role| role.permissions.contains(&permission));
        let roles: Vec<&str> = roles.map(|role| role.code.as_str()).collect();
        let managing = Managing { place, roles: &roles };
        Ok(identity::holders(tx, &managing, self.today(now), ON_DUTY)?)
    }

    /// Makes the record under which a published name is sealed. The record itself holds nothing, so that nobody is
    /// found by it.
    fn begin_record(&self, tx: &mut dyn Tx, at: Sealed, now: Instant) -> Result<(), Fault> {
        let record = NewRecord {
            id: at.record,
            district: at.district,
            person: Person::new(),
            purpose: PURPOSE.to_owned(),
            retain_until: None,
            at: now,
        };
        Ok(self.hall.vault.seal(tx, &record)?)
    }

    /// Seals a text under a record; nothing where it is empty.
    fn cover(&self, tx: &mut dyn Tx, at: Sealed, label: &str, text: &str) -> Result<Option<Vec<u8>>, Fault> {
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.hall.vault.cover(tx, at.district, at.record, label, text.as_bytes())?))
    }

    /// Opens a text that was sealed under a record; nothing where it was deleted. What is opened here was published
    /// with the agreement of whoever it names, so no look is logged.
    fn uncover(
        &self,
        tx: &mut dyn Tx,
        at: Sealed,
        label: &str,
        sealed: Option<&[u8]>,
    ) -> Result<Option<String>, Fault> {
        let Some(sealed) = sealed else { return Ok(None) };
        match self.hall.vault.uncover(tx, at.district, at.record, label, sealed) {
            Err(VaultError::Erased | VaultError::NotFound) => Ok(None),
            plain => Ok(Some(String::from_utf8_lossy(&plain?).into_owned())),
        }
    }

    /// Lets a published name be deleted so many days after its holder left.
    fn let_go(&self, tx: &mut dyn Tx, at: Sealed, until: Date, now: Instant) -> Result<(), Fault> {
        let days = self.hall.figure(crate::words::BODIES_NAME_KEPT, now)?;
        let last = kernel::time::date_plus_days(until, days);
        match self.hall.vault.retain_until(tx, at.district, at.record, last) {
            Err(VaultError::NotFound) => Ok(()),
            done => Ok(done?),
        }
    }
}
