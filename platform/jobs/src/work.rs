//! Work for which somebody waits (任务). A person asks for it on a page, a job does it, the page shows how far it is,
//! and a person may call it off.
//!
//! It is stored with the change that asks for it, so it survives a restart: the next process takes its job up again.
//! Its answer is kept as bytes until it is forgotten.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::time::{Clock, Instant};
use serde_json::json;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use crate::queue::{Handler, Job, JobError, NewJob, handler};
use crate::records::enqueue;
use crate::records::work as records;

pub use crate::records::work::Work;
pub use crate::words::NewWork;

/// Asks for work in the caller's transaction. Returns false when work with that identity was asked for before.
pub fn ask(tx: &mut dyn Tx, new: &NewWork, now: Instant) -> Result<bool, StoreError> {
    if !records::insert(tx, new, now)? {
        return Ok(false);
    }
    let key = format!("work:{}", new.id);
    let job = NewJob { id: new.id, ..NewJob::new(&new.kind, key, json!({ "work": new.id }), now) };
    enqueue(tx, &job)
}

/// The reason why work is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkError {
    /// Somebody called it off in the meantime. What was found is thrown away.
    #[error("called off")]
    Stopped,
    /// It makes no sense and is never tried again. The text is shown to whoever asked, so it contains nothing personal.
    #[error("{0}")]
    Never(String),
    /// It may succeed later.
    #[error("{0}")]
    Retry(String),
}

impl From<StoreError> for WorkError {
    fn from(fault: StoreError) -> Self {
        Self::Retry(fault.to_string())
    }
}

/// Tells how far a piece of work is, and learns whether somebody still wants it.
pub struct Progress {
    store: Store,
    id: Uuid,
    clock: Clock,
    told_at: AtomicU64,
}

/// The milliseconds between two times that progress is stored.
const TOLD_EVERY: u64 = 300;

impl Progress {
    /// Says that so many thousandths are done. Returns false when nobody wants the work any more; then end with
    /// [`WorkError::Stopped`]. It is cheap enough to be called at each step: a call too soon after the last one stores
    /// nothing.
    pub fn tell(&self, share: i64) -> bool {
        let now = u64::try_from((self.clock)().micros() / 1_000).unwrap_or_default();
        let last = self.told_at.load(Ordering::Relaxed);
        if last != 0 && now.saturating_sub(last) < TOLD_EVERY {
            return true;
        }
        self.told_at.store(now.max(1), Ordering::Relaxed);
        let (id, at) = (self.id, (self.clock)());
        let share = share.clamp(0, 1_000);
        // A store that fails now will fail again, and say so, when the answer is stored.
        self.store.write_blocking(move |tx| records::tell(tx, id, share, at)).unwrap_or(true)
    }

    /// Does the same as [`Progress::tell`], with an error that ends the work.
    ///
    /// # Errors
    /// Fails with [`WorkError::Stopped`] when nobody wants the work any more.
    pub fn step(&self, share: i64) -> Result<(), WorkError> {
        if self.tell(share) { Ok(()) } else { Err(WorkError::Stopped) }
    }
}

/// Makes a handler that does one kind of work. It gets what was asked and returns the bytes of the answer.
pub fn worker(
    clock: Clock,
    does: impl Fn(&Store, &Work, &Progress) -> Result<Vec<u8>, WorkError> + Send + Sync + 'static,
) -> Handler {
    let does = Arc::new(does);
    handler(move |store, job, now| {
        let id = id_of(job)?;
        let Some(work) = store.write_blocking(move |tx| records::begin(tx, id, now))? else { return Ok(()) };
        let progress = Progress { store: store.clone(), id, clock: clock.clone(), told_at: AtomicU64::new(0) };
        let outcome = catch_unwind(AssertUnwindSafe(|| does(store, &work, &progress)));
        let fault = |_| Err(WorkError::Retry("the program stopped with a fault (see the log)".to_owned()));
        match outcome.unwrap_or_else(fault) {
            Ok(answer) => {
                let at = clock();
                Ok(store.write_blocking(move |tx| records::done(tx, id, &answer, at).map(drop))?)
            }
            Err(WorkError::Stopped) => Ok(()),
            Err(WorkError::Retry(said)) if !job.last => Err(JobError::Retry(said)),
            Err(WorkError::Retry(said) | WorkError::Never(said)) => {
                let (told, at) = (said.clone(), clock());
                store.write_blocking(move |tx| records::failed(tx, id, &told, at).map(drop))?;
                Err(JobError::Never(said))
            }
        }
    })
}

fn id_of(job: &Job) -> Result<Uuid, JobError> {
    let id = job.payload.get("work").and_then(|id| id.as_str()?.parse().ok());
    id.ok_or_else(|| JobError::Never("the job names no work".into()))
}
