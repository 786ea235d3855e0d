//! Helpers for stories of a whole city, played through its pages on both engines: the town, the people at their
//! browsers, and the functions that tell a story.
#![expect(clippy::panic, reason = "a fault in a story must fail that story at once")]

mod behind;
mod board;
mod booking;
mod desk;
mod ground;
mod paper;
mod person;
mod second;
mod sheet;
mod story;
mod town;
mod waiting;

pub use booking::Slot;
pub use desk::{Resident, Taken, UNDO_SECONDS, code_on, staff_at, sure_form};
pub use ground::SECRET;
pub use paper::{PICTURE, form_for, told_twice};
pub use person::{Browser, all_values, chosen, counters_words};
pub use second::request_on;
pub use sheet::{cells, title};
pub use story::Story;
pub use town::{Counts, NOW, PASSWORD, Town};
pub use waiting::wait;
