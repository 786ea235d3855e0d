//! The writing thread takes the units that wait, gives each a savepoint, commits all with one fsync, then answers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::failure::{end_if_not_durable, translate};
use super::unit::Unit;
use crate::error::StoreError;
use crate::job::Job;
use crate::options::Options;
use crate::queue::{Next, Queue};
use crate::running::Boxed;
use crate::statement::Texts;
use crate::transaction::Outcome;

/// The time after which a log that could not be emptied is tried again under load.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

pub(super) fn start(
    connection: Connection,
    path: &Path,
    queue: Arc<Queue<Boxed>>,
    options: &Options,
) -> Result<JoinHandle<()>, StoreError> {
    let mut writer = Writer {
        connection,
        path: path.to_owned(),
        texts: Texts::default(),
        patience: options.patience,
        log_age: options.log_age,
        // Beside a server nobody must wait for the log: it is the server's.
        last_wait: if options.exclusive { options.patience } else { Duration::ZERO },
        // A server that was killed leaves a log behind.
        written: options.exclusive,
        due: Instant::now() + options.log_age,
    };
    let further = options.group_size.max(1) - 1;
    let idle = options.idle;
    let thread = std::thread::Builder::new().name("store-write".to_owned()).spawn(move || {
        loop {
            match queue.next(idle) {
                Next::Item(first) => {
                    let mut jobs = vec![first];
                    jobs.extend(queue.more(further));
                    writer.run_all(jobs);
                    writer.empty_old_log();
                }
                Next::Idle => writer.empty_log(Duration::ZERO),
                Next::Closed => {
                    writer.empty_log(writer.last_wait);
                    return;
                }
            }
        }
    });
    thread.map_err(|error| StoreError::Disk { message: format!("a thread could not be started: {error}") })
}

struct Writer {
    connection: Connection,
    path: PathBuf,
    texts: Texts,
    patience: Duration,
    log_age: Duration,
    /// How long emptying the log waits for readers when the store is closed.
    last_wait: Duration,
    /// This is set when something was committed since the log was emptied.
    written: bool,
    /// This is when the log is emptied even if it is never quiet.
    due: Instant,
}

/// A unit that ran, and its result until the commit.
type Ran = (Boxed, Result<Outcome, StoreError>);

impl Writer {
    /// Runs groups until no job is left. When the engine drops a group in the middle, only the jobs that had run
    /// already are lost with it.
    fn run_all(&mut self, jobs: Vec<Boxed>) {
        let mut waiting = jobs.into_iter();
        while waiting.len() > 0 {
            let mut ran = Vec::with_capacity(waiting.len());
            let stored = self.run_group(&mut waiting, &mut ran);
            for (job, outcome) in ran {
                let answer = match outcome {
                    Ok(Outcome::Finished) => stored.clone(),
                    Ok(Outcome::Refused) => Ok(()),
                    Err(error) => Err(error),
                };
                job.answer(answer);
            }
        }
    }

    fn run_group(&mut self, waiting: &mut std::vec::IntoIter<Boxed>, ran: &mut Vec<Ran>) -> Result<(), StoreError> {
        if let Err(error) = self.control("begin immediate") {
            ran.extend(waiting.map(|job| (job, Err(error.clone()))));
            return Ok(());
        }
        for mut job in waiting.by_ref() {
            let (outcome, lost) = self.run_one(&mut *job);
            ran.push((job, outcome));
            if let Some(error) = lost {
                self.roll_back();
                return Err(error);
            }
        }
        self.commit()
    }

    /// Returns the unit's outcome, and why the whole group is lost when the engine dropped it.
    fn run_one(&mut self, job: &mut dyn Job) -> (Result<Outcome, StoreError>, Option<StoreError>) {
        if let Err(error) = self.control("savepoint unit") {
            return (Err(error.clone()), Some(error));
        }
        let mut unit = Unit::new(&self.connection, &mut self.texts, &self.path);
        let outcome = job.run(&mut unit);
        let failed = unit.failed();
        if self.connection.is_autocommit() {
            let error =
                failed.unwrap_or_else(|| StoreError::Disk { message: "the engine dropped the transaction".into() });
            return (outcome.and_then(|outcome| refused_or(outcome, error.clone())), Some(error));
        }
        let outcome = match (outcome, failed) {
            (Ok(Outcome::Finished), Some(error)) => Err(error),
            (outcome, _) => outcome,
        };
        let ended = match outcome {
            Ok(Outcome::Finished) => self.control("release unit"),
            _ => self.control("rollback to unit").and_then(|()| self.control("release unit")),
        };
        match ended {
            Ok(()) => (outcome, None),
            Err(error) => (outcome.and_then(|outcome| refused_or(outcome, error.clone())), Some(error)),
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let committed = self.connection.prepare_cached("commit").and_then(|mut statement| statement.raw_execute());
        let Err(error) = committed else {
            if !self.written {
                self.written = true;
                self.due = Instant::now() + self.log_age;
            }
            return Ok(());
        };
        end_if_not_durable(&error, &self.path);
        self.roll_back();
        Err(translate(&error, "commit", &self.path))
    }

    fn roll_back(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.control("rollback")
        {
            tracing::error!(%error, "a group could not be rolled back");
        }
    }

    fn control(&self, sql: &str) -> Result<(), StoreError> {
        let done = self.connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
        done.map(drop).map_err(|error| translate(&error, sql, &self.path))
    }

    /// Empties a log that has been in use for long without a quiet moment.
    fn empty_old_log(&mut self) {
        if self.written && self.due <= Instant::now() {
            self.empty_log(Duration::ZERO);
        }
    }

    /// Moves the write-ahead log into the file and truncates it. It waits for readers no longer than is said.
    fn empty_log(&mut self, wait: Duration) {
        if !self.written {
            return;
        }
        let emptied = self.connection.busy_timeout(wait).and_then(|()| {
            self.connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, i64>(0))
        });
        match emptied {
            Ok(busy) => self.written = busy != 0,
            Err(error) => {
                end_if_not_durable(&error, &self.path);
                tracing::warn!(%error, "the write-ahead log could not be emptied; trying again later");
            }
        }
        self.due = Instant::now() + AGAIN_AFTER;
        if let Err(error) = self.connection.busy_timeout(self.patience) {
            tracing::warn!(%error, "the waiting time could not be set");
        }
    }
}

/// A unit that refused keeps its own answer. A unit that finished fails with its group.
fn refused_or(outcome: Outcome, error: StoreError) -> Result<Outcome, StoreError> {
    match outcome {
        Outcome::Refused => Ok(outcome),
        Outcome::Finished => Err(error),
    }
}
