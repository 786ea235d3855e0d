//! Words and arithmetic that every department shares: places, money, identifiers, working time, procedures,
//! permission, refusals.
//!
//! The kernel is pure: it has no input or output, no clock, no randomness, no SQL and no async code. Whatever changes
//! from day to day is an argument.

pub mod calendar;
pub mod case;
pub mod day;
pub mod earth;
pub mod fault;
pub mod figure;
pub mod icalendar;
pub mod identifier;
pub mod language;
pub mod line;
pub mod mask;
pub mod money;
pub mod network;
pub mod permission;
pub mod place;
pub mod procedure;
pub mod refusal;
pub mod rule;
pub mod search;
pub mod switch;
pub mod time;
