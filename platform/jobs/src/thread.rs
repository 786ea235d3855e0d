//! The threads on which a runner works until it is told to stop.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a thread does again and again. It returns false when nothing was due.
pub(crate) type Step = Box<dyn Fn() -> bool + Send>;

/// A runner that works. When it is dropped, the jobs that run end first; then the runner stops.
#[derive(Debug)]
pub struct Running {
    bells: Vec<SyncSender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Running {
    /// Has each step done again and again on a thread of its own, with a rest whenever it says that nothing was due.
    pub(crate) fn start(idle: Duration, steps: Vec<Step>) -> io::Result<Self> {
        // What was begun is stopped again where the system gives no more threads.
        let mut running = Self { bells: Vec::with_capacity(steps.len()), threads: Vec::with_capacity(steps.len()) };
        for step in steps {
            let (bell, rung) = sync_channel(1);
            let work = move || {
                loop {
                    let rest = if step() { Duration::ZERO } else { idle };
                    if rung.recv_timeout(rest) == Err(RecvTimeoutError::Disconnected) {
                        return;
                    }
                }
            };
            running.threads.push(std::thread::Builder::new().name("jobs".into()).spawn(work)?);
            running.bells.push(bell);
        }
        Ok(running)
    }

    /// Makes the runner look for due jobs now instead of after its rest.
    pub fn wake(&self) {
        for bell in &self.bells {
            if let Err(TrySendError::Disconnected(())) = bell.try_send(()) {
                tracing::error!("a thread of the runner of jobs has ended");
            }
        }
    }

    /// Stops the runner after the jobs that run.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.bells.clear();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the runner of jobs ended with a fault");
            }
        }
    }
}
