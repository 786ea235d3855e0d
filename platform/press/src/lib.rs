//! The server's side of PDF letters. The separate program `lianglin-print` lays them out.
//!
//! The program starts with the first letter. It gets one letter at a time by pipe, and restarts after it ends or takes
//! too long. It sees nothing of the server's environment. Everything here blocks the calling thread, so call it from
//! `tokio::task::spawn_blocking`.

mod error;
mod worker;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

pub use error::PressError;
use worker::{Orders, Worker};

/// The longest request that the program takes, in bytes.
pub const LONGEST_REQUEST: usize = 1024 * 1024;

/// How many letters may wait for each worker. A letter beyond that is told that the press is busy.
const WAITING_PER_WORKER: usize = 16;

/// Where the program is and what it may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The path of the program. Without a path it is `lianglin-print` in the folder of the running program.
    pub program: Option<PathBuf>,
    /// The folders with fonts. Without folders the program uses its own choice.
    pub fonts: Vec<PathBuf>,
    /// How many seconds one letter may take, and how many it may wait for its turn. It is at least 1.
    pub seconds: u64,
    /// The most memory each worker may take, in megabytes of address space.
    pub memory_mb: u64,
    /// How many letters are laid out at the same time, at least 1.
    pub workers: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { program: None, fonts: Vec::new(), seconds: 20, memory_mb: 1024, workers: 1 }
    }
}

/// The press takes a template's name and data and returns a PDF.
pub struct Press {
    orders: Option<Orders>,
    patience: Duration,
    workers: usize,
    most_waiting: usize,
    desk: Mutex<Desk>,
    freed: Condvar,
}

/// The workers that are there and the letters that wait.
#[derive(Default)]
struct Desk {
    idle: Vec<Worker>,
    working: usize,
    waiting: usize,
}

/// What goes to the program.
#[derive(Serialize)]
struct Request<'a> {
    template: &'a str,
    data: &'a Value,
}

impl Press {
    /// Sets the press up. Nothing is started yet.
    pub fn new(settings: Settings) -> Self {
        let workers = settings.workers.max(1);
        let program = settings.program.or_else(beside);
        Self {
            orders: program.map(|program| Orders::new(program, settings.fonts, settings.memory_mb)),
            patience: Duration::from_secs(settings.seconds.max(1)),
            workers,
            most_waiting: workers.saturating_mul(WAITING_PER_WORKER),
            desk: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Says whether the program is installed. It says nothing about fonts; `lianglin-print --check` does.
    pub fn available(&self) -> bool {
        self.installed().is_some()
    }

    /// Lays out a letter. It waits for its turn, then for the program. The calling thread is held for at most twice the
    /// time limit, and once more where a worker ended while it was idle.
    ///
    /// # Errors
    /// Fails with any kind of [`PressError`]. After `Busy`, `TimedOut` and `Died` the same letter may be asked for
    /// again.
    pub fn pdf(&self, template: &str, data: &Value) -> Result<Vec<u8>, PressError> {
        let orders = self.installed().ok_or(PressError::NotInstalled)?;
        let request = serde_json::to_vec(&Request { template, data })
            .map_err(|_| PressError::refused("request_malformed", "the data cannot be written as JSON"))?;
        if request.len() > LONGEST_REQUEST {
            return Err(PressError::refused("request_too_large", "the data are longer than the program takes"));
        }
        let answered = self.place()?.lay_out(orders, &request);
        if let Err(fault @ (PressError::TimedOut | PressError::Died | PressError::NotInstalled)) = &answered {
            tracing::warn!(template, %fault, "no letter");
        }
        answered
    }

    fn installed(&self) -> Option<&Orders> {
        self.orders.as_ref().filter(|orders| orders.program.is_file())
    }

    /// Returns a place at the press, at once or when one becomes free within the time limit.
    fn place(&self) -> Result<Place<'_>, PressError> {
        let mut desk = self.desk();
        if desk.working >= self.workers {
            if desk.waiting >= self.most_waiting {
                return Err(PressError::Busy);
            }
            desk.waiting += 1;
            let full = |desk: &mut Desk| desk.working >= self.workers;
            let waited = self.freed.wait_timeout_while(desk, self.patience, full);
            desk = waited.unwrap_or_else(PoisonError::into_inner).0;
            desk.waiting -= 1;
            if desk.working >= self.workers {
                return Err(PressError::Busy);
            }
        }
        desk.working += 1;
        let worker = desk.idle.pop();
        Ok(Place { press: self, worker })
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place at the press, with its worker if one is running. It is given back when it is dropped, for whatever reason.
struct Place<'a> {
    press: &'a Press,
    worker: Option<Worker>,
}

impl Place<'_> {
    /// Lays out the letter with the worker of the place, or with a new worker.
    fn lay_out(mut self, orders: &Orders, request: &[u8]) -> Result<Vec<u8>, PressError> {
        // An idle worker may have ended in the meantime. Only when a new worker ends, this letter is the cause.
        if let Some(worker) = self.worker.take() {
            let answered = worker.ask(request, self.press.patience);
            if answered != Err(PressError::Died) {
                return self.settle(worker, answered);
            }
        }
        let worker = Worker::start(orders)?;
        let answered = worker.ask(request, self.press.patience);
        self.settle(worker, answered)
    }

    /// Keeps the worker when it answered. Otherwise the worker is dropped, which ends its process.
    fn settle(&mut self, worker: Worker, answered: Result<Vec<u8>, PressError>) -> Result<Vec<u8>, PressError> {
        if matches!(answered, Ok(_) | Err(PressError::Refused { .. })) {
            self.worker = Some(worker);
        }
        answered
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut desk = self.press.desk();
        desk.working = desk.working.saturating_sub(1);
        desk.idle.extend(self.worker.take());
        drop(desk);
        self.press.freed.notify_one();
    }
}

/// Returns the path of `lianglin-print` in the folder of the running program.
fn beside() -> Option<PathBuf> {
    let running = std::env::current_exe().ok()?;
    let name = format!("lianglin-print{}", std::env::consts::EXE_SUFFIX);
    running.parent().map(|folder: &Path| folder.join(name))
}
