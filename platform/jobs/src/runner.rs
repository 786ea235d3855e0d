//! Does what is due: it reads the outbox, sets the day's timers, takes jobs by lease and runs their handlers.

use crate::notice::{DELIVER, Delivery};
use crate::queue::{Handler, Heard, Job, JobError, NewJob, Rules};
use crate::records::{self, JobRecord, Later};
use crate::thread::Running;
use kernel::time::{Clock, Date, Instant, Zone};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::{Store, StoreError, Tx, outbox};

/// How many due jobs are looked at, so that several processes do not all reach for the same one.
const CANDIDATES: i64 = 8;

struct Daily {
    kind: String,
    zone: Zone,
    minute: u32,
    /// The last day for which its job was put into the queue.
    set: Mutex<Option<Date>>,
}

/// Runs jobs. Several runners may work on one database, in one process or in many.
pub struct Runner {
    store: Store,
    clock: Clock,
    rules: Rules,
    handlers: BTreeMap<String, Handler>,
    listeners: BTreeMap<String, Vec<String>>,
    daily: Vec<Daily>,
}

impl Runner {
    /// Makes a runner that knows no kind of job yet.
    pub fn new(store: Store, clock: Clock, rules: Rules) -> Self {
        Self { store, clock, rules, handlers: BTreeMap::new(), listeners: BTreeMap::new(), daily: Vec::new() }
    }

    /// Sets the handler of a kind of job.
    #[must_use]
    pub fn handle(mut self, kind: &str, handler: Handler) -> Self {
        self.handlers.insert(kind.to_owned(), handler);
        self
    }

    /// Gives each message of a topic to a listener, as a job of the kind `listener`; [`Job::heard`] returns the
    /// message. A topic may have many listeners, and a listener many topics.
    #[must_use]
    pub fn on(mut self, topic: &str, listener: &str, handler: Handler) -> Self {
        let listeners = self.listeners.entry(topic.to_owned()).or_default();
        if !listeners.iter().any(|known| known == listener) {
            listeners.push(listener.to_owned());
        }
        self.handle(listener, handler)
    }

    /// Runs a handler once a day at a local minute. When no process ran at that time, the next start makes up for it.
    #[must_use]
    pub fn daily(mut self, kind: &str, zone: Zone, minute: u32, handler: Handler) -> Self {
        self.daily.push(Daily { kind: kind.to_owned(), zone, minute, set: Mutex::new(None) });
        self.handle(kind, handler)
    }

    /// Delivers notices.
    #[must_use]
    pub fn deliver(self, delivery: Delivery) -> Self {
        self.handle(DELIVER, delivery.handler())
    }

    /// Returns the numbers by which it works.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Starts the runner on a thread of its own. It stops when the returned value is dropped.
    ///
    /// # Errors
    /// Fails when the system gives no thread.
    pub fn start(self) -> std::io::Result<Running> {
        let idle = Duration::from_millis(u64::from(self.rules.idle_milliseconds.max(1)));
        Running::start(idle, move || {
            self.step().unwrap_or_else(|error| {
                tracing::warn!(%error, "the queue of jobs cannot be read, trying again");
                false
            })
        })
    }

    /// Does everything that is due now, one job after the other, and returns how many jobs ran.
    ///
    /// # Errors
    /// Fails when the store fails. A failed job is recorded with the job.
    pub fn run_due(&self) -> Result<u64, StoreError> {
        let mut count = 0;
        while self.step()? {
            count += 1;
        }
        Ok(count)
    }

    /// Reads the outbox, sets timers, and runs one job. Returns false when nothing was due.
    pub fn step(&self) -> Result<bool, StoreError> {
        while self.hear()? {}
        self.set_timers()?;
        let Some((job, record)) = self.take()? else { return Ok(false) };
        let outcome = self.run(&job);
        self.write_down(&job, &record, outcome)?;
        Ok(true)
    }

    /// Turns messages of the outbox into one job for each listener. Returns false when there were none.
    fn hear(&self) -> Result<bool, StoreError> {
        let limit = i64::from(self.rules.outbox_batch.max(1));
        let messages = self.store.read_blocking(move |tx| outbox::pending(tx, limit))?;
        if messages.is_empty() {
            return Ok(false);
        }
        let now = (self.clock)();
        let ids: Vec<_> = messages.iter().map(|message| (message.district, message.id)).collect();
        let jobs: Vec<NewJob> = messages.into_iter().flat_map(|message| self.jobs_for(message, now)).collect();
        self.store.write_blocking(move |tx| {
            for job in &jobs {
                records::enqueue(tx, job)?;
            }
            ids.iter().try_for_each(|(district, id)| outbox::done(tx, *district, *id, now))
        })?;
        Ok(true)
    }

    fn jobs_for(&self, message: outbox::Message, now: Instant) -> Vec<NewJob> {
        let heard = Heard {
            id: message.id,
            district: message.district,
            topic: message.topic,
            payload: message.payload,
            at: message.at,
        };
        let listeners = self.listeners.get(&heard.topic).map(Vec::as_slice).unwrap_or_default();
        let payload = serde_json::to_value(&heard).unwrap_or_default();
        let job =
            |listener: &String| NewJob::new(listener, format!("outbox:{}:{listener}", heard.id), payload.clone(), now);
        listeners.iter().map(job).collect()
    }

    fn set_timers(&self) -> Result<(), StoreError> {
        let now = (self.clock)();
        for daily in &self.daily {
            let today = daily.zone.date(now);
            let known = *daily.set.lock().unwrap_or_else(PoisonError::into_inner);
            if known == Some(today) {
                continue;
            }
            let payload = serde_json::json!({ "day": today.to_string() });
            let at = daily.zone.instant(today, daily.minute);
            let job = NewJob::new(&daily.kind, format!("daily:{}:{today}", daily.kind), payload, at);
            self.store.write_blocking(move |tx| records::enqueue(tx, &job))?;
            *daily.set.lock().unwrap_or_else(PoisonError::into_inner) = Some(today);
        }
        Ok(())
    }

    /// Takes the next due job. A job that was taken as often as the rules allow and never ended is given up.
    fn take(&self) -> Result<Option<(Job, JobRecord)>, StoreError> {
        let now = (self.clock)();
        let attempts = i64::from(self.rules.attempts.max(1));
        let lease_until = now.plus_seconds(i64::from(self.rules.lease_seconds));
        loop {
            let candidates = self.store.read_blocking(move |tx| records::takeable(tx, now, CANDIDATES))?;
            if candidates.is_empty() {
                return Ok(None);
            }
            let taken = self.store.write_blocking(move |tx| take_one(tx, &candidates, attempts, now, lease_until))?;
            if let Some(record) = taken {
                let attempt = record.attempts + 1;
                let job = Job {
                    id: record.id,
                    kind: record.kind.clone(),
                    payload: record.payload.clone(),
                    run_at: record.run_at,
                    attempt,
                    last: attempt >= attempts,
                };
                return Ok(Some((job, record)));
            }
        }
    }

    fn run(&self, job: &Job) -> Result<(), JobError> {
        let Some(handler) = self.handlers.get(&job.kind) else {
            return Err(JobError::Retry(format!("this program has no handler for jobs of the kind {}", job.kind)));
        };
        let now = (self.clock)();
        let outcome = catch_unwind(AssertUnwindSafe(|| handler(&self.store, job, now)));
        outcome.unwrap_or_else(|_| {
            Err(JobError::Retry("the handler stopped with a fault in the program (see the log)".into()))
        })
    }

    fn write_down(&self, job: &Job, record: &JobRecord, outcome: Result<(), JobError>) -> Result<(), StoreError> {
        let now = (self.clock)();
        let (id, attempt) = (job.id, job.attempt);
        match outcome {
            Ok(()) => self.store.write_blocking(move |tx| records::done(tx, id, now).map(drop)),
            Err(JobError::Later(at)) => {
                let (attempts, error) = (record.attempts, record.last_error.clone());
                let at = at.max(now.plus_seconds(1));
                self.store.write_blocking(move |tx| {
                    let later = Later { run_at: at, attempts, error: error.as_deref() };
                    records::again(tx, id, attempt, &later).map(drop)
                })
            }
            Err(JobError::Retry(error)) if !job.last => {
                tracing::warn!(kind = job.kind, attempt, error, "a job failed and is tried again");
                let at = now.plus_seconds(self.rules.delay_seconds(attempt));
                self.store.write_blocking(move |tx| {
                    let later = Later { run_at: at, attempts: attempt, error: Some(&error) };
                    records::again(tx, id, attempt, &later).map(drop)
                })
            }
            Err(JobError::Retry(error) | JobError::Never(error)) => {
                tracing::error!(kind = job.kind, attempt, error, "a job failed and is given up");
                self.store.write_blocking(move |tx| records::give_up(tx, id, attempt, now, &error).map(drop))
            }
        }
    }
}

/// Takes the first candidate that no other process took in the meantime, and gives up those that used all their
/// attempts.
fn take_one(
    tx: &mut dyn Tx,
    candidates: &[JobRecord],
    attempts: i64,
    now: Instant,
    lease_until: Instant,
) -> Result<Option<JobRecord>, StoreError> {
    for seen in candidates {
        if seen.attempts >= attempts {
            let why = "no attempt came to an end: the process ended or hung each time";
            let why = seen.last_error.as_deref().unwrap_or(why);
            records::give_up(tx, seen.id, seen.attempts, now, why)?;
        } else if records::take(tx, seen, now, lease_until)? {
            return Ok(Some(seen.clone()));
        }
    }
    Ok(None)
}
