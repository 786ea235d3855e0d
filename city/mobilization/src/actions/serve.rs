//! This file writes who cannot come, who is there and who did not come. It also opens the names of a roster with a
//! purpose.

use crate::permissions::May;
use crate::refusals::Why;
use std::collections::{BTreeMap, BTreeSet};

use hall::Fault;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{Look, PersonField, VaultError};

use super::allowed;
use crate::Mobilization;
use crate::records::post::{self, Post};
use crate::records::responder::{Responder, Responders};
use crate::rules::minutes_added;
use crate::words::{Key, PRESENT, PostState, SERVED};

/// Seconds before a shift from which somebody can be checked in.
pub(crate) const EARLY: i64 = 2 * 3_600;

/// Who looks at the people of a roster, and why.
#[derive(Clone, Copy, Debug)]
pub struct Looking<'a> {
    /// Who looks.
    pub actor: &'a Actor,
    /// What the look is for. The person reads it.
    pub purpose: &'a str,
    /// When the look happens.
    pub now: Instant,
    /// The key of the form. Sent twice with the same key, it is one look.
    pub once: &'a str,
}

impl Mobilization {
    /// Does what somebody may do with her own post: she may decline until it is over, and be present from two hours
    /// before. It does nothing if that was done already.
    ///
    /// # Errors
    /// Fails with `NotFound` if the post is not hers. Refuses what cannot be done now.
    pub fn serve_own(
        &self,
        tx: &mut dyn Tx,
        id: Uuid,
        account: Uuid,
        to: PostState,
        now: Instant,
    ) -> Result<(), Fault> {
        let held = post::find(tx, id)?.filter(|post| post.responder == Some(account)).ok_or(Fault::NotFound)?;
        if !matches!(to, PostState::Declined | PostState::Present) {
            return Err(Refusal::new(Code::FormChoice).field("deed").into());
        }
        self.turn(tx, &held, to, now)
    }

    /// Writes what somebody who sees the roster says of a person: present, absent, or declined for her.
    ///
    /// # Errors
    /// Fails with `NotFound` if the roster is not hers. Refuses what cannot be done now.
    pub fn serve_other(
        &self,
        tx: &mut dyn Tx,
        call: Uuid,
        id: Uuid,
        actor: &Actor,
        to: PostState,
        now: Instant,
    ) -> Result<(), Fault> {
        let held = post::find(tx, id)?.filter(|post| post.call == call).ok_or(Fault::NotFound)?;
        if !allowed(actor, May::MobilizationRoster, &held.path) {
            return Err(Fault::NotFound);
        }
        self.turn(tx, &held, to, now)
    }

    fn turn(&self, tx: &mut dyn Tx, held: &Post, to: PostState, now: Instant) -> Result<(), Fault> {
        if held.state == to {
            return Ok(());
        }
        let early = now.plus_seconds(EARLY) < held.starts;
        let right = match (held.state, to) {
            (PostState::Sent, PostState::Declined) => now < held.ends,
            (PostState::Sent | PostState::Absent, PostState::Present) => !early && now < held.ends,
            // A mistake of the roster is put right.
            (PostState::Sent | PostState::Present, PostState::Absent) => now >= held.starts,
            _ => false,
        };
        let comes = matches!(held.state, PostState::Sent | PostState::Absent) && to == PostState::Present;
        if comes && early {
            let from = self.hall.calendar().zone().show_minute(held.starts.plus_seconds(-EARLY));
            return Err(Refusal::new(Why::MobilizationTooEarly).with("from", from).into());
        }
        if !right || !post::change(tx, held, to, now)? {
            return Err(Refusal::new(Why::MobilizationNotNow).into());
        }
        if matches!(to, PostState::Declined | PostState::Absent) && now < held.ends {
            Self::refill(tx, held, now)?;
        }
        let checked_at = if to == PostState::Present { Some(now) } else { None };
        let turned = Post { state: to, checked_at, ..held.clone() };
        let there = |state: PostState| i64::from(state == PostState::Present);
        let counts = [(&PRESENT, there(to) - there(held.state)), (&SERVED, minutes_added(held, &turned))];
        self.count(tx, held, &counts, now)?;
        Ok(())
    }

    /// Opens names and telephones of those who hold posts, for somebody whose own post allows it and who says why. Each
    /// look is logged where the person reads it.
    ///
    /// # Errors
    /// Refuses without the permission or without a purpose.
    pub fn open_people(
        &self,
        tx: &mut dyn Tx,
        posts: &[Post],
        people: &Responders,
        looking: &Looking<'_>,
    ) -> Result<BTreeMap<Uuid, (String, String)>, Fault> {
        let Looking { actor, purpose, now, once } = *looking;
        let mut opened = BTreeMap::new();
        for held in posts.iter().filter(|held| held.state.holds()) {
            let grant = may(actor, Permission::PersonOpen, &Target::at(held.path.clone()))?;
            let Some(who) = held.responder.and_then(|who| people.get(&Key { district: held.home, id: who })) else {
                continue;
            };
            let look = Look {
                account: actor.account,
                name: actor.name.clone(),
                place: self.place_name(&grant.place),
                purpose: purpose.trim().to_owned(),
                case_number: None,
                at: now,
            };
            let person = match self.hall.open_once(tx, who.district, who.person, &look, Some(once)) {
                Err(Fault::Refused(refusal)) if refusal.code == Code::VaultRecordErased => continue,
                Err(Fault::Vault(VaultError::NotFound)) => continue,
                found => found?,
            };
            let field = |field| person.get(field).map(|value| value.expose().clone()).unwrap_or_default();
            opened.insert(held.id, (field(PersonField::Name), field(PersonField::Telephone)));
        }
        Ok(opened)
    }

    /// Returns the masked names of those who hold posts, by post.
    pub fn masked(
        &self,
        tx: &mut dyn Tx,
        posts: &[Post],
        people: &Responders,
    ) -> Result<BTreeMap<Uuid, String>, Fault> {
        let who = |held: &Post| Some((held.id, people.get(&Key { district: held.home, id: held.responder? })?));
        let of_post: BTreeMap<Uuid, &Responder> = posts.iter().filter_map(who).collect();
        let wanted: BTreeSet<_> = of_post.values().map(|who| (who.district, who.person)).collect();
        let wanted: Vec<_> = wanted.into_iter().collect();
        let masked: BTreeMap<Uuid, String> = self
            .hall
            .vault
            .masked(tx, &wanted)?
            .into_iter()
            .map(|(id, fields)| (id, fields.get(&PersonField::Name).cloned().unwrap_or_default()))
            .collect();
        Ok(of_post.into_iter().filter_map(|(post, who)| Some((post, masked.get(&who.person)?.clone()))).collect())
    }
}
