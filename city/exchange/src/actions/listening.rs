//! This file sets where systems listen, or asks for it, sends messages again, and switches a receiver on that was
//! switched off.

use identity::{NewRequest, NewlyAsked, Settled};
use jobs::NewJob;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::asked::{Setting, fault, put_address};
use super::{ASK_ADDRESS, Fault, governed, note, open};
use crate::refusals::Why;
use crate::words::{DELIVER, OLD_SECRET, Reception, Replayed, SECRET, System, lane, queued, replaying};
use crate::{Exchange, records, rules};

/// Holds what a form says of the address that gets a system's messages.
#[derive(Clone, Copy, Debug)]
pub struct Listening<'a> {
    /// The address. Without one, the messages end.
    pub url: Option<&'a str>,
    /// The identity of the request, where one is made.
    pub request: Uuid,
}

/// What is sent again: the messages since a moment.
#[derive(Clone, Copy, Debug)]
pub struct Replaying<'a> {
    /// The moment from which on they are.
    pub since: Instant,
    /// Whether those are meant that were taken, too.
    pub taken_too: bool,
    /// Sent twice with the same key, done once.
    pub once: &'a str,
}

impl Exchange {
    /// Sets the address that gets a system's messages about cases, or asks for it where the city wants two people, and
    /// returns the new secret that signs them. The secret can be read only in this answer; the one before it signs
    /// beside it for as long as the rulebook says. Without an address, the messages end at once.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system. Refuses if the system is closed or the address
    /// is not allowed.
    pub async fn listen(
        &self,
        actor: &Actor,
        id: Uuid,
        listening: Listening<'_>,
        now: Instant,
    ) -> Result<Settled<Option<String>>, Fault> {
        let Listening { url, request } = listening;
        let url = url.map(|url| rules::webhook_address(url, self.private_http, &self.targets)).transpose()?;
        let (actor, hall) = (actor.clone(), self.cases.hall.clone());
        let Some(url) = url else {
            let ended = self.store().write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                records::set_webhook(tx, id, None)?;
                records::set_old_secret(tx, id, None)?;
                hall.vault.drop_secret(tx, SECRET, id)?;
                hall.vault.drop_secret(tx, OLD_SECRET, id)?;
                note(tx, &system, "exchange.webhook_set", &json!({ "url": null }), &actor, now)
            });
            return ended.await.map(|()| Settled::Done(None));
        };
        if self.identity.rules().two_people {
            return self.ask_address(&actor, id, request, &url).await.map(Settled::Asked);
        }
        let set = self.store().write(move |tx| {
            let system = open(governed(tx, &actor, id)?)?;
            put_address(tx, &hall, &system, &Setting { url: &url, by: &actor, now })
        });
        set.await.map(|secret| Settled::Done(Some(secret)))
    }

    /// Asks for the address of a system's messages.
    async fn ask_address(&self, actor: &Actor, id: Uuid, request: Uuid, url: &str) -> Result<NewlyAsked, Fault> {
        let by = actor.clone();
        let system = self.store().read(move |tx| open(governed(tx, &by, id)?)).await?;
        let new = NewRequest {
            id: request,
            kind: ASK_ADDRESS,
            place: system.place,
            department: system.department,
            subject: Some(system.id),
            detail: json!({ "url": url }),
            why: String::new(),
        };
        self.identity.ask(actor, new).await.map_err(fault)
    }

    /// Sets the address of a system's messages in a unit of work of the caller, who answers for it that two people want
    /// it, and returns the new secret.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such system. Refuses if it is closed or the address is not allowed.
    pub fn set_address(&self, tx: &mut dyn Tx, id: Uuid, url: &str, by: &Actor, now: Instant) -> Result<String, Fault> {
        let url = rules::webhook_address(url, self.private_http, &self.targets)?;
        let system = open(records::system(tx, id)?.ok_or(Fault::NotFound)?)?;
        put_address(tx, &self.cases.hall, &system, &Setting { url: &url, by, now })
    }

    /// Sends a message once more.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system or it has no such message. Refuses if the system
    /// is closed.
    pub async fn send_again(
        &self,
        actor: &Actor,
        id: Uuid,
        message: Uuid,
        once: &str,
        now: Instant,
    ) -> Result<(), Fault> {
        let job = NewJob::new(DELIVER, format!("{DELIVER}:{message}:{once}"), json!({ "delivery": message }), now);
        let actor = actor.clone();
        self.store()
            .write(move |tx| {
                open(governed(tx, &actor, id)?)?;
                let found = records::delivery(tx, message)?.filter(|found| found.system == id);
                let found = found.ok_or(Fault::NotFound)?;
                if jobs::enqueue(tx, &queued(job.clone(), &found))? {
                    records::again(tx, message)?;
                }
                Ok::<_, Fault>(())
            })
            .await
    }

    /// Puts the messages since a moment on their way again, and returns how many there are.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system. Refuses if the system is closed.
    pub async fn replay(&self, actor: &Actor, id: Uuid, what: Replaying<'_>, now: Instant) -> Result<i64, Fault> {
        let (actor, since, taken_too, key) = (actor.clone(), what.since, what.taken_too, what.once.to_owned());
        self.store()
            .write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                put_again(tx, &system, Replaying { since, taken_too, once: &key }, &actor, now)
            })
            .await
    }

    /// Puts a system's messages since a moment on their way again because the system itself asks for them, in a unit of
    /// work of the caller, and returns how many there are.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such system. Refuses if nothing goes to it: it is closed, has no address, or
    /// was switched off.
    pub fn replay_own(
        &self,
        tx: &mut dyn Tx,
        id: Uuid,
        what: Replaying<'_>,
        by: &Actor,
        now: Instant,
    ) -> Result<i64, Fault> {
        let system = open(records::system(tx, id)?.ok_or(Fault::NotFound)?)?;
        if system.webhook_url.is_none() || system.listening.switched_off_at.is_some() {
            return Err(Refusal::new(Why::ExchangeNotListening).into());
        }
        put_again(tx, &system, what, by, now)
    }

    /// Switches a receiver on that was switched off because it had failed for too long. What it did not take since it
    /// began to fail is sent to it again.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system. Refuses if the system is closed.
    pub async fn switch_on(&self, actor: &Actor, id: Uuid, once: &str, now: Instant) -> Result<(), Fault> {
        let (actor, once) = (actor.clone(), once.to_owned());
        self.store()
            .write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                let Reception { failing_since, switched_off_at, .. } = system.listening;
                let Some(off_at) = switched_off_at else { return Ok::<_, Fault>(()) };
                records::set_failing(tx, id, None, None)?;
                jobs::try_destination(tx, &lane(id), now)?;
                let since = began_to_fail(tx, &system, failing_since.unwrap_or(off_at))?;
                let which = Replayed { system: id, since, taken_too: false };
                jobs::enqueue(tx, &replaying(&which, Uuid::nil(), &once, now))?;
                note(tx, &system, "exchange.switched_on", &json!({}), &actor, now)
            })
            .await
    }

    /// Tries a system now to which nothing is sent for a while because it did not take its messages.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system. Refuses if the system is closed.
    pub async fn try_now(&self, actor: &Actor, id: Uuid, now: Instant) -> Result<(), Fault> {
        let actor = actor.clone();
        self.store()
            .write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                if jobs::try_destination(tx, &lane(id), now)? {
                    note(tx, &system, "exchange.tried", &json!({}), &actor, now)?;
                }
                Ok::<_, Fault>(())
            })
            .await
    }
}

/// Returns the moment of the earliest message that a system did not take, if it lies before the moment when it began
/// to fail: what happened before may have waited until then.
fn began_to_fail(tx: &mut dyn Tx, system: &System, failing_since: Instant) -> Result<Instant, Fault> {
    let earliest = records::earliest_untaken(tx, system.id)?;
    Ok(earliest.map_or(failing_since, |at| at.min(failing_since)))
}

/// Puts a system's messages since a moment on their way again, notes it, and returns how many there are.
fn put_again(tx: &mut dyn Tx, system: &System, what: Replaying<'_>, by: &Actor, now: Instant) -> Result<i64, Fault> {
    let which = Replayed { system: system.id, since: what.since, taken_too: what.taken_too };
    let count = records::count_replayed(tx, &which)?;
    if count > 0 && jobs::enqueue(tx, &replaying(&which, Uuid::nil(), what.once, now))? {
        let detail = json!({ "since": rules::moment(which.since), "messages": count });
        note(tx, system, "exchange.replayed", &detail, by, now)?;
    }
    Ok(count)
}
