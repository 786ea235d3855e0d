//! The PostgreSQL engine: writing and reading threads with one connection and one statement cache each.

mod connection;
mod failure;
mod rewriting;
mod unit;
mod values;
mod worker;

use std::sync::{Arc, Mutex};

use tokio_postgres::Config;

use self::connection::Connection;
use crate::error::StoreError;
use crate::options::Options;
use crate::queue::Queue;
use crate::running::Running;
use crate::transaction::Engine;

/// Connects once to make sure that the address is right, and starts the threads. The other threads connect at their
/// first work.
pub(crate) fn open(address: &str, options: &Options) -> Result<Running, StoreError> {
    let config = connection::configuration(address, options)?;
    let mut first = Some(first_connection(&config)?);
    let writes = Arc::new(Queue::new(options.queue_length));
    let reads = Arc::new(Queue::new(options.queue_length));
    let mut threads = Vec::new();
    for number in 0..options.postgres_writers.max(1) {
        let worker = worker::Worker::new(config.clone(), connection::Use::Write, number, first.take());
        threads.push(worker.start(Arc::clone(&writes))?);
    }
    for number in 0..options.postgres_readers.max(1) {
        let worker = worker::Worker::new(config.clone(), connection::Use::Read, number, None);
        threads.push(worker.start(Arc::clone(&reads))?);
    }
    Ok(Running {
        engine: Engine::Postgres,
        writes,
        reads,
        threads: Mutex::new(threads),
        locks: Mutex::new(Vec::new()),
        rewrite: Box::new(move |tables: &[&str]| apart(|| rewriting::rewrite(&config, tables))),
    })
}

fn first_connection(config: &Config) -> Result<Connection, StoreError> {
    apart(|| connection::open(config, connection::Use::Write))
}

/// Does something with the driver on a thread of its own. The driver cannot be used on a thread that runs async code,
/// and a store may be opened on such a thread.
fn apart<T: Send>(work: impl FnOnce() -> Result<T, StoreError> + Send) -> Result<T, StoreError> {
    std::thread::scope(|scope| scope.spawn(work).join().map_err(|_| StoreError::Panicked))?
}
