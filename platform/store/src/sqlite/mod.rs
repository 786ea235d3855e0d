//! The SQLite engine: one file, one writing thread that commits many units with one fsync, and a few reading threads.

mod connection;
mod failure;
mod reader;
mod rewriting;
mod unit;
mod writer;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::error::StoreError;
use crate::options::Options;
use crate::queue::Queue;
use crate::running::Running;
use crate::transaction::Engine;

/// Opens (or makes) the file and starts the threads.
pub(crate) fn open(path: &str, options: &Options) -> Result<Running, StoreError> {
    let path = checked(path)?;
    let lock = if options.exclusive { Some(lock(&path)?) } else { None };
    connection::make_private(&path)?;
    let writing = connection::open(&path, options)?;
    connection::prepare_for_writing(&writing, &path, options)?;
    let writes = Arc::new(Queue::new(options.queue_length));
    let reads = Arc::new(Queue::new(options.queue_length));
    let mut threads = vec![writer::start(writing, &path, Arc::clone(&writes), options)?];
    for _ in 0..options.sqlite_readers.max(1) {
        let reading = connection::open(&path, options)?;
        connection::prepare_for_reading(&reading, &path)?;
        threads.push(reader::start(reading, &path, Arc::clone(&reads))?);
    }
    let settings = options.clone();
    Ok(Running {
        engine: Engine::Sqlite,
        writes,
        reads,
        threads: Mutex::new(threads),
        lock: Mutex::new(lock),
        rewrite: Box::new(move |tables: &[&str]| rewriting::rewrite(&path, &settings, tables)),
    })
}

fn checked(path: &str) -> Result<PathBuf, StoreError> {
    let message = if path.is_empty() || path.contains(":memory:") {
        "the database needs a path of a file, for example sqlite:/var/lib/lianglin/lianglin.db".to_owned()
    } else if path.contains("://") {
        format!("{path} is no address of a database: write a path, sqlite:PATH, or postgres://USER@HOST/DATABASE")
    } else {
        let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
        match folder {
            Some(folder) if !folder.is_dir() => {
                format!("the folder {} does not exist; make it first", folder.display())
            }
            _ => return Ok(PathBuf::from(path)),
        }
    };
    Err(StoreError::Address { message })
}

/// Takes the lock beside the database. The system releases it when the process ends, whatever ended it.
fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let disk = |error: std::io::Error| StoreError::Disk { message: format!("{}: {error}", name.display()) };
    let file = File::options().create(true).append(true).open(&name).map_err(disk)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { file: name.display().to_string() }),
        Err(TryLockError::Error(error)) => Err(disk(error)),
    }
}
