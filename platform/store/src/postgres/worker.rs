//! A thread with one connection. It runs a unit and commits it, runs it again after a conflict, and connects again when
//! the connection is lost.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio_postgres::Config;

use super::connection::{self, Connection, Failed, Use};
use super::failure::Meaning;
use super::unit::{Ended, Unit};
use crate::error::StoreError;
use crate::job::{Job, Mode};
use crate::queue::{Next, Queue};
use crate::running::Boxed;
use crate::transaction::Outcome;

const PATIENCE: Duration = Duration::from_mins(1);
/// How often a unit runs at most.
const ATTEMPTS: u32 = 8;
/// The waits before each attempt to connect, in milliseconds.
const CONNECT_AFTER: [u64; 4] = [0, 100, 300, 1000];

/// How one attempt ended.
enum Attempt {
    /// The unit was committed, or the closure refused and it was rolled back. The caller gets the closure's result.
    Done,
    Failed(StoreError),
    /// Nothing was stored, and the unit runs again. After the last attempt the closure's own result tells the reason if
    /// the closure refused; otherwise the error does.
    Again {
        error: StoreError,
        refused: bool,
    },
}

pub(super) struct Worker {
    config: Config,
    purpose: Use,
    number: usize,
    connection: Option<Connection>,
}

impl Worker {
    pub(super) const fn new(config: Config, purpose: Use, number: usize, connection: Option<Connection>) -> Self {
        Self { config, purpose, number, connection }
    }

    pub(super) fn start(mut self, queue: Arc<Queue<Boxed>>) -> Result<JoinHandle<()>, StoreError> {
        let builder = std::thread::Builder::new().name(format!("{}-{}", self.purpose.name(), self.number));
        let thread = builder.spawn(move || {
            loop {
                match queue.next(PATIENCE) {
                    Next::Item(mut job) => {
                        let done = self.run(&mut *job);
                        job.answer(done);
                    }
                    Next::Idle => {}
                    Next::Closed => return,
                }
            }
        });
        thread.map_err(|error| StoreError::Disk { message: format!("a thread could not be started: {error}") })
    }

    fn run(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        let mut attempt = 1;
        loop {
            match self.attempt(job) {
                Attempt::Done => return Ok(()),
                Attempt::Failed(error) => return Err(error),
                Attempt::Again { refused: true, .. } if attempt == ATTEMPTS => return Ok(()),
                Attempt::Again { error, .. } if attempt == ATTEMPTS => return Err(error),
                Attempt::Again { .. } => {}
            }
            self.back_off(attempt);
            attempt += 1;
        }
    }

    /// Waits longer each time, and each thread a little differently, so that two threads do not meet again.
    fn back_off(&self, attempt: u32) {
        let spread = u64::try_from(self.number % 7).unwrap_or_default();
        std::thread::sleep(Duration::from_millis((1 << attempt.min(6)) + spread * u64::from(attempt)));
    }

    fn attempt(&mut self, job: &mut dyn Job) -> Attempt {
        let (attempt, keep) = match self.connected() {
            Ok(connection) => match job.mode() {
                Mode::Read => read(connection, job),
                Mode::Write => transaction(connection, job, "begin"),
                Mode::Snapshot => transaction(connection, job, "begin isolation level repeatable read read only"),
            },
            Err(error) => return Attempt::Failed(error),
        };
        if !keep {
            self.connection = None;
        }
        attempt
    }

    fn connected(&mut self) -> Result<&mut Connection, StoreError> {
        if self.connection.as_ref().is_some_and(Connection::is_closed) {
            self.connection = None;
        }
        let mut failure = StoreError::Closed;
        for milliseconds in CONNECT_AFTER {
            if self.connection.is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(milliseconds));
            match connection::open(&self.config, self.purpose) {
                Ok(connection) => self.connection = Some(connection),
                Err(error) => failure = error,
            }
        }
        self.connection.as_mut().ok_or(failure)
    }
}

/// Reads without a transaction around it, so that one statement costs one round trip.
fn read(connection: &mut Connection, job: &mut dyn Job) -> (Attempt, bool) {
    let mut unit = Unit::new(connection, None, false);
    let outcome = job.run(&mut unit);
    let failed = unit.failed().cloned();
    judge(connection, outcome, failed)
}

fn transaction(connection: &mut Connection, job: &mut dyn Job, begin: &'static str) -> (Attempt, bool) {
    let mut unit = Unit::new(connection, Some(begin), matches!(job.mode(), Mode::Write));
    let outcome = job.run(&mut unit);
    let failed = unit.failed().cloned();
    if matches!(outcome, Ok(Outcome::Finished)) && failed.is_none() {
        return match unit.commit() {
            Ended::Stored => (Attempt::Done, true),
            // What only reads has all its answers already.
            Ended::Unknown if job.mode() != Mode::Write => (Attempt::Done, false),
            Ended::Unknown => (Attempt::Failed(StoreError::Disconnected), false),
            Ended::Failed(failed, good) => {
                let (attempt, still) = judge(connection, outcome, Some(failed));
                (attempt, good && still)
            }
        };
    }
    let rolled_back = unit.roll_back();
    let (attempt, good) = judge(connection, outcome, failed);
    (attempt, good && rolled_back)
}

/// Says what an uncommitted unit means for the caller, and whether the connection is still good.
fn judge(connection: &mut Connection, outcome: Result<Outcome, StoreError>, failed: Option<Failed>) -> (Attempt, bool) {
    if failed.as_ref().is_some_and(|(_, meaning)| *meaning == Meaning::Stale) {
        connection.forget();
    }
    let refused = matches!(outcome, Ok(Outcome::Refused));
    match (outcome, failed) {
        (Err(panicked), failed) => {
            (Attempt::Failed(panicked), failed.is_none_or(|(_, meaning)| meaning != Meaning::Lost))
        }
        (Ok(_), Some((error, Meaning::Again | Meaning::Stale))) => (Attempt::Again { error, refused }, true),
        (Ok(_), Some((error, Meaning::Lost))) => (Attempt::Again { error, refused }, false),
        (Ok(Outcome::Finished), Some((error, Meaning::Final))) => (Attempt::Failed(error), true),
        (Ok(_), _) => (Attempt::Done, true),
    }
}
