//! SQLite and PostgreSQL behind one unit of work: `store.write(|tx| …)` and `store.read(|tx| …)`.
//!
//! One SQL text serves both engines. A closure runs on a thread of the store. It may run again after a conflict, so it
//! has no side effects outside `tx`; identities and moments are made before it. The answer comes after the commit. The
//! unit of work carries migrations, idempotency keys, the outbox, the hash-chained log with its signed daily heads, and
//! one backup format for both engines.

pub mod backup;
mod error;
mod job;
mod options;
mod postgres;
mod queue;
mod record;
mod records;
mod sqlite;
mod statement;
mod store;
mod transaction;
mod value;
pub mod words;

pub use error::StoreError;
pub use options::Options;
pub use record::{Record, all, one, scalar};
pub use records::migration::{Migration, migrate, own_migrations, pending, render};
pub use records::paths::follow_places;
pub use records::schema::schema;
pub use records::{audit, log, once, outbox};
pub use store::Store;
pub use transaction::{Engine, Tx};
pub use value::{FromVal, Row, Val};
