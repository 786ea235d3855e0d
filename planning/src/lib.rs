//! What a city plans by hand for weeks: grids of about 300 households, who goes where in an emergency, who lives within
//! fifteen minutes of a station and where the next one belongs.
//!
//! Pure: numbers in, numbers out. No input or output, no clock; chance is an argument (`seed`), and the same seed gives the
//! same answer whatever the number of threads. Every answer comes with what proves it, and the proof is checked by a
//! routine that does not share code with the one that found it ([`partition::check`], [`mobilize::check`], [`reach::check`],
//! [`siting::check`]).
//!
//! Units: times in deciseconds (ds, a tenth of a second), lengths in metres, households as they are. Ids are dense from 0.

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

pub mod chance;
pub mod mobilize;
pub mod network;
pub mod partition;
pub mod reach;
pub mod sample;
pub mod shape;
pub mod siting;
pub mod snap;
