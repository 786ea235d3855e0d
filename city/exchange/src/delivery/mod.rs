//! This file tells other systems that a case moved. Each message is a POST that is signed as Standard Webhooks 1.0.0
//! says and tried again for more than a day, and each has a line in a list. A receiver that fails for days is switched
//! off.

mod replay;

use hall::figures::{Subject, count_one};
use jobs::channels::{PostFault, signature, standard_signature};
use jobs::{Heard, Job, JobError, NewJob};
use kernel::figure::Cell;
use kernel::permission::Actor;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::{Store, StoreError, Tx};
use uuid::Uuid;
use vault::Vault;

use crate::actions::{Fault, note};
use crate::rules::{Attempt, GONE_FOR_GOOD, Next, Patience};
pub use crate::words::{DELIVER, REPLAY};
use crate::words::{
    DELIVERED, Delivery, EXCHANGE_OFF_DAYS, EXCHANGE_RETRY_FIRST_SECONDS, EXCHANGE_RETRY_HOURS, EXCHANGE_RETRY_JITTER,
    EXCHANGE_RETRY_LONGEST_SECONDS, OLD_SECRET, SECRET, System, queued,
};
use crate::{Exchange, records, rules};

/// Names the job that hears of a case and writes a message for each system that sees it.
pub const TELL: &str = "exchange.tell";
/// Seconds that a system may take to answer a message; jobs are leased for longer.
pub const ANSWER_SECONDS: u32 = 10;
/// The failure of a message whose system listens no more.
const GONE: &str = "gone";

/// A message that is going to be sent.
struct Outgoing {
    delivery: Delivery,
    /// Who gets it, or nothing if the system is closed.
    system: Option<System>,
    /// Where it goes, or nothing if the system no longer listens.
    target: Option<Target>,
}

/// Where a message goes.
struct Target {
    url: String,
    /// The keys that sign it, the newest first.
    keys: Vec<Vec<u8>>,
}

/// Why a message was not taken.
#[derive(Clone, Debug)]
struct Failure {
    /// A status, or a word for which the page has a text.
    why: String,
    /// For how many seconds the receiver asked to be left in peace.
    asked_seconds: Option<i64>,
    /// Whether the receiver says that it is gone for good.
    gone: bool,
}

impl Failure {
    fn of(why: impl Into<String>) -> Self {
        Self { why: why.into(), asked_seconds: None, gone: false }
    }
}

impl Exchange {
    /// Writes a message for each system that listens and sees the case that moved.
    ///
    /// # Errors
    /// The job runs again later if the store failed. It never runs again if the message makes no sense.
    pub fn tell(&self, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let heard = job.heard()?;
        let number = said(&heard, "number").to_owned();
        let desk = self.cases.clone();
        let told = store.read_blocking(move |tx| {
            let mut systems = records::listening(tx)?;
            if !systems.is_empty() {
                let known = desk.known_number(tx, &number)?;
                systems.retain(|system| rules::sees(system, &known.case));
            }
            Ok::<_, Fault>(systems)
        });
        let told = told.map_err(|fault| failed(&fault))?;
        if told.is_empty() {
            return Ok(());
        }
        // What happens while a receiver is switched off is written down for it, and waits.
        let written = |system: &System| {
            let (delivery, job) = message(system, &heard, now);
            (delivery, Some(job).filter(|_| system.listening.switched_off_at.is_none()))
        };
        let messages: Vec<(Delivery, Option<NewJob>)> = told.iter().map(written).collect();
        Ok(store.write_blocking(move |tx| {
            messages.iter().try_for_each(|(delivery, job)| write(tx, delivery, job.as_ref()))
        })?)
    }

    /// Sends one message and notes what became of it.
    ///
    /// # Errors
    /// The job runs again later if the system did not take the message. It never runs again if the system no longer
    /// listens, or if the message was tried for long enough.
    pub fn deliver(&self, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let id = job.payload.get("delivery").and_then(|id| id.as_str()?.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| JobError::Never("the job names no message".to_owned()))?;
        let vault = self.cases.hall.vault.clone();
        let found = store.read_blocking(move |tx| outgoing(tx, &vault, id, now)).map_err(|fault| failed(&fault))?;
        let Some(Outgoing { delivery, system, target }) = found.filter(|found| found.delivery.sent_at.is_none()) else {
            return Ok(());
        };
        let Some((system, target)) = system.zip(target) else {
            store.write_blocking(move |tx| records::attempted(tx, id, Some(GONE), true, now))?;
            return Err(JobError::Never(GONE.to_owned()));
        };
        if system.listening.switched_off_at.is_some() {
            return Ok(());
        }
        match self.post(&target, &delivery, now) {
            Ok(()) => self.taken(store, delivery, system, now),
            Err(failure) => self.not_taken(store, &delivery, system, failure, now),
        }
    }

    /// Notes that a message was taken, and counts it.
    fn taken(&self, store: &Store, delivery: Delivery, system: System, now: Instant) -> Result<(), JobError> {
        let (day, desk) = (self.cases.hall.day(now), self.cases.clone());
        Ok(store.write_blocking(move |tx| {
            records::attempted(tx, delivery.id, None, false, now)?;
            if system.listening.failing_since.is_some() {
                records::set_failing(tx, system.id, None, None)?;
            }
            let confidential = match desk.known_number(tx, &delivery.number) {
                Ok(known) => known.case.confidential,
                Err(Fault::Store(fault)) => return Err(fault),
                // What nobody can read is told to nobody.
                Err(_) => true,
            };
            let subject = Subject { publisher: "exchange", district: system.place.district(), id: delivery.id };
            let cell = Cell { place: system.place.clone(), department: String::new(), day };
            count_one(tx, &subject, &cell, &[(&DELIVERED, 1)], confidential)
        })?)
    }

    /// Notes that a message was not taken, and says when it is sent again. A receiver that failed for too long is
    /// switched off, and whoever looks after it sees that.
    fn not_taken(
        &self,
        store: &Store,
        delivery: &Delivery,
        system: System,
        failure: Failure,
        now: Instant,
    ) -> Result<(), JobError> {
        let attempt = Attempt {
            message: delivery.id,
            count: delivery.attempts.saturating_add(1),
            first_at: delivery.first_attempted_at.unwrap_or(now),
            failing_since: system.listening.failing_since,
            asked_seconds: failure.asked_seconds,
            gone: failure.gone,
        };
        let next = self.patience(now)?.next(&attempt, now);
        let (id, noted) = (delivery.id, failure.why.clone());
        store.write_blocking(move |tx| {
            records::attempted(tx, id, Some(&noted), next == Next::GivenUp, now)?;
            let since = system.listening.failing_since.unwrap_or(now);
            let off_at = (next == Next::Off).then_some(now);
            records::set_failing(tx, system.id, Some(since), off_at)?;
            if next == Next::Off {
                let detail = json!({ "since": rules::moment(since), "why": noted });
                note(tx, &system, "exchange.switched_off", &detail, &Actor::system(), now)?;
            }
            Ok::<_, Fault>(())
        })?;
        let at = match next {
            Next::Off => return Ok(()),
            Next::GivenUp => None,
            Next::Again(at) => Some(at),
        };
        Err(JobError::Again { why: failure.why, at, asked: failure.asked_seconds.is_some() })
    }

    /// Says when a message of another department that was not taken is sent again, by the rules of our own messages;
    /// none when it is given up. `asked` is what the receiver wrote as `Retry-After`.
    ///
    /// # Errors
    /// The rulebook does not have the figures.
    pub fn next_try(
        &self,
        message: Uuid,
        count: i64,
        first_at: Instant,
        asked: Option<&str>,
        now: Instant,
    ) -> Result<Option<Instant>, Fault> {
        let asked_seconds = asked.and_then(|header| rules::asked_seconds(header, now));
        let attempt = Attempt { message, count, first_at, failing_since: None, asked_seconds, gone: false };
        Ok(match self.patience(now)?.next(&attempt, now) {
            Next::Again(at) => Some(at),
            Next::GivenUp | Next::Off => None,
        })
    }

    /// Checks that messages may go to an address, as for the addresses of other systems.
    ///
    /// # Errors
    /// Refuses with `exchange.webhook_address`.
    pub fn reachable(&self, url: &str) -> Result<(), kernel::refusal::Refusal> {
        rules::webhook_address(url, self.private_http, &self.targets).map(drop)
    }

    fn patience(&self, now: Instant) -> Result<Patience, Fault> {
        let hall = &self.cases.hall;
        Ok(Patience {
            first_seconds: hall.figure(EXCHANGE_RETRY_FIRST_SECONDS, now)?,
            longest_seconds: hall.figure(EXCHANGE_RETRY_LONGEST_SECONDS, now)?,
            jitter: hall.figure(EXCHANGE_RETRY_JITTER, now)?,
            hours: hall.figure(EXCHANGE_RETRY_HOURS, now)?,
            off_days: hall.figure(EXCHANGE_OFF_DAYS, now)?,
        })
    }

    /// Posts a message. It is signed under each key as Standard Webhooks says, and under the newest with SM3.
    fn post(&self, target: &Target, delivery: &Delivery, now: Instant) -> Result<(), Failure> {
        if rules::webhook_address(&target.url, self.private_http, &self.targets).is_err() {
            return Err(Failure::of("address"));
        }
        let (id, body) = (delivery.id.to_string(), body(delivery).to_string());
        let timestamp = now.seconds_since(Instant::from_micros(0)).to_string();
        let signed = signatures(&target.keys, &id, &timestamp, body.as_bytes());
        let (standard, national) = signed.ok_or_else(|| Failure::of("request"))?;
        let headers = [
            ("webhook-id", id.as_str()),
            ("webhook-timestamp", timestamp.as_str()),
            ("webhook-signature", standard.as_str()),
            ("idempotency-key", id.as_str()),
            ("x-lianglin-timestamp", timestamp.as_str()),
            ("x-lianglin-signature", national.as_str()),
        ];
        match self.poster.post(&target.url, &headers, body.as_bytes()) {
            Ok(posted) if (200..300).contains(&posted.status) => Ok(()),
            Ok(posted) => Err(Failure {
                why: format!("HTTP {}", posted.status),
                asked_seconds: posted.retry_after.and_then(|header| rules::asked_seconds(&header, now)),
                gone: posted.status == GONE_FOR_GOOD,
            }),
            Err(fault) => Err(Failure::of(match fault {
                PostFault::Timeout => "timeout",
                PostFault::UnknownHost => "host",
                PostFault::Forbidden => "address",
                PostFault::Connection => "connection",
                PostFault::NoAnswer => "silent",
                PostFault::Request => "request",
            })),
        }
    }
}

/// Returns the value of `webhook-signature`, one signature for each key with blanks between them, and that of
/// `x-lianglin-signature` under the first key. Returns none if there is no key or one cannot be used.
fn signatures(keys: &[Vec<u8>], id: &str, timestamp: &str, body: &[u8]) -> Option<(String, String)> {
    let national = signature(keys.first()?, timestamp, body)?;
    let standard: Option<Vec<String>> = keys.iter().map(|key| standard_signature(key, id, timestamp, body)).collect();
    Some((standard?.join(" "), national.trim_start_matches("hmac-").to_owned()))
}

/// Writes a message with the job that sends it, if it is sent now. One that is there already is left as it is.
fn write(tx: &mut dyn Tx, delivery: &Delivery, job: Option<&NewJob>) -> Result<(), StoreError> {
    if records::delivery(tx, delivery.id)?.is_some() {
        return Ok(());
    }
    let sequence = records::next_sequence(tx, delivery.system, &delivery.number)?;
    let delivery = Delivery { sequence, ..delivery.clone() };
    records::insert_delivery(tx, &delivery)?;
    job.map_or(Ok(()), |job| jobs::enqueue(tx, &queued(job.clone(), &delivery)).map(drop))
}

/// Returns what a message says. Those of an earlier version have no number.
fn body(delivery: &Delivery) -> Value {
    let mut body = json!({
        "id": delivery.id,
        "type": "case.moved",
        "number": delivery.number,
        "state": delivery.state,
        "at": rules::moment(delivery.at),
    });
    if let Some(said) = body.as_object_mut().filter(|_| delivery.sequence > 0) {
        said.insert("sequence".to_owned(), Value::from(delivery.sequence));
    }
    body
}

fn said<'h>(heard: &'h Heard, name: &str) -> &'h str {
    heard.payload.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the message for a system with the job that sends it. An event that is heard twice gives the same message.
fn message(system: &System, heard: &Heard, now: Instant) -> (Delivery, NewJob) {
    let id = Uuid::new_v5(&heard.id, system.id.as_bytes());
    let delivery = Delivery {
        id,
        system: system.id,
        number: said(heard, "number").to_owned(),
        sequence: 0,
        state: said(heard, "state").to_owned(),
        at: heard.at,
        attempts: 0,
        first_attempted_at: None,
        attempted_at: None,
        failure: None,
        sent_at: None,
        failed_at: None,
    };
    (delivery, NewJob::new(DELIVER, format!("{DELIVER}:{id}"), json!({ "delivery": id }), now))
}

fn outgoing(tx: &mut dyn Tx, vault: &Vault, id: Uuid, now: Instant) -> Result<Option<Outgoing>, Fault> {
    let Some(delivery) = records::delivery(tx, id)? else { return Ok(None) };
    let system = records::system(tx, delivery.system)?.filter(|system| system.closed_at.is_none());
    let mut target = None;
    if let Some(system) = &system
        && let Some(url) = system.webhook_url.clone()
        && let Some(newest) = vault.secret(tx, SECRET, system.id)?
    {
        let signs = system.listening.old_secret_until.is_some_and(|until| until > now);
        let old = if signs { vault.secret(tx, OLD_SECRET, system.id)? } else { None };
        let keys = [newest].into_iter().chain(old).map(|secret| rules::signing_key(&secret)).collect();
        target = Some(Target { url, keys });
    }
    Ok(Some(Outgoing { delivery, system, target }))
}

fn failed(fault: &Fault) -> JobError {
    match fault {
        Fault::NotFound | Fault::Broken(_) | Fault::Refused(_) => JobError::Never(fault.to_string()),
        Fault::Store(_) | Fault::Vault(_) => JobError::Retry(fault.to_string()),
    }
}

#[cfg(test)]
mod tests;
