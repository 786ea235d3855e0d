//! What owners and accounts are told: of what was done with their codes and links, owners in the log of who looked at
//! their data and accounts by a notice in the platform; and of each vote in which they may vote, when it is called,
//! opens, is called off or is counted.

use std::sync::Arc;

use hall::{Fault, Sent};
use jobs::{ChannelKind, Job, NewJob, NewNotice};
use kernel::permission::Actor;
use kernel::time::{Date, Instant};
use serde_json::json;
use store::{Store, Tx};
use uuid::Uuid;
use vault::Look;

use crate::Property;
use crate::records::parts;
use crate::records::register::{self, Building, Head, Unit};
use crate::records::votes::{self, Vote};
use crate::rules::register::called;

/// The job that tells of a vote that opens.
pub const OPEN: &str = "property.open";
/// The page to which a notice about a link leads.
const PAGE: &str = "/property/link";

/// Who prints letters, releases an account or confirms one, by which form, and when.
#[derive(Clone, Debug)]
pub struct Handling {
    /// Who.
    pub actor: Actor,
    /// On behalf of which place, as the owner reads it.
    pub place: String,
    /// The form.
    pub sent: Sent,
    /// Its key. The codes of its letters are made from it, so that a form that is sent again shows the same ones.
    pub key: String,
    /// When.
    pub now: Instant,
}

/// What an account is told of the units of a head.
pub(super) enum Told<'h> {
    /// It votes for them no more.
    Unlinked {
        /// The head.
        head: &'h Head,
        /// When it was unlinked.
        at: Instant,
    },
    /// Another account was linked with them.
    Another {
        /// The head.
        head: &'h Head,
        /// When it was linked.
        at: Instant,
        /// The day from which it may vote online.
        from: Date,
    },
}

/// What those who may vote in a vote are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happened {
    /// It was called.
    Called,
    /// It has opened.
    Opened,
    /// It was called off.
    Off,
    /// It was counted.
    Counted,
}

impl Happened {
    /// The key of what is told.
    const fn template(self) -> &'static str {
        match self {
            Self::Called => "property-notice-vote-called",
            Self::Opened => "property-notice-vote-opened",
            Self::Off => "property-notice-vote-off",
            Self::Counted => "property-notice-vote-counted",
        }
    }
}

impl Property {
    /// Tells every account that is linked with a right of a vote what happened with it. Told again, nobody is told
    /// twice.
    pub(super) fn tell_voters(
        &self,
        tx: &mut dyn Tx,
        vote: &Vote,
        happened: Happened,
        now: Instant,
    ) -> Result<(), Fault> {
        let (template, calendar) = (happened.template(), self.hall.calendar());
        let names_opening = happened == Happened::Called;
        let day = self.hall.day(if names_opening { vote.opens_at } else { vote.ends_at }).to_string();
        for account in votes::linked(tx, vote.district, vote.id)? {
            let key = format!("{template}:{}:{account}", vote.id);
            let notice = NewNotice::new(ChannelKind::InApp, key, &format!("account:{account}"), &calendar, now);
            let notice = notice.template(template).with("href", format!("/property/votes/{}", vote.id));
            jobs::notify(tx, &notice.with("place", vote.title.as_str()).with("date", day.as_str()))?;
        }
        Ok(())
    }

    /// Tells those who may vote that a vote was called, and plans that they are told when it opens.
    pub(super) fn tell_called(&self, tx: &mut dyn Tx, vote: &Vote, now: Instant) -> Result<(), Fault> {
        self.tell_voters(tx, vote, Happened::Called, now)?;
        let opening = NewJob::planned(OPEN, format!("{OPEN}:{}", vote.id), json!({ "vote": vote.id }), vote.opens_at);
        jobs::enqueue(tx, &opening)?;
        Ok(())
    }

    /// Tells those who may vote that a vote has opened, as the job that was planned says; also those who were linked
    /// after it was called. Nobody is told of one that was called off or is over.
    ///
    /// # Errors
    /// A failure.
    pub fn tell_opened(self: &Arc<Self>, store: &Store, job: &Job, now: Instant) -> Result<(), Fault> {
        let vote: Option<Uuid> = job.payload.get("vote").and_then(|id| id.as_str()?.parse().ok());
        let Some(vote) = vote else { return Ok(()) };
        let desk = self.clone();
        store.write_blocking(move |tx| match votes::find(tx, vote)? {
            Some(vote) if vote.is_open(now) => desk.tell_voters(tx, &vote, Happened::Opened, now),
            _ => Ok(()),
        })
    }

    /// Writes into the logs of the owners of a unit, where each of them reads it, what was done with their code.
    pub(super) fn tell(&self, tx: &mut dyn Tx, unit: &Unit, what: &str, by: &Handling) -> Result<(), Fault> {
        let look = Look {
            account: by.actor.account,
            name: by.actor.name.clone(),
            place: by.place.clone(),
            purpose: what.to_owned(),
            case_number: None,
            at: by.now,
        };
        for share in parts::shares_of_unit(tx, unit)? {
            self.hall.vault.looked(tx, unit.district, share.owner, &look)?;
        }
        Ok(())
    }

    /// Tells an account in the platform what happened with the units of a head.
    pub(super) fn tell_account(&self, tx: &mut dyn Tx, account: Uuid, told: &Told<'_>) -> Result<(), Fault> {
        let (head, at, template, from) = match told {
            Told::Unlinked { head, at } => (head, at, "property-notice-unlinked", None),
            Told::Another { head, at, from } => (head, at, "property-notice-another", Some(from)),
        };
        let compound = register::compound(tx, head.compound)?.map(|compound| compound.name).unwrap_or_default();
        let buildings = register::buildings(tx, head.district, head.compound)?;
        let units = parts::units_of_head(tx, head)?;
        let place = format!("{compound} {}", names(&buildings, &units, head.id).join("、"));
        // What it tells of is done once for each form.
        let key = format!("{template}:{}", Uuid::now_v7());
        let recipient = format!("account:{account}");
        let notice = NewNotice::new(ChannelKind::InApp, key, &recipient, &self.hall.calendar(), *at);
        let notice = notice.template(template).with("href", PAGE).with("place", place);
        let notice = from.into_iter().fold(notice, |notice, from| notice.with("date", from.to_string()));
        jobs::notify(tx, &notice)?;
        Ok(())
    }
}

/// What the units of a head are called.
pub(super) fn names(buildings: &[Building], units: &[Unit], head: Uuid) -> Vec<String> {
    let name = |id: i64| buildings.iter().find(|one| one.id == id).map(|one| one.name.as_str()).unwrap_or_default();
    let own = units.iter().filter(|unit| unit.head == head);
    own.map(|unit| called(name(unit.building), &unit.stair, &unit.label)).collect()
}
