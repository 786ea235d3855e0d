//! Stories of a whole city, told through its pages on both engines: the town they happen in, the people at their browsers, the language they are told in.
#![expect(clippy::panic, reason = "a fault in a story must fail that story at once")]

mod booking;
mod desk;
mod ground;
mod person;
mod sheet;
mod story;
mod town;
mod waiting;

pub use desk::{Resident, Taken, staff_at};
pub use person::{Browser, all_values, chosen};
pub use sheet::cells;
pub use story::Story;
pub use town::{Counts, NOW, PASSWORD, Town};
pub use waiting::wait;
