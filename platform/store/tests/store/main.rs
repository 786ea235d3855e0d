//! Tests the store as its users see it, on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a fault in a test's own setting must fail that test at once"
)]

mod audit;
mod backup;
mod engines;
mod faults;
mod model;
mod records;
mod remains;
mod series;
mod units;
