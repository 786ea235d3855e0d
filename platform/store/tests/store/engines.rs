//! Gives a test both engines: a SQLite file in a temporary folder, and a fresh PostgreSQL database.

#[expect(dead_code, reason = "the templates of databases are for tests that stand above the store")]
#[path = "../../../testkit/src/postgres.rs"]
pub mod postgres;

use kernel::time::Instant;
use store::{Migration, Options, Store, migrate};

/// A database, and the folder that is removed when the test is over.
pub struct Bed {
    pub store: Store,
    pub address: String,
    _folder: Option<tempfile::TempDir>,
}

/// Returns the address of a database of each engine that was not opened yet.
pub fn addresses() -> Vec<(String, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db").display().to_string();
    let mut found = vec![(path, Some(folder))];
    found.extend(postgres::fresh_database().map(|address| (address, None)));
    found
}

/// Makes a store of each engine and applies the migrations.
pub fn beds(migrations: &[Migration]) -> Vec<Bed> {
    beds_with(migrations, &Options::default())
}

pub fn beds_with(migrations: &[Migration], options: &Options) -> Vec<Bed> {
    addresses()
        .into_iter()
        .map(|(address, folder)| {
            let store = Store::open(&address, options.clone()).unwrap();
            migrate(&store, &[migrations]).unwrap();
            Bed { store, address, _folder: folder }
        })
        .collect()
}

pub fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_795_399_200_000_000).plus_seconds(seconds)
}
