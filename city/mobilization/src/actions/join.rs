//! This file does what somebody who offers help may do: offer, change the offer, pause, leave. What is known of her
//! goes with her.

use hall::Fault;
use kernel::identifier::Telephone;
use kernel::language::Lang;
use kernel::line::name_fault;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{Look, NewRecord, Person, PersonField};

use crate::Mobilization;
use crate::records::post::Post;
use crate::records::responder::{self, Responder};
use crate::records::{call, post};
use crate::words::{Parts, PostState, Roles};

/// What somebody offers.
#[derive(Clone)]
pub struct Offer {
    /// Her account.
    pub account: Uuid,
    /// Her home: a community or a grid.
    pub home: PlacePath,
    /// What she can do.
    pub roles: Roles,
    /// When she can come.
    pub parts: Parts,
    /// How she is addressed. An empty name leaves it as it is.
    pub name: String,
    /// Her telephone. An empty one leaves it as it is.
    pub telephone: String,
}

/// Most characters of a name.
const NAME: usize = 60;
/// Posts of one person that are looked at.
const POSTS: i64 = 1_000;

impl Offer {
    /// Returns what is wrong with the offer. `known` says whether name and telephone are there already.
    #[must_use]
    pub fn faults(&self, known: bool) -> Vec<Refusal> {
        let mut faults = Vec::new();
        let mut missing = |field: &str| faults.push(Refusal::new(Code::FormMissing).field(field));
        if self.name.is_empty() && !known {
            missing("name");
        }
        if self.telephone.is_empty() && !known {
            missing("telephone");
        }
        if self.roles.0.is_empty() {
            missing("roles");
        }
        if self.parts.0.is_empty() {
            missing("parts");
        }
        if self.name.chars().count() > NAME {
            faults.push(Refusal::new(Code::FormTooLong).field("name").with("limit", NAME));
        }
        faults.extend(name_fault(&self.name).map(|code| Refusal::new(code).field("name")));
        if !self.telephone.is_empty()
            && let Err(fault) = Telephone::parse(&self.telephone)
        {
            faults.push(fault.refusal("telephone"));
        }
        faults
    }

    fn person(&self) -> Person {
        let mut person = Person::new();
        for (field, value) in [(PersonField::Name, &self.name), (PersonField::Telephone, &self.telephone)] {
            if !value.is_empty() {
                person.set(field, value);
            }
        }
        person
    }
}

impl Mobilization {
    /// Takes an offer, or what changed of it. An offer that is sent twice is taken once.
    pub fn join(&self, tx: &mut dyn Tx, offer: &Offer, record: Uuid, now: Instant) -> Result<(), Fault> {
        let before = responder::of_account(tx, offer.account)?;
        let (district, person, since) = if let Some(known) = &before {
            if !offer.person().is_empty() {
                self.hall.vault.change(tx, known.district, known.person, &offer.person(), &Self::own_look(now))?;
            }
            (known.district, known.person, known.since)
        } else {
            let district = offer.home.district();
            let purpose = "mobilization.responder".to_owned();
            let new = NewRecord { id: record, district, person: offer.person(), purpose, retain_until: None, at: now };
            self.hall.vault.seal(tx, &new)?;
            (district, record, now)
        };
        let who = Responder {
            district,
            id: offer.account,
            path: offer.home.clone(),
            roles: offer.roles.clone(),
            parts: offer.parts.clone(),
            ready: before.is_none_or(|known| known.ready),
            person,
            since,
        };
        Ok(responder::put(tx, &who, now)?)
    }

    fn own_look(now: Instant) -> Look {
        let purpose = "本人修改报名信息".to_owned();
        Look { account: None, name: "本人".to_owned(), place: String::new(), purpose, case_number: None, at: now }
    }

    /// Pauses an offer or takes it up again.
    ///
    /// # Errors
    /// Fails with `NotFound` if there is none.
    pub fn pause(&self, tx: &mut dyn Tx, account: Uuid, ready: bool, now: Instant) -> Result<(), Fault> {
        let who = responder::of_account(tx, account)?.ok_or(Fault::NotFound)?;
        Ok(responder::put(tx, &Responder { ready, ..who }, now)?)
    }

    /// Leaves for good. Name and telephone are erased, posts to come are given back and refilled, and past posts keep
    /// no name. A second call does nothing.
    pub fn leave(&self, tx: &mut dyn Tx, account: Uuid, now: Instant) -> Result<(), Fault> {
        let Some(who) = responder::of_account(tx, account)? else { return Ok(()) };
        for held in post::of_responder(tx, account, POSTS)?.into_iter().filter(|post| post.state == PostState::Sent) {
            if held.ends > now && post::change(tx, &held, PostState::Declined, now)? {
                Self::refill(tx, &held, now)?;
            }
        }
        self.hall.vault.erase(tx, who.district, who.person, now)?;
        post::forget(tx, account)?;
        Ok(responder::remove(tx, who.key())?)
    }

    /// Asks to fill at once the gap that a post leaves, if its call still goes on.
    pub(super) fn refill(tx: &mut dyn Tx, given_up: &Post, now: Instant) -> Result<(), Fault> {
        let Some(call) = call::held(tx, given_up.of_call())?.filter(|call| call.ended_at.is_none()) else {
            return Ok(());
        };
        let new = jobs::NewWork {
            id: refill_id(given_up.id),
            kind: super::PLAN.to_owned(),
            place: call.path.clone(),
            asked: serde_json::json!({ "call": call.id, "send": true }),
            by: None,
            by_name: String::new(),
        };
        jobs::ask(tx, &new, now)?;
        Ok(())
    }

    /// Returns the name of a place in Chinese, as it is written into the log of looks.
    pub(super) fn place_name(&self, place: &PlacePath) -> String {
        self.hall.places.tree().chain(place, Lang::Zh)
    }
}

/// Returns the identity of the refill for a post that was given up. There is one refill for each post.
fn refill_id(post: Uuid) -> Uuid {
    Uuid::from_u128(post.as_u128() ^ 1)
}
