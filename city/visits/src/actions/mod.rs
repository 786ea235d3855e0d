//! Doing it as somebody, in one transaction: book, move, call off, agree, finish; open the person; the queue; what reminds of tomorrow.

mod booking;
mod queue;
mod reminding;
mod seeing;

pub use booking::Act;
pub use queue::{Desk, Issued};
pub use reminding::{RECIPIENT, notice, of_next_day, still_agreed};
pub use seeing::{Rights, reach};
