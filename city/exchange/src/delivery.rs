//! This file tells other systems that a case moved. Each message is a signed POST that the queue of jobs tries again,
//! and each has a line in a list.

use hall::figures::{Subject, count_one};
use jobs::channels::{PostFault, signature};
use jobs::{Heard, Job, JobError, NewJob};
use kernel::figure::Cell;
use kernel::place::PlacePath;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::{Store, StoreError, Tx};
use uuid::Uuid;
use vault::Vault;

use crate::actions::Fault;
pub use crate::words::DELIVER;
use crate::words::{DELIVERED, Delivery, SECRET, System, queued};
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
    /// Where the system acts.
    place: Option<PlacePath>,
    /// The address and the secret, or nothing if the system no longer listens.
    target: Option<(String, Vec<u8>)>,
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
        let messages: Vec<(Delivery, NewJob)> = told.iter().map(|system| message(system, &heard, now)).collect();
        Ok(store.write_blocking(move |tx| messages.iter().try_for_each(|(delivery, job)| write(tx, delivery, job)))?)
    }

    /// Sends one message and notes what became of it.
    ///
    /// # Errors
    /// The job runs again later if the system did not take the message. It never runs again if the system no longer
    /// listens.
    pub fn deliver(&self, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let id = job.payload.get("delivery").and_then(|id| id.as_str()?.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| JobError::Never("the job names no message".to_owned()))?;
        let vault = self.cases.hall.vault.clone();
        let found = store.read_blocking(move |tx| outgoing(tx, &vault, id)).map_err(|fault| failed(&fault))?;
        let Some(Outgoing { delivery, place, target }) = found.filter(|found| found.delivery.sent_at.is_none()) else {
            return Ok(());
        };
        let failure = match target {
            Some((url, secret)) => self.post(&url, &secret, &delivery, now).err(),
            None => Some(GONE.to_owned()),
        };
        let last = job.last || failure.as_deref() == Some(GONE);
        let (noted, day, desk) = (failure.clone(), self.cases.hall.day(now), self.cases.clone());
        store.write_blocking(move |tx| {
            records::attempted(tx, id, noted.as_deref(), last, now)?;
            let Some(place) = place.as_ref().filter(|_| noted.is_none()) else { return Ok(()) };
            let confidential = match desk.known_number(tx, &delivery.number) {
                Ok(known) => known.case.confidential,
                Err(Fault::Store(fault)) => return Err(fault),
                // What nobody can read is told to nobody.
                Err(_) => true,
            };
            let subject = Subject { publisher: "exchange", district: place.district(), id };
            let cell = Cell { place: place.clone(), department: String::new(), day };
            count_one(tx, &subject, &cell, &[(&DELIVERED, 1)], confidential)
        })?;
        match failure {
            None => Ok(()),
            Some(failure) if failure == GONE => Err(JobError::Never(failure)),
            Some(failure) => Err(JobError::Retry(failure)),
        }
    }

    /// Posts a message. The failure is a status, or a word for which the page has a text.
    fn post(&self, url: &str, secret: &[u8], delivery: &Delivery, now: Instant) -> Result<(), String> {
        if rules::webhook_address(url, self.private_http, &self.targets).is_err() {
            return Err("address".to_owned());
        }
        let body = body(delivery).to_string();
        let timestamp = now.seconds_since(Instant::from_micros(0)).to_string();
        let signed = signature(secret, &timestamp, body.as_bytes()).ok_or_else(|| "request".to_owned())?;
        let id = delivery.id.to_string();
        let headers = [
            ("idempotency-key", id.as_str()),
            ("x-lianglin-timestamp", timestamp.as_str()),
            ("x-lianglin-signature", signed.trim_start_matches("hmac-")),
        ];
        match self.poster.post(url, &headers, body.as_bytes()) {
            Ok(posted) if (200..300).contains(&posted.status) => Ok(()),
            Ok(posted) => Err(format!("HTTP {}", posted.status)),
            Err(PostFault::Timeout) => Err("timeout".to_owned()),
            Err(PostFault::UnknownHost) => Err("host".to_owned()),
            Err(PostFault::Forbidden) => Err("address".to_owned()),
            Err(PostFault::Connection) => Err("connection".to_owned()),
            Err(PostFault::Request) => Err("request".to_owned()),
        }
    }
}

/// Writes a message with the job that sends it. One that is there already is left as it is.
fn write(tx: &mut dyn Tx, delivery: &Delivery, job: &NewJob) -> Result<(), StoreError> {
    if records::delivery(tx, delivery.id)?.is_some() {
        return Ok(());
    }
    let sequence = records::next_sequence(tx, delivery.system, &delivery.number)?;
    let delivery = Delivery { sequence, ..delivery.clone() };
    records::insert_delivery(tx, &delivery)?;
    jobs::enqueue(tx, &queued(job.clone(), &delivery)).map(drop)
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
        attempted_at: None,
        failure: None,
        sent_at: None,
        failed_at: None,
    };
    (delivery, NewJob::new(DELIVER, format!("{DELIVER}:{id}"), json!({ "delivery": id }), now))
}

fn outgoing(tx: &mut dyn Tx, vault: &Vault, id: Uuid) -> Result<Option<Outgoing>, Fault> {
    let Some(delivery) = records::delivery(tx, id)? else { return Ok(None) };
    let system = records::system(tx, delivery.system)?.filter(|system| system.closed_at.is_none());
    let place = system.as_ref().map(|system| system.place.clone());
    let url = system.and_then(|system| system.webhook_url);
    let secret = vault.secret(tx, SECRET, delivery.system)?;
    let target = url.zip(secret.map(|secret| secret.to_vec()));
    Ok(Some(Outgoing { delivery, place, target }))
}

fn failed(fault: &Fault) -> JobError {
    match fault {
        Fault::NotFound | Fault::Broken(_) | Fault::Refused(_) => JobError::Never(fault.to_string()),
        Fault::Store(_) | Fault::Vault(_) => JobError::Retry(fault.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::PlaceId;
    use kernel::refusal::{Code, Refusal};
    use std::collections::BTreeSet;

    fn system(id: u128) -> System {
        System {
            id: Uuid::from_u128(id),
            district: PlaceId(4),
            name: "城管平台".to_owned(),
            place: PlacePath::root(PlaceId(1)),
            department: None,
            scopes: BTreeSet::new(),
            calls_per_minute: 60,
            webhook_url: None,
            created_at: Instant::from_micros(0),
            created_by: String::new(),
            closed_at: None,
        }
    }

    fn heard(id: u128, payload: Value) -> Heard {
        let topic = "case.moved".to_owned();
        Heard { id: Uuid::from_u128(id), district: PlaceId(4), topic, payload, at: Instant::from_micros(7) }
    }

    #[test]
    fn an_event_heard_twice_gives_each_system_one_message() {
        let moved = json!({ "number": "210104-2026-0000001-4", "state": "granted" });
        let made = |system_id: u128, heard_id: u128, now: i64| {
            message(&system(system_id), &heard(heard_id, moved.clone()), Instant::from_micros(now))
        };
        let (delivery, job) = made(1, 9, 100);
        assert_eq!((delivery.number.as_str(), delivery.state.as_str()), ("210104-2026-0000001-4", "granted"));
        assert_eq!((delivery.system, delivery.at, delivery.attempts), (Uuid::from_u128(1), Instant::from_micros(7), 0));
        assert_eq!((job.kind.as_str(), job.run_at), (DELIVER, Instant::from_micros(100)));
        assert_eq!(job.payload, json!({ "delivery": delivery.id }));
        for (system_id, heard_id, same) in [(1, 9, true), (2, 9, false), (1, 8, false)] {
            let (other, other_job) = made(system_id, heard_id, 200);
            assert_eq!(other.id == delivery.id, same, "{system_id} {heard_id}");
            assert_eq!(other_job.dedupe_key == job.dedupe_key, same, "{system_id} {heard_id}");
        }
    }

    #[test]
    fn a_message_says_its_number_and_takes_its_turn() {
        let moved = json!({ "number": "210104-2026-0000001-4", "state": "granted" });
        let (delivery, job) = message(&system(1), &heard(9, moved), Instant::from_micros(100));
        assert_eq!(body(&delivery).get("sequence"), None, "one of an earlier version");
        let third = Delivery { sequence: 3, ..delivery };
        assert_eq!(body(&third)["sequence"], 3);
        let job = queued(job, &third);
        let order = job.order.unwrap();
        assert_eq!((job.lane, order.number), (crate::words::lane(Uuid::from_u128(1)), 3));
        assert!(
            order.key.ends_with(":210104-2026-0000001-4")
                && order.key.contains(&Uuid::from_u128(1).simple().to_string())
        );
    }

    #[test]
    fn what_was_not_said_is_empty() {
        for (payload, number) in [(json!({ "number": 7 }), ""), (json!([]), ""), (json!({ "number": "x" }), "x")] {
            assert_eq!(said(&heard(1, payload), "number"), number);
        }
    }

    #[test]
    fn only_a_failure_of_the_machine_is_tried_again() {
        let never = [Fault::NotFound, Fault::Broken(String::new()), Fault::Refused(Refusal::new(Code::CaseEnded))];
        for fault in never {
            assert!(matches!(failed(&fault), JobError::Never(_)), "{fault}");
        }
    }
}
