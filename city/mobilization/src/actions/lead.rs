//! This file leads a call: it begins the call, lays down shifts and needs, and ends it.

use crate::refusals::Why;
use hall::Fault;
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use crate::Mobilization;
use crate::records::call::{self, Call, Need};
use crate::records::post;
use crate::rules;
use crate::words::{Role, Span};

/// A call about to begin.
#[derive(Clone)]
pub struct NewCall {
    /// Identity, made by the form: sent twice it is one call.
    pub id: Uuid,
    /// The place for which people are called out.
    pub place: PlacePath,
    /// What it is.
    pub title: String,
    /// What everybody should know.
    pub note: String,
}

/// What some compounds need.
#[derive(Clone)]
pub struct NewNeed {
    /// Compounds with their communities.
    pub compounds: Vec<(i64, PlacePath, u32)>,
    /// Number of the shift.
    pub shift: i64,
    /// The role.
    pub role: Role,
    /// At least so many people for each compound, or for each thousand households.
    pub least: i64,
    /// At most so many.
    pub most: i64,
    /// The numbers are for each thousand households, rounded up.
    pub by_households: bool,
    /// Where to report.
    pub meet: String,
    /// Whom to ask.
    pub contact: String,
}

impl NewNeed {
    fn each(&self) -> impl Iterator<Item = Need> + '_ {
        let scaled = |count: i64, households: u32| {
            if !self.by_households {
                return count;
            }
            let all = count.saturating_mul(i64::from(households));
            all / 1_000 + i64::from(all % 1_000 != 0)
        };
        self.compounds.iter().map(move |(compound, path, households)| Need {
            compound: *compound,
            shift: self.shift,
            role: self.role,
            path: path.clone(),
            least: scaled(self.least, *households),
            most: scaled(self.most, *households).max(scaled(self.least, *households)),
            meet: self.meet.clone(),
            contact: self.contact.clone(),
        })
    }
}

impl Mobilization {
    /// Begins a call. A call that is sent twice is begun once.
    pub fn begin(&self, tx: &mut dyn Tx, new: &NewCall, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let call = Call {
            district: new.place.district(),
            id: new.id,
            path: new.place.clone(),
            title: new.title.clone(),
            note: new.note.clone(),
            opened_name: actor.name.clone(),
            opened_at: now,
            ended_at: None,
        };
        if call::insert(tx, &call, actor.account)? {
            let detail = json!({ "place": call.path.id(), "title": call.title, "note": call.note });
            Self::note(tx, &call, "mobilization.begun", &detail, actor, now)?;
        }
        Ok(())
    }

    /// Adds shifts to a call.
    ///
    /// # Errors
    /// Refuses times that make no shift, and a call that is over.
    pub fn add_shifts(
        &self,
        tx: &mut dyn Tx,
        call: Uuid,
        actor: &Actor,
        spans: &[Span],
        now: Instant,
    ) -> Result<(), Fault> {
        let call = self.led(tx, call, actor)?;
        let figures = self.figures(&call.path, now)?;
        let known = call::shifts(tx, call.key())?;
        for span in spans {
            rules::check_shift(span.starts, span.ends, &figures)?;
            // The same shift twice is one shift.
            if !known.iter().any(|shift| shift.span() == *span) {
                call::add_shift(tx, call.key(), span.starts, span.ends)?;
            }
        }
        Ok(())
    }

    /// Removes a shift that nobody was sent for.
    ///
    /// # Errors
    /// Refuses if somebody was sent for it, or if the call is over.
    pub fn remove_shift(&self, tx: &mut dyn Tx, call: Uuid, actor: &Actor, number: i64) -> Result<(), Fault> {
        let call = self.led(tx, call, actor)?;
        if call::remove_shift(tx, call.key(), number)? {
            return Ok(());
        }
        Err(Refusal::new(Why::MobilizationNotNow).into())
    }

    /// Writes what compounds need in a shift and role. It takes the place of what they needed before. A need of at most
    /// 0 is removed.
    ///
    /// # Errors
    /// Refuses if there is no such shift, or if the call is over.
    pub fn put_needs(&self, tx: &mut dyn Tx, call: Uuid, actor: &Actor, new: &NewNeed) -> Result<usize, Fault> {
        let call = self.led(tx, call, actor)?;
        let key = call.key();
        if !call::shifts(tx, key)?.iter().any(|shift| shift.number == new.shift) {
            return Err(Refusal::new(Code::FormChoice).field("shift").into());
        }
        for need in new.each() {
            call::put_need(tx, key, &need)?;
        }
        Ok(new.compounds.len())
    }

    /// Ends a call. Who was sent need not come, and who is there may leave and is credited until now. A second call
    /// does nothing.
    ///
    /// # Errors
    /// Fails if the call is not hers to lead.
    pub fn stand_down(&self, tx: &mut dyn Tx, call: Uuid, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let call = self.led(tx, call, actor)?;
        let key = call.key();
        Self::note(tx, &call, "mobilization.ended", &json!({}), actor, now)?;
        self.tell_end(tx, key, now)?;
        call::end(tx, key, now)?;
        Ok(post::stand_down(tx, key, now)?)
    }
}
