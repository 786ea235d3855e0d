//! A store that is filled once and copied for each test. Filling an empty city costs more than a second on each engine,
//! and a copy costs a moment.
//!
//! Each process fills its own. `LIANGLIN_TEST_TEMPLATES` names an empty folder that all processes of one run share; the
//! first of them fills, the others wait and copy.

use crate::postgres;
use crate::stores::{self, TestStore};
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use store::{Options, Store};

/// Names the folder that the processes of one run share.
const SHARED: &str = "LIANGLIN_TEST_TEMPLATES";
/// Says how often a file is closed once more while its log is not yet part of it.
const CLOSINGS: usize = 5;

/// Fills an empty store.
pub type Fill = fn(&Store) -> Result<(), Box<dyn Error>>;

/// Stores that all begin with the same content. A static variable holds it, so that a process fills only once.
pub struct Template {
    name: &'static str,
    fill: Fill,
    /// The content of the SQLite file.
    file: OnceLock<Vec<u8>>,
    /// The name of the PostgreSQL database.
    database: OnceLock<Vec<u8>>,
}

impl Template {
    /// Names a template, a word that no other template of the run has, and says how it is filled.
    pub const fn new(name: &'static str, fill: Fill) -> Self {
        Self { name, fill, file: OnceLock::new(), database: OnceLock::new() }
    }

    /// Makes a copy on each engine.
    ///
    /// # Panics
    /// Panics when the template cannot be filled or copied.
    pub fn stores(&self) -> Vec<TestStore> {
        std::iter::once(self.sqlite()).chain(self.postgres()).collect()
    }

    /// Makes a copy on SQLite.
    ///
    /// # Panics
    /// Panics when the template cannot be filled or copied.
    pub fn sqlite(&self) -> TestStore {
        let content = self.file.get_or_init(|| self.kept("sqlite", || self.filled_file()));
        let folder = stores::folder();
        written(&folder.path().join(stores::FILE), content);
        stores::sqlite_in(folder)
    }

    /// Makes a copy on PostgreSQL, or returns none and prints the reason where there is no server.
    ///
    /// # Panics
    /// Panics when there is a server but the template cannot be filled or copied.
    pub fn postgres(&self) -> Option<TestStore> {
        if !postgres::is_there() {
            return None;
        }
        let name = self.database.get_or_init(|| self.kept("postgres", || self.filled_database()));
        let address = postgres::copied_database(&String::from_utf8_lossy(name))?;
        Some(stores::postgres_at(address))
    }

    /// Returns what the first process of the run made. Without a shared folder each process makes its own.
    fn kept(&self, engine: &str, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        let Some(folder) = shared() else { return make() };
        let file = folder.join(format!("{}.{engine}", self.name));
        // The lock is released with the handle, however the process ends.
        let _locked = locked(&file.with_extension(format!("{engine}.lock")));
        if let Ok(content) = std::fs::read(&file) {
            return content;
        }
        let content = make();
        let part = file.with_extension(format!("{engine}.part"));
        written(&part, &content);
        std::fs::rename(&part, &file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
        content
    }

    fn filled_file(&self) -> Vec<u8> {
        let folder = stores::folder();
        let file = folder.path().join(stores::FILE);
        let address = format!("sqlite:{}", file.display());
        self.fill_at(&address);
        let log = folder.path().join(format!("{}-wal", stores::FILE));
        for _ in 0..CLOSINGS {
            if log.metadata().map_or(0, |known| known.len()) == 0 {
                break;
            }
            opened(&address).close();
        }
        assert!(log.metadata().map_or(0, |known| known.len()) == 0, "{}: its log stays", self.name);
        std::fs::read(&file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()))
    }

    fn filled_database(&self) -> Vec<u8> {
        let address = if shared().is_some() { postgres::lasting_database() } else { postgres::fresh_database() };
        let address = address.unwrap_or_else(|| panic!("{}: there is no server any more", self.name));
        self.fill_at(&address);
        postgres::database_of(&address).as_bytes().to_vec()
    }

    /// Fills the store at an address and closes it, so that nobody uses what is copied.
    fn fill_at(&self, address: &str) {
        let store = opened(address);
        (self.fill)(&store).unwrap_or_else(|fault| panic!("{} cannot be filled: {fault}", self.name));
        store.close();
    }
}

fn shared() -> Option<PathBuf> {
    std::env::var_os(SHARED).map(PathBuf::from)
}

fn opened(address: &str) -> Store {
    Store::open(address, Options::default()).unwrap_or_else(|fault| panic!("{address}: {fault}"))
}

/// Waits for the lock on a file beside the template.
fn locked(file: &Path) -> File {
    let opened = File::options().create(true).append(true).open(file);
    let locked = opened.and_then(|opened| opened.lock().map(|()| opened));
    locked.unwrap_or_else(|fault| panic!("{}: {fault}", file.display()))
}

/// Writes a file that only its owner can read, as the store makes its own.
fn written(file: &Path, content: &[u8]) {
    let opened = File::options().create(true).truncate(true).write(true).mode(0o600).open(file);
    let done = opened.and_then(|mut opened| opened.write_all(content));
    done.unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
}

#[cfg(test)]
mod tests {
    use super::*;

    static OWN_TABLES: Template = Template::new("own-tables", |store| {
        store::migrate(store, &[])?;
        Ok(())
    });

    fn migrations(store: &Store) -> Option<i64> {
        store.read_blocking(|tx| store::scalar::<i64>(tx, "select count(*) from store_migration", &[])).unwrap()
    }

    #[test]
    fn copies_hold_what_was_filled_and_share_nothing() {
        for (first, second) in OWN_TABLES.stores().into_iter().zip(OWN_TABLES.stores()) {
            assert!(migrations(&first) > Some(0), "{}", first.name);
            let emptied = first.write_blocking(|tx| tx.exec("delete from store_migration", &[])).unwrap();
            assert!(emptied > 0, "{}", first.name);
            assert_eq!(migrations(&first), Some(0), "{}", first.name);
            assert!(migrations(&second) > Some(0), "{}: a copy is its own", second.name);
        }
    }
}
