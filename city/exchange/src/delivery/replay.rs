//! This file puts a system's earlier messages on their way again, a part at a time.

use jobs::{Job, JobError, NewJob};
use kernel::time::Instant;
use serde_json::{Value, json};
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use crate::words::{DELIVER, Replayed, queued, replaying};
use crate::{Exchange, records};

/// How many messages one job puts on their way.
const PART: i64 = 200;

/// What the job was told.
struct Asked {
    which: Replayed,
    /// The message after which this part begins.
    after: Uuid,
    once: String,
}

impl Exchange {
    /// Puts a part of a system's earlier messages on their way again, and leaves the next part to the next job. It does
    /// nothing if the system no longer listens.
    ///
    /// # Errors
    /// The job runs again later if the store failed, and never again if it makes no sense.
    pub fn replay_part(&self, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let asked = asked(&job.payload).ok_or_else(|| JobError::Never("the job names no messages".to_owned()))?;
        Ok(store.write_blocking(move |tx| put_on_their_way(tx, &asked, now))?)
    }
}

fn asked(payload: &Value) -> Option<Asked> {
    let identity = |name: &str| payload.get(name)?.as_str()?.parse::<Uuid>().ok();
    let which = Replayed {
        system: identity("system")?,
        since: Instant::from_micros(payload.get("since")?.as_i64()?),
        taken_too: payload.get("taken_too")?.as_bool()?,
    };
    Some(Asked { which, after: identity("after")?, once: payload.get("once")?.as_str()?.to_owned() })
}

fn put_on_their_way(tx: &mut dyn Tx, asked: &Asked, now: Instant) -> Result<(), StoreError> {
    let system = records::system(tx, asked.which.system)?;
    let listens = system.is_some_and(|system| {
        system.closed_at.is_none() && system.webhook_url.is_some() && system.listening.switched_off_at.is_none()
    });
    if !listens {
        return Ok(());
    }
    let part = records::replayed(tx, &asked.which, asked.after, PART)?;
    for delivery in &part {
        let key = format!("{DELIVER}:{}:{}", delivery.id, asked.once);
        let job = NewJob::new(DELIVER, key, json!({ "delivery": delivery.id }), now);
        if jobs::enqueue(tx, &queued(job, delivery))? {
            records::again(tx, delivery.id)?;
        }
    }
    match part.last() {
        Some(last) if i64::try_from(part.len()).is_ok_and(|count| count >= PART) => {
            let rest = Replayed { since: last.at, ..asked.which };
            jobs::enqueue(tx, &replaying(&rest, last.id, &asked.once, now)).map(drop)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_says_what_it_was_asked() {
        let which = Replayed { system: Uuid::from_u128(1), since: Instant::from_micros(7), taken_too: true };
        let job = replaying(&which, Uuid::from_u128(9), "key", Instant::from_micros(100));
        let found = asked(&job.payload).unwrap();
        assert_eq!((found.which.system, found.which.since, found.which.taken_too), (which.system, which.since, true));
        assert_eq!((found.after, found.once.as_str()), (Uuid::from_u128(9), "key"));
        let next = replaying(&which, Uuid::from_u128(10), "key", Instant::from_micros(100));
        assert_ne!(next.dedupe_key, job.dedupe_key, "each part is a job of its own");
        assert!(asked(&json!({ "system": "x" })).is_none());
    }
}
