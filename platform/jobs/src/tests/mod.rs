//! Tests the queue and the notices on both engines.

mod channels;
mod lanes;
mod notices;
mod queue;
mod together;
mod work;

use crate::{Handler, JobError, MIGRATIONS, NewJob, Rules, Runner, enqueue, handler};
use kernel::time::Instant;
use serde_json::json;
use std::sync::{Arc, Mutex};
use store::{Store, StoreError};
use testkit::{FixedClock, TestStore, stores};

const RULES: Rules = Rules {
    attempts: 3,
    lease_seconds: 60,
    first_delay_seconds: 10,
    longest_delay_seconds: 15,
    idle_milliseconds: 5,
    outbox_batch: 2,
    lane_workers: 4,
    lane_jobs: 2,
    lane_failures: 3,
};

/// Makes a fresh store on each engine with the tables of this crate, and a clock at ten o'clock on a Monday.
fn settings() -> Vec<(TestStore, FixedClock)> {
    let each = stores().into_iter().map(|store| {
        store::migrate(&store, &[MIGRATIONS]).unwrap();
        (store, FixedClock::local("2026-11-23 10:00"))
    });
    each.collect()
}

fn runner(store: &Store, clock: &FixedClock) -> Runner {
    Runner::new(store.clone(), clock.clock(), RULES)
}

fn put(store: &Store, key: &str, run_at: Instant) -> bool {
    let job = NewJob::planned("work", key, json!({ "key": key }), run_at);
    store.write_blocking(move |tx| enqueue(tx, &job)).unwrap()
}

/// Makes a handler that records the keys of its jobs and answers what it is told.
fn writing(answer: impl Fn(i64) -> Result<(), JobError> + Send + Sync + 'static) -> (Handler, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let own = seen.clone();
    let handler = handler(move |_, job, _| {
        own.lock().unwrap().push(job.payload["key"].as_str().unwrap_or("-").to_owned());
        answer(job.attempt)
    });
    (handler, seen)
}

fn read<T: Send + 'static>(
    store: &Store,
    work: impl FnMut(&mut dyn store::Tx) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.read_blocking(work).unwrap()
}
