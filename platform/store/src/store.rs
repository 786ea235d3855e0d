//! The store is opened once, cloned freely and closed at the end.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::job::{Caller, Mode, Work};
use crate::options::Options;
use crate::queue::Queue;
use crate::running::{Boxed, Running};
use crate::transaction::{Engine, Tx};
use crate::{postgres, sqlite};

/// A database and the threads that serve it. A clone is the same store; the last one closes it.
#[derive(Clone)]
pub struct Store(Arc<Running>);

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Store({})", self.0.engine.name())
    }
}

impl Store {
    /// Opens a database: a path or `sqlite:PATH` for a file (made when it is missing and the
    /// options say so), or `postgres://…` for a server. It waits until the database is open. Fails with
    /// [`StoreError::Locked`] when another server holds the file, by whatever name, and with [`StoreError::Missing`]
    /// when there is none and none is to be made.
    #[expect(clippy::needless_pass_by_value, reason = "the options belong to the store from here on")]
    pub fn open(address: &str, options: Options) -> Result<Self, StoreError> {
        let running = if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            postgres::open(address, &options)?
        } else {
            sqlite::open(address.strip_prefix("sqlite:").unwrap_or(address), &options)?
        };
        Ok(Self(Arc::new(running)))
    }

    /// Runs a unit of work that writes, and waits until it is stored. Fails with [`StoreError::Busy`] at once when the
    /// queue is full.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.wait(Mode::Write, work).await
    }

    /// Runs a unit of work that only reads; a statement that writes fails. On SQLite it sees one moment, on PostgreSQL
    /// each statement sees its own moment.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.wait(Mode::Read, work).await
    }

    /// Does the same as [`Store::write`] for threads and the command line. It also waits for room in the queue. Never
    /// call it in async code or inside another unit of work.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.block(Mode::Write, work)
    }

    /// Does the same as [`Store::read`] for threads and the command line.
    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.block(Mode::Read, work)
    }

    /// Reads so that all statements see one moment on both engines, however long it takes. Exports and checks need
    /// this.
    pub fn snapshot_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.block(Mode::Snapshot, work)
    }

    /// Rewrites small tables of these names, so that the files of the database keep nothing that was deleted from them
    /// before. On SQLite the write-ahead log is emptied too; on PostgreSQL the tables get new files. Others wait for it
    /// meanwhile. It is for threads and the command line. Returns whether all were rewritten: SQLite leaves out a table
    /// that has too many rows for others to wait.
    ///
    /// # Errors
    /// Fails with [`StoreError::Remains`] when somebody else still reads what was deleted, and when the store fails.
    /// The tables hold the same rows in any case, and it may be tried again.
    pub fn rewrite_blocking(&self, tables: &[&str]) -> Result<bool, StoreError> {
        if self.0.serves() { (self.0.rewrite)(tables) } else { Err(StoreError::Closed) }
    }

    /// Says which engine serves this store.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Takes no more work, finishes what waits, and releases the database. Other clones answer [`StoreError::Closed`]
    /// from now on.
    pub fn close(self) {
        self.0.finish();
    }

    fn queue(&self, mode: Mode) -> &Queue<Boxed> {
        match mode {
            Mode::Write => &self.0.writes,
            Mode::Read | Mode::Snapshot => &self.0.reads,
        }
    }

    async fn wait<T, E, F>(&self, mode: Mode, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.queue(mode).offer(Box::new(Work::new(mode, work, Caller::Async(sender))))?;
        receiver.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    fn block<T, E, F>(&self, mode: Mode, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = sync_channel(1);
        self.queue(mode).push(Box::new(Work::new(mode, work, Caller::Blocking(sender))))?;
        receiver.recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}
