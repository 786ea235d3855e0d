//! The thread on which a runner works until it is told to stop.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// A runner that works. When it is dropped, the job that runs ends first; then the runner stops.
#[derive(Debug)]
pub struct Running {
    bell: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Has the step done again and again, with a rest whenever it says that nothing was due.
    pub(crate) fn start(idle: Duration, step: impl Fn() -> bool + Send + 'static) -> io::Result<Self> {
        let (bell, rung) = sync_channel(1);
        let work = move || {
            loop {
                let rest = if step() { Duration::ZERO } else { idle };
                if rung.recv_timeout(rest) == Err(RecvTimeoutError::Disconnected) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("jobs".into()).spawn(work)?;
        Ok(Self { bell: Some(bell), thread: Some(thread) })
    }

    /// Makes the runner look for due jobs now instead of after its rest.
    pub fn wake(&self) {
        if let Some(Err(TrySendError::Disconnected(()))) = self.bell.as_ref().map(|bell| bell.try_send(())) {
            tracing::error!("the runner of jobs has ended");
        }
    }

    /// Stops the runner after the job that runs.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.bell.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the runner of jobs ended with a fault");
        }
    }
}
