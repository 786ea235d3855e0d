//! This folder does things as somebody, each in one transaction: it takes and ends offers, leads calls, plans and
//! sends, and checks people in.

mod join;
mod lead;
mod planning;
mod sending;
mod serve;

use crate::permissions::May;
use crate::refusals::Why;
pub use join::Offer;
pub use lead::{NewCall, NewNeed};
pub use planning::{AskedPlan, PLAN, Plan, call_of};
pub use sending::{RECIPIENT, SEND, Sent, TEMPLATES, Told};
pub(crate) use serve::EARLY;
pub use serve::Looking;

use hall::Fault;
use hall::figures::Subject;
use kernel::figure::{Cell, Indicator};
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use store::Tx;
use uuid::Uuid;

use crate::Mobilization;
use crate::records::call::{self, Call};
use crate::words::{Figures, Post};

/// Returns the places where an actor holds a permission.
#[must_use]
pub fn reach(actor: &Actor, permission: Permission) -> Vec<PlacePath> {
    actor.scopes(permission).into_iter().filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}

/// Says whether an actor may do something there.
#[must_use]
pub fn allowed(actor: &Actor, permission: Permission, place: &PlacePath) -> bool {
    may(actor, permission, &Target::at(place.clone())).is_ok()
}

/// What somebody may do with a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// She leads it.
    pub leads: bool,
    /// The places of the call whose rosters she sees.
    pub rosters: Vec<PlacePath>,
}

impl Rights {
    /// Returns what an actor may do with a call. Whoever leads at its place leads it. Whoever sees rosters at its
    /// place, above it or inside it sees its rosters.
    #[must_use]
    pub fn of(actor: &Actor, call: &PlacePath) -> Self {
        let part = |place: PlacePath| {
            if call.contains(&place) {
                Some(place)
            } else if place.contains(call) {
                Some(call.clone())
            } else {
                None
            }
        };
        let rosters = reach(actor, May::MobilizationRoster).into_iter().filter_map(part).collect();
        Self { leads: allowed(actor, May::MobilizationLead, call), rosters }
    }

    /// Says whether somebody may know of the call at all.
    #[must_use]
    pub fn any(&self) -> bool {
        self.leads || !self.rosters.is_empty()
    }
}

impl Mobilization {
    /// Counts a post, or takes it off again, where it is.
    pub(crate) fn count(
        &self,
        tx: &mut dyn Tx,
        post: &Post,
        counts: &[(&Indicator, i64)],
        now: Instant,
    ) -> Result<(), Fault> {
        let subject = Subject { publisher: "mobilization", district: post.district, id: post.id };
        let cell = Cell { place: post.path.clone(), department: String::new(), day: self.today(now) };
        Ok(hall::figures::count_in(tx, &subject, &cell, counts)?)
    }

    pub(crate) fn today(&self, now: Instant) -> Date {
        self.hall.calendar().zone().date(now)
    }

    /// Returns the figures that hold at a place.
    ///
    /// # Errors
    /// Fails if the rulebook has no such figure, or one that makes no sense.
    pub fn figures(&self, place: &PlacePath, now: Instant) -> Result<Figures, Fault> {
        let on = self.today(now);
        let book = &self.hall.rulebook;
        let wrong = |fault: std::num::TryFromIntError| Fault::Broken(format!("mobilization: {fault}"));
        let ds = |minutes: i64| minutes.saturating_mul(600);
        Ok(Figures {
            walk_ds: u32::try_from(ds(book.get(crate::words::MOBILIZATION_WALK_MINUTES, place, on)?)).map_err(wrong)?,
            rest_hours: book.get(crate::words::MOBILIZATION_REST_HOURS, place, on)?,
            shift_hours: book.get(crate::words::MOBILIZATION_SHIFT_HOURS, place, on)?,
            move_ds: i32::try_from(ds(book.get(crate::words::MOBILIZATION_MOVE_MINUTES, place, on)?)).map_err(wrong)?,
            speed: book.get(rulebook::WALK_ADULT_SPEED, place, on)?,
        })
    }

    /// Returns a call with what somebody may do with it.
    ///
    /// # Errors
    /// Fails with `NotFound` if there is none or it is not for her to know.
    pub fn seen(&self, tx: &mut dyn Tx, id: Uuid, actor: &Actor) -> Result<(Call, Rights), Fault> {
        let call = call::find(tx, id)?.ok_or(Fault::NotFound)?;
        let rights = Rights::of(actor, &call.path);
        if rights.any() { Ok((call, rights)) } else { Err(Fault::NotFound) }
    }

    /// Writes an act of leading into the call's own chain.
    pub(crate) fn note(
        tx: &mut dyn Tx,
        call: &Call,
        kind: &str,
        detail: &serde_json::Value,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        let act = store::log::Act {
            district: call.district,
            stream: call.id,
            kind,
            detail,
            by: actor.account,
            by_name: &actor.name,
            at: now,
        };
        Ok(store::log::note(tx, &act)?)
    }

    /// Returns a call that goes on and that somebody leads.
    ///
    /// # Errors
    /// Fails with `NotFound`. Refuses without the permission, and if the call is over.
    pub fn led(&self, tx: &mut dyn Tx, id: Uuid, actor: &Actor) -> Result<Call, Fault> {
        let (call, rights) = self.seen(tx, id, actor)?;
        if !rights.leads {
            let missing = Refusal::new(Code::PermissionMissing);
            return Err(missing.with_both("permission", &May::MobilizationLead.title()).into());
        }
        if call.ended_at.is_some() {
            return Err(Refusal::new(Why::MobilizationEnded).into());
        }
        Ok(call)
    }
}
