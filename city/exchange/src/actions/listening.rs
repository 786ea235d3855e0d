//! This file sets where systems listen and which secret signs their messages, sends messages again, and switches a
//! receiver on that was switched off.

use jobs::NewJob;
use kernel::permission::Actor;
use kernel::time::Instant;
use serde_json::json;
use uuid::Uuid;

use super::{Fault, governed, note, open, random};
use crate::words::{
    DELIVER, EXCHANGE_OLD_SECRET_HOURS, Listening, OLD_SECRET, Replayed, SECRET, System, lane, queued, replaying,
};
use crate::{Exchange, records, rules};

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
    /// Sets the address that gets a system's messages about cases, and returns the new secret that signs them. The
    /// secret can be read only in this answer; the one before it signs beside it for as long as the rulebook says.
    /// Without an address, the messages end.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system. Refuses if the system is closed or the address
    /// is not allowed.
    pub async fn listen(
        &self,
        actor: &Actor,
        id: Uuid,
        url: Option<&str>,
        now: Instant,
    ) -> Result<Option<String>, Fault> {
        let url = url.map(|url| rules::webhook_address(url, self.private_http, &self.targets)).transpose()?;
        let secret = rules::secret_text(&random()?);
        let hours: i64 = self.cases.hall.figure(EXCHANGE_OLD_SECRET_HOURS, now)?;
        let until = now.plus_minutes(hours.saturating_mul(60));
        let shown = url.is_some().then(|| secret.clone());
        let (actor, vault) = (actor.clone(), self.cases.hall.vault.clone());
        self.store()
            .write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                records::set_webhook(tx, id, url.as_deref())?;
                let before = vault.secret(tx, SECRET, id)?.filter(|_| url.is_some());
                match &before {
                    Some(secret) => vault.put_secret(tx, OLD_SECRET, id, secret)?,
                    None => vault.drop_secret(tx, OLD_SECRET, id)?,
                }
                records::set_old_secret(tx, id, before.is_some().then_some(until))?;
                if url.is_some() {
                    vault.put_secret(tx, SECRET, id, secret.as_bytes())?;
                } else {
                    vault.drop_secret(tx, SECRET, id)?;
                }
                note(tx, &system, "exchange.webhook_set", &json!({ "url": url }), &actor, now)
            })
            .await?;
        Ok(shown)
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
        let which = Replayed { system: id, since: what.since, taken_too: what.taken_too };
        let (actor, job) = (actor.clone(), replaying(&which, Uuid::nil(), what.once, now));
        self.store()
            .write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                let count = records::count_replayed(tx, &which)?;
                if count > 0 && jobs::enqueue(tx, &job)? {
                    let detail = json!({ "since": rules::moment(which.since), "messages": count });
                    note(tx, &system, "exchange.replayed", &detail, &actor, now)?;
                }
                Ok::<_, Fault>(count)
            })
            .await
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
                let Listening { failing_since, switched_off_at, .. } = system.listening;
                let Some(off_at) = switched_off_at else { return Ok::<_, Fault>(()) };
                records::set_failing(tx, id, None, None)?;
                jobs::try_lane(tx, &lane(id), now)?;
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
                if jobs::try_lane(tx, &lane(id), now)? {
                    note(tx, &system, "exchange.tried", &json!({}), &actor, now)?;
                }
                Ok::<_, Fault>(())
            })
            .await
    }
}

/// Returns the moment of the earliest message that a system did not take, if it lies before the moment when it began
/// to fail: what happened before may have waited until then.
fn began_to_fail(tx: &mut dyn store::Tx, system: &System, failing_since: Instant) -> Result<Instant, Fault> {
    let earliest = records::earliest_untaken(tx, system.id)?;
    Ok(earliest.map_or(failing_since, |at| at.min(failing_since)))
}
