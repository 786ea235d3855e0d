//! One piece of work on its way through a queue: the closure, and where its answer goes after the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;

use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::transaction::{Outcome, Tx};

/// How a unit of work reads: in a write, a plain read, or a read of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Read,
    Snapshot,
}

/// Work of any type, as the threads see it.
pub(crate) trait Job: Send {
    /// Runs the closure once and keeps its result. A panic becomes [`StoreError::Panicked`]. It may be called again.
    fn run(&mut self, tx: &mut dyn Tx) -> Result<Outcome, StoreError>;
    /// Sends the answer: the closure's result, or the failure of the store instead.
    fn answer(self: Box<Self>, stored: Result<(), StoreError>);
    fn mode(&self) -> Mode;
}

pub(crate) enum Caller<T, E> {
    Async(oneshot::Sender<Result<T, E>>),
    Blocking(SyncSender<Result<T, E>>),
}

pub(crate) struct Work<T, E, F> {
    mode: Mode,
    closure: F,
    result: Option<Result<T, E>>,
    caller: Caller<T, E>,
}

impl<T, E, F> Work<T, E, F> {
    pub(crate) const fn new(mode: Mode, closure: F, caller: Caller<T, E>) -> Self {
        Self { mode, closure, result: None, caller }
    }
}

impl<T, E, F> Job for Work<T, E, F>
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Result<Outcome, StoreError> {
        self.result = None;
        let closure = &mut self.closure;
        // A closure that panicked never runs again, so nothing sees the state that it left behind.
        let result = catch_unwind(AssertUnwindSafe(|| closure(tx))).map_err(|_| StoreError::Panicked)?;
        let outcome = if result.is_ok() { Outcome::Finished } else { Outcome::Refused };
        self.result = Some(result);
        Ok(outcome)
    }

    fn answer(self: Box<Self>, stored: Result<(), StoreError>) {
        let result = match (stored, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Closed.into()),
            (Err(error), _) => Err(error.into()),
        };
        // The caller may be gone (a browser that went away). What was stored stays stored.
        match self.caller {
            Caller::Async(sender) => drop(sender.send(result)),
            Caller::Blocking(sender) => drop(sender.send(result)),
        }
    }

    fn mode(&self) -> Mode {
        self.mode
    }
}
