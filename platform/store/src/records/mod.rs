//! What the store remembers for itself, in tables that begin with `store_`.

pub mod audit;
pub mod clock;
pub(crate) mod dump;
pub mod log;
pub mod migration;
pub mod once;
pub mod outbox;
pub mod paths;
pub mod schema;
pub mod series;
