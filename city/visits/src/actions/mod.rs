//! This folder does things as somebody, each in one transaction: it books, moves, calls off, agrees and finishes, opens
//! the person, runs the queue, and reminds of tomorrow's visits.

mod booking;
mod queue;
mod reminding;
mod seeing;

pub use booking::Act;
pub use queue::{Desk, Issued};
pub use reminding::{RECIPIENT, notice, of_next_day, still_agreed};
pub use seeing::{Proved, Rights, Typed, reach};
