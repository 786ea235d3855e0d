//! Plays a file of real requests of a city through the published interface (Open311), at a chosen speed: what was
//! reported, when it was said to be done, and at the end what became of each request beside what the file says.
//!
//! It knows the platform by HTTP alone. Every request of the file is accounted for in a ledger beside it; started
//! again, it goes on where it stopped, and what was sent already is not sent twice.

pub mod account;
pub mod file;
pub mod ledger;
pub mod mapping;
pub mod playing;
mod sending;

pub use account::{Account, Beside};
pub use file::Request;
pub use ledger::Ledger;
pub use mapping::Mapping;
pub use playing::{Playing, play};
pub use sending::Desk;
