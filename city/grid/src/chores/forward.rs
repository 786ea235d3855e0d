//! Sends reports to the platforms that put them right, and asks there how they stand.

use std::sync::Arc;

use hall::Fault;
use house::{Chore, When};
use jobs::{Job, JobError};
use kernel::place::PlaceId;
use kernel::time::Instant;
use serde_json::Value;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use super::peer::{Became, CLOSED, Stands, Unheard};
use crate::actions::forward::asking;
use crate::peers::Peer;
use crate::records::forward_note;
use crate::words::GRID_OPEN311_ASK_MINUTES;
use crate::words::forward::{ASK, Forward, Note, OPENED_AGAIN, SEND, TELL, Turned};
use crate::{Grid, records};

/// The job that hears that a report was sent out.
const HEAR: &str = "grid.forward_hear";
/// Why a message is given up whose platform is no longer in the data.
const GONE: &str = "gone";

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

/// Whether a message was neither taken nor let go.
const fn is_to_go(forward: &Forward) -> bool {
    forward.sent_at.is_none() && forward.let_go_at.is_none()
}

fn send(grid: &Arc<Grid>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let Some(forward) = message(store, job)?.filter(is_to_go) else { return Ok(()) };
    let Some(peer) = grid.peers.get(&forward.peer) else {
        store.write_blocking(move |tx| records::forward::failed(tx, &forward, GONE, true, now))?;
        return Err(JobError::Never(GONE.to_owned()));
    };
    let (desk, asked) = (grid.clone(), forward.clone());
    let going = store.write_blocking(move |tx| {
        let going = desk.going(tx, &asked)?;
        if going.is_none() {
            records::forward::left(tx, &asked, now)?;
        }
        Ok::<_, Fault>(going)
    });
    let Some(going) = going.map_err(JobError::from)? else { return Ok(()) };
    let (why, at, asked) = match grid.posted(peer, &forward, &going) {
        Became::Taken(there) => {
            let minutes: i64 = grid.hall.figure(GRID_OPEN311_ASK_MINUTES, now)?;
            let (desk, next) = (grid.clone(), asking(&forward, now.plus_minutes(minutes)));
            let kept = store.write_blocking(move |tx| {
                records::forward::sent(tx, &forward, &there, now)?;
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
    let waits = |forward: &Forward| forward.let_go_at.is_none() && forward.sent_at.is_some();
    let Some(forward) = message(store, job)?.filter(is_next).filter(waits) else { return Ok(()) };
    let Some(peer) = grid.peers.get(&forward.peer) else {
        return Ok(store.write_blocking(move |tx| records::forward::unheard(tx, &forward, GONE, true, now))?);
    };
    let minutes: i64 = grid.hall.figure(GRID_OPEN311_ASK_MINUTES, now)?;
    let answered = numbered(grid, store, peer, &forward)
        .and_then(|foreign| grid.stands_there(peer, &foreign).map_err(Missed::Unheard));
    match answered {
        Ok(stands) => heard(grid, store, forward, stands, now, now.plus_minutes(minutes)),
        Err(Missed::Unheard(silence)) => unheard(grid, store, forward, silence, now),
        Err(Missed::Failed(fault)) => Err(fault.into()),
    }
}

/// Why it is not known how a report stands there.
enum Missed {
    Unheard(Unheard),
    Failed(StoreError),
}

/// The number of a report there. Where that platform gave a token it is asked for the number, which is kept.
fn numbered(grid: &Arc<Grid>, store: &Store, peer: &Peer, forward: &Forward) -> Result<String, Missed> {
    if let Some(foreign) = &forward.foreign_id {
        return Ok(foreign.clone());
    }
    let token = forward.token.as_deref().unwrap_or_default();
    let foreign = grid.number_there(peer, token).map_err(Missed::Unheard)?;
    let (forward, kept) = (forward.clone(), foreign.clone());
    let written = store.write_blocking(move |tx| records::forward::numbered(tx, &forward, &kept));
    written.map_err(Missed::Failed)?;
    Ok(foreign)
}

/// Keeps how a report stands there, and does here what was done there. It is asked again later.
fn heard(
    grid: &Arc<Grid>,
    store: &Store,
    forward: Forward,
    stands: Stands,
    now: Instant,
    later: Instant,
) -> Result<(), JobError> {
    let desk = grid.clone();
    let next = asking(&Forward { asked: forward.asked + 1, ..forward.clone() }, later);
    let kept = store.write_blocking(move |tx: &mut dyn Tx| {
        let Stands { status, said, detail } = &stands;
        if status == CLOSED && forward.foreign_status.as_deref() == Some(OPENED_AGAIN) {
            if forward.left_at.is_some() {
                // It lies there no more, and stayed closed there: nothing is left to be heard.
                return Ok(records::forward::heard(tx, &forward, status, detail.as_deref())?);
            }
            // It has not opened again what was found not done.
            records::forward::asked(tx, &forward)?;
            return Ok(jobs::enqueue(tx, &next).map(drop)?);
        }
        records::forward::heard(tx, &forward, status, detail.as_deref())?;
        if status == CLOSED {
            desk.done_there(tx, &forward, said, now)
        } else {
            Ok(jobs::enqueue(tx, &next).map(drop)?)
        }
    });
    kept.map_err(|fault: Fault| JobError::from(fault))
}

/// Keeps why nothing was heard. It is asked again for as long as a message is sent again, and then given up: somebody
/// sees it and the reason. Nobody has to see to what lies there no more.
fn unheard(grid: &Arc<Grid>, store: &Store, forward: Forward, silence: Unheard, now: Instant) -> Result<(), JobError> {
    let since = forward.unheard_since.unwrap_or(now);
    let Unheard { why, asked, .. } = silence;
    let at = grid.exchange.next_try(forward.id, forward.unheard + 1, since, asked.as_deref(), now)?;
    let next = at.map(|at| asking(&Forward { asked: forward.asked + 1, ..forward.clone() }, at));
    let kept = store.write_blocking(move |tx: &mut dyn Tx| {
        let last = next.is_none() && forward.left_at.is_none();
        records::forward::unheard(tx, &forward, &why, last, now)?;
        match &next {
            Some(next) => jobs::enqueue(tx, next).map(drop),
            None => Ok(()),
        }
    });
    Ok(kept?)
}

/// Tells another platform what became of a report here, at every attempt under the same key.
fn tell(grid: &Arc<Grid>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let is_to_go = |(note, _): &(Note, Forward)| note.sent_at.is_none() && note.let_go_at.is_none();
    let Some((note, forward)) = told(store, job)?.filter(is_to_go) else { return Ok(()) };
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
                records::forward::heard(tx, &forward, OPENED_AGAIN, None)?;
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
