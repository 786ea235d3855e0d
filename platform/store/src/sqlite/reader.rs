//! A reading thread: each unit sees one moment of the database.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::failure::translate;
use super::unit::Unit;
use crate::error::StoreError;
use crate::job::Job;
use crate::queue::{Next, Queue};
use crate::running::Boxed;
use crate::statement::Texts;
use crate::transaction::Outcome;

const PATIENCE: Duration = Duration::from_mins(1);

pub(super) fn start(
    connection: Connection,
    path: &Path,
    queue: Arc<Queue<Boxed>>,
) -> Result<JoinHandle<()>, StoreError> {
    let mut reader = Reader { connection, path: path.to_owned(), texts: Texts::default() };
    let thread = std::thread::Builder::new().name("store-read".to_owned()).spawn(move || {
        loop {
            match queue.next(PATIENCE) {
                Next::Item(mut job) => {
                    let done = reader.run(&mut *job);
                    job.answer(done);
                }
                Next::Idle => {}
                Next::Closed => return,
            }
        }
    });
    thread.map_err(|error| StoreError::Disk { message: format!("a thread could not be started: {error}") })
}

struct Reader {
    connection: Connection,
    path: PathBuf,
    texts: Texts,
}

impl Reader {
    fn run(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        self.control("begin")?;
        let mut unit = Unit::new(&self.connection, &mut self.texts, &self.path);
        let outcome = job.run(&mut unit);
        let failed = unit.failed();
        if !self.connection.is_autocommit() {
            self.control("rollback")?;
        }
        match (outcome?, failed) {
            (Outcome::Finished, Some(error)) => Err(error),
            _ => Ok(()),
        }
    }

    fn control(&self, sql: &str) -> Result<(), StoreError> {
        let done = self.connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
        done.map(drop).map_err(|error| translate(&error, sql, &self.path))
    }
}
