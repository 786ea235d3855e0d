//! What owners and accounts are told: of what was done with their codes and links, owners in the log of who looked at
//! their data and accounts by a notice in the platform; and of each vote in which they may vote, when it is called,
//! opens, is called off or is counted.

use std::sync::Arc;

use hall::{Fault, Sent};
use house::{BATCH, tell_batch};
use jobs::{ChannelKind, Job, JobError, NewJob, NewNotice};
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
/// The job that tells of a vote: one batch of those who may vote, and once more for each further batch.
pub const TELL: &str = "property.tell";
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
    const ALL: [Self; 4] = [Self::Called, Self::Opened, Self::Off, Self::Counted];

    /// The word by which a job names it.
    const fn code(self) -> &'static str {
        match self {
            Self::Called => "called",
            Self::Opened => "opened",
            Self::Off => "off",
            Self::Counted => "counted",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|happened| happened.code() == code)
    }

    /// Whether it is still worth telling at a moment: nobody is told that she may vote in what was called off or is
    /// over.
    fn still_holds(self, vote: &Vote, now: Instant) -> bool {
        match self {
            Self::Called => vote.off_at.is_none(),
            Self::Opened => vote.is_open(now),
            Self::Off | Self::Counted => true,
        }
    }

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

/// What the next of those who may vote in a vote are told of it.
#[derive(Clone, Copy, Debug)]
struct Telling {
    vote: Uuid,
    happened: Happened,
    /// The account that was told last.
    after: Uuid,
}

impl Telling {
    /// Begins with the first account.
    const fn new(vote: Uuid, happened: Happened) -> Self {
        Self { vote, happened, after: Uuid::nil() }
    }

    /// Reads a job.
    fn of(job: &Job) -> Option<Self> {
        let happened = Happened::parse(job.payload.get("happened")?.as_str()?)?;
        Some(Self { vote: named(job, "id")?, happened, after: named(job, "after")? })
    }

    /// Its job. It enters the queue once, however often it is asked for. Jobs about one vote come in their order.
    fn job(self, now: Instant) -> NewJob {
        let Self { vote, happened, after } = self;
        let code = happened.code();
        let payload = json!({ "id": vote, "happened": code, "after": after });
        NewJob::new(TELL, format!("{TELL}:{vote}:{code}:{after}"), payload, now)
    }
}

/// The identity that a job names.
fn named(job: &Job, name: &str) -> Option<Uuid> {
    job.payload.get(name)?.as_str()?.parse().ok()
}

/// Asks that those who may vote in a vote are told what happened with it. They are many, so they are told batch by
/// batch after this unit of work, each batch in one of its own.
pub(super) fn ask_to_tell(tx: &mut dyn Tx, vote: Uuid, happened: Happened, now: Instant) -> Result<(), Fault> {
    jobs::enqueue(tx, &Telling::new(vote, happened).job(now))?;
    Ok(())
}

/// Asks that those who may vote are told that a vote was called, and plans that they are told when it opens.
pub(super) fn ask_to_tell_called(tx: &mut dyn Tx, vote: &Vote, now: Instant) -> Result<(), Fault> {
    ask_to_tell(tx, vote.id, Happened::Called, now)?;
    let opening = NewJob::planned(OPEN, format!("{OPEN}:{}", vote.id), json!({ "vote": vote.id }), vote.opens_at);
    jobs::enqueue(tx, &opening)?;
    Ok(())
}

impl Property {
    /// Tells the first of those who may vote that a vote has opened, as the job that was planned says; also those who
    /// were linked after it was called. Nobody is told of one that was called off or is over.
    ///
    /// # Errors
    /// A failure.
    pub fn tell_opened(self: &Arc<Self>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        named(job, "vote").map_or(Ok(()), |vote| self.tell_some(store, Telling::new(vote, Happened::Opened), now))
    }

    /// Tells the next of those who may vote what happened with a vote, as a job says.
    ///
    /// # Errors
    /// A failure.
    pub fn tell_next(self: &Arc<Self>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        Telling::of(job).map_or(Ok(()), |telling| self.tell_some(store, telling, now))
    }

    /// Tells one batch of the accounts that are linked with a right of a vote what happened with it, and puts in the
    /// job for the next one. Told again, nobody is told twice.
    fn tell_some(self: &Arc<Self>, store: &Store, telling: Telling, now: Instant) -> Result<(), JobError> {
        let own = self.clone();
        let (accounts, notices) = store.read_blocking(move |tx| {
            let Telling { vote, happened, after } = telling;
            let Some(vote) = votes::find(tx, vote)?.filter(|vote| happened.still_holds(vote, now)) else {
                return Ok::<_, Fault>((Vec::new(), Vec::new()));
            };
            let accounts = votes::linked_after(tx, &vote, after, BATCH)?;
            let notice = |account: &Uuid| own.vote_notice(&vote, happened, *account, now);
            let notices: Vec<NewNotice> = accounts.iter().map(notice).collect();
            Ok((accounts, notices))
        })?;
        tell_batch(store, &accounts, notices, |last| Telling { after: *last, ..telling }.job(now))
    }

    /// What an account is told of a vote.
    fn vote_notice(&self, vote: &Vote, happened: Happened, account: Uuid, now: Instant) -> NewNotice {
        let (template, calendar) = (happened.template(), self.hall.calendar());
        let names_opening = happened == Happened::Called;
        let day = self.hall.day(if names_opening { vote.opens_at } else { vote.ends_at }).to_string();
        let key = format!("{template}:{}:{account}", vote.id);
        let notice = NewNotice::new(ChannelKind::InApp, key, &format!("account:{account}"), &calendar, now);
        let notice = notice.template(template).with("href", format!("/property/votes/{}", vote.id));
        notice.with("place", vote.title.as_str()).with("date", day.as_str())
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
