//! Migrations bring the tables of each department up to date, in order. Each is applied once and is never altered
//! afterwards.

use std::collections::{BTreeMap, BTreeSet};

use sm3::{Digest, Sm3};

use super::schema;
use crate::error::StoreError;
use crate::record::all;
use crate::statement;
use crate::store::Store;
use crate::transaction::{Engine, Tx};
use crate::{args, record};

/// One step that changes the tables. It is written once for both engines with the type tokens `{int}`, `{text}`,
/// `{bytes}`, `{uuid}`. A table ends with `) {strict};` and has a primary key. A statement ends with `;` at the end of
/// a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Crate, slash, number and name: `cases/0001_case`. It never changes.
    pub name: &'static str,
    /// The statements. They never change once they were applied anywhere.
    pub sql: &'static str,
}

record! {
    pub(crate) struct Applied {
        pub(crate) position: i64,
        pub(crate) name: String,
        pub(crate) checksum: String,
        pub(crate) sql: String,
    }
}

const OWN: [Migration; 5] = [
    Migration { name: "store/0001_store", sql: include_str!("../../migrations/0001_store.sql") },
    Migration { name: "store/0002_outbox", sql: include_str!("../../migrations/0002_outbox.sql") },
    Migration { name: "store/0003_series", sql: include_str!("../../migrations/0003_series.sql") },
    Migration { name: "store/0004_outbox_done", sql: include_str!("../../migrations/0004_outbox_done.sql") },
    Migration { name: "store/0005_audit_open", sql: include_str!("../../migrations/0005_audit_open.sql") },
];

const LEDGER: &str = "create table if not exists store_migration (\n  name {text} not null primary key,\n  \
                      position {int} not null,\n  checksum {text} not null,\n  sql {text} not null\n) {strict}";

/// This lock is held on PostgreSQL during migrations, so that two servers that start together migrate one after the
/// other.
const LOCK: i64 = 7_230_115;

/// Returns the migrations of the store itself. [`migrate`] always applies them first.
pub const fn own_migrations() -> &'static [Migration] {
    &OWN
}

/// Returns the text of a migration for one engine.
pub fn render(sql: &str, engine: Engine) -> String {
    let tokens = match engine {
        Engine::Sqlite => ["int", "text", "blob", "blob", "strict, without rowid"],
        Engine::Postgres => ["bigint", "text collate \"C\"", "bytea", "uuid", ""],
    };
    let names = ["{int}", "{text}", "{bytes}", "{uuid}", "{strict}"];
    names.iter().zip(tokens).fold(sql.replace("\r\n", "\n"), |text, (name, token)| text.replace(name, token))
}

/// Applies the migrations that are missing, all or nothing, and returns their names. It refuses when an applied
/// migration was altered since, or when the database has migrations that this program does not know.
pub fn migrate(store: &Store, departments: &[&[Migration]]) -> Result<Vec<String>, StoreError> {
    let wanted = in_order(departments)?;
    store.write_blocking(move |tx| {
        if tx.engine() == Engine::Postgres {
            tx.rows("select pg_advisory_xact_lock($1)", &args![LOCK])?;
        }
        let missing = missing(&wanted, &applied(tx)?)?;
        run(tx, LEDGER)?;
        for migration in &missing {
            apply(tx, migration.name, migration.sql)?;
        }
        Ok(missing.iter().map(|migration| migration.name.to_owned()).collect())
    })
}

/// Returns the names of the migrations that [`migrate`] would apply. It changes nothing.
pub fn pending(store: &Store, departments: &[&[Migration]]) -> Result<Vec<String>, StoreError> {
    let wanted = in_order(departments)?;
    store.read_blocking(move |tx| {
        Ok(missing(&wanted, &applied(tx)?)?.iter().map(|migration| migration.name.to_owned()).collect())
    })
}

/// Returns the migrations that were applied, in order. An empty database has none.
pub(crate) fn applied(tx: &mut dyn Tx) -> Result<Vec<Applied>, StoreError> {
    if !schema::names(tx)?.iter().any(|name| name == "store_migration") {
        return Ok(Vec::new());
    }
    all(tx, "select position, name, checksum, sql from store_migration order by position limit 100000", &[])
}

/// Runs one migration and records it.
pub(crate) fn apply(tx: &mut dyn Tx, name: &str, sql: &str) -> Result<(), StoreError> {
    for statement in statement::split(sql) {
        run(tx, &statement).map_err(|error| fault(name, format!("it cannot be applied: {error}")))?;
    }
    tx.exec(
        "insert into store_migration (name, position, checksum, sql) \
         select $1, coalesce(max(position), 0) + 1, $2, $3 from store_migration",
        &args![name, checksum(sql), sql],
    )
    .map(drop)
}

/// Makes the table that records which migrations were applied.
pub(crate) fn begin_ledger(tx: &mut dyn Tx) -> Result<(), StoreError> {
    run(tx, LEDGER)
}

fn run(tx: &mut dyn Tx, statement: &str) -> Result<(), StoreError> {
    let text = render(statement, tx.engine());
    tx.exec(&text, &[]).map(drop)
}

fn in_order(departments: &[&[Migration]]) -> Result<Vec<Migration>, StoreError> {
    let wanted: Vec<Migration> = OWN.iter().chain(departments.iter().copied().flatten()).copied().collect();
    let mut names = BTreeSet::new();
    for migration in &wanted {
        if !names.insert(migration.name) {
            return Err(fault(migration.name, "it is listed twice; a name belongs to one migration".to_owned()));
        }
    }
    Ok(wanted)
}

fn missing(wanted: &[Migration], applied: &[Applied]) -> Result<Vec<Migration>, StoreError> {
    let mut done: BTreeMap<&str, &str> =
        applied.iter().map(|applied| (applied.name.as_str(), applied.checksum.as_str())).collect();
    let mut missing: Vec<Migration> = Vec::new();
    for migration in wanted {
        match done.remove(migration.name) {
            None => missing.push(*migration),
            Some(known) if known != checksum(migration.sql) => {
                let message = "it was altered after it was applied to this database. Put its text back and write the \
                               change as a new migration"
                    .to_owned();
                return Err(fault(migration.name, message));
            }
            Some(_) => in_sequence(migration, &missing)?,
        }
    }
    match done.keys().next() {
        Some(unknown) => {
            let message = "this database has it, this program does not know it: the database is newer than the program. Start \
                           the newer program, or restore a backup made before the update. (A department that was removed \
                           takes its rows out of store_migration in the migration that drops its tables.)";
            Err(fault(unknown, message.to_owned()))
        }
        None => Ok(missing),
    }
}

/// Checks that no applied migration stands after a missing one of the same department.
fn in_sequence(migration: &Migration, missing: &[Migration]) -> Result<(), StoreError> {
    let department = |name: &'static str| name.split('/').next();
    match missing.iter().find(|earlier| department(earlier.name) == department(migration.name)) {
        Some(earlier) => {
            let message =
                format!("{} was applied before it; a new migration goes to the end of its department", migration.name);
            Err(fault(earlier.name, message))
        }
        None => Ok(()),
    }
}

fn checksum(sql: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sm3::digest(sql.replace("\r\n", "\n").as_bytes()))
}

fn fault(name: &str, message: String) -> StoreError {
    StoreError::Migration { name: name.to_owned(), message }
}
