//! Sends reports to the platforms that put them right, and asks there how they stand.

use std::sync::Arc;

use hall::Fault;
use house::{Chore, When};
use jobs::channels::{PostFault, Posted};
use jobs::{Job, JobError, NewJob};
use kernel::language::Lang;
use kernel::line::lines_fault;
use kernel::place::PlaceId;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::{Store, StoreError};
use uuid::Uuid;
use web::Form;

use crate::peers::Peer;
use crate::records::forward_note;
use crate::words::GRID_OPEN311_ASK_MINUTES;
use crate::words::forward::{ASK, Forward, LANE, Note, OPENED_AGAIN, SEND, TELL, Turned};
use crate::{Grid, records};

/// The job that hears that a report was sent out.
const HEAR: &str = "grid.forward_hear";
/// The largest answer that is read.
const LONGEST: u64 = 256 * 1024;
/// The most characters that are kept of what another platform says.
const SAID: usize = 200;
/// Why a message is given up whose platform is no longer in the data.
const GONE: &str = "gone";
/// How a report stands that is closed there.
const CLOSED: &str = "closed";

/// What became of something that was sent.
#[derive(Debug, PartialEq, Eq)]
enum Became {
    Taken(String),
    Refused(String),
    Again { why: String, asked: Option<String> },
}

/// The chores of reports that other platforms put right.
pub fn all(grid: &Arc<Grid>) -> Vec<Chore> {
    let (hearing, sending, asking, telling) = (grid.clone(), grid.clone(), grid.clone(), grid.clone());
    vec![
        Chore::new(HEAR, When::Heard(cases::TOPIC_MOVED), move |store, job, now| hear(&hearing, store, job, now)),
        Chore::new(SEND, When::Asked, move |store, job, now| send(&sending, store, job, now)),
        Chore::new(ASK, When::Asked, move |store, job, now| ask(&asking, store, job, now)),
        Chore::new(TELL, When::Asked, move |store, job, now| tell(&telling, store, job, now)),
    ]
}

fn hear(grid: &Arc<Grid>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    if grid.peers.is_empty() {
        return Ok(());
    }
    let heard = job.heard()?;
    let id = heard.payload.get("id").and_then(|value| Uuid::parse_str(value.as_str()?).ok());
    let (Some(id), shard, desk) = (id, heard.district, grid.clone()) else { return Ok(()) };
    let forwarded = store.write_blocking(move |tx| {
        if records::find(tx, shard, id)?.is_none() {
            return Ok(());
        }
        let known = desk.cases.known(tx, shard, id)?;
        // A platform hears that a report went away before it gets it once more.
        desk.tell_turned(tx, &known, now)?;
        desk.forward(tx, &known.case, now)
    });
    forwarded.map_err(|fault: Fault| JobError::from(fault))
}

/// The message that a job is about.
fn message(store: &Store, job: &Job) -> Result<Option<Forward>, JobError> {
    let district = job.payload.get("district").and_then(Value::as_i64);
    let id = job.payload.get("forward").and_then(|id| id.as_str()?.parse::<Uuid>().ok());
    let (district, id) = district.zip(id).ok_or_else(|| JobError::Never("the job names no message".to_owned()))?;
    Ok(store.read_blocking(move |tx| records::forward::find(tx, PlaceId(district), id))?)
}

fn send(grid: &Arc<Grid>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let Some(forward) = message(store, job)?.filter(|forward| forward.sent_at.is_none()) else { return Ok(()) };
    let Some(peer) = grid.peers.get(&forward.peer) else {
        store.write_blocking(move |tx| records::forward::failed(tx, &forward, GONE, true, now))?;
        return Err(JobError::Never(GONE.to_owned()));
    };
    let (desk, asked) = (grid.clone(), forward.clone());
    let lies_there = store.write_blocking(move |tx| {
        let lies_there = desk.lies_there(tx, &asked)?;
        if !lies_there {
            records::forward::left(tx, &asked, now)?;
        }
        Ok::<_, Fault>(lies_there)
    });
    if !lies_there.map_err(JobError::from)? {
        return Ok(());
    }
    let (why, at, asked) = match grid.posted(peer, &forward) {
        Became::Taken(foreign) => {
            let minutes: i64 = grid.hall.figure(GRID_OPEN311_ASK_MINUTES, now)?;
            let (desk, next) = (grid.clone(), asking(&forward, now.plus_minutes(minutes)));
            let kept = store.write_blocking(move |tx| {
                records::forward::sent(tx, &forward, &foreign, now)?;
                jobs::enqueue(tx, &next)?;
                // It may have gone to somebody else while it was on its way.
                let known = desk.cases.known(tx, forward.district, forward.case_id)?;
                desk.tell_turned(tx, &known, now)
            });
            return kept.map_err(|fault: Fault| JobError::from(fault));
        }
        Became::Refused(why) => (why, None, false),
        Became::Again { why, asked } => {
            let first = forward.first_attempted_at.unwrap_or(now);
            let at = grid.exchange.next_try(forward.id, forward.attempts + 1, first, asked.as_deref(), now)?;
            (why, at, asked.is_some())
        }
    };
    let told = why.clone();
    store.write_blocking(move |tx| {
        // What lies elsewhere by now need not come there any more, so nobody has to see to it.
        let left = records::forward::find(tx, forward.district, forward.id)?.is_none_or(|one| one.left_at.is_some());
        records::forward::failed(tx, &forward, &told, at.is_none() && !left, now)
    })?;
    Err(JobError::Again { why, at, asked })
}

fn ask(grid: &Arc<Grid>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    // What was heard to be closed there is not asked for again, and each question is asked once, even if this runs
    // twice. A job of an earlier version does not say which question it asks.
    let asks = job.payload.get("asked").and_then(Value::as_i64);
    let is_next = |forward: &Forward| {
        forward.foreign_status.as_deref() != Some(CLOSED) && asks.is_none_or(|asks| asks == forward.asked)
    };
    let Some(forward) = message(store, job)?.filter(is_next) else { return Ok(()) };
    let (Some(peer), Some(foreign)) = (grid.peers.get(&forward.peer), forward.foreign_id.clone()) else {
        return Ok(());
    };
    let minutes: i64 = grid.hall.figure(GRID_OPEN311_ASK_MINUTES, now)?;
    let heard = grid.heard_there(peer, &foreign);
    let next = asking(&Forward { asked: forward.asked + 1, ..forward.clone() }, now.plus_minutes(minutes));
    let desk = grid.clone();
    let kept = store.write_blocking(move |tx| {
        let Some((status, said)) = &heard else {
            records::forward::unheard(tx, &forward)?;
            return Ok(jobs::enqueue(tx, &next).map(drop)?);
        };
        if status == CLOSED && forward.foreign_status.as_deref() == Some(OPENED_AGAIN) {
            if forward.left_at.is_some() {
                // It lies there no more, and stayed closed there: nothing is left to be heard.
                return Ok(records::forward::heard(tx, &forward, status)?);
            }
            // It has not opened again what was found not done.
            records::forward::unheard(tx, &forward)?;
            return Ok(jobs::enqueue(tx, &next).map(drop)?);
        }
        records::forward::heard(tx, &forward, status)?;
        if status == CLOSED {
            desk.done_there(tx, &forward, said, now)
        } else {
            Ok(jobs::enqueue(tx, &next).map(drop)?)
        }
    });
    kept.map_err(|fault: Fault| JobError::from(fault))
}

/// Tells another platform what became of a report here, at every attempt under the same key.
fn tell(grid: &Arc<Grid>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let Some((note, forward)) = told(store, job)?.filter(|(note, _)| note.sent_at.is_none()) else { return Ok(()) };
    let (Some(peer), Some(turned)) = (grid.peers.get(&note.peer), Turned::parse(&note.says)) else {
        store.write_blocking(move |tx| forward_note::failed(tx, &note, GONE, true, now))?;
        return Err(JobError::Never(GONE.to_owned()));
    };
    let (why, at, asked) = match grid.posted_turn(peer, &forward, &note, turned) {
        Became::Taken(_) => {
            let minutes: i64 = grid.hall.figure(GRID_OPEN311_ASK_MINUTES, now)?;
            let desk = grid.clone();
            let kept = store.write_blocking(move |tx| {
                forward_note::sent(tx, &note, now)?;
                if turned != Turned::NotDone {
                    return Ok(());
                }
                records::forward::heard(tx, &forward, OPENED_AGAIN)?;
                let stands = records::forward::find(tx, forward.district, forward.id)?;
                jobs::enqueue(tx, &asking(stands.as_ref().unwrap_or(&forward), now.plus_minutes(minutes)))?;
                // It may have gone to somebody else while this was on its way.
                let known = desk.cases.known(tx, forward.district, forward.case_id)?;
                desk.tell_turned(tx, &known, now)
            });
            return kept.map_err(|fault: Fault| JobError::from(fault));
        }
        Became::Refused(why) => (why, None, false),
        Became::Again { why, asked } => {
            let first = note.first_attempted_at.unwrap_or(now);
            let at = grid.exchange.next_try(note.id, note.attempts + 1, first, asked.as_deref(), now)?;
            (why, at, asked.is_some())
        }
    };
    let said = why.clone();
    store.write_blocking(move |tx| forward_note::failed(tx, &note, &said, at.is_none(), now))?;
    Err(JobError::Again { why, at, asked })
}

/// The message that a job tells, and the one with which the report went there.
fn told(store: &Store, job: &Job) -> Result<Option<(Note, Forward)>, JobError> {
    let district = job.payload.get("district").and_then(Value::as_i64).map(PlaceId);
    let id = job.payload.get("note").and_then(|id| id.as_str()?.parse::<Uuid>().ok());
    let (district, id) = district.zip(id).ok_or_else(|| JobError::Never("the job names no message".to_owned()))?;
    Ok(store.read_blocking(move |tx| {
        let Some(note) = forward_note::find(tx, district, id)? else { return Ok(None) };
        let forward = records::forward::find(tx, district, note.forward)?;
        Ok::<_, StoreError>(forward.map(|forward| (note, forward)))
    })?)
}

/// The job that asks how a report stands there. It says which of the questions it asks, counted from none.
fn asking(forward: &Forward, at: Instant) -> NewJob {
    let payload = json!({ "district": forward.district.0, "forward": forward.id, "asked": forward.asked });
    NewJob::planned(ASK, format!("{ASK}:{}:{}", forward.id, forward.asked), payload, at)
        .in_lane(format!("{LANE}:{}", forward.peer))
}

impl Grid {
    /// Sends a report: what it is and where. It goes under the same key at every attempt.
    fn posted(&self, peer: &Peer, forward: &Forward) -> Became {
        let what = self.catalogue.condition_ever(&forward.kind);
        let what = what.map(|(kind, condition)| format!("{}：{}", kind.name.zh, condition.when.zh));
        let chain = self.hall.places.tree().chain(&forward.path, Lang::Zh);
        let mut fields = Form::default();
        for (name, value) in [
            ("api_key", peer.key.as_str()),
            ("jurisdiction_id", peer.jurisdiction.as_str()),
            ("service_code", forward.service.as_str()),
            ("address_string", chain.as_str()),
            ("description", what.as_deref().unwrap_or_default()),
            ("attribute[external_id]", forward.number.as_str()),
        ] {
            fields.add(name, value);
        }
        for (code, said) in peer.attributes_of(&forward.kind) {
            fields.add(format!("attribute[{code}]"), said);
        }
        self.posted_to(peer, "requests.json", forward.id, &fields)
            .map_or_else(|no| no, |posted| became(posted.status, &posted.answer, posted.retry_after))
    }

    /// Tells what became of a report here.
    fn posted_turn(&self, peer: &Peer, forward: &Forward, note: &Note, turned: Turned) -> Became {
        let id = note.id.to_string();
        let mut fields = Form::default();
        for (name, value) in [
            ("api_key", peer.key.as_str()),
            ("jurisdiction_id", peer.jurisdiction.as_str()),
            ("service_request_id", forward.foreign_id.as_deref().unwrap_or_default()),
            ("update_id", id.as_str()),
            ("status", turned.status()),
            ("description", words_of(turned)),
        ] {
            fields.add(name, value);
        }
        self.posted_to(peer, "servicerequestupdates.json", note.id, &fields).map_or_else(
            |no| no,
            |posted| match posted.status {
                200..=299 => Became::Taken(String::new()),
                status => became(status, &posted.answer, posted.retry_after),
            },
        )
    }

    /// Sends fields to a call of another platform under a key.
    fn posted_to(&self, peer: &Peer, call: &str, key: Uuid, fields: &Form) -> Result<Posted, Became> {
        if self.exchange.reachable(&peer.url).is_err() {
            return Err(Became::Refused("address".to_owned()));
        }
        let (id, fields) = (key.to_string(), fields.address_with(&[]));
        let url = format!("{}/{call}", peer.url.trim_end_matches('/'));
        let sent = self.poster.post_form(&url, &[("idempotency-key", &id)], fields.trim_start_matches('?'));
        sent.map_err(|fault| match fault {
            PostFault::Request | PostFault::Forbidden => Became::Refused("address".to_owned()),
            PostFault::Timeout => again("timeout"),
            PostFault::UnknownHost => again("host"),
            PostFault::Connection => again("connection"),
            PostFault::NoAnswer => again("silent"),
        })
    }

    /// How a report stands there, and what is said of it; none if there is no answer that can be read.
    fn heard_there(&self, peer: &Peer, foreign: &str) -> Option<(String, String)> {
        let plain = foreign.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.'));
        if !plain || self.exchange.reachable(&peer.url).is_err() {
            return None;
        }
        let jurisdiction = Form::default().with("jurisdiction_id", peer.jurisdiction.as_str()).address_with(&[]);
        let url = format!("{}/requests/{foreign}.json{jurisdiction}", peer.url.trim_end_matches('/'));
        let answer = self.poster.get(&url, LONGEST).ok().filter(|posted| posted.status == 200)?.answer;
        let body: Value = serde_json::from_str(&answer).ok()?;
        let said = |name: &str| body.get(0)?.get(name)?.as_str().map(str::to_owned);
        let status = said("status")?.to_ascii_lowercase();
        let known = matches!(status.as_str(), "open" | CLOSED);
        known.then(|| (status, shortened(&said("status_notes").unwrap_or_default())))
    }
}

/// What the other platform reads: it takes Chinese, like the words with which the report went there.
const fn words_of(turned: Turned) -> &'static str {
    match turned {
        Turned::NotDone => "现场核实没有办好，请再办。",
        Turned::Taken => "这一件已改由其他单位办理，请不要再办。",
        Turned::Ended => "这一件已经了结，请不要再办。",
    }
}

fn again(why: &str) -> Became {
    Became::Again { why: why.to_owned(), asked: None }
}

/// What an answer means. A busy platform is asked again; one that says no is not.
fn became(status: u16, answer: &str, retry_after: Option<String>) -> Became {
    let body: Value = serde_json::from_str(answer).unwrap_or_default();
    let first = |name: &str| body.get(0).and_then(|record| record.get(name)).cloned().unwrap_or_default();
    match status {
        200..=299 => match first("service_request_id") {
            Value::String(id) if !id.is_empty() => Became::Taken(id),
            Value::Number(id) => Became::Taken(id.to_string()),
            // Taken, and nobody can say under which number: sent again, it might be there twice.
            _ => Became::Refused("number".to_owned()),
        },
        408 | 429 | 500..=599 => Became::Again { why: format!("HTTP {status}"), asked: retry_after },
        _ => {
            let said = first("description").as_str().map(shortened).unwrap_or_default();
            Became::Refused(format!("HTTP {status} {said}").trim().to_owned())
        }
    }
}

/// The beginning of what another platform says, without what nobody sees.
fn shortened(text: &str) -> String {
    if lines_fault(text).is_some() {
        return String::new();
    }
    text.chars().filter(|sign| *sign != '\n').take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number_a_no_or_a_not_yet() {
        let refused = |why: &str| Became::Refused(why.to_owned());
        let later =
            |why: &str, asked: Option<&str>| Became::Again { why: why.to_owned(), asked: asked.map(str::to_owned) };
        for (status, answer, asked, expected) in [
            (201, r#"[{"service_request_id":"638344"}]"#, None, Became::Taken("638344".to_owned())),
            (200, r#"[{"service_request_id":638344}]"#, None, Became::Taken("638344".to_owned())),
            (200, r#"[{"token":"12345"}]"#, None, refused("number")),
            (200, "<xml/>", None, refused("number")),
            (403, r#"[{"code":403,"description":"no key"}]"#, None, refused("HTTP 403 no key")),
            (400, "", None, refused("HTTP 400")),
            (429, "", Some("60"), later("HTTP 429", Some("60"))),
            (503, "busy", None, later("HTTP 503", None)),
        ] {
            assert_eq!(became(status, answer, asked.map(str::to_owned)), expected, "{status} {answer}");
        }
        assert_eq!(shortened("a\u{202e}b"), "");
        assert_eq!(shortened(&"长".repeat(300)).chars().count(), SAID);
    }
}
