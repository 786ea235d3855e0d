//! SQLite and PostgreSQL behind one unit of work: `store.write(|tx| …)` and `store.read(|tx| …)`.
//!
//! One SQL text serves both engines. A closure runs on a thread of the store, may run again after a conflict, and has
//! no side effects outside `tx`; ids and moments are made before it. The answer comes after the commit. The crate also
//! provides migrations, idempotency keys, running numbers, the outbox, the hash-chained log with its signed daily
//! heads, and one backup format for both engines.

pub mod backup;
mod error;
mod job;
mod lists;
mod options;
mod postgres;
mod queue;
mod record;
mod records;
mod running;
mod sqlite;
mod statement;
mod store;
mod transaction;
mod value;
pub mod words;

pub use error::StoreError;
pub use lists::{LISTED, gather, listed, several};
pub use options::Options;
pub use record::{Record, all, one, scalar};
pub use records::migration::{Migration, migrate, own_migrations, pending, render};
pub use records::paths::follow_places;
pub use records::schema::{is_empty, schema};
pub use records::{audit, clock, log, once, outbox, series};
pub use store::Store;
pub use transaction::{Engine, Tx};
pub use value::{FromVal, Row, Val};
