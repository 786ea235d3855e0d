//! This file plans as work that somebody waits for. It reads what is known, reckons a plan and keeps it until somebody
//! sends it off. A refill is sent off by itself.

use crate::refusals::Why;
use std::collections::BTreeMap;

use hall::Fault;
use jobs::{NewWork, Progress, Work, WorkError};
use kernel::permission::Actor;
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use places::geography::Geography;
use planning::mobilize::Home;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Store, Tx};
use uuid::Uuid;

use crate::Mobilization;
use crate::records::call::{self, Call, Need, Shift};
use crate::records::post::{self, Post};
use crate::records::responder::{self, Responder};
use crate::rules::plan::{self, Person, Planned, Question, Taken, Told, Wish};
use crate::words::{PostState, Slot, Span};

/// The kind of work that plans.
pub const PLAN: &str = "mobilization.plan";

/// People, needs and posts that are read for one plan.
const MOST: i64 = 200_000;

/// A plan as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// What it was reckoned for: compound, shift, role of each need, in the order of [`Planned::filled`].
    pub slots: Vec<(i64, i64, String)>,
    /// At least and at most of each need.
    pub bounds: Vec<(i64, i64)>,
    /// Identities of the posts, one for each sending.
    pub posts: Vec<Uuid>,
    /// Who goes where.
    pub planned: Planned,
}

impl Plan {
    /// Reads the plan from the answer of a piece of work.
    #[must_use]
    pub fn of(work: &Work) -> Option<Self> {
        serde_json::from_slice(work.answer.as_deref()?).ok()
    }

    /// Returns the slot of a need.
    #[must_use]
    pub fn slot(&self, need: usize) -> Option<Slot> {
        let (compound, shift, role) = self.slots.get(need)?;
        Some(Slot { compound: *compound, shift: *shift, role: crate::words::Role::parse(role)? })
    }
}

/// A plan that somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct AskedPlan {
    /// The identity of the plan.
    pub id: Uuid,
    /// Whether as many people come as there is room for. Otherwise as many come as are needed.
    pub fill: bool,
    /// Whether the plan first makes the longest walk short.
    pub fair: bool,
}

/// What a plan is reckoned from.
struct Known {
    call: Call,
    shifts: Vec<Shift>,
    needs: Vec<Need>,
    people: Vec<Responder>,
    posts: Vec<Post>,
    taken: BTreeMap<Uuid, Taken>,
}

impl Mobilization {
    /// Asks for a plan of a call.
    ///
    /// # Errors
    /// Refuses if nothing is needed. Fails if the call is not hers to lead.
    pub fn ask_plan(
        &self,
        tx: &mut dyn Tx,
        call: Uuid,
        actor: &Actor,
        asked: AskedPlan,
        now: Instant,
    ) -> Result<(), Fault> {
        let AskedPlan { id, fill, fair } = asked;
        let call = self.led(tx, call, actor)?;
        if call::needs(tx, call.key(), &call.path, 1)?.is_empty() {
            return Err(Refusal::new(Why::MobilizationNothingNeeded).into());
        }
        let new = NewWork {
            id,
            kind: PLAN.to_owned(),
            place: call.path,
            asked: json!({ "call": call.id, "fill": fill, "fair": fair }),
            by: actor.account,
            by_name: actor.name.clone(),
        };
        jobs::ask(tx, &new, now)?;
        Ok(())
    }

    /// Reckons a plan. A refill is sent off at once.
    pub(crate) fn plan(
        &self,
        store: &Store,
        work: &Work,
        progress: &Progress,
        now: Instant,
    ) -> Result<Vec<u8>, WorkError> {
        let call = call_of(work).ok_or_else(|| WorkError::Never("no call is named".to_owned()))?;
        let read = store.read_blocking(move |tx| Self::known(tx, call, now));
        let known = read.map_err(told)?;
        let places = &self.hall.places;
        let ground = places.geography_blocking()?.ok_or_else(|| {
            WorkError::Never(Refusal::new(Code::GeographyMissing).sentence(kernel::language::Lang::Zh))
        })?;
        let people = self.people(&ground, &known, now);
        let flag = |name: &str| work.asked.get(name).and_then(serde_json::Value::as_bool).unwrap_or_default();
        let wish = Wish { fill: flag("fill"), fair: flag("fair"), now, zone: self.hall.calendar().zone() };
        let figures = self.figures(&known.call.path, now).map_err(told)?;
        let step = |share: i64| progress.tell(share * 9 / 10);
        let question = Question {
            ground: &ground,
            needs: &known.needs,
            shifts: &known.shifts,
            people: &people,
            figures: &figures,
            wish,
        };
        let planned = plan::reckon(&question, &step);
        let planned = planned.map_err(|fault| match fault {
            plan::Fault::Stopped => WorkError::Stopped,
            fault => WorkError::Never(fault.to_string()),
        })?;
        let kept = Plan {
            slots: known.needs.iter().map(|need| (need.compound, need.shift, need.role.code().to_owned())).collect(),
            bounds: known.needs.iter().map(|need| (need.least, need.most)).collect(),
            posts: planned.sendings.iter().map(|_| Uuid::now_v7()).collect(),
            planned,
        };
        if flag("send") {
            self.send_all(store, known.call.key(), &kept, &|share| progress.tell(900 + share / 10), now)?;
        }
        serde_json::to_vec(&kept).map_err(|fault| WorkError::Never(fault.to_string()))
    }

    fn known(tx: &mut dyn Tx, call: Uuid, now: Instant) -> Result<Known, Fault> {
        let call = call::find(tx, call)?.ok_or(Fault::NotFound)?;
        if call.ended_at.is_some() {
            return Err(Refusal::new(Why::MobilizationEnded).into());
        }
        let key = call.key();
        let mut taken: BTreeMap<Uuid, Taken> = BTreeMap::new();
        // Yesterday's shifts count too: rest begins when they end.
        for one in post::taken_after(tx, now.plus_days(-2), MOST)? {
            taken.entry(one.responder).or_default().push(Span { starts: one.starts, ends: one.ends });
        }
        let people = responder::ready_in(tx, &around(&call.path), MOST)?;
        let (shifts, needs) = (call::shifts(tx, key)?, call::needs(tx, key, &call.path, MOST)?);
        let posts = post::of_call(tx, key, &call.path, MOST)?;
        // Who said that she cannot come, or did not come, is not asked for those hours again.
        for held in posts.iter().filter(|held| matches!(held.state, PostState::Declined | PostState::Absent)) {
            if let Some(who) = held.responder {
                taken.entry(who).or_default().push(Span { starts: held.starts, ends: held.ends });
            }
        }
        Ok(Known { call, shifts, needs, people, posts, taken })
    }

    /// Returns those who could come, with their homes on the ground. People whose home is not laid are left out.
    fn people(&self, ground: &Geography, known: &Known, now: Instant) -> Vec<Person> {
        let tree = self.hall.places.tree();
        let mut homes: BTreeMap<PlacePath, Option<Home>> = BTreeMap::new();
        let mut told: BTreeMap<Uuid, Vec<Told>> = BTreeMap::new();
        for post in known.posts.iter().filter(|post| post.state == PostState::Sent && post.ends > now) {
            let Some(who) = post.responder else { continue };
            let one = Told { post: post.id, compound: post.compound, shift: post.shift, role: post.role };
            told.entry(who).or_default().push(one);
        }
        let mut people = Vec::new();
        for who in &known.people {
            // A grid has no buildings of its own on the ground: its community stands for it.
            let place = who.path.at(kernel::place::Level::Community).unwrap_or_else(|| who.path.clone());
            let home = homes.entry(place.clone()).or_insert_with(|| ground.middle(&ground.inside(&tree, &place)));
            let Some(home) = *home else { continue };
            people.push(Person {
                district: who.district.0,
                id: who.id,
                home,
                roles: who.roles.clone(),
                parts: who.parts.clone(),
                taken: known.taken.get(&who.id).cloned().unwrap_or_default(),
                told: told.remove(&who.id).unwrap_or_default(),
            });
        }
        people
    }
}

/// Returns the place from which people are called for a place: its district, so that the compound across the street
/// boundary is near too.
fn around(place: &PlacePath) -> PlacePath {
    place.at(kernel::place::Level::District).unwrap_or_else(|| place.clone())
}

/// Turns a fault into the end of the work. What the rules refuse is final.
pub(super) fn told(fault: Fault) -> WorkError {
    match fault {
        Fault::Refused(refusal) => WorkError::Never(refusal.sentence(kernel::language::Lang::Zh)),
        Fault::NotFound | Fault::Broken(_) => WorkError::Never(fault.to_string()),
        Fault::Store(_) | Fault::Vault(_) => WorkError::Retry(fault.to_string()),
    }
}

/// Returns the shard of a person as it is kept in a plan.
pub(super) const fn shard(district: i64) -> PlaceId {
    PlaceId(district)
}

/// Returns the call that a plan or its sending is for.
#[must_use]
pub fn call_of(work: &Work) -> Option<Uuid> {
    work.asked.get("call").and_then(|id| id.as_str()?.parse().ok())
}
