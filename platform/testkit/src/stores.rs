//! Fresh stores on both engines, so that each story runs on both.

use std::ops::Deref;
use store::{Options, Store};
use tempfile::TempDir;

/// An empty store that a test owns. Its file is removed with it.
pub struct TestStore {
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// The address at which it was opened, to open it once more.
    pub address: String,
    store: Store,
    _folder: Option<TempDir>,
}

impl TestStore {
    /// Returns a handle of the store.
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Closes the store, lets something else fill it at its address, and opens it again.
    ///
    /// # Panics
    /// Panics if it cannot be opened again.
    #[must_use]
    pub fn filled_outside(self, fill: impl FnOnce(&str)) -> Self {
        let Self { name, address, store, _folder: folder } = self;
        store.close();
        fill(&address);
        Self::open(name, address, folder)
    }

    /// Closes the store and opens it at another address that leads to the same database.
    ///
    /// # Panics
    /// Panics if it cannot be opened there.
    #[must_use]
    pub fn by_way_of(self, address: &str) -> Self {
        let Self { name, store, _folder: folder, .. } = self;
        store.close();
        Self::open(name, address.to_owned(), folder)
    }

    fn open(name: &'static str, address: String, folder: Option<TempDir>) -> Self {
        let store = Store::open(&address, Options::default())
            .unwrap_or_else(|fault| panic!("the {name} store of the test cannot be opened: {fault}"));
        Self { name, address, store, _folder: folder }
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// Is the name of the file of a SQLite store in its folder.
pub(crate) const FILE: &str = "test.db";

/// Makes a fresh SQLite store in a folder of its own.
///
/// # Panics
/// Panics when no temporary folder can be made or the store cannot be opened.
pub fn sqlite() -> TestStore {
    sqlite_in(folder())
}

/// Makes a folder for a store.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap_or_else(|fault| panic!("no temporary folder: {fault}"))
}

/// Opens the SQLite store of a folder. Its file is made if it is missing.
pub(crate) fn sqlite_in(folder: TempDir) -> TestStore {
    let address = format!("sqlite:{}", folder.path().join(FILE).display());
    TestStore::open("sqlite", address, Some(folder))
}

/// Makes a fresh PostgreSQL store, or returns none and prints the reason where there is no server.
///
/// # Panics
/// Panics when there is a server but the store cannot be opened.
pub fn postgres() -> Option<TestStore> {
    crate::postgres::fresh_database().map(postgres_at)
}

/// Opens a PostgreSQL store.
pub(crate) fn postgres_at(address: String) -> TestStore {
    TestStore::open("postgres", address, None)
}

/// Makes a fresh store on each engine. It has no tables yet: the test migrates.
///
/// # Panics
/// Panics when a store cannot be opened.
pub fn stores() -> Vec<TestStore> {
    std::iter::once(sqlite()).chain(postgres()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::StoreError;

    #[test]
    fn each_engine_gives_a_fresh_store_of_its_own() {
        for (first, second) in stores().into_iter().zip(stores()) {
            assert_eq!(first.engine().name(), first.name);
            store::migrate(&first, &[]).unwrap();
            let count = |store: &Store| {
                store
                    .read_blocking(|tx| store::scalar::<i64>(tx, "select count(*) from store_migration", &[]))
                    .unwrap_or(None)
            };
            assert!(count(&first) > Some(0), "{}", first.name);
            assert_eq!(count(&second), None, "{}: nothing was migrated there", second.name);
            let one = first.read_blocking(|tx| Ok::<_, StoreError>(tx.rows("select 1", &[])?.len()));
            assert_eq!(one, Ok(1));
        }
    }
}
