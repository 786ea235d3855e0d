//! This crate plans in seconds what a city otherwise plans by hand in weeks: grids of about 300 households, who goes
//! where in an emergency, who lives within fifteen minutes of a station and where the next station belongs.
//!
//! The crate is pure: it takes numbers and returns numbers. It does no input or output and reads no clock. Randomness
//! is an argument (`seed`), and the same seed gives the same answer whatever the number of threads. Every answer comes
//! with its proof, and a routine that shares no code with the search checks it ([`partition::check`],
//! [`mobilize::check`], [`reach::check`], [`siting::check`]).
//!
//! Units: times are in deciseconds (ds, a tenth of a second), lengths in metres; households are counted. Ids are dense
//! from 0.

#![expect(
    clippy::indexing_slicing,
    reason = "ids are dense and checked once at the door; the arrays they index are made for them"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "counts below 2^32 by the check at the door; sums are 64 bits wide"
)]

pub mod apart;
pub mod chance;
pub mod mobilize;
pub mod neighbours;
pub mod network;
pub mod partition;
pub mod pieces;
pub mod plain;
pub mod reach;
pub mod sample;
pub mod scan;
pub mod shape;
pub mod siting;
pub mod snap;
