//! These pages are for work in the field: today's tasks in walking order, what was found, dwellings to come back to,
//! the rounds, and what needs somebody. They work without JavaScript where there is a line; with it they work without
//! a line too.

mod answers;
mod doable;
pub mod dwellings;
pub mod entries;
pub mod open;
pub mod patrol;
pub mod phone;
pub mod tasks;
pub mod today;
