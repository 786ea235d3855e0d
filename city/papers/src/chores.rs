//! This file does what the platform does with papers by itself. It asks sources when a case is opened, notes promises
//! that are kept, reminds of those that are not, and clears the shelf.

use std::sync::Arc;

use cases::{About, Known, Message, Recipient, TOPIC_MOVED, in_app, outside};
use house::{BATCH, Chore, When, tell_batch};
use jobs::{ChannelKind, Heard, Job, JobError, NewJob, NewNotice};
use kernel::place::PlaceId;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::Store;
use uuid::Uuid;

use crate::actions::{Asking, sweep as sweep_part};
use crate::records::promise::{self, After, Promise};
use crate::shelf::PARTS;
use crate::words::Outcome;
use crate::{Papers, rules};

/// Names the job that hears that a case moved.
pub const FOLLOW: &str = "papers.follow";
/// Names the job that asks one source about one paper.
pub const CHECK: &str = "papers.check";
/// Names the job that reminds of promised papers: once a day, and once more for each further batch.
pub const REMIND: &str = "papers.remind";
/// Names the job that clears one part of the shelf. In the night it goes from the first part to the last.
pub const SWEEP: &str = "papers.sweep";
/// Minutes after midnight at which files without a case are cleared away.
const SWEEP_AT: u32 = 170;

/// The chores of papers; `channels` reach people outside of the platform.
pub fn all(papers: &Arc<Papers>, channels: &[ChannelKind]) -> Vec<Chore> {
    let (follows, asks, reminds, sweeps) = (papers.clone(), papers.clone(), papers.clone(), papers.clone());
    let channels = channels.to_vec();
    vec![
        Chore::new(FOLLOW, When::Heard(TOPIC_MOVED), move |store, job, now| follow(&follows, store, job, now)),
        Chore::new(CHECK, When::Asked, move |store, job, now| check(&asks, store, job, now)),
        Chore::new(REMIND, When::AtOpening, move |store, job, now| remind(&reminds, &channels, store, job, now)),
        Chore::new(SWEEP, When::AtMinute(SWEEP_AT), move |store, job, now| sweep(&sweeps, store, job, now)),
    ]
}

/// A file on the shelf that no row names is left alone for so many days: its row may be about to be written.
pub(crate) const GRACE_DAYS: i64 = 1;
const SOON: &str = "papers-notice-soon";
const LATE: &str = "papers-notice-late";
const OWN_SOON: &str = "papers-notice-own-soon";
const OWN_LATE: &str = "papers-notice-own-late";
const OUTSIDE: &str = "papers-notice-outside";

/// A case moved. This notes the promises that are kept by now. If the case was just opened, it asks for each paper that
/// data may confirm.
///
/// # Errors
/// The job runs again later if the store failed. It never runs again if the message makes no sense.
pub fn follow(papers: &Arc<Papers>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let heard: Heard = job.heard()?;
    let (shard, id) = named(&heard.payload, "id").ok_or_else(|| JobError::Never("no case is named".to_owned()))?;
    let desk = papers.counter.clone();
    let known = store.read_blocking(move |tx| desk.cases.known(tx, shard, id))?;
    let case = known.case.clone();
    let kept = store.write_blocking(move |tx| Papers::keep_promises(tx, &case, now));
    kept?;
    let procedure = papers.counter.cases.procedure_of(&known.case)?;
    let action = heard.payload.get("action").and_then(Value::as_str).unwrap_or_default();
    if !procedure.start.iter().any(|start| start == action) {
        return Ok(());
    }
    let checks = papers.checks();
    let wanted = rules::wanted(&known.case).into_iter().filter(|code| checks.contains_key(*code));
    let ask = |code: &str| {
        let payload = json!({ "district": shard.0, "case": id, "material": code });
        let job = NewJob::new(CHECK, format!("{CHECK}:{id}:{code}"), payload, now);
        match checks.get(code).and_then(|source| source.check.destination()) {
            Some(host) => job.in_lane(format!("check:{host}")),
            None => job,
        }
    };
    let jobs: Vec<NewJob> = wanted.map(ask).collect();
    Ok(store.write_blocking(move |tx| jobs.iter().try_for_each(|job| jobs::enqueue(tx, job).map(drop)))?)
}

/// Returns the district and identity of a case in a job's details.
fn named(payload: &Value, id: &str) -> Option<(PlaceId, Uuid)> {
    let shard = payload.get("district")?.as_i64()?;
    Some((PlaceId(shard), Uuid::parse_str(payload.get(id)?.as_str()?).ok()?))
}

/// Asks one source about one paper. If the source does not answer, it is asked again later, and the case goes on
/// meanwhile.
///
/// # Errors
/// The job runs again later if there was no answer or the store failed.
pub fn check(papers: &Arc<Papers>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let unnamed = || JobError::Never("no paper is named".to_owned());
    let (shard, case) = named(&job.payload, "case").ok_or_else(unnamed)?;
    let material = job.payload.get("material").and_then(Value::as_str).ok_or_else(unnamed)?.to_owned();
    let once = format!("{}:{}", job.id, job.attempt);
    let asking = Asking { district: shard, case, material, by_name: String::new(), account: None, once };
    match papers.verify(store, &asking, now)? {
        Some(Outcome::Unavailable) if !job.last => Err(JobError::Retry("the source gave no answer".to_owned())),
        _ => Ok(()),
    }
}

/// On a working day, reminds desk and applicant of papers that are due within the time of the rulebook or earlier: once
/// before, once after.
///
/// # Errors
/// Later again when the store failed, never when the rulebook has no such time.
pub fn remind(
    papers: &Arc<Papers>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    let calendar = papers.counter.cases.hall.calendar();
    let today = calendar.zone().date(now);
    if !calendar.day(today).kind.is_worked() {
        return Ok(());
    }
    let next = papers.counter.cases.hall.day_after(now, cases::REMINDER_BEFORE_DUE, now)?;
    let after = After::parse(job.payload.get("after").and_then(Value::as_str).unwrap_or_default());
    let rows = store.read_blocking(move |tx| promise::due(tx, next, &after, BATCH))?;
    let mut notices = Vec::new();
    for row in &rows {
        let (desk, shard, id) = (papers.counter.clone(), row.district, row.case);
        let known = store.read_blocking(move |tx| desk.cases.known(tx, shard, id))?;
        notices.extend(reminders(papers, channels, &Due { row, known, is_late: row.until < today }, now));
    }
    tell_batch(store, &rows, notices, |last| {
        let mark = mark(last);
        NewJob::new(REMIND, format!("{REMIND}:{today}:{mark}"), json!({ "after": mark }), now)
    })
}

fn mark(row: &Promise) -> String {
    After { until: row.until.to_string(), case: row.case, material: row.material.clone() }.show()
}

/// A promise of which to remind today.
struct Due<'r> {
    row: &'r Promise,
    /// Its case.
    known: Known,
    /// Its day is over.
    is_late: bool,
}

/// Returns the notices that one promise needs today. A promise has one reminder before its day and one after it.
fn reminders(papers: &Arc<Papers>, channels: &[ChannelKind], due: &Due<'_>, now: Instant) -> Vec<NewNotice> {
    let Due { row, known, is_late } = due;
    let (calendar, case) = (papers.counter.cases.hall.calendar(), &known.case);
    let about = About { number: &case.number, procedure: &case.procedure, state: &case.state };
    let key = format!("promise:{}:{}:{}:{}", row.case, row.material, row.until, if *is_late { "late" } else { "soon" });
    let (for_desk, for_her) = if *is_late { (LATE, OWN_LATE) } else { (SOON, OWN_SOON) };
    let own = known.applicant.map(|account| (Recipient::Account(account), for_her));
    let told = [(Recipient::desk(&row.place, Some(&row.department)), for_desk)].into_iter().chain(own);
    let inside = told.map(|(to, text)| {
        let message = Message { text, key: &key, about };
        in_app(&to, message, &calendar, now).with("date", row.until.to_string())
    });
    let (subject, message) = (known.key(), Message { text: OUTSIDE, key: &key, about });
    let beyond = channels.iter().map(|channel| outside(*channel, &subject, message, &calendar, now));
    inside.chain(beyond).collect()
}

/// Removes from one part of the shelf what no row names, and what belongs to an erased record. Then it asks for the
/// next part.
///
/// # Errors
/// The job runs again later if the shelf or the store failed.
pub fn sweep(papers: &Arc<Papers>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let part = job.payload.get("part").and_then(Value::as_u64).and_then(|part| u16::try_from(part).ok()).unwrap_or(0);
    let threads = tokio::runtime::Builder::new_current_thread().build();
    let threads = threads.map_err(|fault| JobError::Retry(fault.to_string()))?;
    let removed = threads.block_on(sweep_part(papers, part, now.plus_days(-GRACE_DAYS), now));
    let removed = removed?;
    tracing::debug!(part, removed, "a part of the shelf is clear");
    if part + 1 >= PARTS {
        return Ok(());
    }
    let today = papers.counter.cases.hall.calendar().zone().date(now);
    let next = NewJob::new(SWEEP, format!("{SWEEP}:{today}:{}", part + 1), json!({ "part": part + 1 }), now);
    Ok(store.write_blocking(move |tx| jobs::enqueue(tx, &next).map(drop))?)
}
