//! A complete city for tests: fresh stores on both engines, a clock that stands still, repeatable randomness, and a
//! browser inside the process.
#![expect(clippy::panic, reason = "a fault in a test's own setting must fail that test at once")]

mod chance;
mod client;
mod clock;
pub mod html;
pub mod postgres;
mod stores;
mod template;
mod wire;

pub use chance::Chance;
pub use client::{Client, Reply, encoded};
pub use clock::{FixedClock, ZONE, local};
pub use html::Form;
pub use stores::{TestStore, postgres as postgres_store, sqlite, stores};
pub use template::{Fill, Template};
pub use wire::Wire;
