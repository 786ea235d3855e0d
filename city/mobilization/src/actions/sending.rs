//! This file sends people off. Each place is filled once, nobody is sent twice at the same time, and everybody is told
//! where, when and whom to ask.

use crate::refusals::Why;
use hall::Fault;
use jobs::{NewNotice, NewWork, Progress, Work, WorkError};
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::once::Once;
use store::{Store, Tx};
use uuid::Uuid;
use vault::{Look, PersonField};

use super::planning::{Plan, call_of, shard, told};
use crate::Mobilization;
use crate::records::call::{self, Shift};
use crate::records::{post, responder};
use crate::rules::plan::Sending;
use crate::rules::{HOUR, minutes_added};
use crate::words::{Figures, Key, Post, PostState, SENT, SERVED};

/// The kind of work that sends a plan off.
pub const SEND: &str = "mobilization.send";
/// The beginning of a recipient's handle: a post, whose person is looked up at delivery.
pub const RECIPIENT: &str = "post:";
/// The beginning of the templates of its notices: they go out at any hour.
pub const TEMPLATES: &str = "mobilization-notice-";

/// People sent in one transaction.
const BATCH: usize = 100;
/// Posts told of the end in one read.
const PAGE: i64 = 500;

/// What became of a plan that was sent off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// People who were told.
    pub sent: i64,
    /// People who could not be sent any more: they left, pause, or are taken meanwhile.
    pub missed: i64,
}

/// What a notice says, found at the moment of its delivery.
pub struct Told {
    /// The telephone.
    pub telephone: String,
    /// What it is about.
    pub title: String,
    /// The compound.
    pub compound: String,
    /// The role's code.
    pub role: &'static str,
    /// When it begins.
    pub starts: Instant,
    /// When it ends.
    pub ends: Instant,
    /// Where to report.
    pub meet: String,
    /// Whom to ask.
    pub contact: String,
}

/// What holds while a batch of a plan is sent.
struct Course<'a> {
    key: Key,
    plan: &'a Plan,
    shifts: Vec<Shift>,
    figures: Figures,
    now: Instant,
}

impl Mobilization {
    /// Asks to send a plan off. A plan is sent off once, however often somebody asks.
    ///
    /// # Errors
    /// Fails if there is no such plan or the call is not hers to lead.
    pub fn ask_send(&self, tx: &mut dyn Tx, plan: Uuid, actor: &Actor, id: Uuid, now: Instant) -> Result<(), Fault> {
        let work = jobs::work(tx, plan)?.filter(|work| work.kind == super::PLAN).ok_or(Fault::NotFound)?;
        let call = call_of(&work).ok_or(Fault::NotFound)?;
        let call = self.led(tx, call, actor)?;
        if Plan::of(&work).is_none() {
            return Err(Refusal::new(Why::MobilizationNotNow).into());
        }
        match store::once::begin(tx, SEND, &plan.to_string(), "", now)? {
            Once::Again(_) | Once::Conflict => return Ok(()),
            Once::New => {}
        }
        let new = NewWork {
            id,
            kind: SEND.to_owned(),
            place: call.path.clone(),
            asked: json!({ "call": call.id, "plan": plan }),
            by: actor.account,
            by_name: actor.name.clone(),
        };
        jobs::ask(tx, &new, now)?;
        Self::note(tx, &call, "mobilization.sent", &json!({ "plan": plan }), actor, now)?;
        Ok(store::once::finish(tx, SEND, &plan.to_string(), &id.to_string())?)
    }

    /// Sends the plan that a piece of work names.
    pub(crate) fn send(
        &self,
        store: &Store,
        work: &Work,
        progress: &Progress,
        now: Instant,
    ) -> Result<Vec<u8>, WorkError> {
        let id = work.asked.get("plan").and_then(|id| id.as_str()?.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| WorkError::Never("no plan is named".to_owned()))?;
        let found = store.read_blocking(move |tx| {
            let Some(plan) = jobs::work(tx, id)? else { return Ok(None) };
            let call = call_of(&plan).map(|call| call::find(tx, call)).transpose()?.flatten();
            Ok::<_, store::StoreError>(call.zip(Plan::of(&plan)))
        })?;
        let (call, plan) = found.ok_or_else(|| WorkError::Never("the plan is gone".to_owned()))?;
        let sent = self.send_all(store, call.key(), &plan, &|share| progress.tell(share), now)?;
        serde_json::to_vec(&sent).map_err(|fault| WorkError::Never(fault.to_string()))
    }

    /// Sends everybody of a plan, batch by batch. A second run goes on where the first one stopped.
    pub(super) fn send_all(
        &self,
        store: &Store,
        key: Key,
        plan: &Plan,
        step: &dyn Fn(i64) -> bool,
        now: Instant,
    ) -> Result<Sent, WorkError> {
        let mut sent = Sent::default();
        let each: Vec<(Uuid, Sending)> =
            plan.posts.iter().copied().zip(plan.planned.sendings.iter().copied()).collect();
        let count = i64::try_from(each.len()).unwrap_or(i64::MAX).max(1);
        for batch in each.chunks(BATCH) {
            if !step((sent.sent + sent.missed) * 1_000 / count) {
                return Err(WorkError::Stopped);
            }
            let (batch, plan, desk) = (batch.to_vec(), plan.clone(), self.clone());
            let done = store.write_blocking(move |tx| {
                let Some(call) = call::held(tx, key)?.filter(|call| call.ended_at.is_none()) else {
                    return Err(Fault::from(Refusal::new(Why::MobilizationEnded)));
                };
                let course = Course {
                    key,
                    plan: &plan,
                    shifts: call::shifts(tx, key)?,
                    figures: desk.figures(&call.path, now)?,
                    now,
                };
                let mut done = Sent::default();
                for (id, one) in &batch {
                    if desk.send_one(tx, &course, *id, one)? {
                        done.sent += 1;
                    } else {
                        done.missed += 1;
                    }
                }
                Ok(done)
            });
            let done = done.map_err(told)?;
            sent.sent += done.sent;
            sent.missed += done.missed;
        }
        Ok(sent)
    }

    /// Sends one person. Returns false if she is no longer free or the place is taken. Her row is locked, so that
    /// nobody else sends her meanwhile.
    fn send_one(&self, tx: &mut dyn Tx, course: &Course<'_>, id: Uuid, one: &Sending) -> Result<bool, Fault> {
        let Course { key, plan, shifts, figures, now } = course;
        let (key, now) = (*key, *now);
        if post::held(tx, Key { id, ..key })?.is_some() {
            return Ok(true);
        }
        let slot = plan.slot(one.need);
        let shift = shifts.iter().find(|shift| shift.number == one.shift && shift.ends > now);
        let (Some(slot), Some(shift)) = (slot, shift) else { return Ok(false) };
        let Some(who) = responder::held(tx, shard(one.district), one.person)?.filter(|who| who.ready) else {
            return Ok(false);
        };
        if post::clashes(tx, who.id, shift.starts, shift.ends, figures.rest_hours * HOUR, one.instead)? {
            return Ok(false);
        }
        let Some(need) = call::need(tx, key, &slot)? else { return Ok(false) };
        if post::holding(tx, key, &slot)? >= need.most {
            return Ok(false);
        }
        if let Some(before) = one.instead {
            let held = post::held(tx, Key { id: before, ..key })?.filter(|post| post.state == PostState::Sent);
            let Some(held) = held else { return Ok(false) };
            post::change(tx, &held, PostState::Off, now)?;
            self.count(tx, &held, &[(&SENT, -1)], now)?;
        }
        let new = post::Post {
            district: key.district,
            id,
            call: key.id,
            compound: slot.compound,
            shift: slot.shift,
            role: slot.role,
            path: need.path,
            home: who.district,
            responder: Some(who.id),
            state: PostState::Sent,
            starts: shift.starts,
            ends: shift.ends,
            walk: one.walk,
            checked_at: None,
            left_at: None,
        };
        post::insert(tx, &new, now)?;
        self.count(tx, &new, &[(&SENT, 1)], now)?;
        self.tell(tx, id, if one.instead.is_some() { "moved" } else { "sent" }, now)?;
        Ok(true)
    }

    /// Puts in a notice for each channel that reaches people outside of the platform.
    fn tell(&self, tx: &mut dyn Tx, post: Uuid, what: &str, now: Instant) -> Result<(), Fault> {
        for channel in &self.channels {
            let key = format!("post:{post}:{what}:{}", channel.code());
            let notice = NewNotice::at_once(*channel, key, &format!("{RECIPIENT}{post}"), now);
            jobs::notify(tx, &notice.template(&format!("{TEMPLATES}{what}")))?;
        }
        Ok(())
    }

    /// Tells everybody who was sent or is there that the call is over, and takes off the minutes that are not served.
    pub(super) fn tell_end(&self, tx: &mut dyn Tx, key: Key, now: Instant) -> Result<(), Fault> {
        let mut after = Uuid::nil();
        loop {
            let page = post::to_tell(tx, key, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            for held in page.iter().filter(|held| held.ends > now) {
                self.tell(tx, held.id, "over", now)?;
                if held.left_at.is_none() {
                    let left = Post { left_at: Some(now), ..held.clone() };
                    self.count(tx, held, &[(&SERVED, minutes_added(held, &left))], now)?;
                }
            }
        }
    }

    /// Returns what the notice of a post says and to whom. Returns none if the post is no longer hers or her data are
    /// erased. The look at the telephone is logged.
    pub fn told(&self, tx: &mut dyn Tx, post: Uuid, now: Instant) -> Result<Option<Told>, Fault> {
        let Some(held) = post::find(tx, post)? else { return Ok(None) };
        let Some(who) = held.responder.map(|who| responder::held(tx, held.home, who)).transpose()?.flatten() else {
            return Ok(None);
        };
        let (call, need) = (call::held(tx, held.of_call())?, call::need(tx, held.of_call(), &held.slot())?);
        let look = Look {
            account: None,
            name: "两邻".to_owned(),
            place: String::new(),
            purpose: "通知动员的时间和地点".to_owned(),
            case_number: None,
            at: now,
        };
        let person = match self.hall.vault.open(tx, who.district, who.person, &look) {
            Err(vault::VaultError::Erased | vault::VaultError::NotFound) => return Ok(None),
            opened => opened?,
        };
        let Some(telephone) = person.get(PersonField::Telephone) else { return Ok(None) };
        let ground = self.hall.places.geography_known();
        let compound = ground.and_then(|ground| ground.compound(held.compound).map(|(_, one)| one.name.clone()));
        Ok(Some(Told {
            telephone: telephone.expose().clone(),
            title: call.map(|call| call.title).unwrap_or_default(),
            compound: compound.unwrap_or_default(),
            role: held.role.code(),
            starts: held.starts,
            ends: held.ends,
            meet: need.as_ref().map(|need| need.meet.clone()).unwrap_or_default(),
            contact: need.map(|need| need.contact).unwrap_or_default(),
        }))
    }
}
