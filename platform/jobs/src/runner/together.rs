//! Does several jobs of the platform's own work at once.
//!
//! A job costs three commits: it is taken, done and written down. One after the other, each of them waits for the disk
//! alone. SQLite has one writer, but it makes all units durable together that wait for it, so jobs that are done at
//! once share their commits, and those that are taken together cost one. On PostgreSQL each has a connection of its
//! own.
//!
//! Nothing changes for what belongs together. Jobs that are done at once are about different things, and the next ones
//! are taken when all of them have ended. So the jobs about one thing come one after the other, in the order in which
//! they are due, as before. Of a job that does not say what it is about nobody knows what it must not overtake: it
//! waits for all before it, and all after it wait for it. What handlers have to bear stays the same too: several
//! processes may always do jobs of one database, and each job is taken by the same statement that only one of them
//! wins.

use std::collections::BTreeSet;

use serde_json::Value;
use store::StoreError;

use super::{Runner, take_one};
use crate::records::{JobRecord, takeable};

/// How many jobs are done at once, at most. More would make pages wait on a small machine when much is due.
const AT_ONCE: usize = 4;
/// How many due jobs are looked at for them. A step of a case makes a job for each that hears of it, so there are
/// several in a row about one case.
const LOOKED_AT: i64 = 64;

impl Runner {
    /// Does the same as one step of the platform's own work, with several jobs at once where they allow it. Returns
    /// when all of them have ended; false when nothing was due.
    pub(crate) fn step_together(&self) -> Result<bool, StoreError> {
        self.look()?;
        let taken = self.take_together()?;
        self.do_together(taken)
    }

    /// Takes the next due jobs that may be done at once, in one unit.
    fn take_together(&self) -> Result<Vec<JobRecord>, StoreError> {
        let now = (self.clock)();
        let (attempts, lease_until) = (self.attempts(), self.lease_until(now));
        loop {
            let due = self.store.read_blocking(move |tx| takeable(tx, "", now, LOOKED_AT))?;
            let chosen = chosen(due);
            if chosen.is_empty() {
                return Ok(Vec::new());
            }
            let taken = self.store.write_blocking(move |tx| {
                let mut taken = Vec::with_capacity(chosen.len());
                for seen in &chosen {
                    taken.extend(take_one(tx, std::slice::from_ref(seen), attempts, now, lease_until)?);
                }
                Ok::<_, StoreError>(taken)
            })?;
            // Another process took them, or they were given up.
            if !taken.is_empty() {
                return Ok(taken);
            }
        }
    }

    /// Does jobs at once, each on a thread of its own, the last one here.
    fn do_together(&self, mut taken: Vec<JobRecord>) -> Result<bool, StoreError> {
        let Some(last) = taken.pop() else { return Ok(false) };
        let ended: Result<Vec<bool>, StoreError> = std::thread::scope(|scope| {
            let (mut begun, mut ended) = (Vec::with_capacity(taken.len()), Vec::new());
            for record in taken {
                let own = record.clone();
                let work = move || self.do_taken(Some(own));
                match std::thread::Builder::new().name("jobs".into()).spawn_scoped(scope, work) {
                    Ok(thread) => begun.push(thread),
                    // The system gives no more threads.
                    Err(_) => ended.push(self.do_taken(Some(record))),
                }
            }
            ended.push(self.do_taken(Some(last)));
            ended.extend(begun.into_iter().map(|thread| thread.join().unwrap_or(Err(StoreError::Panicked))));
            ended.into_iter().collect()
        });
        ended.map(|_| true)
    }
}

/// Chooses those that are done at once of jobs in the order in which they are due: the first one about each thing, up
/// to a job that does not say what it is about. That one is done alone when it is the first.
fn chosen(due: Vec<JobRecord>) -> Vec<JobRecord> {
    let (mut chosen, mut things) = (Vec::new(), BTreeSet::new());
    for job in due {
        let Some(thing) = thing(&job.payload) else {
            if chosen.is_empty() {
                chosen.push(job);
            }
            break;
        };
        if things.insert(thing) {
            chosen.push(job);
        }
        if chosen.len() >= AT_ONCE {
            break;
        }
    }
    chosen
}

/// What a job is about: the `id` in its particulars, or in those of the message for which it was made.
fn thing(payload: &Value) -> Option<String> {
    payload.get("payload").unwrap_or(payload).get("id")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Instant;
    use serde_json::json;
    use uuid::Uuid;

    fn due(jobs: &[(&str, Value)]) -> Vec<String> {
        let record = |(kind, payload): &(&str, Value)| JobRecord {
            id: Uuid::now_v7(),
            kind: (*kind).to_owned(),
            payload: payload.clone(),
            run_at: Instant::from_micros(0),
            attempts: 0,
            lease_until: None,
            last_error: None,
            done_at: None,
            failed_at: None,
            lane: String::new(),
        };
        chosen(jobs.iter().map(record).collect()).into_iter().map(|job| job.kind).collect()
    }

    #[test]
    fn what_is_done_at_once_is_about_different_things() {
        let about = |thing: &str| json!({ "district": 3, "id": thing });
        let heard = |thing: &str| json!({ "id": "message", "topic": "cases.moved", "payload": { "id": thing } });
        let day = || json!({ "day": "2026-11-23" });
        assert!(due(&[]).is_empty());
        assert_eq!(due(&[("a", heard("1")), ("b", heard("1")), ("c", heard("2")), ("d", about("1"))]), ["a", "c"]);
        assert_eq!(due(&[("a", day()), ("b", heard("1"))]), ["a"], "it does not say what it is about");
        assert_eq!(due(&[("a", heard("1")), ("b", day()), ("c", heard("2"))]), ["a"], "nothing overtakes it");
        let many: Vec<(&str, Value)> = ["1", "2", "3", "4", "5"].into_iter().map(|one| (one, about(one))).collect();
        assert_eq!(due(&many), ["1", "2", "3", "4"]);
        assert_eq!(due(&[("a", json!({ "moved": [] })), ("b", json!({ "id": 7 }))]), ["a"]);
    }
}
