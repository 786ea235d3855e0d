//! Does what is due: it reads the outbox, sets the day's timers, takes jobs by lease and runs their handlers.

mod together;

use crate::notice::{DELIVER, Delivery};
use crate::queue::{Handler, Heard, Job, JobError, NewJob, Rules};
use crate::records::clock::{Longest, put_right};
use crate::records::{self, JobRecord, Later, lanes};
use crate::thread::{Running, Step};
use kernel::time::{Clock, Date, Instant, Zone};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Store, StoreError, Tx, outbox};

/// How many due jobs are looked at, so that several processes do not all reach for the same one.
const CANDIDATES: i64 = 8;
/// How many lanes with due jobs are looked at.
const LANES: i64 = 200;
/// How often waits are looked at that a clock wrote that was ahead.
const LOOK_MICROS: i64 = 60_000_000;

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
    /// The listeners that hear of one thing in the order in which it happened.
    ordered: BTreeSet<String>,
    daily: Vec<Daily>,
    /// The minute in which waits were looked at last.
    looked: Mutex<Option<i64>>,
}

impl Runner {
    /// Makes a runner that knows no kind of job yet.
    pub fn new(store: Store, clock: Clock, rules: Rules) -> Self {
        Self {
            store,
            clock,
            rules,
            handlers: BTreeMap::new(),
            listeners: BTreeMap::new(),
            ordered: BTreeSet::new(),
            daily: Vec::new(),
            looked: Mutex::new(None),
        }
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

    /// Does the same as [`Runner::on`], and the listener hears the messages about one thing in their order: those that
    /// say the same `id`, by their `sequence`. Each waits until those before it are done or given up.
    #[must_use]
    pub fn on_in_order(mut self, topic: &str, listener: &str, handler: Handler) -> Self {
        self.ordered.insert(listener.to_owned());
        self.on(topic, listener, handler)
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

    /// Starts the runner on threads of its own: one does the platform's own work, with a few jobs about different
    /// things at once, the others what goes to destinations. It stops when the returned value is dropped.
    ///
    /// # Errors
    /// Fails when the system gives no thread.
    pub fn start(self) -> std::io::Result<Running> {
        let idle = Duration::from_millis(u64::from(self.rules.idle_milliseconds.max(1)));
        let (workers, runner) = (self.rules.lane_workers.max(1), Arc::new(self));
        let own = runner.clone();
        let mut steps: Vec<Step> = vec![Box::new(move || goes_on(own.step_together()))];
        for worker in 0..workers {
            // Every second worker leaves alone what failed the last time.
            let (runner, only_sound) = (runner.clone(), worker % 2 == 1);
            steps.push(Box::new(move || goes_on(runner.step_in_lanes(only_sound))));
        }
        Running::start(idle, steps)
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

    /// Does everything that is due now as a runner does that was started: a few jobs about different things at once.
    /// Returns how often it took some.
    ///
    /// # Errors
    /// Fails when the store fails. A failed job is recorded with the job.
    pub fn run_due_together(&self) -> Result<u64, StoreError> {
        let mut count = 0;
        while self.step_together()? || self.step_in_lanes(false)? {
            count += 1;
        }
        Ok(count)
    }

    /// Reads the outbox, sets timers, and runs one job, of the platform's own work if there is any. Returns false when
    /// nothing was due.
    pub fn step(&self) -> Result<bool, StoreError> {
        Ok(self.step_own()? || self.step_in_lanes(false)?)
    }

    /// Reads the outbox, sets timers, and runs one job of the platform's own work.
    fn step_own(&self) -> Result<bool, StoreError> {
        self.look()?;
        let taken = self.take()?;
        self.do_taken(taken)
    }

    /// Reads the outbox, sets timers, and looks at waits.
    fn look(&self) -> Result<(), StoreError> {
        while self.hear()? {}
        self.set_timers()?;
        self.look_at_waits()
    }

    /// Runs one job that goes to a destination.
    pub(crate) fn step_in_lanes(&self, only_sound: bool) -> Result<bool, StoreError> {
        let taken = self.take_in_lanes(only_sound)?;
        self.do_taken(taken)
    }

    fn do_taken(&self, taken: Option<JobRecord>) -> Result<bool, StoreError> {
        let Some(record) = taken else { return Ok(false) };
        let attempt = record.attempts + 1;
        let job = Job {
            id: record.id,
            kind: record.kind.clone(),
            payload: record.payload.clone(),
            run_at: record.run_at,
            attempt,
            last: attempt >= self.attempts(),
        };
        let outcome = self.run(&job);
        self.write_down(&job, &record, outcome)?;
        Ok(true)
    }

    fn attempts(&self) -> i64 {
        i64::from(self.rules.attempts.max(1))
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
        let job = |listener: &String| {
            let order = if self.ordered.contains(listener) { heard.order(listener) } else { None };
            let key = format!("outbox:{}:{listener}", heard.id);
            NewJob { order, ..NewJob::new(listener, key, payload.clone(), now) }
        };
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
            let job = NewJob::planned(&daily.kind, format!("daily:{}:{today}", daily.kind), payload, at);
            self.store.write_blocking(move |tx| records::enqueue(tx, &job))?;
            *daily.set.lock().unwrap_or_else(PoisonError::into_inner) = Some(today);
        }
        Ok(())
    }

    /// Once a minute, and at once when the clock was put back, makes due what a clock put off that was ahead, and makes
    /// the lanes again that something waits for.
    fn look_at_waits(&self) -> Result<(), StoreError> {
        let now = (self.clock)();
        let minute = now.micros().div_euclid(LOOK_MICROS);
        if *self.looked.lock().unwrap_or_else(PoisonError::into_inner) == Some(minute) {
            return Ok(());
        }
        let pause = i64::from(self.rules.longest_delay_seconds);
        let longest = Longest { lease: i64::from(self.rules.lease_seconds), pause };
        let jobs = self.store.write_blocking(move |tx| {
            lanes::make_missing(tx)?;
            put_right(tx, now, longest)
        })?;
        if jobs > 0 {
            tracing::warn!(jobs, "jobs were put off by a clock that was ahead; they are due now");
        }
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(minute);
        Ok(())
    }

    /// Takes the next due job of the platform's own work. A job that was taken as often as the rules allow and never
    /// ended is given up.
    fn take(&self) -> Result<Option<JobRecord>, StoreError> {
        let now = (self.clock)();
        let (attempts, lease_until) = (self.attempts(), self.lease_until(now));
        loop {
            let candidates = self.store.read_blocking(move |tx| records::takeable(tx, "", now, CANDIDATES))?;
            if candidates.is_empty() {
                return Ok(None);
            }
            let taken = self.store.write_blocking(move |tx| take_one(tx, &candidates, attempts, now, lease_until))?;
            if taken.is_some() {
                return Ok(taken);
            }
        }
    }

    fn lease_until(&self, now: Instant) -> Instant {
        now.plus_seconds(i64::from(self.rules.lease_seconds))
    }

    /// Takes a due job of the lane that waited longest and has room.
    fn take_in_lanes(&self, only_sound: bool) -> Result<Option<JobRecord>, StoreError> {
        let now = (self.clock)();
        let ready = self.store.read_blocking(move |tx| lanes::ready(tx, now, LANES))?;
        for lane in ready.into_iter().filter(|lane| !only_sound || lane.failures == 0) {
            let taken = self.take_of(lane.lane, now)?;
            if taken.is_some() {
                return Ok(taken);
            }
        }
        Ok(None)
    }

    /// Takes a due job of a lane if no more of its jobs are being done than the rules allow.
    fn take_of(&self, lane: String, now: Instant) -> Result<Option<JobRecord>, StoreError> {
        let (attempts, lease_until, rules) = (self.attempts(), self.lease_until(now), self.rules);
        let looked = lane.clone();
        // What waits for its turn or for room costs a look and no writing.
        let free = self.store.read_blocking(move |tx| {
            let has_room = lanes::has_room(tx, &looked, &rules, now)?;
            Ok::<_, StoreError>(has_room && !records::takeable(tx, &looked, now, 1)?.is_empty())
        })?;
        if !free {
            return Ok(None);
        }
        self.store.write_blocking(move |tx| {
            if !lanes::has_room(tx, &lane, &rules, now)? {
                return Ok(None);
            }
            loop {
                let candidates = records::takeable(tx, &lane, now, CANDIDATES)?;
                if candidates.is_empty() {
                    return Ok(None);
                }
                let taken = take_one(tx, &candidates, attempts, now, lease_until)?;
                if taken.is_some() {
                    lanes::taken(tx, &lane, now)?;
                    return Ok(taken);
                }
            }
        })
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
        let (now, rules, lane) = ((self.clock)(), self.rules, record.lane.clone());
        let (id, attempt) = (job.id, job.attempt);
        match outcome {
            Ok(()) => self.store.write_blocking(move |tx| {
                // The lane comes first here as where a job is taken, so that nobody waits for one another in a circle.
                answered(tx, &lane, now)?;
                records::done(tx, id, now).map(drop)
            }),
            Err(JobError::Later(at)) => {
                let (attempts, error) = (record.attempts, record.last_error.clone());
                let run_at = at.max(now.plus_seconds(1));
                self.store.write_blocking(move |tx| {
                    let later = Later { now, run_at, attempts, error: error.as_deref() };
                    records::again(tx, id, attempt, &later).map(drop)
                })
            }
            Err(JobError::Again { why, at, asked }) => self.put_off(job, record, why, at, asked),
            Err(JobError::Retry(error)) if !job.last => {
                tracing::warn!(kind = job.kind, lane, attempt, error, "a job failed and is tried again");
                let run_at = now.plus_seconds(rules.delay_seconds(attempt));
                self.store.write_blocking(move |tx| {
                    let later = Later { now, run_at, attempts: attempt, error: Some(&error) };
                    failed(tx, &rules, &lane, &error, now)?;
                    records::again(tx, id, attempt, &later).map(drop)
                })
            }
            Err(JobError::Retry(error)) => {
                tracing::error!(kind = job.kind, lane, attempt, error, "a job failed and is given up");
                self.store.write_blocking(move |tx| {
                    failed(tx, &rules, &lane, &error, now)?;
                    records::give_up(tx, id, attempt, now, &error).map(drop)
                })
            }
            Err(JobError::Never(error)) => {
                tracing::error!(kind = job.kind, lane, attempt, error, "a job can never be done and is given up");
                self.store.write_blocking(move |tx| {
                    // The destination is there: what it was sent cannot be done.
                    answered(tx, &lane, now)?;
                    records::give_up(tx, id, attempt, now, &error).map(drop)
                })
            }
        }
    }
}

impl Runner {
    /// Writes down that a job failed and is tried again when its handler says, or given up. The attempt does not count.
    fn put_off(
        &self,
        job: &Job,
        record: &JobRecord,
        why: String,
        at: Option<Instant>,
        asked: bool,
    ) -> Result<(), StoreError> {
        let (now, rules, lane) = ((self.clock)(), self.rules, record.lane.clone());
        let (id, attempt, attempts) = (job.id, job.attempt, record.attempts);
        let Some(at) = at else {
            tracing::error!(kind = job.kind, lane, why, "a job failed and its handler gives it up");
            return self.store.write_blocking(move |tx| {
                failed(tx, &rules, &lane, &why, now)?;
                records::give_up(tx, id, attempt, now, &why).map(drop)
            });
        };
        tracing::warn!(kind = job.kind, lane, why, "a job failed and is tried again when its handler says");
        let run_at = at.max(now.plus_seconds(1));
        let rest = asked.then(|| run_at.min(now.plus_seconds(i64::from(rules.longest_delay_seconds))));
        self.store.write_blocking(move |tx| {
            failed(tx, &rules, &lane, &why, now)?;
            if let Some(until) = rest.filter(|_| !lane.is_empty()) {
                lanes::rest(tx, &lane, until, now)?;
            }
            let later = Later { now, run_at, attempts, error: Some(why.as_str()) };
            records::again(tx, id, attempt, &later).map(drop)
        })
    }
}

/// Says whether something was done, and writes into the log when the queue cannot be read.
fn goes_on(step: Result<bool, StoreError>) -> bool {
    step.unwrap_or_else(|error| {
        tracing::warn!(%error, "the queue of jobs cannot be read, trying again");
        false
    })
}

/// Notes that the destination of a job answered.
fn answered(tx: &mut dyn Tx, lane: &str, now: Instant) -> Result<(), StoreError> {
    if lane.is_empty() { Ok(()) } else { lanes::answered(tx, lane, now) }
}

/// Notes that a job for a destination failed.
fn failed(tx: &mut dyn Tx, rules: &Rules, lane: &str, error: &str, now: Instant) -> Result<(), StoreError> {
    if lane.is_empty() {
        return Ok(());
    }
    lanes::failed(tx, lane, error, rules, now)
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
