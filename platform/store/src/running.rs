//! What runs while a store is open: its queues and the threads that empty them.

use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::error::StoreError;
use crate::job::Job;
use crate::queue::Queue;
use crate::transaction::Engine;

/// Work in a queue.
pub(crate) type Boxed = Box<dyn Job>;

/// Rewrites small tables outside of every unit of work, so that the files keep nothing that was deleted from them.
pub(crate) type Rewrite = Box<dyn Fn(&[&str]) -> Result<bool, StoreError> + Send + Sync>;

/// The queues of a store and the threads that empty them.
pub(crate) struct Running {
    pub(crate) engine: Engine,
    pub(crate) writes: Arc<Queue<Boxed>>,
    pub(crate) reads: Arc<Queue<Boxed>>,
    pub(crate) threads: Mutex<Vec<JoinHandle<()>>>,
    /// The files whose locks are held as long as the store is open; SQLite only.
    pub(crate) locks: Mutex<Vec<File>>,
    pub(crate) rewrite: Rewrite,
}

impl Running {
    /// Says whether the store still serves.
    pub(crate) fn serves(&self) -> bool {
        !self.threads.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub(crate) fn finish(&self) {
        self.writes.close();
        self.reads.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let here = std::thread::current().id();
        for thread in threads {
            // A closure may hold the last clone; its own thread ends by itself.
            if thread.thread().id() != here && thread.join().is_err() {
                tracing::error!("a thread of the store ended with a fault");
            }
        }
        // Another process may open the database now, even if clones of this store are kept somewhere.
        drop(std::mem::take(&mut *self.locks.lock().unwrap_or_else(PoisonError::into_inner)));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.finish();
    }
}
