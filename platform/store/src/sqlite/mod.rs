//! The SQLite engine: one file, one writing thread that commits many units with one fsync, and a few reading threads.

mod connection;
mod failure;
mod reader;
mod rewriting;
mod unit;
mod writer;

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::error::StoreError;
use crate::options::Options;
use crate::queue::Queue;
use crate::running::Running;
use crate::transaction::Engine;

/// Opens the file (makes it where the options say so) and starts the threads.
pub(crate) fn open(path: &str, options: &Options) -> Result<Running, StoreError> {
    let path = checked(path)?;
    if !options.create && holds_nothing(&path) {
        return Err(StoreError::Missing { file: path.display().to_string() });
    }
    let locks = lay_hands_on(&path, options)?;
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
        locks: Mutex::new(locks),
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

/// Says whether there is no file, or one without a byte: what a mistyped path left behind is no database either.
fn holds_nothing(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(file) => file.is_file() && file.len() == 0,
        Err(fault) => fault.kind() == ErrorKind::NotFound,
    }
}

/// Makes a missing file, and takes the locks of a process that has the database to itself. The lock file beside it
/// stops a second server that uses the same name; the lock on the file itself stops one that comes by a symbolic or a
/// hard link, or after somebody removed the lock file. SQLite locks ranges of the file, and the two kinds of locks do
/// not touch each other. The system releases both when the process ends, whatever ended it.
fn lay_hands_on(path: &Path, options: &Options) -> Result<Vec<File>, StoreError> {
    if !options.exclusive {
        let file = connection::make_private(path)?;
        return one_name(&file, path).map(|()| Vec::new());
    }
    let beside = lock_beside(path)?;
    let file = connection::make_private(path)?;
    lock(&file, path)?;
    one_name(&file, path)?;
    Ok(vec![beside, file])
}

fn lock_beside(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let opened = File::options().create(true).append(true).open(&name);
    let file = opened.map_err(|error| StoreError::Disk { message: format!("{}: {error}", name.display()) })?;
    lock(&file, &name)?;
    Ok(file)
}

fn lock(file: &File, name: &Path) -> Result<(), StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { file: name.display().to_string() }),
        Err(TryLockError::Error(error)) => Err(StoreError::Disk { message: format!("{}: {error}", name.display()) }),
    }
}

/// Refuses a file with a second hard link. SQLite follows symbolic links, but it cannot know of another name: each name
/// would get a write-ahead log of its own, and the file would be destroyed.
#[cfg(unix)]
fn one_name(file: &File, path: &Path) -> Result<(), StoreError> {
    let known =
        file.metadata().map_err(|error| StoreError::Disk { message: format!("{}: {error}", path.display()) })?;
    match std::os::unix::fs::MetadataExt::nlink(&known) {
        0 | 1 => Ok(()),
        names => Err(StoreError::Linked { file: path.display().to_string(), names }),
    }
}

#[cfg(not(unix))]
fn one_name(_file: &File, _path: &Path) -> Result<(), StoreError> {
    Ok(())
}
